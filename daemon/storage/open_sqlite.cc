#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "daemon/storage/database_file.h"
#include "daemon/storage/error_text.h"
#include "daemon/storage/file_lock.h"
#include "daemon/storage/reader_connection.h"
#include "daemon/storage/sqlite_reader.h"
#include "daemon/storage/sqlite_store.h"
#include "daemon/storage/sqlite_writer.h"

namespace stockd::storage {
namespace {

// One name for a file however it was named, so that two daemons cannot miss each other's lock.
std::string OneName(const std::string& path) {
  std::error_code error;
  const std::filesystem::path resolved = std::filesystem::weakly_canonical(path, error);
  return error ? path : resolved.string();
}

Status OpenReaders(const std::string& path, const SqliteOptions& options,
                   std::vector<std::unique_ptr<ReaderConnection>>& readers) {
  for (int i = 0; i < std::max(options.readers_max, 1); ++i) {
    auto reader = std::make_unique<ReaderConnection>();
    Status status = OpenForReading(path, options.cache_bytes, options.vfs_name, reader->connection);
    if (status.ok() && reader->Prepare() != SQLITE_OK) {
      status.error = ErrorText(path, "prepare the reading statements", reader->connection);
    }
    if (!status.ok()) return status;
    readers.push_back(std::move(reader));
  }
  return {};
}

}  // namespace

std::variant<SqliteDatabase, Status> OpenSqlite(const SqliteOptions& options) {
  const std::string path = OneName(options.path);
  auto lock = std::make_shared<FileLock>();
  Status status = lock->Acquire(path);
  if (!status.ok()) return status;
  Connection connection;
  status = OpenForWriting(path,
                          {.cache_bytes = options.cache_bytes,
                           .checkpoint_pages = options.checkpoint_pages,
                           .vfs_name = options.vfs_name},
                          connection);
  if (!status.ok()) return status;
  auto writer = std::make_unique<SqliteWriter>(std::move(connection), lock, path, options);
  status = writer->Prepare();
  if (!status.ok()) return status;
  std::vector<std::unique_ptr<ReaderConnection>> readers;
  status = OpenReaders(path, options, readers);
  if (!status.ok()) return status;
  SqliteDatabase database;
  database.store = std::move(writer);
  database.reader =
      std::make_unique<SqliteReader>(std::move(readers), lock, path, options.vfs_name);
  return database;
}

}  // namespace stockd::storage
