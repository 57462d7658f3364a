#include "daemon/storage/journal_feed.h"

#include <utility>

#include "daemon/storage/database_file.h"
#include "daemon/storage/error_text.h"
#include "daemon/storage/fact_times.h"
#include "daemon/storage/order_rows.h"
#include "daemon/storage/position_list.h"
#include "daemon/storage/rows.h"

namespace stockd::storage {
namespace {

class SqliteJournalFeed final : public JournalFeed {
 public:
  SqliteJournalFeed(std::string path, Connection connection)
      : path_(std::move(path)), connection_(std::move(connection)) {}

  int Prepare() {
    const std::string entry = std::string("SELECT ") + kJournalColumns + " FROM journal WHERE ";
    const std::pair<Statement*, std::string> all[] = {
        {&newest_, "SELECT coalesce(max(sequence), 0) FROM journal"},
        {&entries_, entry + "sequence > ? ORDER BY sequence LIMIT ?"},
        {&entry_, entry + "sequence = ?"},
        {&hold_,
         "SELECT channel.channel_id, EXISTS (SELECT 1 FROM quota WHERE quota.number = "
         "reservation.number) FROM reservation LEFT JOIN channel ON channel.id = "
         "reservation.channel_id WHERE reservation.number = ?"},
        {&order_events_,
         "SELECT number, order_number FROM order_event WHERE number > ? ORDER BY number LIMIT ?"},
        {&order_, "SELECT " + OrderColumns() + " FROM sales_order WHERE number = ?"},
        {&channel_name_, "SELECT channel_id FROM channel WHERE id = ?"},
        {&fulfilments_, FindFulfilmentsSql()},
        {&events_of_, std::string("SELECT ") + kOrderEventColumns +
                          " FROM order_event WHERE order_number = ? ORDER BY number"},
        {&item_changes_,
         "SELECT id, item_id, changed_at, after_sequence, scale, category, "
         "unit_cost_micros, price_micros, currency FROM item_change WHERE id > ? ORDER BY id LIMIT "
         "?"},
        {&confirmed_,
         std::string("SELECT ") + kCoverageColumns +
             ", id, after_sequence FROM count_coverage WHERE id > ? ORDER BY id LIMIT ?"},
        {&delta_between_, DeltaBetweenSql("AND sequence <= ?4")},
        {&facts_between_, FactsBetweenSql()},
        {&visits_,
         "SELECT id, channel, location_id, begins_at, visits, after_sequence FROM visit_count "
         "WHERE id > ? "
         "ORDER BY id LIMIT ?"},
        {&contacts_,
         "SELECT id, customer_reference, item_id, channel, occurred_at, after_sequence FROM "
         "contact WHERE id > ? "
         "ORDER BY id LIMIT ?"},
        {&latest_confirmed_, "SELECT max(as_of) FROM count_coverage WHERE id <= ?"},
        {&next_confirmed_,
         "SELECT as_of, positions FROM count_coverage WHERE as_of >= ?1 AND id <= ?2 AND "
         "first_position <= ?3 AND last_position >= ?3 ORDER BY as_of"}};
    for (const auto& [statement, sql] : all) {
      if (const int code = statement->Prepare(connection_, sql); code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
  }

  Sequence Newest() override {
    const ResetGuard reset(newest_);
    return Step(newest_) ? newest_.number(0) : 0;
  }

  std::vector<ledger::JournalEntry> Entries(Sequence after, int limit) override {
    std::vector<ledger::JournalEntry> entries;
    const ResetGuard reset(entries_);
    entries_.Number(after).Integer(limit);
    while (Step(entries_)) entries.push_back(ReadJournalEntry(entries_));
    return entries;
  }

  std::optional<ledger::JournalEntry> Entry(Sequence sequence) override {
    const ResetGuard reset(entry_);
    entry_.Number(sequence);
    if (!Step(entry_)) return std::nullopt;
    return ReadJournalEntry(entry_);
  }

  HoldOrigin Hold(uint64_t reservation_number) override {
    const ResetGuard reset(hold_);
    hold_.Number(reservation_number);
    if (!Step(hold_)) return {};
    return {.channel = std::string(hold_.text(0)), .is_quota = hold_.integer(1) != 0};
  }

  std::vector<std::pair<uint64_t, uint64_t>> OrderEvents(uint64_t after, int limit) override {
    std::vector<std::pair<uint64_t, uint64_t>> events;
    const ResetGuard reset(order_events_);
    order_events_.Number(after).Integer(limit);
    while (Step(order_events_)) {
      events.emplace_back(order_events_.number(0), order_events_.number(1));
    }
    return events;
  }

  std::optional<OrderStory> Order(uint64_t order_number) override {
    // All of it as of one commit.
    if (connection_.Execute("BEGIN") != SQLITE_OK) {
      throw ReadError(ErrorText(path_, "follow orders", connection_));
    }
    std::optional<OrderStory> story;
    try {
      story = ReadStory(order_number);
    } catch (...) {
      connection_.Execute("COMMIT");
      throw;
    }
    connection_.Execute("COMMIT");
    return story;
  }

  std::vector<ItemChange> ItemChanges(int64_t after_id, int limit) override {
    std::vector<ItemChange> changes;
    const ResetGuard reset(item_changes_);
    item_changes_.Integer(after_id).Integer(limit);
    while (Step(item_changes_)) {
      const Statement& row = item_changes_;
      changes.push_back({.id = row.integer(0),
                         .item = ItemId{static_cast<uint32_t>(row.integer(1))},
                         .changed_at = FromMicros(row.integer(2)),
                         .after_sequence = row.number(3),
                         .scale = static_cast<int32_t>(row.integer(4)),
                         .category = std::string(row.text(5)),
                         .unit_cost_micros = row.integer(6),
                         .price_micros = row.integer(7),
                         .currency = std::string(row.text(8))});
    }
    return changes;
  }

  std::vector<ConfirmedCount> ConfirmedCounts(int64_t after_id, int limit) override {
    std::vector<ConfirmedCount> counts;
    const ResetGuard reset(confirmed_);
    confirmed_.Integer(after_id).Integer(limit);
    while (Step(confirmed_)) {
      ConfirmedCount& count = counts.emplace_back();
      if (!ReadCoverage(confirmed_, count.coverage)) {
        throw ReadError(DamageText(path_, "a record of confirmed counts"));
      }
      count.id = confirmed_.integer(5);
      count.after_sequence = confirmed_.number(6);
    }
    return counts;
  }

  std::vector<VisitRecord> Visits(int64_t after_id, int limit) override {
    std::vector<VisitRecord> records;
    const ResetGuard reset(visits_);
    visits_.Integer(after_id).Integer(limit);
    while (Step(visits_)) {
      records.push_back(
          {.id = visits_.integer(0),
           .after_sequence = visits_.number(5),
           .count = {.channel = std::string(visits_.text(1)),
                     .location = LocationId{static_cast<uint32_t>(visits_.integer(2))},
                     .begins_at = FromMicros(visits_.integer(3)),
                     .visits = visits_.integer(4)}});
    }
    return records;
  }

  std::vector<ContactRecord> Contacts(int64_t after_id, int limit) override {
    std::vector<ContactRecord> records;
    const ResetGuard reset(contacts_);
    contacts_.Integer(after_id).Integer(limit);
    while (Step(contacts_)) {
      records.push_back({.id = contacts_.integer(0),
                         .after_sequence = contacts_.number(5),
                         .contact = {.customer_reference = std::string(contacts_.text(1)),
                                     .item = ItemId{static_cast<uint32_t>(contacts_.integer(2))},
                                     .channel = std::string(contacts_.text(3)),
                                     .occurred_at = FromMicros(contacts_.integer(4))}});
    }
    return records;
  }

  Quantity DeltaBetween(PositionKey key, Timestamp after, Timestamp until,
                        Sequence recorded_until) override {
    const ResetGuard reset(delta_between_);
    delta_between_.Integer(StoredKey(key))
        .Integer(ToMicros(after))
        .Integer(ToMicros(until))
        .Number(recorded_until);
    return Step(delta_between_) ? delta_between_.integer(0) : 0;
  }

  std::vector<FactMark> FactsBetween(PositionKey key, Timestamp from, Timestamp until,
                                     Sequence recorded_until) override {
    std::vector<FactMark> facts;
    const ResetGuard reset(facts_between_);
    facts_between_.Integer(StoredKey(key))
        .Integer(ToMicros(from))
        .Integer(ToMicros(until))
        .Number(recorded_until);
    while (Step(facts_between_)) {
      facts.push_back({.occurred_at = FromMicros(facts_between_.integer(0)),
                       .kind = static_cast<ledger::EntryKind>(facts_between_.integer(1)),
                       .stated = facts_between_.integer(2),
                       .sequence = facts_between_.number(3)});
    }
    return facts;
  }

  Timestamp LatestConfirmedCount(int64_t id_until) override {
    const ResetGuard reset(latest_confirmed_);
    latest_confirmed_.Integer(id_until);
    return Step(latest_confirmed_) ? ReadInstant(latest_confirmed_, 0) : kTimestampMin;
  }

  std::optional<Timestamp> NextConfirmedCount(PositionKey key, Timestamp from,
                                              int64_t id_until) override {
    const ResetGuard reset(next_confirmed_);
    next_confirmed_.Integer(ToMicros(from)).Integer(id_until).Integer(StoredKey(key));
    while (Step(next_confirmed_)) {
      if (ContainsPosition(next_confirmed_.text(1), key)) {
        return FromMicros(next_confirmed_.integer(0));
      }
    }
    return std::nullopt;
  }

 private:
  std::optional<OrderStory> ReadStory(uint64_t order_number) {
    OrderStory story;
    {
      const ResetGuard reset(order_);
      order_.Number(order_number);
      if (!Step(order_)) return std::nullopt;
      Check(ReadOrder(order_, story.order));
      story.order.content.clear();
    }
    {
      const ResetGuard reset(fulfilments_);
      fulfilments_.Number(order_number);
      while (Step(fulfilments_)) {
        Check(ReadFulfilment(fulfilments_, story.order.fulfilments.emplace_back()));
      }
    }
    {
      const ResetGuard reset(events_of_);
      events_of_.Number(order_number);
      while (Step(events_of_)) Check(ReadOrderEvent(events_of_, story.events.emplace_back()));
    }
    if (story.order.channel == kNoChannel) return story;
    const ResetGuard reset(channel_name_);
    channel_name_.Number(ToNumber(story.order.channel));
    if (Step(channel_name_)) story.channel = channel_name_.text(0);
    return story;
  }

  void Check(bool whole) {
    if (!whole) throw ReadError(DamageText(path_, "an order"));
  }

  // Whether there is a row. Throws ReadError.
  bool Step(Statement& statement) {
    const int code = statement.Step();
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    throw ReadError(ErrorText(path_, "follow the journal", connection_));
  }

  const std::string path_;
  Connection connection_;  // Before the statements, so that it is closed last.
  Statement newest_;
  Statement entries_;
  Statement entry_;
  Statement hold_;
  Statement order_events_;
  Statement order_;
  Statement channel_name_;
  Statement fulfilments_;
  Statement events_of_;
  Statement item_changes_;
  Statement confirmed_;
  Statement visits_;
  Statement contacts_;
  Statement delta_between_;
  Statement facts_between_;
  Statement latest_confirmed_;
  Statement next_confirmed_;
};

}  // namespace

std::variant<std::unique_ptr<JournalFeed>, Status> OpenJournalFeed(const std::string& path,
                                                                   int64_t cache_bytes,
                                                                   const std::string& vfs_name) {
  Connection connection;
  Status status = OpenForReading(path, cache_bytes, vfs_name, connection);
  if (!status.ok()) return status;
  auto feed = std::make_unique<SqliteJournalFeed>(path, std::move(connection));
  if (feed->Prepare() != SQLITE_OK) {
    return Status{"The database \"" + path + "\" cannot be followed for reports."};
  }
  return std::unique_ptr<JournalFeed>(std::move(feed));
}

}  // namespace stockd::storage
