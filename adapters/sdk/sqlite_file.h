// A small SQLite file of this process alone.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace stockd::sdk {

// A prepared statement. For one thread at a time, like its file, which outlives it.
class SqliteStatement {
 public:
  SqliteStatement() = default;
  ~SqliteStatement();
  SqliteStatement(SqliteStatement&& other) noexcept;
  SqliteStatement& operator=(SqliteStatement&& other) noexcept;

  // Parameters count from 1. Text must outlive the steps.
  SqliteStatement& Bind(int index, std::string_view text);
  SqliteStatement& Bind(int index, int64_t number);

  // The next row: false when there is none.
  [[nodiscard]] absl::StatusOr<bool> Step();
  // Makes it ready for other parameters.
  void Reset();
  // Step() and Reset(), for what gives no rows.
  [[nodiscard]] absl::Status Run();

  // Columns of the present row count from 0.
  std::string Text(int column) const;
  int64_t Integer(int column) const;

 private:
  friend class SqliteFile;
  const class SqliteFile* file_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
};

// The file, locked against other processes. For one thread at a time.
class SqliteFile {
 public:
  struct Options {
    int schema_version = 1;
    std::string schema;          // CREATE TABLE IF NOT EXISTS ...
    std::string damaged_advice;  // What a person may do when the file is damaged.
  };

  // Creates the file when there is none.
  //   FAILED_PRECONDITION   another process uses the file, or it is from a newer version.
  //   INTERNAL              it cannot be created or is damaged; the message says what to do.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<SqliteFile>> Open(std::filesystem::path path,
                                                                        Options options);
  ~SqliteFile();
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;

  [[nodiscard]] absl::StatusOr<SqliteStatement> Prepare(const char* sql);
  [[nodiscard]] absl::Status Run(const std::string& sql);

  // What went wrong last; `what` is the verb: "read", "write".
  [[nodiscard]] absl::Status Failure(std::string_view what) const;

 private:
  SqliteFile(std::filesystem::path path, Options options);

  absl::Status Connect();
  absl::Status CheckVersion();

  const std::filesystem::path path_;
  const Options options_;
  sqlite3* database_ = nullptr;
};

}  // namespace stockd::sdk
