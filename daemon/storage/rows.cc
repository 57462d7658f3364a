#include "daemon/storage/rows.h"

#include <utility>

#include "daemon/fulfilment/calendar_faults.h"
#include "daemon/storage/calendar_json.h"
#include "daemon/storage/position_list.h"
#include "daemon/storage/reservation_text.h"

namespace stockd::storage {
namespace {

template <typename Id>
Id ReadId(const Statement& row, int column) {
  return Id{static_cast<uint32_t>(row.integer(column))};
}

std::string ReadText(const Statement& row, int column) { return std::string(row.text(column)); }

}  // namespace

Quota ReadQuota(const Statement& row) {
  Quota quota{.id = std::string(row.text(0)),
              .number = row.number(1),
              .holder = std::string(row.text(2)),
              .position = KeyFromStored(row.integer(3)),
              .quantity = row.integer(4),
              .requested = row.integer(5),
              .allow_partial = row.integer(6) != 0,
              .created_at = FromMicros(row.integer(7)),
              .ends_at = FromMicros(row.integer(8))};
  if (!row.is_null(9)) quota.settled_at = FromMicros(row.integer(9));
  return quota;
}

Experiment ReadExperiment(const Statement& row) {
  Experiment experiment{.id = std::string(row.text(0)),
                        .policy = static_cast<Experiment::Policy>(row.integer(1)),
                        .value_a = row.integer(2),
                        .value_b = row.integer(3),
                        .seed = row.number(4),
                        .group = std::string(row.text(5)),
                        .begins_at = FromMicros(row.integer(6))};
  if (!row.is_null(7)) experiment.ends_at = FromMicros(row.integer(7));
  return experiment;
}

Subject ReadSubject(const Statement& row) {
  Subject subject{.item = ItemId{static_cast<uint32_t>(row.integer(0))},
                  .location = LocationId{static_cast<uint32_t>(row.integer(1))},
                  .is_b = row.integer(2) != 0};
  if (!row.is_null(3)) subject.before = row.integer(3);
  return subject;
}

bool ReadSourceRule(const Statement& row, int column, SourceRule& rule) {
  auto channels = ParseTextArray(row.text(column + 4));
  const int64_t absolute = row.integer(column + 2);
  if (!channels || absolute < 1 || absolute > 3) return false;
  rule = {.source = SourceId{static_cast<uint32_t>(row.integer(column))},
          .location = LocationId{static_cast<uint32_t>(row.integer(column + 1))},
          .absolute = static_cast<AbsoluteRule>(absolute),
          .kinds = static_cast<uint32_t>(row.integer(column + 3)),
          .channels = std::move(*channels),
          .closed = row.integer(column + 5) != 0};
  return true;
}

Shadow ReadShadow(const Statement& row) {
  Shadow shadow{.source = SourceId{static_cast<uint32_t>(row.integer(0))},
                .position = KeyFromStored(row.integer(1)),
                .known_version = row.number(3),
                .pending_version = row.number(5)};
  if (!row.is_null(2)) shadow.known = row.integer(2);
  if (!row.is_null(4)) shadow.pending = row.integer(4);
  return shadow;
}

RefusedLevel ReadRefusedLevel(const Statement& row) {
  RefusedLevel level{.source = SourceId{static_cast<uint32_t>(row.integer(0))},
                     .position = KeyFromStored(row.integer(1)),
                     .version = row.number(2),
                     .reason = std::string(row.text(3)),
                     .attempts = static_cast<int>(row.integer(4)),
                     .first_at = FromMicros(row.integer(5))};
  if (!row.is_null(6)) level.retry_at = FromMicros(row.integer(6));
  return level;
}

Timestamp ReadInstant(const Statement& row, int column) {
  return row.is_null(column) ? kTimestampMin : FromMicros(row.integer(column));
}

void BindInstant(Statement& statement, Timestamp instant) {
  if (instant == kTimestampMin) {
    statement.Null();
  } else {
    statement.Integer(ToMicros(instant));
  }
}

PositionKey ReadPositionKey(const Statement& row) { return KeyFromStored(row.integer(0)); }

ledger::Position ReadPosition(const Statement& row) {
  return {.on_hand = row.integer(1),
          .reserved = row.integer(2),
          .committed = row.integer(3),
          .unsellable = row.integer(4),
          .counted_at = ReadInstant(row, 5),
          .last_delta_at = ReadInstant(row, 6),
          .version = row.number(7)};
}

void BindPosition(Statement& statement, PositionKey key, const ledger::Position& position) {
  statement.Integer(StoredKey(key))
      .Integer(position.on_hand)
      .Integer(position.reserved)
      .Integer(position.committed)
      .Integer(position.unsellable);
  BindInstant(statement, position.counted_at);
  BindInstant(statement, position.last_delta_at);
  statement.Number(position.version);
}

ledger::JournalEntry ReadJournalEntry(const Statement& row) {
  ledger::JournalEntry entry;
  entry.sequence = row.number(0);
  entry.previous = row.number(1);
  entry.position = KeyFromStored(row.integer(2));
  entry.kind = static_cast<ledger::EntryKind>(row.integer(3));
  entry.from = static_cast<ledger::Bucket>(row.integer(4));
  entry.to = static_cast<ledger::Bucket>(row.integer(5));
  entry.quantity = row.integer(6);
  entry.occurred_at = FromMicros(row.integer(7));
  entry.recorded_at = FromMicros(row.integer(8));
  entry.reservation_number = row.number(9);
  if (!ledger::IsFact(entry.kind)) return entry;
  entry.source = ReadId<SourceId>(row, 10);
  entry.event_id = row.text(11);
  entry.stated = row.integer(12);
  entry.reference = row.text(13);
  entry.channel = row.text(14);
  entry.unit_price_micros = row.integer(15);
  entry.currency = row.text(16);
  entry.customer_reference = row.text(17);
  entry.fulfilment_channel = row.text(18);
  entry.original_reference = row.text(19);
  return entry;
}

void BindJournalEntry(Statement& statement, const ledger::JournalEntry& entry) {
  statement.Number(entry.sequence)
      .Number(entry.previous)
      .Integer(StoredKey(entry.position))
      .Integer(static_cast<int>(entry.kind))
      .Integer(static_cast<int>(entry.from))
      .Integer(static_cast<int>(entry.to))
      .Integer(entry.quantity)
      .Integer(ToMicros(entry.occurred_at))
      .Integer(ToMicros(entry.recorded_at))
      .NumberOrNull(entry.reservation_number);
  if (!ledger::IsFact(entry.kind)) return;
  statement.Number(ToNumber(entry.source))
      .TextOrNull(entry.event_id)
      .Integer(entry.stated)
      .TextOrNull(entry.reference)
      .TextOrNull(entry.channel)
      .NumberOrNull(static_cast<uint64_t>(entry.unit_price_micros))
      .TextOrNull(entry.currency)
      .TextOrNull(entry.customer_reference)
      .TextOrNull(entry.fulfilment_channel)
      .TextOrNull(entry.original_reference);
}

bool ReadReservation(const Statement& row, ledger::Reservation& reservation) {
  reservation.number = row.number(0);
  reservation.id = row.text(1);
  reservation.state = static_cast<ledger::ReservationState>(row.integer(2));
  reservation.allow_partial = row.integer(3) != 0;
  reservation.channel = ReadId<ChannelId>(row, 4);
  reservation.created_at = FromMicros(row.integer(5));
  reservation.expires_at = FromMicros(row.integer(6));
  reservation.owner_reference = row.text(7);
  reservation.order_id = row.text(8);
  reservation.version = row.number(9);
  if (!ParseLines(row.text(10), reservation.lines)) return false;
  if (row.is_null(11)) return true;
  auto original = ParseReservation(row.text(11));
  if (!original) return false;
  reservation.original = std::make_shared<const ledger::Reservation>(std::move(*original));
  return true;
}

bool ReadItem(const Statement& row, Item& item) {
  auto gtins = ParseTextArray(row.text(6));
  if (!gtins) return false;
  item = {.id = ReadId<ItemId>(row, 0),
          .sku = ReadText(row, 1),
          .name = ReadText(row, 2),
          .unit = ReadText(row, 3),
          .scale = static_cast<int32_t>(row.integer(4)),
          .category = ReadText(row, 5),
          .gtins = std::move(*gtins),
          .unit_cost_micros = row.integer(7),
          .price_micros = row.integer(8),
          .currency = ReadText(row, 9)};
  return true;
}

Location ReadLocation(const Statement& row) {
  return {.id = ReadId<LocationId>(row, 0),
          .code = ReadText(row, 1),
          .name = ReadText(row, 2),
          .kind = static_cast<LocationKind>(row.integer(3)),
          .time_zone = ReadText(row, 4),
          .has_coordinate = !row.is_null(5),
          .latitude = row.real(5),
          .longitude = row.real(6),
          .ships = row.integer(7) != 0,
          .collects = row.integer(8) != 0};
}

bool ReadCalendar(const Statement& row, fulfilment::StoreCalendar& calendar) {
  if (!ParseWeekly(row.text(1), calendar.weekly)) return false;
  if (!ParseSpecialDays(row.text(2), calendar.special_days)) return false;
  calendar.slot_length = Duration(row.integer(3));
  calendar.picks_per_slot = static_cast<int>(row.integer(4));
  calendar.ready_lead = Duration(row.integer(5));
  calendar.order_cutoff = Duration(row.integer(6));
  calendar.hold_open_days = static_cast<int>(row.integer(7));
  calendar.remind_after = Duration(row.integer(8));
  return !fulfilment::FindFault(calendar);
}

bool ReadCoverage(const Statement& row, CountCoverage& coverage) {
  auto positions = DecodePositions(row.text(4));
  if (!positions) return false;
  coverage = {.source = ReadId<SourceId>(row, 0),
              .snapshot_id = ReadText(row, 1),
              .as_of = FromMicros(row.integer(2)),
              .recorded_at = FromMicros(row.integer(3)),
              .positions = std::move(*positions)};
  return true;
}

QuarantinedFact ReadQuarantined(const Statement& row) {
  return {.id = row.integer(0),
          .source = ReadId<SourceId>(row, 1),
          .event_id = ReadText(row, 2),
          .reason = ledger::ReasonFromName(ReadText(row, 3)),
          .sku = ReadText(row, 4),
          .location = ReadText(row, 5),
          .fact = ReadText(row, 6),
          .received_at = FromMicros(row.integer(7)),
          .attempts = static_cast<int32_t>(row.integer(8))};
}

WaitingOrderFact ReadWaitingOrderFact(const Statement& row) {
  return {.id = row.integer(0),
          .source = ReadId<SourceId>(row, 1),
          .event_id = ReadText(row, 2),
          .order_id = ReadText(row, 3),
          .reason = ledger::ReasonFromName(ReadText(row, 4)),
          .fact = ReadText(row, 5),
          .received_at = FromMicros(row.integer(6)),
          .attempts = static_cast<int32_t>(row.integer(7))};
}

ShelfPosition ReadShelfPosition(const Statement& row) {
  return {.position = {.item = ReadId<ItemId>(row, 1), .location = ReadId<LocationId>(row, 0)},
          .text = ReadText(row, 2),
          .sort_key = ReadText(row, 3)};
}

}  // namespace stockd::storage
