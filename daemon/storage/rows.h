#pragma once

#include "daemon/ledger/journal.h"
#include "daemon/ledger/position.h"
#include "daemon/ledger/reservation.h"
#include "daemon/ledger/supply.h"
#include "daemon/storage/catalogue_rows.h"
#include "daemon/storage/connection.h"
#include "daemon/storage/experiment_row.h"
#include "daemon/storage/quarantine_row.h"
#include "daemon/storage/quota_row.h"
#include "daemon/storage/shelf_position_row.h"
#include "daemon/storage/store.h"
#include "daemon/storage/waiting_order_fact_row.h"

namespace stockd::storage {

// Columns of a table in the order in which the functions below read them from a row. Functions that
// return a bool say whether the row is whole; a false one is damage, or another program's writing.

inline constexpr char kPositionColumns[] =
    "key, on_hand, reserved, committed, unsellable, counted_at, last_delta_at, version";
PositionKey ReadPositionKey(const Statement& row);
ledger::Position ReadPosition(const Statement& row);
void BindPosition(Statement& statement, PositionKey key, const ledger::Position& position);

inline constexpr char kJournalColumns[] =
    "sequence, previous, position, kind, from_bucket, to_bucket, quantity, occurred_at, "
    "recorded_at, reservation_number, source_id, event_id, stated, reference, channel, "
    "unit_price_micros, currency, customer_reference, fulfilment_channel, original_reference";
// Those of an entry that is no fact; its others are NULL.
inline constexpr char kMovementColumns[] =
    "sequence, previous, position, kind, from_bucket, to_bucket, quantity, occurred_at, "
    "recorded_at, reservation_number";
ledger::JournalEntry ReadJournalEntry(const Statement& row);
// Binds the columns of a fact, or those of a movement when it is none.
void BindJournalEntry(Statement& statement, const ledger::JournalEntry& entry);

inline constexpr char kReservationColumns[] =
    "number, id, state, allow_partial, channel_id, created_at, expires_at, owner_reference, "
    "order_id, version, lines, original";
bool ReadReservation(const Statement& row, ledger::Reservation& reservation);

inline constexpr char kItemColumns[] =
    "id, sku, name, unit, scale, category, gtins, unit_cost_micros, price_micros, currency";
bool ReadItem(const Statement& row, Item& item);

inline constexpr char kLocationColumns[] =
    "id, code, name, kind, time_zone, latitude, longitude, ships, collects";
Location ReadLocation(const Statement& row);

inline constexpr char kCalendarColumns[] =
    "location_id, weekly, special_days, slot_length, picks_per_slot, ready_lead, order_cutoff, "
    "hold_open_days, remind_after";
// A calendar with a fault is damage, too.
bool ReadCalendar(const Statement& row, fulfilment::StoreCalendar& calendar);

inline constexpr char kCoverageColumns[] = "source_id, snapshot_id, as_of, recorded_at, positions";
bool ReadCoverage(const Statement& row, CountCoverage& coverage);

inline constexpr char kQuarantineColumns[] =
    "id, source_id, event_id, reason, sku, location, fact, received_at, attempts";
QuarantinedFact ReadQuarantined(const Statement& row);

inline constexpr char kWaitingOrderFactColumns[] =
    "id, source_id, event_id, order_id, reason, fact, received_at, attempts";
WaitingOrderFact ReadWaitingOrderFact(const Statement& row);

inline constexpr char kShelfPositionColumns[] = "location_id, item_id, text, sort_key";
ShelfPosition ReadShelfPosition(const Statement& row);

// The names are unique in a join with the table reservation as well.
inline constexpr char kQuotaColumns[] =
    "quota.id, quota.number, holder, position, quantity, requested, quota.allow_partial, "
    "quota.created_at, ends_at, settled_at";
Quota ReadQuota(const Statement& row);

inline constexpr char kExperimentColumns[] =
    "id, policy, value_a, value_b, seed, group_id, begins_at, ends_at";
// Without its subjects.
Experiment ReadExperiment(const Statement& row);
inline constexpr char kSubjectColumns[] = "item_id, location_id, arm, before";
Subject ReadSubject(const Statement& row);

inline constexpr char kSourceRuleColumns[] =
    "source_id, location_id, absolute, kinds, channels, closed";
// `column` is that of the first.
bool ReadSourceRule(const Statement& row, int column, SourceRule& rule);

inline constexpr char kShadowColumns[] =
    "source_id, position, known, known_version, pending, pending_version";
Shadow ReadShadow(const Statement& row);

inline constexpr char kRefusedLevelColumns[] =
    "source_id, position, version, reason, attempts, first_at, retry_at";
RefusedLevel ReadRefusedLevel(const Statement& row);

// "Never" is stored as NULL.
Timestamp ReadInstant(const Statement& row, int column);
void BindInstant(Statement& statement, Timestamp instant);

}  // namespace stockd::storage
