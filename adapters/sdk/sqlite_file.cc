#include "adapters/sdk/sqlite_file.h"

#include <fmt/format.h>

#include <utility>

#include <sqlite3.h>

namespace stockd::sdk {

SqliteStatement::~SqliteStatement() { sqlite3_finalize(statement_); }

SqliteStatement::SqliteStatement(SqliteStatement&& other) noexcept
    : file_(other.file_), statement_(std::exchange(other.statement_, nullptr)) {}

SqliteStatement& SqliteStatement::operator=(SqliteStatement&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(statement_, other.statement_);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(int index, std::string_view text) {
  sqlite3_bind_text(statement_, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(int index, int64_t number) {
  sqlite3_bind_int64(statement_, index, number);
  return *this;
}

absl::StatusOr<bool> SqliteStatement::Step() {
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  absl::Status failure = file_->Failure(sqlite3_stmt_readonly(statement_) ? "read" : "write");
  Reset();
  return failure;
}

void SqliteStatement::Reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

absl::Status SqliteStatement::Run() {
  absl::Status status = Step().status();
  Reset();
  return status;
}

std::string SqliteStatement::Text(int column) const {
  const void* text = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_, column));
  return size == 0 ? std::string() : std::string(static_cast<const char*>(text), size);
}

int64_t SqliteStatement::Integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

SqliteFile::SqliteFile(std::filesystem::path path, Options options)
    : path_(std::move(path)), options_(std::move(options)) {}

SqliteFile::~SqliteFile() { sqlite3_close(database_); }

absl::StatusOr<std::unique_ptr<SqliteFile>> SqliteFile::Open(std::filesystem::path path,
                                                             Options options) {
  std::unique_ptr<SqliteFile> file(new SqliteFile(std::move(path), std::move(options)));
  if (absl::Status status = file->Connect(); !status.ok()) return status;
  return file;
}

absl::Status SqliteFile::Connect() {
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(path_.c_str(), &database_, kFlags, nullptr) != SQLITE_OK) {
    return Failure("open");
  }
  // Held from the first write until the end, so that a second process is noticed at once.
  absl::Status status =
      Run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
          "PRAGMA synchronous = NORMAL; BEGIN EXCLUSIVE; COMMIT;");
  if (status.ok()) status = CheckVersion();
  if (!status.ok()) return status;
  return Run(
      fmt::format("{}; PRAGMA user_version = {};", options_.schema, options_.schema_version));
}

absl::Status SqliteFile::CheckVersion() {
  absl::StatusOr<SqliteStatement> query = Prepare("PRAGMA user_version");
  if (!query.ok()) return query.status();
  const absl::StatusOr<bool> has_row = query->Step();
  if (!has_row.ok() || !*has_row) return Failure("read");
  const int64_t version = query->Integer(0);
  if (version <= options_.schema_version) return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format(
      "{} was written by a newer version (schema {}, this one knows {}); start the newer "
      "version, or name another state_file",
      path_.string(), version, options_.schema_version));
}

absl::Status SqliteFile::Run(const std::string& sql) {
  if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) {
    return absl::OkStatus();
  }
  return Failure("prepare");
}

absl::StatusOr<SqliteStatement> SqliteFile::Prepare(const char* sql) {
  SqliteStatement statement;
  statement.file_ = this;
  if (sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement.statement_,
                         nullptr) != SQLITE_OK) {
    return Failure("prepare");
  }
  return statement;
}

absl::Status SqliteFile::Failure(std::string_view what) const {
  const int code = database_ == nullptr ? SQLITE_NOMEM : sqlite3_errcode(database_) & 0xFF;
  const std::string message =
      fmt::format("cannot {} the state file {}: {}", what, path_.string(),
                  database_ == nullptr ? "out of memory" : sqlite3_errmsg(database_));
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
    return absl::FailedPreconditionError(
        message + "; another adapter uses it: each one needs a state_file of its own");
  }
  if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT) {
    return absl::InternalError(message + "; " + options_.damaged_advice);
  }
  if (code == SQLITE_FULL) return absl::ResourceExhaustedError(message);
  return absl::InternalError(message);
}

}  // namespace stockd::sdk
