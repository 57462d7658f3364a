#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/sync/level_delivery.h"
#include "tests/sync/sync_fixture.h"

namespace stockd::support {

// One article of a web shop that keeps the figure it was sent, lowers it as it sells, and keeps the
// version of the level beside it.
struct WebShop {
  Quantity figure = 0;
  Sequence version = 0;  // Of the newest level written; 0: none.
  Sequence cursor = 0;   // Of the last update that was applied: what its adapter resumes from.
  Quantity sold = 0;

  // False when it has none.
  bool Sell(Quantity quantity);
  // Writes a level unless it shows something else than expected; what went wrong, if anything did.
  std::optional<sync::LevelProblem> Write(const sync::SentLevel& sent);
};

// A running engine whose source "till" is a web shop with the rule `diff`, and the session of its
// adapter, step by step.
class WebShopFixture : public DeviceFixture {
 protected:
  void SetUp() override;
  void TearDown() override;

  // A session begins where the shop stands; one that was open is gone with all it had on its way.
  void Connect();
  // The daemon ends and starts again; then Connect().
  void Restart();
  // What the source's absolute quantities mean, from now on.
  void Configure(storage::AbsoluteRule absolute, bool echoes = false);

  // The next update, committed and on its way to the shop; false when there is none.
  bool Send();
  // The shop writes what is on its way. `refuse`: what it answers instead, if it does.
  void Deliver(const std::function<std::optional<sync::LevelProblem>()>& refuse = nullptr);
  // Whether the shop found a conflict with a level that it had been sent before: by the figures
  // alone nobody can tell whether it was written then.
  bool InDoubt() const;
  // The answer reaches the daemon.
  void Acknowledge();
  // Sends, delivers and acknowledges until nothing is left to send.
  void Settle();

  // The shop's figure now, as a snapshot of one row.
  sync::SnapshotOutcome TellSnapshot(const std::string& id, Quantity quantity, Sequence version);
  // The same as a COUNT fact.
  sync::IntakeResult TellCount(const std::string& id, Quantity quantity, Sequence version);
  sync::IntakeResult TellDelta(const std::string& id, v1::FactKind kind, Quantity quantity,
                               Sequence version = 0);

  // Units that come or go elsewhere.
  void Elsewhere(ledger::EntryKind kind, Quantity quantity);

  PositionKey position() const { return position_; }
  Quantity on_hand() const { return LevelAt(position_).on_hand; }
  storage::Shadow Shadow();
  // From now on everything is about this new item at S01, with a new shop.
  void BeginWith(const std::string& sku);

  WebShop shop;
  std::optional<sync::LevelDelivery::Update> on_its_way;  // Sent, and not acknowledged yet.
  bool delivered = false;

 private:
  v1::Fact FactOf(const std::string& id, v1::FactKind kind, Quantity quantity, Sequence version);

  std::string sku_ = "MUG";
  PositionKey position_ = kHere;
  storage::AbsoluteRule absolute_ = storage::AbsoluteRule::kDiff;
  bool echoes_ = false;
  std::vector<sync::LevelProblem> problems_;  // Of what was delivered.
  std::optional<sync::LevelDelivery> delivery_;
  int elsewhere_ = 0;
};

}  // namespace stockd::support
