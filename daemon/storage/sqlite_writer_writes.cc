// The writes of SqliteWriter that the traffic causes.
#include <algorithm>
#include <utility>

#include "daemon/storage/position_list.h"
#include "daemon/storage/reservation_text.h"
#include "daemon/storage/rows.h"
#include "daemon/storage/sqlite_writer.h"

namespace stockd::storage {

void SqliteWriter::SavePosition(PositionKey key, const ledger::Position& position) {
  if (failed()) return;
  if (backlog_.started() && position.version != 0 && position.version <= newest_entry_) {
    backlog_.Put(key, position);
    return;
  }
  // The journal could not make up for it.
  backlog_.Forget(key);
  WritePosition(key, position);
}

void SqliteWriter::WritePosition(PositionKey key, const ledger::Position& position) {
  if (failed()) return;
  BindPosition(statements_.save_position, key, position);
  Run(statements_.save_position, "save a position");
}

void SqliteWriter::WritePositionsDue() {
  if (std::exchange(all_positions_due_, false)) return WriteAllPositions();
  if (backlog_.WriteDue(newest_entry_, [this](PositionKey key, const ledger::Position& row) {
        WritePosition(key, row);
      })) {
    SaveProgress();
  }
}

void SqliteWriter::WriteAllPositions() {
  if (backlog_.WriteAll(newest_entry_, [this](PositionKey key, const ledger::Position& row) {
        WritePosition(key, row);
      })) {
    SaveProgress();
  }
}

void SqliteWriter::SaveProgress() {
  if (failed()) return;
  statements_.save_progress.Number(backlog_.written_through());
  Run(statements_.save_progress, "save how far the positions are written");
}

void SqliteWriter::AppendJournal(const ledger::JournalEntry& entry) {
  if (failed()) return;
  Statement& append =
      ledger::IsFact(entry.kind) ? statements_.append_fact : statements_.append_movement;
  BindJournalEntry(append, entry);
  Run(append, "append to the journal");
  newest_entry_ = std::max(newest_entry_, entry.sequence);
  if (entry.source == kNoSource || !ledger::IsFact(entry.kind)) return;
  Newest& newest = newest_[entry.source];
  if (entry.occurred_at <= newest.occurred_at) return;
  newest = {.occurred_at = entry.occurred_at, .changed = true};
}

void SqliteWriter::InsertReservation(const ledger::Reservation& reservation) {
  if (failed()) return;
  lines_.clear();
  AppendLines(lines_, reservation.lines);
  const std::string original =
      reservation.original ? ReservationText(*reservation.original) : std::string();
  statements_.insert_reservation.Number(reservation.number)
      .Text(reservation.id)
      .Integer(static_cast<int>(reservation.state))
      .Integer(static_cast<int>(reservation.allow_partial))
      .NumberOrNull(ToNumber(reservation.channel))
      .Integer(ToMicros(reservation.created_at))
      .Integer(ToMicros(reservation.expires_at))
      .TextOrNull(reservation.owner_reference)
      .TextOrNull(reservation.order_id)
      .Number(reservation.version)
      .Text(lines_)
      .TextOrNull(original);
  Run(statements_.insert_reservation, "save a new reservation");
}

void SqliteWriter::UpdateReservation(const ledger::Reservation& reservation) {
  if (failed()) return;
  lines_.clear();
  AppendLines(lines_, reservation.lines);
  const std::string original =
      reservation.original ? ReservationText(*reservation.original) : std::string();
  statements_.update_reservation.Integer(static_cast<int>(reservation.state))
      .Integer(static_cast<int>(reservation.allow_partial))
      .NumberOrNull(ToNumber(reservation.channel))
      .Integer(ToMicros(reservation.created_at))
      .Integer(ToMicros(reservation.expires_at))
      .TextOrNull(reservation.owner_reference)
      .TextOrNull(reservation.order_id)
      .Number(reservation.version)
      .Text(lines_)
      .TextOrNull(original)
      .Number(reservation.number);
  Run(statements_.update_reservation, "save a reservation");
  if (!failed() && connection_.changed_rows() != 1) {
    FailDamaged("reservation \"" + reservation.id + "\", which should be there and is not,");
  }
}

void SqliteWriter::AddRequest(std::string_view request_id, const ledger::AnsweredRequest& request,
                              Timestamp now) {
  if (failed()) return;
  const std::string answer = ReservationText(request.answer);
  statements_.insert_request.Text(request_id)
      .Blob(request.content)
      .Text(answer)
      .Integer(ToMicros(now));
  Run(statements_.insert_request, "save the answer to a request");
}

// Requests are numbered in the order of time, so the oldest are the first: no index is needed.
void SqliteWriter::ForgetAnswers(Statement& oldest, Statement& forget, Timestamp before,
                                 int limit) {
  if (failed()) return;
  int64_t last = 0;
  {
    const ResetGuard reset(oldest);
    oldest.Integer(limit);
    while (StepRow(oldest, "look for old requests")) {
      if (FromMicros(oldest.integer(1)) >= before) break;
      last = oldest.integer(0);
    }
  }
  if (failed() || last == 0) return;
  forget.Integer(last);
  Run(forget, "forget old requests");
}

void SqliteWriter::ForgetRequests(Timestamp before, int limit) {
  ForgetAnswers(statements_.oldest_requests, statements_.forget_requests, before, limit);
}

void SqliteWriter::SaveSupply(const ledger::Supply& supply) {
  if (failed()) return;
  if (supply.quantity == 0) {
    statements_.delete_supply.Text(supply.id);
    Run(statements_.delete_supply, "close a supply");
    return;
  }
  statements_.save_supply.Text(supply.id)
      .Integer(StoredKey(supply.position))
      .Integer(supply.quantity)
      .Integer(ToMicros(supply.expected_at));
  Run(statements_.save_supply, "save a supply");
}

void SqliteWriter::AddCoverage(const CountCoverage& coverage) {
  if (failed() || coverage.positions.empty()) return;
  const PositionList list = EncodePositions(coverage.positions);
  statements_.insert_coverage.Number(ToNumber(coverage.source))
      .Text(coverage.snapshot_id)
      .Integer(ToMicros(coverage.as_of))
      .Integer(ToMicros(coverage.recorded_at))
      .Blob(list.bytes)
      .Integer(list.first)
      .Integer(list.last);
  Run(statements_.insert_coverage, "save what a snapshot confirmed");
}

void SqliteWriter::AddSnapshot(SourceId source, std::string_view snapshot_id, Timestamp as_of,
                               Timestamp now) {
  if (failed()) return;
  statements_.insert_snapshot.Number(ToNumber(source))
      .Text(snapshot_id)
      .Integer(ToMicros(as_of))
      .Integer(ToMicros(now));
  Run(statements_.insert_snapshot, "mark a snapshot as taken");
}

void SqliteWriter::ForgetCoverages(Timestamp before, int limit) {
  if (failed()) return;
  statements_.forget_coverages.Integer(ToMicros(before)).Integer(limit);
  Run(statements_.forget_coverages, "forget what old snapshots confirmed");
  // From now on only rows know of those counts. At the commit, for rows of this one are still to
  // come.
  if (!failed() && connection_.changed_rows() > 0) all_positions_due_ = true;
}

void SqliteWriter::ForgetSnapshots(SourceId source, Timestamp before) {
  if (failed()) return;
  statements_.forget_snapshots.Number(ToNumber(source)).Integer(ToMicros(before));
  Run(statements_.forget_snapshots, "forget old snapshots");
}

void SqliteWriter::SaveQuarantined(const QuarantinedFact& fact) {
  if (failed()) return;
  statements_.save_quarantined.Integer(fact.id)
      .Number(ToNumber(fact.source))
      .Text(fact.event_id)
      .Text(ledger::ReasonName(fact.reason))
      .Text(fact.sku)
      .Text(fact.location)
      .Blob(fact.fact)
      .Integer(ToMicros(fact.received_at))
      .Integer(fact.attempts);
  Run(statements_.save_quarantined, "save a fact in quarantine");
}

void SqliteWriter::DeleteQuarantined(int64_t id) {
  if (failed()) return;
  statements_.delete_quarantined.Integer(id);
  Run(statements_.delete_quarantined, "take a fact out of quarantine");
}

}  // namespace stockd::storage
