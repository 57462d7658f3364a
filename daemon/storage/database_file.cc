#include "daemon/storage/database_file.h"

#include <array>
#include <filesystem>
#include <fstream>

#include "daemon/storage/error_text.h"
#include "daemon/storage/migrations.h"

namespace stockd::storage {
namespace {

constexpr int kBusyWaitMs = 5'000;
constexpr int64_t kReaderCacheShare = 8;  // A reader gets this part of the writer's cache.

constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr size_t kHeaderBytes = 100;

std::string Named(const std::string& path) { return "The database \"" + path + "\""; }

Status Truncated(const std::string& path, uintmax_t size, uintmax_t expected) {
  return {Named(path) + " is truncated: it has " + std::to_string(size) +
          " bytes and should have " + (expected == 0 ? "more" : std::to_string(expected)) +
          ". Restore it from a backup."};
}

uint64_t BigEndian(const std::array<char, kHeaderBytes>& header, size_t offset, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) {
    value = value << 8 | static_cast<unsigned char>(header[offset + i]);
  }
  return value;
}

// What the file should at least hold by its own header; 0 when the header does not say.
uint64_t BytesByHeader(const std::array<char, kHeaderBytes>& header) {
  const uint64_t stored = BigEndian(header, 16, 2);
  const uint64_t page_bytes = stored == 1 ? 65'536 : stored;
  // The page count is valid only if it was written with the last change.
  return BigEndian(header, 24, 4) == BigEndian(header, 92, 4)
             ? BigEndian(header, 28, 4) * page_bytes
             : 0;
}

// Looks at the bytes before SQLite does: SQLite takes an empty file for a new database and throws
// away the log beside it.
Status CheckBytes(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return {};
  if (!std::filesystem::is_regular_file(path, error)) {
    return {Named(path) + " is not a file. Name another path."};
  }
  const uintmax_t size = std::filesystem::file_size(path, error);
  const uintmax_t log_size = std::filesystem::file_size(path + "-wal", error);
  const bool has_log = !error && log_size > 0;
  if (size == 0) return has_log ? Truncated(path, size, 0) : Status{};
  std::array<char, kHeaderBytes> header{};
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return {Named(path) +
            " cannot be read. Give the user that runs stockd the right to read and write it."};
  }
  file.read(header.data(), header.size());
  if (std::string_view(header.data(), kMagic.size()) != kMagic) {
    return {Named(path) + " is not a database but some other file. Name another path."};
  }
  if (static_cast<size_t>(file.gcount()) < header.size()) return Truncated(path, size, 0);
  // With a log the newest pages are not in the file yet.
  const uint64_t expected = BytesByHeader(header);
  if (!has_log && size < expected) return Truncated(path, size, expected);
  return {};
}

Status CheckIdentity(const std::string& path, Connection& connection, int64_t& version) {
  int code = SQLITE_OK;
  const int64_t table_count =
      connection.QueryInteger("SELECT count(*) FROM sqlite_schema", code, 0);
  if (code != SQLITE_OK) return {ErrorText(path, "read the schema", connection)};
  const int64_t application = connection.QueryInteger("PRAGMA application_id", code);
  if (code != SQLITE_OK) return {ErrorText(path, "read the header", connection)};
  version = connection.QueryInteger("PRAGMA user_version", code);
  if (code != SQLITE_OK) return {ErrorText(path, "read the header", connection)};
  if (application != kApplicationId && (table_count > 0 || application != 0)) {
    return {Named(path) + " belongs to another program. Name another path."};
  }
  if (version > SchemaVersion()) {
    return {Named(path) + " was written by a newer stockd (its schema is version " +
            std::to_string(version) + ", this program knows up to " +
            std::to_string(SchemaVersion()) +
            "). Run the newer stockd, or restore a backup from before the upgrade."};
  }
  if (sqlite3_db_readonly(connection.handle(), "main") == 1) {
    return {Named(path) +
            " is read-only for this process. Give the user that runs stockd the right to write "
            "the file, or name another path."};
  }
  return {};
}

Status Configure(const std::string& path, const WriterSettings& settings, Connection& connection) {
  const std::string pragmas =
      // A commit is durable when it returns.
      "PRAGMA synchronous = FULL;"
      "PRAGMA foreign_keys = ON;"
      "PRAGMA secure_delete = OFF;"
      "PRAGMA temp_store = MEMORY;"
      "PRAGMA cell_size_check = ON;"
      "PRAGMA wal_autocheckpoint = 0;"  // The writer does it, and sees its errors.
      "PRAGMA cache_size = -" +
      std::to_string(settings.cache_bytes / 1024) + ";PRAGMA journal_size_limit = " +
      std::to_string(int64_t{settings.checkpoint_pages} * 2 * 4096);
  Statement mode;
  if (mode.Prepare(connection, "PRAGMA journal_mode = WAL") != SQLITE_OK ||
      mode.Step() != SQLITE_ROW) {
    return {ErrorText(path, "turn on the write-ahead log", connection)};
  }
  if (mode.text(0) != "wal") {
    return {Named(path) +
            " lies on a file system that cannot share memory between readers and the writer, as "
            "network file systems cannot. Put it on a local disk."};
  }
  mode.Reset();
  if (connection.Execute(pragmas.c_str()) != SQLITE_OK) {
    return {ErrorText(path, "set up the connection", connection)};
  }
  return {};
}

Status Migrate(const std::string& path, int64_t version, Connection& connection) {
  for (const Migration& migration : Migrations()) {
    if (migration.version <= version) continue;
    const std::string sql = std::string("BEGIN IMMEDIATE;") + migration.sql +
                            ";PRAGMA application_id = " + std::to_string(kApplicationId) +
                            ";PRAGMA user_version = " + std::to_string(migration.version) +
                            ";COMMIT";
    if (connection.Execute(sql.c_str()) != SQLITE_OK) {
      Status status{ErrorText(
          path, "bring the schema to version " + std::to_string(migration.version), connection)};
      if (connection.in_transaction()) connection.Execute("ROLLBACK");
      return status;
    }
  }
  return {};
}

}  // namespace

Status OpenForWriting(const std::string& path, const WriterSettings& settings,
                      Connection& connection) {
  Status status = CheckBytes(path);
  if (!status.ok()) return status;
  if (connection.OpenWithWalBuffer(path, settings.vfs_name) != SQLITE_OK) {
    return {ErrorText(path, "open a connection", connection)};
  }
  sqlite3_busy_timeout(connection.handle(), kBusyWaitMs);
  int64_t version = 0;
  status = CheckIdentity(path, connection, version);
  if (status.ok()) status = Configure(path, settings, connection);
  if (status.ok()) status = Migrate(path, version, connection);
  if (!status.ok()) return status;
  // Moves what an earlier process left in the log. A person's reader may hold that up, which is no
  // reason not to start.
  const int code = sqlite3_wal_checkpoint_v2(connection.handle(), nullptr,
                                             SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) {
    return {ErrorText(path, "move the write-ahead log", connection)};
  }
  return {};
}

Status OpenForReading(const std::string& path, int64_t cache_bytes, const std::string& vfs_name,
                      Connection& connection) {
  if (connection.Open(path, Access::kReadOnly, vfs_name) != SQLITE_OK) {
    return {ErrorText(path, "open a connection for reading", connection)};
  }
  sqlite3_busy_timeout(connection.handle(), kBusyWaitMs);
  const std::string pragmas =
      "PRAGMA query_only = ON;PRAGMA temp_store = MEMORY;PRAGMA cell_size_check = ON;"
      "PRAGMA cache_size = -" +
      std::to_string(cache_bytes / kReaderCacheShare / 1024);
  if (connection.Execute(pragmas.c_str()) != SQLITE_OK) {
    return {ErrorText(path, "set up a connection for reading", connection)};
  }
  return {};
}

}  // namespace stockd::storage
