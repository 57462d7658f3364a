#include "adapters/sdk/state_store.h"

#include <mutex>
#include <utility>

#include "adapters/sdk/sqlite_file.h"

namespace stockd::sdk {
namespace {

class SqliteStateStore final : public StateStore {
 public:
  explicit SqliteStateStore(std::unique_ptr<SqliteFile> file) : file_(std::move(file)) {}

  absl::Status Prepare() {
    const auto prepare = [this](const char* sql, SqliteStatement& statement) {
      absl::StatusOr<SqliteStatement> prepared = file_->Prepare(sql);
      if (prepared.ok()) statement = *std::move(prepared);
      return prepared.status();
    };
    absl::Status status = prepare("SELECT value FROM state WHERE name = ?1", get_);
    if (status.ok()) {
      status = prepare(
          "INSERT INTO state VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = "
          "excluded.value",
          put_);
    }
    if (status.ok()) status = prepare("DELETE FROM state WHERE name = ?1", remove_);
    return status;
  }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view name) override {
    const std::scoped_lock lock(mutex_);
    const absl::StatusOr<bool> has_row = get_.Bind(1, name).Step();
    if (!has_row.ok()) return has_row.status();
    std::optional<std::string> value;
    if (*has_row) value = get_.Text(0);
    get_.Reset();
    return value;
  }

  absl::Status Put(std::string_view name, std::string_view value) override {
    const std::scoped_lock lock(mutex_);
    return put_.Bind(1, name).Bind(2, value).Run();
  }

  absl::Status Remove(std::string_view name) override {
    const std::scoped_lock lock(mutex_);
    return remove_.Bind(1, name).Run();
  }

 private:
  const std::unique_ptr<SqliteFile> file_;  // Outlives the statements.
  std::mutex mutex_;
  SqliteStatement get_;
  SqliteStatement put_;
  SqliteStatement remove_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<StateStore>> StateStore::Open(const std::filesystem::path& path) {
  absl::StatusOr<std::unique_ptr<SqliteFile>> file = SqliteFile::Open(
      path, {.schema = "CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT "
                       "NULL) STRICT, WITHOUT ROWID",
             .damaged_advice = "move it away: the adapter then starts afresh, and what it sends "
                               "again is recognised by the daemon"});
  if (!file.ok()) return file.status();
  auto store = std::make_unique<SqliteStateStore>(*std::move(file));
  if (absl::Status status = store->Prepare(); !status.ok()) return status;
  return store;
}

}  // namespace stockd::sdk
