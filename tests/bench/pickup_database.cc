#include "tests/bench/pickup_database.h"

#include <string>
#include <utility>
#include <variant>

#include "daemon/engine/engine.h"
#include "daemon/ledger/order_claims.h"
#include "daemon/storage/connection.h"
#include "daemon/storage/sqlite_store.h"
#include "tests/bench/process.h"

namespace stockd::bench {
namespace {

constexpr uint64_t kOrdersPerCommit = 5'000;
constexpr Timestamp kPlacedAt = kCountedAt + std::chrono::hours(24);
constexpr Timestamp kSomeDeadline = kPlacedAt + std::chrono::hours(1);

// An order that was picked and waits.
void PutReady(engine::UnitOfWork& unit, uint64_t number, ItemId item) {
  const std::string id = "pickup-" + std::to_string(number);
  const PositionKey position{.item = item, .location = LocationId{1}};
  fulfilment::Order order{.id = id,
                          .customer_reference = "customer-" + std::to_string(number),
                          .placed_at = kPlacedAt,
                          .recorded_at = kPlacedAt,
                          .version = 3,
                          .content = std::string(200, 'c')};
  order.lines = {
      {.id = "1", .item = item, .ordered = 1, .unit_price_micros = 4'990'000, .currency = "EUR"}};
  order.fulfilments = {{.number = 1,
                        .state = fulfilment::OrderState::kReady,
                        .location = position.location,
                        .claim_id = "order/" + id + "/1",
                        .lines = {{.line = 0, .units = {.picked = 1}}},
                        .ready = {.first = kPlacedAt, .current = kPlacedAt},
                        .picking_at = kPlacedAt,
                        .ready_at = kPlacedAt,
                        .deadline = kSomeDeadline,
                        .code = {.generation = 1, .digest = std::string(64, 'd')}}};
  ledger::Reservation& claim =
      ledger::OpenClaim(unit, {.id = order.fulfilments[0].claim_id,
                               .order_id = id,
                               .owner_reference = order.customer_reference,
                               .lines = {{.position = position, .quantity = 1}}});
  ledger::HoldClaimUntil(unit, claim, kSomeDeadline);
  unit.orders().AddOrder(std::move(order));
}

void Check(const storage::Status& status) {
  if (!status.ok()) throw BenchError(status.error);
}

void WriteOrders(const std::filesystem::path& path, const StockShape& shape, uint64_t items,
                 uint64_t orders) {
  auto opened = storage::OpenSqlite({.path = path.string(), .checkpoint_pages = 50'000});
  if (const auto* status = std::get_if<storage::Status>(&opened)) throw BenchError(status->error);
  const ManualClock clock(kPlacedAt);
  engine::Engine engine(*std::get<storage::SqliteDatabase>(opened).store, clock, {});
  Check(engine.Load());
  engine.Start();
  for (uint64_t first = 0; first < orders; first += kOrdersPerCommit) {
    engine.Submit(engine::MakeTask(
        [=](engine::UnitOfWork& unit) {
          for (uint64_t i = first; i < std::min(orders, first + kOrdersPerCommit); ++i) {
            PutReady(unit, i, ItemId{static_cast<uint32_t>(shape.items - i % items)});
          }
          return true;
        },
        [](engine::CommitOutcome, bool) {}));
  }
  Check(engine.Stop());
}

}  // namespace

std::filesystem::path PickupDatabase(const std::filesystem::path& directory,
                                     const StockShape& shape, uint64_t items, uint64_t orders) {
  const std::filesystem::path stock = StockDatabase(directory, shape);
  const std::filesystem::path path =
      directory / ("pickups-" + std::to_string(orders) + "-" + std::to_string(items) + "-" +
                   stock.filename().string());
  if (std::filesystem::exists(path)) return path;
  const std::filesystem::path building = CopyDatabase(stock, directory / "building");
  WriteOrders(building, shape, items, orders);
  std::filesystem::rename(building, path);
  std::filesystem::remove_all(building.parent_path());
  return path;
}

void EndPickupsAt(const std::filesystem::path& database, Timestamp deadline) {
  const std::string at = std::to_string(ToMicros(deadline));
  storage::Connection connection;
  if (connection.Open(database.string(), storage::Access::kReadWrite) != SQLITE_OK ||
      connection.Execute(
          ("UPDATE reservation SET expires_at = " + at + " WHERE state = 1").c_str()) !=
          SQLITE_OK ||
      connection.Execute(("UPDATE fulfilment SET deadline = " + at).c_str()) != SQLITE_OK) {
    throw BenchError("cannot set deadlines: " + connection.Message());
  }
}

}  // namespace stockd::bench
