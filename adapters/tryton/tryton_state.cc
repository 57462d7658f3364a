#include "adapters/tryton/tryton_state.h"

#include <absl/strings/numbers.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace stockd::tryton {
namespace {

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS value (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
-- Ids of moves that need not be read again, as ranges.
CREATE TABLE IF NOT EXISTS seen (first INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS set_aside (move INTEGER PRIMARY KEY, reason TEXT NOT NULL) STRICT;
-- Documents that the adapter made in Tryton.
CREATE TABLE IF NOT EXISTS document (key TEXT PRIMARY KEY, model TEXT NOT NULL, id INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS document_id ON document (model, id);
-- Up to which entry of stockd's journal a position is booked in Tryton, and is being booked.
CREATE TABLE IF NOT EXISTS booked (sku TEXT, location TEXT, sequence INTEGER NOT NULL,
                                   planned INTEGER NOT NULL,
                                   PRIMARY KEY (sku, location)) STRICT, WITHOUT ROWID;
)";

std::string ToText(sdk::Timestamp instant) {
  return std::to_string(instant.time_since_epoch().count());
}

sdk::Timestamp ToInstant(const std::string& text) {
  int64_t microseconds = 0;
  if (!absl::SimpleAtoi(text, &microseconds)) microseconds = 0;
  return sdk::Timestamp(std::chrono::microseconds(microseconds));
}

uint64_t ToSequence(const std::string& text) {
  uint64_t sequence = 0;
  return absl::SimpleAtoi(text, &sequence) ? sequence : 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TrytonState>> TrytonState::Open(const std::filesystem::path& path) {
  absl::StatusOr<std::unique_ptr<sdk::SqliteFile>> file = sdk::SqliteFile::Open(
      path, {.schema_version = 1,
             .schema = kSchema,
             .damaged_advice = "put the last copy of it back, or remove all files of the state "
                               "folder to begin with an opening snapshot"});
  if (!file.ok()) return file.status();
  std::unique_ptr<TrytonState> state(new TrytonState(*std::move(file)));
  // A document that was forgotten would come back as a sale: wait for the disk each time.
  absl::Status status = state->file_->Run("PRAGMA synchronous = FULL");
  if (status.ok()) status = state->Load();
  if (!status.ok()) return status;
  return state;
}

absl::Status TrytonState::Load() {
  absl::StatusOr<sdk::SqliteStatement> seen = file_->Prepare("SELECT first, last FROM seen");
  if (!seen.ok()) return seen.status();
  for (absl::StatusOr<bool> row = seen->Step();; row = seen->Step()) {
    if (!row.ok()) return row.status();
    if (!*row) break;
    seen_.Add(seen->Integer(0), seen->Integer(1));
  }
  absl::StatusOr<sdk::SqliteStatement> aside =
      file_->Prepare("SELECT move, reason FROM set_aside ORDER BY move");
  if (!aside.ok()) return aside.status();
  for (absl::StatusOr<bool> row = aside->Step();; row = aside->Step()) {
    if (!row.ok()) return row.status();
    if (!*row) break;
    set_aside_.push_back({.move = aside->Integer(0), .reason = aside->Text(1)});
  }
  const absl::StatusOr<std::string> cursor = Value("cursor");
  if (!cursor.ok()) return cursor.status();
  if (!cursor->empty()) cursor_ = ToInstant(*cursor);
  const absl::StatusOr<std::string> finished = Value("opening.sequence_after");
  if (!finished.ok()) return finished.status();
  if (finished->empty()) return absl::OkStatus();
  opening_ = {.snapshot_id = Value("opening.snapshot_id").value_or(""),
              .as_of = ToInstant(Value("opening.as_of").value_or("")),
              .sequence_before = ToSequence(Value("opening.sequence_before").value_or("")),
              .sequence_after = ToSequence(*finished)};
  return absl::OkStatus();
}

absl::Status TrytonState::Run(const char* sql, const std::vector<std::string>& texts,
                              const std::vector<int64_t>& numbers) {
  absl::StatusOr<sdk::SqliteStatement> statement = file_->Prepare(sql);
  if (!statement.ok()) return statement.status();
  int index = 0;
  for (const std::string& text : texts) statement->Bind(++index, text);
  for (const int64_t number : numbers) statement->Bind(++index, number);
  return statement->Run();
}

absl::StatusOr<std::string> TrytonState::Value(std::string_view name) {
  absl::StatusOr<sdk::SqliteStatement> statement =
      file_->Prepare("SELECT value FROM value WHERE name = ?1");
  if (!statement.ok()) return statement.status();
  const absl::StatusOr<bool> row = statement->Bind(1, name).Step();
  if (!row.ok()) return row.status();
  return *row ? statement->Text(0) : std::string();
}

absl::Status TrytonState::PutValue(std::string_view name, std::string_view value) {
  return Run("INSERT OR REPLACE INTO value VALUES (?1, ?2)",
             {std::string(name), std::string(value)}, {});
}

absl::Status TrytonState::Transact(const std::function<absl::Status()>& changes) {
  if (absl::Status status = file_->Run("BEGIN IMMEDIATE"); !status.ok()) return status;
  absl::Status status = changes();
  if (status.ok()) status = file_->Run("COMMIT");
  if (!status.ok()) file_->Run("ROLLBACK").IgnoreError();
  return status;
}

absl::Status TrytonState::AddSeen(int64_t first, int64_t last) {
  const IdRanges::Change change = seen_.Add(first, last);
  for (const int64_t removed : change.removed) {
    if (absl::Status status = Run("DELETE FROM seen WHERE first = ?1", {}, {removed});
        !status.ok()) {
      return status;
    }
  }
  return Run("INSERT OR REPLACE INTO seen VALUES (?1, ?2)", {}, {change.first, change.last});
}

bool TrytonState::IsSeen(int64_t move) const {
  const std::scoped_lock lock(mutex_);
  return seen_.Contains(move);
}

int64_t TrytonState::newest_seen() const {
  const std::scoped_lock lock(mutex_);
  return seen_.ranges().empty() ? 0 : seen_.ranges().rbegin()->second;
}

std::optional<sdk::Timestamp> TrytonState::cursor() const {
  const std::scoped_lock lock(mutex_);
  return cursor_;
}

absl::Status TrytonState::PutSeen(const std::vector<int64_t>& moves,
                                  const std::vector<SetAsideMove>& set_aside,
                                  std::optional<sdk::Timestamp> cursor) {
  const std::scoped_lock lock(mutex_);
  const IdRanges before = seen_;
  std::vector<SetAsideMove> after;
  for (const SetAsideMove& waiting : set_aside_) {
    if (std::ranges::find(moves, waiting.move) == moves.end()) after.push_back(waiting);
  }
  after.insert(after.end(), set_aside.begin(), set_aside.end());
  const absl::Status status = Transact([&]() -> absl::Status {
    for (const int64_t move : moves) {
      absl::Status added = AddSeen(move, move);
      if (added.ok()) added = Run("DELETE FROM set_aside WHERE move = ?1", {}, {move});
      if (!added.ok()) return added;
    }
    for (const SetAsideMove& waiting : set_aside) {
      const absl::Status added =
          Run("INSERT OR REPLACE INTO set_aside (reason, move) VALUES (?1, ?2)", {waiting.reason},
              {waiting.move});
      if (!added.ok()) return added;
    }
    return cursor ? PutValue("cursor", ToText(*cursor)) : absl::OkStatus();
  });
  if (!status.ok()) {
    seen_ = before;
    return status;
  }
  set_aside_ = std::move(after);
  if (cursor) cursor_ = cursor;
  return status;
}

std::vector<SetAsideMove> TrytonState::set_aside() const {
  const std::scoped_lock lock(mutex_);
  return set_aside_;
}

absl::Status TrytonState::BeginOpening(const Opening& opening, int64_t last_move,
                                       const std::vector<int64_t>& open_moves,
                                       std::optional<sdk::Timestamp> cursor) {
  const std::scoped_lock lock(mutex_);
  const absl::Status status = Transact([&]() -> absl::Status {
    seen_ = IdRanges();
    absl::Status done = file_->Run("DELETE FROM seen; DELETE FROM set_aside");
    std::vector<int64_t> gaps = open_moves;
    std::ranges::sort(gaps);
    gaps.push_back(last_move + 1);
    int64_t first = 1;
    for (const int64_t gap : gaps) {
      if (done.ok() && gap > first) done = AddSeen(first, gap - 1);
      first = gap + 1;
    }
    if (done.ok()) done = PutValue("opening.snapshot_id", opening.snapshot_id);
    if (done.ok()) done = PutValue("opening.as_of", ToText(opening.as_of));
    if (done.ok()) {
      done = PutValue("opening.sequence_before", std::to_string(opening.sequence_before));
    }
    if (done.ok() && cursor) done = PutValue("cursor", ToText(*cursor));
    return done;
  });
  if (!status.ok()) {
    seen_ = IdRanges();
    return status;
  }
  set_aside_.clear();
  cursor_ = cursor;
  return status;
}

absl::Status TrytonState::FinishOpening(uint64_t sequence_after) {
  const std::scoped_lock lock(mutex_);
  if (absl::Status status = PutValue("opening.sequence_after", std::to_string(sequence_after));
      !status.ok()) {
    return status;
  }
  opening_ = {.snapshot_id = Value("opening.snapshot_id").value_or(""),
              .as_of = ToInstant(Value("opening.as_of").value_or("")),
              .sequence_before = ToSequence(Value("opening.sequence_before").value_or("")),
              .sequence_after = sequence_after};
  return absl::OkStatus();
}

std::optional<Opening> TrytonState::opening() const {
  const std::scoped_lock lock(mutex_);
  return opening_;
}

absl::StatusOr<std::optional<BookingProgress>> TrytonState::FindProgress(
    std::string_view sku, std::string_view location) {
  const std::scoped_lock lock(mutex_);
  absl::StatusOr<sdk::SqliteStatement> statement =
      file_->Prepare("SELECT sequence, planned FROM booked WHERE sku = ?1 AND location = ?2");
  if (!statement.ok()) return statement.status();
  const absl::StatusOr<bool> row = statement->Bind(1, sku).Bind(2, location).Step();
  if (!row.ok()) return row.status();
  if (!*row) return std::nullopt;
  return BookingProgress{.booked = static_cast<uint64_t>(statement->Integer(0)),
                         .planned = static_cast<uint64_t>(statement->Integer(1))};
}

absl::Status TrytonState::PutProgress(std::string_view sku, std::string_view location,
                                      BookingProgress progress) {
  const std::scoped_lock lock(mutex_);
  return Run("INSERT OR REPLACE INTO booked VALUES (?1, ?2, ?3, ?4)",
             {std::string(sku), std::string(location)},
             {static_cast<int64_t>(progress.booked), static_cast<int64_t>(progress.planned)});
}

absl::StatusOr<std::optional<Document>> TrytonState::FindDocument(std::string_view key) {
  const std::scoped_lock lock(mutex_);
  absl::StatusOr<sdk::SqliteStatement> statement =
      file_->Prepare("SELECT model, id FROM document WHERE key = ?1");
  if (!statement.ok()) return statement.status();
  const absl::StatusOr<bool> row = statement->Bind(1, key).Step();
  if (!row.ok()) return row.status();
  if (!*row) return std::nullopt;
  return Document{.model = statement->Text(0), .id = statement->Integer(1)};
}

absl::Status TrytonState::PutDocument(std::string_view key, const Document& document) {
  const std::scoped_lock lock(mutex_);
  return Run("INSERT OR REPLACE INTO document VALUES (?1, ?2, ?3)",
             {std::string(key), document.model}, {document.id});
}

absl::StatusOr<bool> TrytonState::IsOwnDocument(std::string_view reference) {
  const size_t comma = reference.find(',');
  int64_t id = 0;
  if (comma == std::string_view::npos ||
      !absl::SimpleAtoi(std::string(reference.substr(comma + 1)), &id)) {
    return false;
  }
  const std::scoped_lock lock(mutex_);
  absl::StatusOr<sdk::SqliteStatement> statement =
      file_->Prepare("SELECT 1 FROM document WHERE model = ?1 AND id = ?2");
  if (!statement.ok()) return statement.status();
  return statement->Bind(1, reference.substr(0, comma)).Bind(2, id).Step();
}

}  // namespace stockd::tryton
