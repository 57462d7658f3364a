#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/ledger/reservation_changes.h"
#include "daemon/ledger/reservations.h"
#include "tests/property/fact_book.h"

namespace stockd::property {

// What the shop lays down about availability.
struct Rules {
  std::map<PositionKey, Quantity> safety_stocks;
  std::map<ChannelId, Quantity> buffers;
  std::map<ChannelId, std::set<LocationId>> channel_locations;  // Not named: everywhere.
};

// One reservation's units.
struct Claim {
  ChannelId channel = kNoChannel;
  Timestamp deadline;
  std::string order;
  std::map<PositionKey, Quantity> held;
  std::map<PositionKey, Quantity> committed;
  std::map<PositionKey, Quantity> consumed;  // Left with sales.
};

// The plainest reading of what claims mean, kept apart from the ledger on purpose: a map of open
// units per reservation, and loops over it. It foretells what a command should come to and is told
// what the ledger made of it.
class ClaimBook {
 public:
  Rules rules;
  FactBook facts;

  // Forgets held units whose deadline is not after `now`. To be called before anything else when
  // time has moved.
  void Pass(Timestamp now);

  // What counts now.
  Quantity Held(PositionKey position) const;
  Quantity Committed(PositionKey position) const;
  Quantity Free(PositionKey position) const;
  Quantity Promise(PositionKey position, ChannelId channel) const;
  Quantity HeldBy(const std::string& id, PositionKey position) const;
  Quantity CommittedBy(const std::string& id, PositionKey position) const;
  std::optional<Timestamp> NextDeadline() const;
  const std::map<std::string, Claim>& claims() const { return claims_; }

  // Units per line that a create should be granted; nothing when it should be refused.
  std::optional<std::vector<Quantity>> ExpectGrant(const ledger::CreateCommand& command) const;
  // Whether a change should be accepted.
  bool ExpectExtend(const std::string& id) const;
  bool ExpectChange(const std::string& id, const std::vector<ledger::LineCommand>& wanted) const;
  bool ExpectMove(const std::string& id, const std::vector<ledger::MoveCommand>& moves) const;
  bool ExpectCommit(const std::string& id, const std::string& order,
                    const std::vector<ledger::LineCommand>& lines) const;
  bool ExpectRelease(const std::string& id, const std::vector<ledger::LineCommand>& lines) const;

  // What the ledger accepted.
  void Created(const ledger::CreateCommand& command, const std::vector<Quantity>& granted,
               Timestamp now);
  void Extended(const std::string& id, Timestamp deadline);
  void Changed(const std::string& id, const std::vector<ledger::LineCommand>& wanted);
  void Moved(const std::string& id, const std::vector<ledger::MoveCommand>& moves);
  void Committed(const std::string& id, const std::string& order,
                 const std::vector<ledger::LineCommand>& lines, ledger::Remainder remainder);
  void Released(const std::string& id, const std::vector<ledger::LineCommand>& lines);
  void Happened(const ledger::Fact& fact);

 private:
  const Claim* Find(const std::string& id) const;
  bool HoldsAnything(const std::string& id) const;
  bool Sells(ChannelId channel, PositionKey position) const;
  bool Fits(const Claim& claim, PositionKey position, Quantity growth) const;

  std::map<std::string, Claim> claims_;
};

}  // namespace stockd::property
