#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "daemon/base/clock.h"
#include "daemon/engine/engine.h"
#include "daemon/engine/levels.h"
#include "daemon/ledger/reservations.h"
#include "daemon/storage/sqlite_store.h"
#include "tests/engine/gated_store.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/temp_directory.h"

namespace stockd::support {

// What became of a command.
template <typename Result>
struct Done {
  engine::CommitOutcome outcome = engine::CommitOutcome::kFailed;
  Result result{};
};

// A running engine over a real database in a folder of its own, with a clock that the test moves.
// Two items (1, 2) and three locations (1, 2, 3) exist, so the positions of
// tests/support/ledger_fixture.h are valid.
class EngineFixture : public testing::Test {
 protected:
  void SetUp() override { Open(); }
  void TearDown() override { Close(); }

  // Take effect with the next Open().
  engine::EngineOptions options;
  std::string vfs_name;  // The disk; empty: the real one.

  // What stands between the engine and the database.
  virtual std::unique_ptr<GatedStore> MakeStore(storage::Store& real) {
    return std::make_unique<GatedStore>(real);
  }

  // What a test keeps in memory beside the engine.
  virtual storage::LoadVisitor OthersToLoad() { return {}; }

  void Open();
  // Stops the engine in good order and closes the database.
  void Close();
  // Goes on with an empty database, at noon.
  void StartAnew() {
    Close();
    ++databases_;
    clock.Set(kNoon);
    Open();
  }
  void Reopen() {
    Close();
    Open();
  }

  // Runs a command and waits for its completion; kFailed with a test failure after kPatience.
  template <typename Run>
  auto Do(Run run) {
    using Result = std::invoke_result_t<Run&, engine::UnitOfWork&>;
    auto future = Submit(std::move(run));
    if (future.wait_for(kPatience) != std::future_status::ready) {
      ADD_FAILURE() << "the command was not completed";
      return Done<Result>{};
    }
    return future.get();
  }

  // Hands a command over without waiting.
  template <typename Run>
  auto Submit(Run run) {
    using Result = std::invoke_result_t<Run&, engine::UnitOfWork&>;
    auto promise = std::make_shared<std::promise<Done<Result>>>();
    auto future = promise->get_future();
    engine().Submit(
        engine::MakeTask(std::move(run), [promise](engine::CommitOutcome outcome, Result&& result) {
          promise->set_value({outcome, std::move(result)});
        }));
    return future;
  }

  // Units that came an hour ago. REQUIRES: the engine runs.
  void Stock(Quantity quantity, PositionKey position = kHere);
  // The outcome of a fact of the till.
  ledger::FactOutcome Tell(const ledger::Fact& fact);
  ledger::Fact NewFact(ledger::EntryKind kind, Quantity quantity, Timestamp at,
                       PositionKey position = kHere);
  Done<ledger::ReservationResult> Reserve(std::string_view id, Quantity quantity,
                                          Duration ttl = kMinute, PositionKey position = kHere);
  // A snapshot of one position.
  engine::UnitOfWork::SnapshotResult TakeSnapshot(std::string_view id, Timestamp as_of,
                                                  Quantity quantity, PositionKey position = kHere);

  // The level now, for no channel.
  engine::Level LevelAt(PositionKey position = kHere) const;
  Quantity available(PositionKey position = kHere) const { return LevelAt(position).available; }

  engine::Engine& engine() { return *engine_; }
  const engine::Engine& engine() const { return *engine_; }
  storage::Reader& reader() { return *database_.reader; }
  GatedStore& store() { return *store_; }
  std::string database_path() const {
    return (folder_.path() / ("stock-" + std::to_string(databases_) + ".sqlite")).string();
  }

  ManualClock clock{kNoon};

 private:
  void AddNames();

  TempDirectory folder_;
  storage::SqliteDatabase database_;
  std::unique_ptr<GatedStore> store_;
  std::optional<engine::Engine> engine_;
  int events_ = 0;
  int databases_ = 1;
};

}  // namespace stockd::support
