#include "tests/bench/stock_database.h"

#include <functional>
#include <string_view>
#include <variant>

#include "daemon/storage/migrations.h"
#include "daemon/storage/sqlite_store.h"
#include "tests/bench/process.h"
#include "tests/bench/stock_names.h"

namespace stockd::bench {
namespace {

// A thousand of them are most of a year.
constexpr auto kHistoryStep = std::chrono::hours(8);

constexpr uint64_t kPositionsPerCommit = 100'000;

// The name changes with the schema, so that a file of an older one is never taken.
std::filesystem::path NameOf(const std::filesystem::path& directory, const StockShape& shape) {
  size_t hash = 0;
  for (const storage::Migration& migration : storage::Migrations()) {
    hash = hash * 31 + std::hash<std::string_view>{}(migration.sql);
  }
  return directory / ("stock-" + std::to_string(shape.items) + "x" +
                      std::to_string(shape.locations) + "-" + std::to_string(shape.on_hand) + "-" +
                      std::to_string(shape.history) + "-" + std::to_string(hash) + ".sqlite");
}

void Check(const storage::Status& status) {
  if (!status.ok()) throw BenchError(status.error);
}

void WriteCatalogue(storage::Store& store, const StockShape& shape) {
  store.Begin();
  store.SaveSource({.id = SourceId{1}, .name = "opening"});
  for (uint64_t i = 0; i < shape.locations; ++i) {
    store.SaveLocation({.id = LocationId{static_cast<uint32_t>(i + 1)},
                        .code = LocationCode(i),
                        .name = "Store " + std::to_string(i),
                        .time_zone = "Europe/Istanbul",
                        .ships = true,
                        .collects = true});
  }
  for (uint64_t i = 0; i < shape.items; ++i) {
    store.SaveItem({.id = ItemId{static_cast<uint32_t>(i + 1)},
                    .sku = Sku(i),
                    .name = "Item number " + std::to_string(i),
                    .unit = "piece",
                    .category = "home/kitchen",
                    .price_micros = 4'990'000,
                    .currency = "EUR"});
  }
  Check(store.Commit());
}

void WritePosition(storage::Store& store, const StockShape& shape, uint64_t number) {
  const PositionKey key{
      .item = ItemId{static_cast<uint32_t>(number / shape.locations + 1)},
      .location = LocationId{static_cast<uint32_t>(number % shape.locations + 1)}};
  ledger::Position position{
      .on_hand = shape.on_hand, .counted_at = kCountedAt, .version = number + 1};
  if (shape.history > 0) {
    position.on_hand += static_cast<Quantity>(shape.history);
    position.last_delta_at = kCountedAt + static_cast<int64_t>(shape.history) * kHistoryStep;
    position.version = shape.history * shape.positions() + number + 1;
  }
  store.SavePosition(key, position);
  ledger::JournalEntry entry;
  entry.sequence = number + 1;
  entry.position = key;
  entry.kind = ledger::EntryKind::kCount;
  entry.from = ledger::Bucket::kCorrection;
  entry.to = ledger::Bucket::kFree;
  entry.quantity = shape.on_hand;
  entry.occurred_at = kCountedAt;
  entry.recorded_at = kCountedAt;
  entry.source = SourceId{1};
  entry.stated = shape.on_hand;
  store.AppendJournal(entry);
}

// The receipts of one instant, at every position.
void WriteReceipt(storage::Store& store, const StockShape& shape, uint64_t step, uint64_t number) {
  ledger::JournalEntry entry;
  entry.sequence = step * shape.positions() + number + 1;
  entry.previous = entry.sequence - shape.positions();
  entry.position = {.item = ItemId{static_cast<uint32_t>(number / shape.locations + 1)},
                    .location = LocationId{static_cast<uint32_t>(number % shape.locations + 1)}};
  entry.kind = ledger::EntryKind::kReceipt;
  entry.from = ledger::Bucket::kSupplier;
  entry.to = ledger::Bucket::kFree;
  entry.quantity = 1;
  entry.occurred_at = kCountedAt + static_cast<int64_t>(step) * kHistoryStep;
  entry.recorded_at = entry.occurred_at;
  entry.source = SourceId{1};
  entry.event_id = "H" + std::to_string(entry.sequence);
  entry.stated = 1;
  store.AppendJournal(entry);
}

void WriteHistory(storage::Store& store, const StockShape& shape) {
  for (uint64_t step = 1; step <= shape.history; ++step) {
    store.Begin();
    for (uint64_t number = 0; number < shape.positions(); ++number) {
      WriteReceipt(store, shape, step, number);
    }
    Check(store.Commit());
  }
}

void WriteStock(const std::filesystem::path& path, const StockShape& shape) {
  auto opened = storage::OpenSqlite({.path = path.string(), .checkpoint_pages = 50'000});
  if (const auto* status = std::get_if<storage::Status>(&opened)) throw BenchError(status->error);
  storage::Store& store = *std::get<storage::SqliteDatabase>(opened).store;
  storage::Counters counters;
  Check(store.Load({}, counters));
  WriteCatalogue(store, shape);
  for (uint64_t number = 0; number < shape.positions();) {
    store.Begin();
    for (uint64_t i = 0; i < kPositionsPerCommit && number < shape.positions(); ++i) {
      WritePosition(store, shape, number++);
    }
    Check(store.Commit());
  }
  WriteHistory(store, shape);
  Check(store.Checkpoint());
}

}  // namespace

std::filesystem::path StockDatabase(const std::filesystem::path& directory,
                                    const StockShape& shape) {
  const std::filesystem::path path = NameOf(directory, shape);
  if (std::filesystem::exists(path)) return path;
  const std::filesystem::path building = directory / "building";
  std::filesystem::remove_all(building);
  std::filesystem::create_directories(building);
  WriteStock(building / path.filename(), shape);
  std::filesystem::rename(building / path.filename(), path);
  std::filesystem::remove_all(building);
  return path;
}

std::filesystem::path CopyDatabase(const std::filesystem::path& database,
                                   const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::filesystem::path copy = folder / "stockd.sqlite";
  std::filesystem::copy_file(database, copy);
  return copy;
}

}  // namespace stockd::bench
