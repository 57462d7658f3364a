#include "daemon/storage/load.h"

#include <algorithm>
#include <utility>

#include "daemon/ledger/posting.h"
#include "daemon/storage/error_text.h"
#include "daemon/storage/order_rows.h"
#include "daemon/storage/position_list.h"
#include "daemon/storage/rows.h"

namespace stockd::storage {
namespace {

// Reads one table after the other; the first failure sticks.
class Loader {
 public:
  Loader(Connection& connection, const std::string& path, const LoadVisitor& visitor)
      : connection_(connection), path_(path), visitor_(visitor) {}

  void Catalogue();
  void Positions(LatePositions& late);
  // Late rows learn of the counts that only confirmed them: a row is to know its count when the
  // coverage is forgotten.
  void Coverages(LatePositions& late);
  void Traffic();
  void Orders(Timestamp recorded_at);
  void ReadCounters(Counters& counters);

  const std::string& error() const { return error_; }

 private:
  // Calls `each` for every row until it returns false, which means damage.
  template <typename Each>
  void Rows(const std::string& table, const std::string& sql, Each&& each);
  int64_t Number(const std::string& table, const char* sql, int64_t absent = 0);
  void Groups();
  void Mappings();
  void Devices();

  Connection& connection_;
  const std::string& path_;
  const LoadVisitor& visitor_;
  std::string error_;
};

// A callback that is not set is not interested.
template <typename... Parameters, typename... Arguments>
void Visit(const std::function<void(Parameters...)>& callback, Arguments&&... arguments) {
  if (callback) callback(std::forward<Arguments>(arguments)...);
}

std::string SelectAll(const char* columns, const std::string& rest) {
  return std::string("SELECT ") + columns + " FROM " + rest;
}

template <typename Each>
void Loader::Rows(const std::string& table, const std::string& sql, Each&& each) {
  if (!error_.empty()) return;
  Statement statement;
  int code = statement.Prepare(connection_, sql);
  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = statement.Step();
    if (code != SQLITE_ROW) break;
    if (!each(std::as_const(statement))) {
      error_ = DamageText(path_, "a row of the table " + table);
      return;
    }
  }
  if (code != SQLITE_DONE) error_ = ErrorText(path_, "read the table " + table, connection_);
}

int64_t Loader::Number(const std::string& table, const char* sql, int64_t absent) {
  int64_t value = absent;
  Rows(table, sql, [&](const Statement& row) {
    if (!row.is_null(0)) value = row.integer(0);
    return true;
  });
  return value;
}

void Loader::Catalogue() {
  Rows("item", SelectAll(kItemColumns, "item ORDER BY id"), [&](const Statement& row) {
    Item item;
    if (!ReadItem(row, item)) return false;
    Visit(visitor_.item, std::move(item));
    return true;
  });
  Rows("location", SelectAll(kLocationColumns, "location ORDER BY id"), [&](const Statement& row) {
    Visit(visitor_.location, ReadLocation(row));
    return true;
  });
  const std::string columns =
      std::string(kCalendarColumns) + ", location_id IN (SELECT id FROM location)";
  Rows("store_calendar", SelectAll(columns.c_str(), "store_calendar"), [&](const Statement& row) {
    fulfilment::StoreCalendar calendar;
    if (!ReadCalendar(row, calendar) || row.integer(9) == 0) return false;
    Visit(visitor_.calendar, LocationId{static_cast<uint32_t>(row.integer(0))},
          std::move(calendar));
    return true;
  });
  Groups();
  Rows("channel", "SELECT id, channel_id, name, buffer, group_id FROM channel ORDER BY id",
       [&](const Statement& row) {
         Visit(visitor_.channel, Channel{.id = ChannelId{static_cast<uint32_t>(row.integer(0))},
                                         .channel_id = std::string(row.text(1)),
                                         .name = std::string(row.text(2)),
                                         .buffer = row.integer(3),
                                         .group = GroupId{static_cast<uint32_t>(row.integer(4))}});
         return true;
       });
  Rows("safety_stock", "SELECT item_id, location_id, quantity FROM safety_stock",
       [&](const Statement& row) {
         Visit(visitor_.safety_stock,
               SafetyStock{.item = ItemId{static_cast<uint32_t>(row.integer(0))},
                           .location = LocationId{static_cast<uint32_t>(row.integer(1))},
                           .quantity = row.integer(2)});
         return true;
       });
  Rows("source",
       "SELECT id, name, batch_acknowledged, level_cursor, facts_applied, order_cursor FROM source "
       "ORDER BY id",
       [&](const Statement& row) {
         Visit(visitor_.source, Source{.id = SourceId{static_cast<uint32_t>(row.integer(0))},
                                       .name = std::string(row.text(1)),
                                       .batch_acknowledged = row.number(2),
                                       .level_cursor = row.number(3),
                                       .order_cursor = row.number(5),
                                       .facts_applied = row.integer(4)});
         return true;
       });
  Devices();
  Mappings();
}

void Loader::Mappings() {
  Rows("sku_mapping",
       "SELECT source_id, code, item_id, unit_numerator, unit_denominator FROM sku_mapping",
       [&](const Statement& row) {
         Visit(visitor_.sku_mapping,
               SkuMapping{.source = SourceId{static_cast<uint32_t>(row.integer(0))},
                          .code = std::string(row.text(1)),
                          .item = ItemId{static_cast<uint32_t>(row.integer(2))},
                          .numerator = row.integer(3),
                          .denominator = row.integer(4)});
         return row.integer(3) > 0 && row.integer(4) > 0;
       });
  Rows("location_mapping", "SELECT source_id, code, location_id FROM location_mapping",
       [&](const Statement& row) {
         Visit(visitor_.location_mapping,
               LocationMapping{.source = SourceId{static_cast<uint32_t>(row.integer(0))},
                               .code = std::string(row.text(1)),
                               .location = LocationId{static_cast<uint32_t>(row.integer(2))}});
         return true;
       });
  Rows("bundle_part", "SELECT bundle_item_id, part_item_id, quantity FROM bundle_part",
       [&](const Statement& row) {
         Visit(visitor_.bundle_part, ItemId{static_cast<uint32_t>(row.integer(0))},
               BundlePart{.item = ItemId{static_cast<uint32_t>(row.integer(1))},
                          .quantity = row.integer(2)});
         return row.integer(2) > 0;
       });
}

void Loader::Devices() {
  if (visitor_.device) {
    Rows("device", "SELECT source_id, device, first, newest FROM device",
         [&](const Statement& row) {
           visitor_.device({.source = SourceId{static_cast<uint32_t>(row.integer(0))},
                            .device = std::string(row.text(1)),
                            .first = row.number(2),
                            .newest = row.number(3)});
           return true;
         });
  }
  if (visitor_.device_gap) {
    Rows("device_gap", "SELECT source_id, device, first, last, noticed_at FROM device_gap",
         [&](const Statement& row) {
           visitor_.device_gap(SourceId{static_cast<uint32_t>(row.integer(0))}, row.text(1),
                               {.first = row.number(2),
                                .last = row.number(3),
                                .noticed_at = FromMicros(row.integer(4))});
           return true;
         });
  }
}

void Loader::Groups() {
  std::vector<Group> groups;
  Rows("location_group",
       "SELECT id, location_group.group_id, name, location_id FROM location_group "
       "LEFT JOIN group_member ON group_member.group_id = location_group.id ORDER BY id, place",
       [&](const Statement& row) {
         const GroupId id{static_cast<uint32_t>(row.integer(0))};
         if (groups.empty() || groups.back().id != id) {
           groups.push_back({.id = id,
                             .group_id = std::string(row.text(1)),
                             .name = std::string(row.text(2)),
                             .locations = {}});
         }
         if (!row.is_null(3)) {
           groups.back().locations.push_back(LocationId{static_cast<uint32_t>(row.integer(3))});
         }
         return true;
       });
  if (!error_.empty()) return;
  for (Group& group : groups) Visit(visitor_.group, std::move(group));
}

void Loader::Positions(LatePositions& late) {
  late.row_count = Number("position_row", "SELECT count(*) FROM position_row");
  late.written_through =
      static_cast<Sequence>(Number("position_progress", "SELECT through FROM position_progress"));
  const std::string since = "journal WHERE sequence > " + std::to_string(late.written_through);
  Rows("journal", SelectAll("position", since), [&](const Statement& row) {
    late.rows.try_emplace(ReadPositionKey(row));
    return true;
  });
  Visit(visitor_.position_count, late.row_count + static_cast<int64_t>(late.rows.size()));
  Rows("position_row", SelectAll(kPositionColumns, "position_row"), [&](const Statement& row) {
    const PositionKey key = ReadPositionKey(row);
    if (const auto found = late.rows.find(key); found != late.rows.end()) {
      found->second = ReadPosition(row);
    } else {
      Visit(visitor_.position, key, ReadPosition(row));
    }
    return true;
  });
  Rows("journal",
       SelectAll("position, sequence, kind, from_bucket, to_bucket, quantity, occurred_at",
                 since + " ORDER BY sequence"),
       [&](const Statement& row) {
         ledger::Position& position = late.rows[ReadPositionKey(row)];
         if (row.number(1) <= position.version) return true;
         ledger::JournalEntry entry;
         entry.sequence = row.number(1);
         entry.kind = static_cast<ledger::EntryKind>(row.integer(2));
         entry.from = static_cast<ledger::Bucket>(row.integer(3));
         entry.to = static_cast<ledger::Bucket>(row.integer(4));
         entry.quantity = row.integer(5);
         entry.occurred_at = FromMicros(row.integer(6));
         ledger::Replay(position, entry);
         return true;
       });
  for (const auto& [key, row] : late.rows) Visit(visitor_.position, key, row);
}

void Loader::Coverages(LatePositions& late) {
  Rows("count_coverage", SelectAll(kCoverageColumns, "count_coverage ORDER BY id"),
       [&](const Statement& row) {
         CountCoverage coverage;
         if (!ReadCoverage(row, coverage)) return false;
         for (const PositionKey key : coverage.positions) {
           const auto found = late.rows.find(key);
           if (found == late.rows.end()) continue;
           found->second.counted_at = std::max(found->second.counted_at, coverage.as_of);
         }
         Visit(visitor_.coverage, std::move(coverage));
         return true;
       });
}

void Loader::Traffic() {
  Rows("reservation",
       SelectAll(kReservationColumns, "reservation WHERE state <= 2 ORDER BY number"),
       [&](const Statement& row) {
         ledger::Reservation reservation;
         if (!ReadReservation(row, reservation)) return false;
         Visit(visitor_.open_reservation, std::move(reservation));
         return true;
       });
  Rows("supply", "SELECT id, position, quantity, expected_at FROM supply WHERE quantity > 0",
       [&](const Statement& row) {
         Visit(visitor_.supply, ledger::Supply{.id = std::string(row.text(0)),
                                               .position = KeyFromStored(row.integer(1)),
                                               .quantity = row.integer(2),
                                               .expected_at = FromMicros(row.integer(3))});
         return true;
       });
}

void Loader::Orders(Timestamp recorded_at) {
  std::vector<fulfilment::Order> orders;
  Rows("sales_order",
       SelectAll(OrderColumns().c_str(), "sales_order WHERE state < 8 ORDER BY number"),
       [&](const Statement& row) { return ReadOrder(row, orders.emplace_back()); });
  auto order = orders.begin();
  Rows("fulfilment",
       SelectAll(FulfilmentColumns().c_str(),
                 "fulfilment WHERE order_number IN (SELECT number FROM sales_order "
                 "WHERE state < 8) ORDER BY order_number, number"),
       [&](const Statement& row) {
         while (order != orders.end() && order->number < row.number(0)) ++order;
         return order != orders.end() && order->number == row.number(0) &&
                ReadFulfilment(row, order->fulfilments.emplace_back());
       });
  if (!error_.empty()) return;
  for (fulfilment::Order& each : orders) Visit(visitor_.open_order, std::move(each));
  const Timestamp oldest = recorded_at == kTimestampMin ? kTimestampMin : recorded_at - kSlotsKept;
  Rows("fulfilment",
       "SELECT location_id, slot_start, count(*) FROM fulfilment WHERE slot_taken = 1 "
       "AND slot_start >= " +
           std::to_string(ToMicros(oldest)) + " GROUP BY slot_start, location_id",
       [&](const Statement& row) {
         Visit(visitor_.booked_picks, LocationId{static_cast<uint32_t>(row.integer(0))},
               FromMicros(row.integer(1)), static_cast<int>(row.integer(2)));
         return true;
       });
}

void Loader::ReadCounters(Counters& counters) {
  counters.sequence = static_cast<Sequence>(Number("journal", "SELECT max(sequence) FROM journal"));
  counters.reservation_number =
      static_cast<uint64_t>(Number("reservation", "SELECT max(number) FROM reservation"));
  counters.order_number =
      static_cast<uint64_t>(Number("sales_order", "SELECT max(number) FROM sales_order"));
  counters.order_event_number =
      static_cast<uint64_t>(Number("order_event", "SELECT max(number) FROM order_event"));
  counters.quarantine_id =
      Number("sqlite_sequence", "SELECT max(seq) FROM sqlite_sequence WHERE name = 'quarantine'");
  counters.quarantine_count = Number("quarantine", "SELECT count(*) FROM quarantine");
  const int64_t never = ToMicros(kTimestampMin);
  const int64_t instants[] = {
      Number("journal", "SELECT recorded_at FROM journal ORDER BY sequence DESC LIMIT 1", never),
      Number("reservation", "SELECT created_at FROM reservation ORDER BY number DESC LIMIT 1",
             never),
      Number("order_event", "SELECT recorded_at FROM order_event ORDER BY number DESC LIMIT 1",
             never),
      Number("request", "SELECT answered_at FROM request ORDER BY number DESC LIMIT 1", never),
      Number("order_request", "SELECT answered_at FROM order_request ORDER BY number DESC LIMIT 1",
             never),
      Number("count_coverage", "SELECT recorded_at FROM count_coverage ORDER BY id DESC LIMIT 1",
             never)};
  counters.recorded_at = FromMicros(*std::max_element(std::begin(instants), std::end(instants)));
}

}  // namespace

Status LoadEverything(Connection& connection, const std::string& path, const LoadVisitor& visitor,
                      Counters& counters, LatePositions& late) {
  if (connection.Execute("BEGIN") != SQLITE_OK) {
    return {ErrorText(path, "begin to read", connection)};
  }
  Loader loader(connection, path, visitor);
  loader.Catalogue();
  loader.Positions(late);
  loader.Coverages(late);
  loader.Traffic();
  loader.ReadCounters(counters);
  loader.Orders(counters.recorded_at);
  connection.Execute("COMMIT");
  return {loader.error()};
}

}  // namespace stockd::storage
