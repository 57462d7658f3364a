#include "tests/bench/sales_database.h"

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/storage/migrations.h"
#include "daemon/storage/sqlite_store.h"
#include "tests/bench/process.h"
#include "tests/bench/sales_orders.h"
#include "tests/bench/stock_names.h"

namespace stockd::bench {
namespace {

using ledger::Bucket;
using ledger::EntryKind;

constexpr uint64_t kEntriesPerCommit = 100'000;
constexpr uint64_t kOrdersPerCommit = 20'000;
constexpr Quantity kOpening = 1000;
constexpr std::array kCategories = {"kitchen", "bath", "garden", "toys", "books"};
constexpr std::array kChannels = {"web", "app", "pos"};

std::filesystem::path NameOf(const std::filesystem::path& directory, const SalesShape& shape) {
  size_t hash = 0;
  for (const storage::Migration& migration : storage::Migrations()) {
    hash = hash * 31 + std::hash<std::string_view>{}(migration.sql);
  }
  return directory /
         ("sales-" + std::to_string(shape.items) + "x" + std::to_string(shape.locations) + "-" +
          std::to_string(shape.lines) + "-" + std::to_string(hash) + ".sqlite");
}

void Check(const storage::Status& status) {
  if (!status.ok()) throw BenchError(status.error);
}

void WriteCatalogue(storage::Store& store, const SalesShape& shape) {
  store.Begin();
  store.SaveSource({.id = SourceId{1}, .name = "till"});
  store.SaveChannel({.id = ChannelId{1}, .channel_id = "web", .name = "Web shop"});
  for (uint64_t i = 0; i < shape.locations; ++i) {
    store.SaveLocation({.id = LocationId{static_cast<uint32_t>(i + 1)},
                        .code = LocationCode(i),
                        .name = "Store " + std::to_string(i)});
  }
  for (uint64_t i = 0; i < shape.items; ++i) {
    const storage::Item item{.id = ItemId{static_cast<uint32_t>(i + 1)},
                             .sku = Sku(i),
                             .name = "Item number " + std::to_string(i),
                             .unit = "piece",
                             .category = kCategories[i % kCategories.size()],
                             .unit_cost_micros = 2'000'000 + static_cast<int64_t>(i) * 10'000,
                             .price_micros = 4'990'000,
                             .currency = "EUR"};
    store.KeepItemChange(item, kSalesBegin);
    store.SaveItem(item);
  }
  Check(store.Commit());
}

ledger::JournalEntry Count(const SalesShape& shape, uint64_t number) {
  ledger::JournalEntry entry;
  entry.sequence = number + 1;
  entry.position = {.item = ItemId{static_cast<uint32_t>(number / shape.locations + 1)},
                    .location = LocationId{static_cast<uint32_t>(number % shape.locations + 1)}};
  entry.kind = EntryKind::kCount;
  entry.from = Bucket::kCorrection;
  entry.to = Bucket::kFree;
  entry.quantity = entry.stated = kOpening;
  entry.occurred_at = entry.recorded_at = kSalesBegin;
  entry.source = SourceId{1};
  return entry;
}

ledger::JournalEntry Line(const SalesShape& shape, uint64_t number) {
  const uint64_t order = number / 3;
  const uint64_t of_order = Scatter(order);
  const uint64_t of_line = Scatter(number ^ 0x5555);
  const bool came_back = of_line % 50 == 0;
  ledger::JournalEntry entry;
  entry.sequence = shape.items * shape.locations + number + 1;
  entry.position = {.item = ItemId{static_cast<uint32_t>(of_line % shape.items + 1)},
                    .location = LocationId{static_cast<uint32_t>(of_order % shape.locations + 1)}};
  entry.kind = came_back ? EntryKind::kReturn : EntryKind::kSale;
  entry.from = came_back ? Bucket::kCustomer : Bucket::kFree;
  entry.to = came_back ? Bucket::kFree : Bucket::kCustomer;
  entry.quantity = 1 + static_cast<Quantity>(of_line / 64 % 3);
  entry.stated = came_back ? entry.quantity : -entry.quantity;
  entry.occurred_at =
      kSalesBegin + Duration(kSalesLength.count() / static_cast<int64_t>(shape.receipts() + 1) *
                             static_cast<int64_t>(order));
  entry.recorded_at = entry.occurred_at;
  entry.source = SourceId{1};
  entry.event_id = "L" + std::to_string(number);
  entry.reference = "O" + std::to_string(came_back && order > 9 ? order - 9 : order);
  entry.channel = kChannels[of_order / 256 % kChannels.size()];
  entry.customer_reference = "C" + std::to_string(of_order / 1024 % (shape.receipts() / 10 + 1));
  entry.unit_price_micros = 4'990'000;
  entry.currency = "EUR";
  return entry;
}

void Write(const std::filesystem::path& path, const SalesShape& shape) {
  auto opened = storage::OpenSqlite({.path = path.string(), .checkpoint_pages = 50'000});
  if (const auto* status = std::get_if<storage::Status>(&opened)) throw BenchError(status->error);
  storage::Store& store = *std::get<storage::SqliteDatabase>(opened).store;
  WriteCatalogue(store, shape);
  const uint64_t counts = shape.items * shape.locations;
  for (uint64_t number = 0; number < counts + shape.lines;) {
    store.Begin();
    for (uint64_t i = 0; i < kEntriesPerCommit && number < counts + shape.lines; ++i, ++number) {
      store.AppendJournal(number < counts ? Count(shape, number) : Line(shape, number - counts));
    }
    Check(store.Commit());
  }
  for (uint64_t number = 0; number < shape.orders();) {
    store.Begin();
    for (uint64_t i = 0; i < kOrdersPerCommit && number < shape.orders(); ++i, ++number) {
      WriteOrder(store, shape, number);
    }
    Check(store.Commit());
  }
  Check(store.Checkpoint());
}

}  // namespace

std::filesystem::path SalesDatabase(const std::filesystem::path& directory,
                                    const SalesShape& shape) {
  const std::filesystem::path path = NameOf(directory, shape);
  if (std::filesystem::exists(path)) return path;
  const std::filesystem::path building = directory / "building";
  std::filesystem::remove_all(building);
  std::filesystem::create_directories(building);
  Write(building / path.filename(), shape);
  std::filesystem::rename(building / path.filename(), path);
  std::filesystem::remove_all(building);
  return path;
}

}  // namespace stockd::bench
