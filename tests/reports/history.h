#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/engine/pickup_codes.h"
#include "daemon/engine/unit_of_work.h"
#include "daemon/storage/journal_feed.h"
#include "daemon/storage/sqlite_store.h"
#include "tests/support/random.h"
#include "tests/support/temp_directory.h"

namespace stockd::reports {

// A statement about one position as of an instant that its source makes in a snapshot.
struct SnapshotTold {
  PositionKey position;
  Quantity quantity = 0;  // Unless `confirms`: then what the books say.
  bool confirms = false;
  Timestamp as_of{};
};

// An item is worth something else or belongs elsewhere.
struct ItemTold {
  ItemId item = kNoItem;
  std::string category;
  int64_t unit_cost_micros = 0;
  int64_t price_micros = 0;
};

// Visits of an hour, and a customer's online contact with an item.
struct VisitsTold {
  storage::VisitCount count;
};
struct ContactTold {
  storage::Contact contact;
};

// Something that happens to the daemon, and when it learns of it.
struct Told {
  Timestamp now{};
  std::variant<ledger::Fact, SnapshotTold, ItemTold, VisitsTold, ContactTold> what;
};

inline constexpr Timestamp kDawn = FromMicros(1'790'000'000'000'000);  // Just any day's afternoon.
inline constexpr int kItemCount = 4;
inline constexpr int kLocationCount = 3;

struct HistoryOptions {
  int length = 50;
  bool snapshots = true;
  bool item_changes = true;
  bool visits = true;
};

// What a chain may tell over some days: late, of one instant, about few positions, so that much
// collides.
std::vector<Told> RandomHistory(support::Random& random, const HistoryOptions& options);

// The facts of a history in another order, some twice, all learned at its end.
std::vector<Told> Shuffled(std::vector<Told> history, support::Random& random);

// What the ledger made of a snapshot's row.
struct SnapshotTaken {
  SnapshotTold told;
  Quantity quantity = 0;
  bool confirmed = false;  // Without a row in the journal.
  bool recorded = false;   // False: a later count was known, and nothing was kept.
};

// The daemon's ledger over a database of its own, without its threads. Items 1 to kItemCount are of
// scale 0, 0, 3 and 6.
class World {
 public:
  World();

  // Tells the ledger; each call is a batch of its own. Returns what became of a snapshot's row.
  std::optional<SnapshotTaken> Tell(const Told& told);

  std::unique_ptr<storage::JournalFeed> OpenFeed() const;
  std::filesystem::path PathOf(const std::string& name) const { return folder_.path() / name; }
  const engine::Catalogue& catalogue() const { return memory_.catalogue; }
  const engine::AvailabilityIndex& index() const { return memory_.index; }
  Timestamp now() const { return now_; }

 private:
  template <typename Work>
  void Do(Timestamp now, Work&& work);

  support::TempDirectory folder_;
  std::string path_;
  storage::SqliteDatabase database_;
  engine::Memory memory_;
  storage::Counters counters_;
  engine::PickupCodes codes_{{}};
  ledger::FactLimits limits_;
  std::optional<engine::UnitOfWork> unit_;
  Timestamp now_ = kDawn;
  int snapshots_ = 0;
};

}  // namespace stockd::reports
