#pragma once

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/storage/sqlite_store.h"
#include "tests/support/temp_directory.h"

namespace stockd::storage {

// A database file in a folder of its own, open. A test that fails to open it ends at once.
class Database {
 public:
  // Opens it, with small limits so that little work reaches every branch.
  explicit Database(std::string vfs_name = {});

  Store& store() { return *database_.store; }
  Reader& reader() { return *database_.reader; }
  const std::string& path() const { return path_; }
  const std::filesystem::path& folder() const { return directory_.path(); }
  const SqliteOptions& options() const { return options_; }

  // As the end of a daemon does it, and its next start.
  void Close();
  void Open();
  void Reopen() {
    Close();
    Open();
  }

  // Runs SQL on the closed file, past the daemon. Fails the test when SQLite refuses.
  void Execute(const std::string& sql);
  // The columns of every row, as text, joined by "|". Works on the open file, too.
  std::vector<std::string> Query(const std::string& sql);

 private:
  support::TempDirectory directory_;
  std::string path_;
  SqliteOptions options_;
  SqliteDatabase database_;
};

// Everything that a start reads.
struct Loaded {
  std::vector<Item> items;
  std::vector<Location> locations;
  std::vector<Group> groups;
  std::vector<Channel> channels;
  std::vector<SafetyStock> safety_stocks;
  std::vector<Source> sources;
  std::vector<std::pair<PositionKey, ledger::Position>> positions;
  std::vector<CountCoverage> coverages;
  std::vector<ledger::Reservation> open_reservations;
  std::vector<ledger::Supply> supplies;
  std::vector<fulfilment::Order> open_orders;
  std::vector<std::tuple<LocationId, Timestamp, int>> booked_picks;
  Counters counters;
};
Loaded LoadAll(Store& store);

// Runs `work` as one unit of work and expects it to succeed.
template <typename Work>
void Write(Store& store, Work&& work) {
  store.Begin();
  work(store);
  const Status status = store.Commit();
  EXPECT_TRUE(status.ok()) << status.error;
}

// A text that shows every field, for comparison.
std::string Shown(const ledger::Reservation& reservation);
std::string Shown(const ledger::JournalEntry& entry);
std::string Shown(const QuarantinedFact& fact);

inline constexpr Timestamp kStart = FromMicros(1'790'000'000'000'000);
inline constexpr PositionKey kShirtHere{.item = ItemId{1}, .location = LocationId{1}};
inline constexpr PositionKey kShirtThere{.item = ItemId{1}, .location = LocationId{2}};

// Rows with every field set.
ledger::Reservation FullReservation(uint64_t number);
ledger::JournalEntry FullFact(Sequence sequence);
QuarantinedFact FullQuarantined(int64_t id);

}  // namespace stockd::storage
