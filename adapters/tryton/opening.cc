#include "adapters/tryton/opening.h"

#include <absl/container/flat_hash_set.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "adapters/sdk/clock.h"
#include "adapters/sdk/log.h"
#include "adapters/tryton/row.h"

namespace stockd::tryton {
namespace {

constexpr int kReadingsMax = 50;
constexpr size_t kUnreadableLogged = 20;

// The moves that became done between two looks.
std::vector<int64_t> MovedBetween(const MoveReader::Horizon& before,
                                  const MoveReader::Horizon& after) {
  const absl::flat_hash_set<int64_t> still_open(after.open_moves.begin(), after.open_moves.end());
  std::vector<int64_t> moved;
  for (const int64_t id : before.open_moves) {
    if (!still_open.contains(id)) moved.push_back(id);
  }
  for (int64_t id = before.last_move + 1; id <= after.last_move; ++id) {
    if (!still_open.contains(id)) moved.push_back(id);
  }
  return moved;
}

absl::StatusOr<ProductBook::Products> ProductsOf(TrytonClient& client,
                                                 const std::vector<int64_t>& moves,
                                                 const ProductBook::Products& all) {
  const absl::StatusOr<std::vector<JsonValue>> records =
      client.Read("stock.move", moves, {"id", "product"});
  if (!records.ok()) return records.status();
  ProductBook::Products some;
  for (const JsonValue& record : *records) {
    const auto sku = all.sku_of.find(Row(record, "stock.move").Integer("product"));
    if (sku == all.sku_of.end()) continue;
    some.sku_of[sku->first] = sku->second;
    some.by_sku.emplace(sku->second, all.by_sku.at(sku->second));
  }
  return some;
}

}  // namespace

absl::StatusOr<SettledStock> ReadSettledStock(TrytonClient& client, MoveReader& moves,
                                              const StockPlaces& places,
                                              const ProductBook::Products& products) {
  SettledStock settled;
  absl::StatusOr<MoveReader::Horizon> before = moves.ReadHorizon();
  if (!before.ok()) return before.status();
  absl::StatusOr<StockReading> all = ReadStock(client, places.warehouses(), products);
  if (!all.ok()) return all.status();
  std::map<std::pair<std::string, std::string>, int64_t> figures;
  for (const StockLevel& level : all->levels) {
    figures[{level.sku, level.location}] = level.quantity;
  }
  for (int reading = 0; reading < kReadingsMax; ++reading) {
    absl::StatusOr<MoveReader::Horizon> after = moves.ReadHorizon();
    if (!after.ok()) return after.status();
    const std::vector<int64_t> moved = MovedBetween(*before, *after);
    if (moved.empty()) {
      settled.horizon = *std::move(after);
      settled.reading.unreadable = std::move(all->unreadable);
      for (const auto& [position, quantity] : figures) {
        settled.reading.levels.push_back(
            {.sku = position.first, .location = position.second, .quantity = quantity});
      }
      return settled;
    }
    absl::StatusOr<ProductBook::Products> touched = ProductsOf(client, moved, products);
    if (!touched.ok()) return touched.status();
    const absl::StatusOr<StockReading> again = ReadStock(client, places.warehouses(), *touched);
    if (!again.ok()) return again.status();
    for (const StockLevel& level : again->levels) {
      figures[{level.sku, level.location}] = level.quantity;
    }
    before = std::move(after);
  }
  return absl::UnavailableError("the stock of Tryton does not hold still long enough to be read");
}

absl::Status OpenStock(TrytonClient& client, MoveReader& moves, TrytonState& state,
                       sdk::JournalClient& journal, sdk::Adapter& adapter,
                       const StockPlaces& places, const ProductBook::Products& products,
                       std::stop_token stop) {
  const absl::StatusOr<uint64_t> sequence_before = journal.NewestSequence();
  if (!sequence_before.ok()) return sequence_before.status();
  absl::StatusOr<SettledStock> stock = ReadSettledStock(client, moves, places, products);
  if (!stock.ok()) return stock.status();
  for (size_t i = 0; i < std::min(stock->reading.unreadable.size(), kUnreadableLogged); ++i) {
    spdlog::error("left out of the opening {}", stock->reading.unreadable[i]);
  }
  const sdk::Timestamp as_of = sdk::Now();
  const Opening opening{
      .snapshot_id = fmt::format("opening-{}", sdk::FormatCompactTimestamp(as_of)),
      .as_of = as_of,
      .sequence_before = *sequence_before};
  if (absl::Status status = state.BeginOpening(opening, stock->horizon.last_move,
                                               stock->horizon.open_moves, stock->horizon.newest);
      !status.ok()) {
    return status;
  }
  // The figures do not hold these yet, and the search for what is new would not find them: they are
  // told behind the opening like others that were set aside.
  const absl::StatusOr<std::vector<int64_t>> ahead = moves.FindDatedAhead(stock->horizon.last_move);
  if (!ahead.ok()) return ahead.status();
  std::vector<SetAsideMove> waiting;
  for (const int64_t move : *ahead)
    waiting.push_back({.move = move, .reason = "dated after today"});
  if (absl::Status status = state.PutSeen({}, waiting, std::nullopt); !status.ok()) return status;
  std::vector<v1::Fact> below_zero;
  for (const StockLevel& level : stock->reading.levels) {
    if (level.quantity >= 0) continue;
    v1::Fact& fact = below_zero.emplace_back();
    const Warehouse* warehouse = places.FindByCode(level.location);
    fact.set_event_id(fmt::format("{}-{}-{}", opening.snapshot_id, products.by_sku.at(level.sku).id,
                                  warehouse->id));
    fact.set_kind(v1::FACT_KIND_ADJUSTMENT);
    fact.set_sku(level.sku);
    fact.set_location(level.location);
    fact.set_quantity(level.quantity);
    fact.set_reference("below 0 in Tryton");
    sdk::SetProto(as_of + std::chrono::microseconds(1), fact.mutable_occurred_at());
  }
  const size_t row_count = stock->reading.levels.size();
  v1::SnapshotBegin begin;
  begin.set_snapshot_id(opening.snapshot_id);
  sdk::SetProto(as_of, begin.mutable_as_of());
  LevelRows rows(std::move(stock->reading.levels));
  const absl::StatusOr<v1::SnapshotAck> sent = adapter.SendSnapshot(begin, &rows, stop);
  if (!sent.ok()) return sent.status();
  if (!below_zero.empty()) {
    if (absl::Status status = adapter.Tell(std::move(below_zero), {}); !status.ok()) return status;
  }
  const absl::StatusOr<uint64_t> sequence_after = journal.NewestSequence();
  if (!sequence_after.ok()) return sequence_after.status();
  spdlog::info("opening levels sent rows={} changed={} unchanged={} overtaken={} set_aside={}",
               row_count, sent->changed(), sent->unchanged(), sent->overtaken(), sent->set_aside());
  return state.FinishOpening(*sequence_after);
}

}  // namespace stockd::tryton
