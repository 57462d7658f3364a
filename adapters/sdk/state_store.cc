#include "adapters/sdk/state_store.h"

#include <fmt/format.h>

#include <array>
#include <mutex>
#include <utility>

#include <sqlite3.h>

namespace stockd::sdk {
namespace {

constexpr int kSchemaVersion = 1;

class SqliteStateStore final : public StateStore {
 public:
  explicit SqliteStateStore(std::filesystem::path path) : path_(std::move(path)) {}

  ~SqliteStateStore() override {
    for (sqlite3_stmt* statement : {get_, put_, remove_}) sqlite3_finalize(statement);
    sqlite3_close(database_);
  }

  absl::Status Open() {
    constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path_.c_str(), &database_, kFlags, nullptr) != SQLITE_OK) {
      return Failure("open");
    }
    // Held from the first write until the end, so that a second process is noticed at once.
    absl::Status status =
        Run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
            "PRAGMA synchronous = NORMAL; BEGIN EXCLUSIVE; COMMIT;");
    if (status.ok()) status = CheckVersion();
    if (status.ok()) {
      status =
          Run(fmt::format("CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value "
                          "TEXT NOT NULL) STRICT, WITHOUT ROWID; PRAGMA user_version = {};",
                          kSchemaVersion));
    }
    if (status.ok()) status = Prepare("SELECT value FROM state WHERE name = ?1", &get_);
    if (status.ok()) {
      status = Prepare(
          "INSERT INTO state VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = "
          "excluded.value",
          &put_);
    }
    if (status.ok()) status = Prepare("DELETE FROM state WHERE name = ?1", &remove_);
    return status;
  }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view name) override {
    const std::scoped_lock lock(mutex_);
    BindText(get_, 1, name);
    const int result = sqlite3_step(get_);
    std::optional<std::string> value;
    if (result == SQLITE_ROW) value = ColumnText(get_, 0);
    sqlite3_reset(get_);
    if (result != SQLITE_ROW && result != SQLITE_DONE) return Failure("read");
    return value;
  }

  absl::Status Put(std::string_view name, std::string_view value) override {
    const std::scoped_lock lock(mutex_);
    BindText(put_, 1, name);
    BindText(put_, 2, value);
    return Step(put_);
  }

  absl::Status Remove(std::string_view name) override {
    const std::scoped_lock lock(mutex_);
    BindText(remove_, 1, name);
    return Step(remove_);
  }

 private:
  static void BindText(sqlite3_stmt* statement, int index, std::string_view text) {
    sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }

  static std::string ColumnText(sqlite3_stmt* statement, int column) {
    const void* text = sqlite3_column_text(statement, column);
    return std::string(static_cast<const char*>(text),
                       static_cast<size_t>(sqlite3_column_bytes(statement, column)));
  }

  absl::Status CheckVersion() {
    sqlite3_stmt* query = nullptr;
    if (absl::Status status = Prepare("PRAGMA user_version", &query); !status.ok()) return status;
    const int version = sqlite3_step(query) == SQLITE_ROW ? sqlite3_column_int(query, 0) : -1;
    sqlite3_finalize(query);
    if (version < 0) return Failure("read");
    if (version > kSchemaVersion) {
      return absl::FailedPreconditionError(fmt::format(
          "{} was written by a newer version (schema {}, this one knows {}); start the newer "
          "version, or name another state_file",
          path_.string(), version, kSchemaVersion));
    }
    return absl::OkStatus();
  }

  absl::Status Run(const std::string& sql) {
    if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) {
      return absl::OkStatus();
    }
    return Failure("prepare");
  }

  absl::Status Prepare(const char* sql, sqlite3_stmt** statement) {
    if (sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, nullptr) ==
        SQLITE_OK) {
      return absl::OkStatus();
    }
    return Failure("prepare");
  }

  absl::Status Step(sqlite3_stmt* statement) {
    const int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result == SQLITE_DONE ? absl::OkStatus() : Failure("write");
  }

  absl::Status Failure(std::string_view what) const {
    const int code = database_ == nullptr ? SQLITE_NOMEM : sqlite3_errcode(database_) & 0xFF;
    const std::string message =
        fmt::format("cannot {} the state file {}: {}", what, path_.string(),
                    database_ == nullptr ? "out of memory" : sqlite3_errmsg(database_));
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
      return absl::FailedPreconditionError(
          message + "; another adapter uses it: each one needs a state_file of its own");
    }
    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT) {
      return absl::InternalError(
          message +
          "; move it away: the adapter then starts afresh, and what it sends again is "
          "recognised by the daemon");
    }
    if (code == SQLITE_FULL) return absl::ResourceExhaustedError(message);
    return absl::InternalError(message);
  }

  std::filesystem::path path_;
  std::mutex mutex_;
  sqlite3* database_ = nullptr;
  sqlite3_stmt* get_ = nullptr;
  sqlite3_stmt* put_ = nullptr;
  sqlite3_stmt* remove_ = nullptr;
};

}  // namespace

absl::StatusOr<std::unique_ptr<StateStore>> StateStore::Open(const std::filesystem::path& path) {
  auto store = std::make_unique<SqliteStateStore>(path);
  if (absl::Status status = store->Open(); !status.ok()) return status;
  return store;
}

}  // namespace stockd::sdk
