#include "daemon/storage/sqlite_writer.h"

#include <algorithm>
#include <utility>

#include "daemon/base/check.h"
#include "daemon/storage/error_text.h"
#include "daemon/storage/load.h"
#include "daemon/storage/position_list.h"
#include "daemon/storage/reservation_text.h"
#include "daemon/storage/rows.h"

namespace stockd::storage {
namespace {

// With readers always at work the log never empties by itself. When it has grown to this many times
// its usual size, the writer waits for them once.
constexpr int kRestartFactor = 8;
constexpr int kRestartWaitMs = 50;
constexpr int kBusyWaitMs = 5'000;
// A page holds about a hundred rows: with a lag in proportion to the table, several of those that
// wait lie on one page.
constexpr int64_t kPositionsPerLag = 32;

int KeepPages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

SqliteWriter::SqliteWriter(Connection connection, std::shared_ptr<const FileLock> lock,
                           std::string path, const SqliteOptions& options)
    : lock_(std::move(lock)),
      connection_(std::move(connection)),
      path_(std::move(path)),
      position_lag_(options.position_lag_entries),
      checkpoint_pages_(options.checkpoint_pages),
      restart_pages_(options.checkpoint_pages * kRestartFactor) {
  // Replaces SQLite's own automatic checkpoint, which would hide its errors.
  sqlite3_wal_hook(connection_.handle(), KeepPages, &wal_pages_);
}

SqliteWriter::~SqliteWriter() { Rollback(); }

Status SqliteWriter::Prepare() {
  if (statements_.Prepare(connection_) != SQLITE_OK) Fail("prepare the statements");
  return {error_};
}

Status SqliteWriter::Load(const LoadVisitor& visitor, Counters& counters) {
  if (failed()) return {error_};
  LatePositions late;
  const Status status = LoadEverything(connection_, path_, visitor, counters, late);
  if (!status.ok()) error_ = status.error;
  newest_entry_ = counters.sequence;
  backlog_.Start(std::max(position_lag_, late.row_count / kPositionsPerLag), late.written_through);
  for (const auto& [key, row] : late.rows) backlog_.Put(key, row);
  return status;
}

void SqliteWriter::Fail(std::string_view doing) {
  if (!failed()) error_ = ErrorText(path_, doing, connection_);
}

void SqliteWriter::FailDamaged(std::string_view what) {
  if (!failed()) error_ = DamageText(path_, what);
}

void SqliteWriter::Run(Statement& statement, std::string_view doing) {
  if (statement.Run() != SQLITE_DONE) Fail(doing);
}

bool SqliteWriter::StepRow(Statement& statement, std::string_view doing) {
  const int code = statement.Step();
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) Fail(doing);
  return false;
}

void SqliteWriter::Begin() {
  if (failed()) return;
  STOCKD_CHECK(!connection_.in_transaction());
  Run(statements_.begin, "begin a transaction");
}

Status SqliteWriter::Commit() {
  if (!failed()) SaveNewestFacts();
  if (!failed()) WritePositionsDue();
  if (!failed()) Run(statements_.commit, "commit");
  if (failed()) {
    Rollback();
    return {error_};
  }
  // The batch is durable from here on. A failure below sticks, and the next batch reports it.
  CheckpointIfDue();
  return {};
}

void SqliteWriter::Rollback() {
  // Some failures have rolled back already. One of the rollback itself changes nothing: the error
  // sticks, and the next start ignores what was not committed.
  if (connection_.in_transaction()) connection_.Execute("ROLLBACK");
}

void SqliteWriter::SaveNewestFacts() {
  for (auto& [source, newest] : newest_) {
    if (!newest.changed || failed()) continue;
    newest.changed = false;
    statements_.save_newest.Number(ToNumber(source)).Integer(ToMicros(newest.occurred_at));
    Run(statements_.save_newest, "save the time of a source's newest fact");
  }
}

void SqliteWriter::CheckpointIfDue() {
  if (wal_pages_ < checkpoint_pages_) {
    restart_pages_ = checkpoint_pages_ * kRestartFactor;
    return;
  }
  int mode = SQLITE_CHECKPOINT_PASSIVE;
  if (wal_pages_ >= restart_pages_) {
    mode = SQLITE_CHECKPOINT_RESTART;
    restart_pages_ += checkpoint_pages_ * kRestartFactor;
    sqlite3_busy_timeout(connection_.handle(), kRestartWaitMs);
  }
  const int code = sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr, mode, nullptr, nullptr);
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) Fail("move the write-ahead log");
  sqlite3_busy_timeout(connection_.handle(), kBusyWaitMs);
}

Status SqliteWriter::Checkpoint() {
  if (failed()) return {error_};
  // The next start then has nothing to make up for.
  Begin();
  WriteAllPositions();
  if (!failed()) Run(statements_.commit, "commit");
  if (failed()) {
    Rollback();
    return {error_};
  }
  if (sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                                nullptr) != SQLITE_OK) {
    Fail("move the write-ahead log");
  }
  return {error_};
}

std::optional<ledger::JournalEntry> SqliteWriter::FindFact(SourceId source,
                                                           std::string_view event_id) {
  if (failed()) return std::nullopt;
  Statement& find = statements_.find_fact;
  const ResetGuard reset(find);
  find.Number(ToNumber(source)).Text(event_id);
  if (!StepRow(find, "look up a fact")) return std::nullopt;
  return ReadJournalEntry(find);
}

Quantity SqliteWriter::DeltaAfter(PositionKey key, Timestamp after) {
  if (failed()) return 0;
  Statement& sum = statements_.delta_after;
  const ResetGuard reset(sum);
  sum.Integer(StoredKey(key)).Integer(ToMicros(after));
  return StepRow(sum, "add up facts") ? sum.integer(0) : 0;
}

std::optional<ledger::Reservation> SqliteWriter::FindReservation(std::string_view id) {
  if (failed()) return std::nullopt;
  Statement& find = statements_.find_reservation;
  const ResetGuard reset(find);
  find.Text(id);
  if (!StepRow(find, "look up a reservation")) return std::nullopt;
  ledger::Reservation reservation;
  if (!ReadReservation(find, reservation)) {
    FailDamaged("reservation \"" + std::string(id) + "\"");
    return std::nullopt;
  }
  return reservation;
}

std::optional<ledger::AnsweredRequest> SqliteWriter::FindRequest(std::string_view request_id) {
  if (failed()) return std::nullopt;
  Statement& find = statements_.find_request;
  const ResetGuard reset(find);
  find.Text(request_id);
  if (!StepRow(find, "look up a request")) return std::nullopt;
  auto answer = ParseReservation(find.text(1));
  if (!answer) {
    FailDamaged("the answer to request \"" + std::string(request_id) + "\"");
    return std::nullopt;
  }
  return ledger::AnsweredRequest{.content = std::string(find.text(0)),
                                 .answer = std::move(*answer)};
}

bool SqliteWriter::SnapshotKnown(SourceId source, std::string_view snapshot_id) {
  if (failed()) return false;
  Statement& find = statements_.find_snapshot;
  const ResetGuard reset(find);
  find.Number(ToNumber(source)).Text(snapshot_id);
  return StepRow(find, "look up a snapshot");
}

std::optional<QuarantinedFact> SqliteWriter::FindQuarantined(int64_t id) {
  if (failed()) return std::nullopt;
  Statement& find = statements_.find_quarantined;
  const ResetGuard reset(find);
  find.Integer(id);
  if (!StepRow(find, "look up a fact in quarantine")) return std::nullopt;
  return ReadQuarantined(find);
}

bool SqliteWriter::QuarantineHolds(SourceId source, std::string_view event_id,
                                   std::string_view fact) {
  if (failed()) return false;
  Statement& find = statements_.find_quarantined_event;
  const ResetGuard reset(find);
  find.Number(ToNumber(source)).Text(event_id).Blob(fact);
  return StepRow(find, "look up a fact in quarantine");
}

std::vector<QuarantinedFact> SqliteWriter::ListQuarantined(std::string_view sku,
                                                           std::string_view location, int64_t after,
                                                           int limit) {
  std::vector<QuarantinedFact> facts;
  if (failed()) return facts;
  Statement& list = !sku.empty()        ? statements_.list_quarantined_sku
                    : !location.empty() ? statements_.list_quarantined_location
                                        : statements_.list_quarantined;
  const ResetGuard reset(list);
  list.Integer(after).Integer(limit);
  if (!sku.empty()) list.Text(sku);
  if (!sku.empty() || !location.empty()) list.Text(location);
  while (StepRow(list, "list facts in quarantine")) facts.push_back(ReadQuarantined(list));
  if (failed()) facts.clear();
  return facts;
}

}  // namespace stockd::storage
