#include "adapters/tryton/move_reader.h"

#include <absl/strings/numbers.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "adapters/sdk/clock.h"
#include "adapters/sdk/log.h"
#include "adapters/tryton/json_rpc.h"
#include "adapters/tryton/row.h"

namespace stockd::tryton {
namespace {

constexpr std::string_view kMove = "stock.move";
constexpr int64_t kIdsFirst = 5000;
constexpr int64_t kIdsMax = 10'000'000;
// Moves that are read and told together.
constexpr size_t kMovesAtOnce = 200;

JsonValue OfCompany(int64_t company) {
  return company == 0 ? JsonValue::List() : Clause("company", "=", company);
}

}  // namespace

absl::StatusOr<std::vector<int64_t>> MoveReader::FindNew(int64_t count_max, bool& is_complete) {
  JsonValue domain = JsonValue::List({Clause("state", "=", "done"), OfCompany(client_.company())});
  if (const std::optional<sdk::Timestamp> cursor = state_.cursor()) {
    const JsonValue since = ToJsonInstant(*cursor - options_.overlap);
    // A record that was made in one go, by an import, was never written.
    domain.Append(JsonValue::List({"OR", Clause("write_date", ">=", since),
                                   JsonValue::List({Clause("write_date", "=", JsonValue()),
                                                    Clause("create_date", ">=", since)}),
                                   Clause("id", ">", state_.newest_seen())}));
  }
  // The ids alone, all at once: pages would shift while moves are written.
  const absl::StatusOr<std::vector<int64_t>> ids =
      client_.Search(kMove, std::move(domain), count_max, {"write_date", "id"});
  if (!ids.ok()) return ids.status();
  is_complete = static_cast<int64_t>(ids->size()) < count_max;
  std::vector<int64_t> unseen;
  for (const int64_t id : *ids) {
    if (!state_.IsSeen(id)) unseen.push_back(id);
  }
  return unseen;
}

// By its number. A draft that the adapter made and has not heard of may have been finished by
// somebody in Tryton: the first document with a key is ours, every other one is a copy.
absl::StatusOr<bool> MoveReader::IsOwn(const StockMove& move) {
  const absl::StatusOr<bool> is_known = state_.IsOwnDocument(move.shipment);
  if (!is_known.ok() || *is_known || !move.shipment.starts_with("stock.shipment.")) return is_known;
  const size_t comma = move.shipment.find(',');
  Document document{.model = move.shipment.substr(0, comma)};
  if (!absl::SimpleAtoi(move.shipment.substr(comma + 1), &document.id)) return false;
  const absl::StatusOr<std::vector<JsonValue>> shipments =
      client_.Read(document.model, {document.id}, {"id", "reference"});
  if (!shipments.ok()) return shipments.status();
  if (shipments->empty()) return false;
  const std::string key = Row(shipments->front(), document.model).Text("reference");
  if (!key.starts_with(options_.key_prefix)) return false;
  const absl::StatusOr<std::optional<Document>> first = state_.FindDocument(key);
  if (!first.ok()) return first.status();
  if (*first) return false;
  if (absl::Status status = state_.PutDocument(key, document); !status.ok()) return status;
  return true;
}

absl::Status MoveReader::TellAll(const std::vector<JsonValue>& records, const StockPlaces& places,
                                 const ProductBook::Products& products, sdk::Adapter& adapter) {
  std::vector<v1::Fact> facts;
  std::vector<int64_t> seen;
  std::vector<SetAsideMove> set_aside;
  std::optional<sdk::Timestamp> cursor = state_.cursor();
  MoveCounts counts = counts_;
  const sdk::Timestamp not_before =
      state_.opening().value_or(Opening()).as_of + std::chrono::microseconds(1);
  for (const JsonValue& record : records) {
    const absl::StatusOr<StockMove> move = ReadMove(record);
    if (!move.ok()) return move.status();
    if (!cursor || move->booked_at > *cursor) cursor = move->booked_at;
    seen.push_back(move->id);
    const absl::StatusOr<bool> is_own = IsOwn(*move);
    if (!is_own.ok()) return is_own.status();
    if (*is_own) {
      ++counts.echoes;
      continue;
    }
    MoveTelling telling = TellMove(*move, places, products, not_before);
    if (!telling.set_aside.empty()) {
      spdlog::error("move set aside move={} reason={}", move->id, sdk::LogValue(telling.set_aside));
      set_aside.push_back({.move = move->id, .reason = std::move(telling.set_aside)});
      ++counts.set_aside;
    } else if (telling.facts.empty()) {
      ++counts.of_no_use;
    }
    counts.told += static_cast<int64_t>(telling.facts.size());
    std::ranges::move(telling.facts, std::back_inserter(facts));
  }
  // First the outbox, then the cursor: told twice under one event id is told once.
  if (!facts.empty()) {
    if (absl::Status status = adapter.Tell(std::move(facts), {}); !status.ok()) return status;
  }
  if (absl::Status status = state_.PutSeen(seen, set_aside, cursor); !status.ok()) return status;
  counts_ = counts;
  return absl::OkStatus();
}

absl::Status MoveReader::Poll(const StockPlaces& places, const ProductBook::Products& products,
                              sdk::Adapter& adapter) {
  bool is_complete = false;
  // Moves of one transaction share one instant, so more of them than fit would come for ever: then
  // all are asked for.
  int64_t count_max = kIdsFirst;
  while (!is_complete) {
    const absl::StatusOr<std::vector<int64_t>> ids = FindNew(count_max, is_complete);
    if (!ids.ok()) return ids.status();
    if (ids->empty() && !is_complete) {
      if (count_max >= kIdsMax) return absl::OutOfRangeError("too many moves at one instant");
      count_max *= 10;
      continue;
    }
    for (size_t begin = 0; begin < ids->size(); begin += kMovesAtOnce) {
      const size_t end = std::min(ids->size(), begin + kMovesAtOnce);
      const std::vector<int64_t> some(ids->begin() + static_cast<ptrdiff_t>(begin),
                                      ids->begin() + static_cast<ptrdiff_t>(end));
      const absl::StatusOr<std::vector<JsonValue>> records =
          client_.Read(kMove, some, MoveFields());
      if (!records.ok()) return records.status();
      if (absl::Status status = TellAll(*records, places, products, adapter); !status.ok()) {
        return status;
      }
    }
  }
  return absl::OkStatus();
}

absl::Status MoveReader::RetrySetAside(const StockPlaces& places,
                                       const ProductBook::Products& products,
                                       sdk::Adapter& adapter) {
  std::vector<int64_t> ids;
  for (const SetAsideMove& waiting : state_.set_aside()) ids.push_back(waiting.move);
  if (ids.empty()) return absl::OkStatus();
  const absl::StatusOr<std::vector<JsonValue>> records = client_.Read(kMove, ids, MoveFields());
  if (!records.ok()) return records.status();
  return TellAll(*records, places, products, adapter);
}

absl::StatusOr<std::vector<int64_t>> MoveReader::FindDatedAhead(int64_t last_move) {
  return client_.Search(kMove,
                        JsonValue::List({OfCompany(client_.company()), Clause("state", "=", "done"),
                                         Clause("effective_date", ">", ToJsonDate(sdk::Now())),
                                         Clause("id", "<=", last_move)}),
                        kIdsMax, {"id"});
}

absl::StatusOr<MoveReader::Horizon> MoveReader::ReadHorizon() {
  Horizon horizon;
  const JsonValue all = JsonValue::List({OfCompany(client_.company())});
  const absl::StatusOr<JsonValue> last = client_.Call(
      "stock.move.search", {all, 0, 1, JsonValue::List({JsonValue::List({"id", "DESC"})})},
      Repeatable::kYes);
  if (!last.ok()) return last.status();
  if (last->items().empty()) return horizon;
  horizon.last_move = std::stoll(last->items().front().text());
  const absl::StatusOr<std::vector<int64_t>> open =
      client_.Search(kMove,
                     JsonValue::List({OfCompany(client_.company()), Clause("state", "!=", "done"),
                                      Clause("id", "<=", horizon.last_move)}),
                     kIdsMax, {"id"});
  if (!open.ok()) return open.status();
  horizon.open_moves = *open;
  const absl::StatusOr<JsonValue> newest =
      client_.Call("stock.move.search_read",
                   {JsonValue::List({OfCompany(client_.company()), Clause("state", "=", "done")}),
                    0, 1, JsonValue::List({JsonValue::List({"write_date", "DESC"})}),
                    ToJsonList(std::vector<std::string>{"id", "write_date"})},
                   Repeatable::kYes);
  if (!newest.ok()) return newest.status();
  if (!newest->items().empty()) {
    horizon.newest = Row(newest->items().front(), kMove).Instant("write_date");
  }
  return horizon;
}

}  // namespace stockd::tryton
