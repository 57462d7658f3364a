#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ledger/facts.h"
#include "daemon/ledger/memory_state.h"
#include "daemon/ledger/reservation_changes.h"
#include "daemon/ledger/reservations.h"

namespace stockd::support {

// Two items, two stores; "here" is where a test looks unless it says otherwise.
inline constexpr PositionKey kHere{.item = ItemId{1}, .location = LocationId{1}};
inline constexpr PositionKey kThere{.item = ItemId{1}, .location = LocationId{2}};
inline constexpr PositionKey kFar{.item = ItemId{1}, .location = LocationId{3}};
inline constexpr PositionKey kOtherItem{.item = ItemId{2}, .location = LocationId{1}};
inline constexpr ChannelId kWeb{1};
inline constexpr SourceId kTill{1};
inline constexpr SourceId kErp{2};
inline constexpr Duration kTick = Duration(1);  // The smallest step of time.
inline constexpr Duration kMinute = std::chrono::minutes(1);
inline constexpr Duration kHour = std::chrono::hours(1);

// 2026-03-01T12:00:00Z, when every fixture begins.
inline constexpr Timestamp kNoon =
    std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + std::chrono::hours(12);

// The figures of a position as a decision sees them: holds that lapsed do not count.
struct Figures {
  Quantity on_hand = 0;
  Quantity reserved = 0;
  Quantity committed = 0;
  Quantity unsellable = 0;

  friend bool operator==(const Figures&, const Figures&) = default;
};
std::ostream& operator<<(std::ostream& out, const Figures& figures);

// A ledger over plain maps whose time a test owns, with one short call for each command. What must
// not happen in a sound test (REQUIRES) throws, which fails that test and names the reason.
class LedgerFixture {
 public:
  LedgerFixture() : state(kNoon) {}
  // Begins with units that came an hour ago.
  explicit LedgerFixture(Quantity on_hand) : state(kNoon) { Stock(on_hand); }

  void Advance(Duration by) { state.SetNow(state.now() + by); }
  void AdvanceTo(Timestamp time) { state.SetNow(time); }

  // A fact of the till with a new event id, dated now; the caller may change any field.
  ledger::Fact NewFact(ledger::EntryKind kind, Quantity quantity);

  // Applies a fact within the default limits.
  ledger::FactOutcome Tell(const ledger::Fact& fact);
  // Applies a new fact. REQUIRES: it is applied.
  void Happened(ledger::EntryKind kind, Quantity quantity, Timestamp at,
                PositionKey position = kHere);
  void Stock(Quantity quantity, PositionKey position = kHere);
  // Sells out of a claim.
  void SellFor(std::string_view reservation_id, Quantity quantity, PositionKey position = kHere);
  void Count(Quantity quantity, Timestamp at, PositionKey position = kHere) {
    Happened(ledger::EntryKind::kCount, quantity, at, position);
  }

  // Reserves for ten minutes, for no channel.
  ledger::ReservationResult Reserve(std::string_view id, Quantity quantity,
                                    PositionKey position = kHere);
  ledger::ReservationResult Reserve(const ledger::CreateCommand& command) {
    return ledger::CreateReservation(state, command);
  }

  // Changes under a new request id.
  ledger::ReservationResult Extend(std::string_view id, Duration ttl);
  ledger::ReservationResult Change(std::string_view id,
                                   const std::vector<ledger::LineCommand>& wanted);
  ledger::ReservationResult Move(std::string_view id,
                                 const std::vector<ledger::MoveCommand>& moves);
  ledger::ReservationResult Commit(std::string_view id,
                                   const std::vector<ledger::LineCommand>& lines = {},
                                   ledger::Remainder remainder = ledger::Remainder::kRelease);
  ledger::ReservationResult Release(std::string_view id,
                                    const std::vector<ledger::LineCommand>& lines = {});
  ledger::ChangeHeader NewHeader(std::string_view reservation_id);

  Figures figures(PositionKey position = kHere);
  // What a buyer without a channel may still claim.
  Quantity available(PositionKey position = kHere);
  // REQUIRES: the reservation exists.
  const ledger::Reservation& reservation(std::string_view id);
  ledger::ReservationState state_of(std::string_view id) { return reservation(id).state; }
  // The last entries of the journal, oldest first. REQUIRES: there are as many.
  std::vector<ledger::JournalEntry> Last(size_t count) const;

  ledger::MemoryState state;

 private:
  void TellOrThrow(const ledger::Fact& fact);

  int events_ = 0;
  int requests_ = 0;
};

// The reason of a refusal, kNone when the command was accepted.
ledger::Reason ReasonOf(const ledger::ReservationResult& result);

// REQUIRES: it was accepted.
const ledger::Reservation& Granted(const ledger::ReservationResult& result);

// REQUIRES: it was refused.
const ledger::Refusal& Refused(const ledger::ReservationResult& result);

// A command for one line at `kHere`, ten minutes, no channel.
ledger::CreateCommand CreateOf(std::string_view id, Quantity quantity,
                               PositionKey position = kHere);

}  // namespace stockd::support

namespace stockd::ledger {

// For the messages of failed tests.
std::ostream& operator<<(std::ostream& out, Reason reason);
std::ostream& operator<<(std::ostream& out, Bucket bucket);
std::ostream& operator<<(std::ostream& out, EntryKind kind);

}  // namespace stockd::ledger
