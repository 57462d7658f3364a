#include "tests/storage/database.h"

#include <sstream>

#include "daemon/base/check.h"
#include "daemon/storage/connection.h"
#include "daemon/storage/reservation_text.h"

namespace stockd::storage {

Database::Database(std::string vfs_name) : path_((directory_.path() / "stock.sqlite").string()) {
  options_ = {.path = path_,
              .cache_bytes = 1 << 20,
              .checkpoint_pages = 20,
              .position_lag_entries = 20,
              .readers_max = 2,
              .vfs_name = std::move(vfs_name)};
  Open();
}

void Database::Close() {
  database_.reader.reset();
  database_.store.reset();
}

void Database::Open() {
  auto opened = OpenSqlite(options_);
  if (const Status* status = std::get_if<Status>(&opened)) {
    ADD_FAILURE() << status->error;
    STOCKD_CHECK(false);
  }
  database_ = std::move(std::get<SqliteDatabase>(opened));
}

void Database::Execute(const std::string& sql) {
  STOCKD_CHECK(database_.store == nullptr);
  Connection connection;
  ASSERT_EQ(connection.Open(path_, Access::kReadWrite), SQLITE_OK);
  EXPECT_EQ(connection.Execute(sql.c_str()), SQLITE_OK) << connection.Message();
}

std::vector<std::string> Database::Query(const std::string& sql) {
  Connection connection;
  EXPECT_EQ(connection.Open(path_, Access::kReadOnly), SQLITE_OK);
  std::vector<std::string> rows;
  const auto add = [](void* context, int size, char** values, char**) {
    std::string row;
    for (int i = 0; i < size; ++i) {
      row += (i == 0 ? "" : "|");
      row += values[i] == nullptr ? "" : values[i];
    }
    static_cast<std::vector<std::string>*>(context)->push_back(row);
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(connection.handle(), sql.c_str(), add, &rows, nullptr), SQLITE_OK)
      << connection.Message();
  return rows;
}

Loaded LoadAll(Store& store) {
  Loaded loaded;
  const LoadVisitor visitor{
      .item = [&](Item item) { loaded.items.push_back(std::move(item)); },
      .location = [&](Location row) { loaded.locations.push_back(std::move(row)); },
      .group = [&](Group group) { loaded.groups.push_back(std::move(group)); },
      .channel = [&](Channel channel) { loaded.channels.push_back(std::move(channel)); },
      .safety_stock = [&](SafetyStock rule) { loaded.safety_stocks.push_back(rule); },
      .source = [&](Source source) { loaded.sources.push_back(std::move(source)); },
      .position = [&](PositionKey key,
                      const ledger::Position& row) { loaded.positions.emplace_back(key, row); },
      .coverage = [&](CountCoverage row) { loaded.coverages.push_back(std::move(row)); },
      .open_reservation =
          [&](ledger::Reservation row) { loaded.open_reservations.push_back(std::move(row)); },
      .supply = [&](ledger::Supply supply) { loaded.supplies.push_back(std::move(supply)); },
      .open_order =
          [&](fulfilment::Order order) { loaded.open_orders.push_back(std::move(order)); },
      .booked_picks =
          [&](LocationId location, Timestamp slot_start, int count) {
            loaded.booked_picks.emplace_back(location, slot_start, count);
          }};
  const Status status = store.Load(visitor, loaded.counters);
  EXPECT_TRUE(status.ok()) << status.error;
  return loaded;
}

std::string Shown(const ledger::Reservation& reservation) {
  return ReservationText(reservation) + " was " +
         (reservation.original ? ReservationText(*reservation.original) : "the same");
}

std::string Shown(const ledger::JournalEntry& entry) {
  std::ostringstream out;
  out << entry.sequence << " after " << entry.previous << " at " << entry.position.packed() << " "
      << ledger::EntryKindName(entry.kind) << " " << entry.quantity << " "
      << ledger::BucketName(entry.from) << "->" << ledger::BucketName(entry.to) << " "
      << ToMicros(entry.occurred_at) << "/" << ToMicros(entry.recorded_at) << " reservation "
      << entry.reservation_number << " source " << ToNumber(entry.source) << " '" << entry.event_id
      << "' stated " << entry.stated << " '" << entry.reference << "' '" << entry.channel << "' "
      << entry.unit_price_micros << entry.currency << " '" << entry.customer_reference << "' '"
      << entry.fulfilment_channel << "' '" << entry.original_reference << "'";
  return out.str();
}

std::string Shown(const QuarantinedFact& fact) {
  std::ostringstream out;
  out << fact.id << " source " << ToNumber(fact.source) << " '" << fact.event_id << "' "
      << ledger::ReasonName(fact.reason) << " '" << fact.sku << "' '" << fact.location << "' ["
      << fact.fact << "] " << ToMicros(fact.received_at) << " tried " << fact.attempts;
  return out.str();
}

ledger::Reservation FullReservation(uint64_t number) {
  return {.number = number,
          .id = "basket-" + std::to_string(number),
          .state = ledger::ReservationState::kHeld,
          .allow_partial = true,
          .channel = ChannelId{3},
          .created_at = kStart,
          .expires_at = kStart + std::chrono::minutes(10),
          .owner_reference = "shopper \"7\" \\ \n Ü",
          .order_id = "order-1",
          .version = number + 100,
          .lines = {{.position = kShirtHere,
                     .requested = 5,
                     .granted = 4,
                     .held = 2,
                     .committed = 1,
                     .consumed = 1},
                    {.position = kShirtThere, .requested = 1, .granted = 1, .held = 1}}};
}

ledger::JournalEntry FullFact(Sequence sequence) {
  ledger::JournalEntry entry;
  entry.sequence = sequence;
  entry.previous = sequence - 1;
  entry.position = kShirtHere;
  entry.kind = ledger::EntryKind::kSale;
  entry.from = ledger::Bucket::kCommitted;
  entry.to = ledger::Bucket::kCustomer;
  entry.quantity = 2;
  entry.occurred_at = kStart - Duration(static_cast<int64_t>(sequence));
  entry.recorded_at = kStart;
  entry.reservation_number = 9;
  entry.source = SourceId{2};
  entry.event_id = "ticket-" + std::to_string(sequence);
  entry.stated = -2;
  entry.reference = "till 4";
  entry.channel = "store";
  entry.unit_price_micros = 19'990'000;
  entry.currency = "EUR";
  entry.customer_reference = "c-17";
  entry.fulfilment_channel = "counter";
  entry.original_reference = "till 3";
  return entry;
}

QuarantinedFact FullQuarantined(int64_t id) {
  return {.id = id,
          .source = SourceId{2},
          .event_id = "event-" + std::to_string(id),
          .reason = ledger::Reason::kSkuUnknown,
          .sku = "SHIRT-" + std::to_string(id % 3),
          .location = "S" + std::to_string(id % 2),
          .fact = std::string("\0raw\xff", 5) + std::to_string(id),
          .received_at = kStart,
          .attempts = 2};
}

}  // namespace stockd::storage
