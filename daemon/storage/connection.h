#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <sqlite3.h>

#include "daemon/storage/wal_buffer.h"

namespace stockd::storage {

// How a connection is opened.
enum class Access : uint8_t { kReadWrite, kReadOnly };

// One SQLite connection. Thread-compatible.
class Connection {
 public:
  Connection() = default;
  Connection(Connection&& other) noexcept
      : wal_buffer_(std::move(other.wal_buffer_)), handle_(std::exchange(other.handle_, nullptr)) {}
  Connection& operator=(Connection&& other) noexcept;
  ~Connection() { Close(); }

  // Opens the file, creating it when `access` allows. Returns the SQLite result code; on failure
  // the connection still answers Message() until it is closed. An empty `vfs` is the default one.
  int Open(const std::string& path, Access access, const std::string& vfs = {});
  // Opens the file for writing through a buffer for its write-ahead log. Otherwise as Open().
  int OpenWithWalBuffer(const std::string& path, const std::string& vfs);
  // REQUIRES: no statement of this connection is alive.
  void Close();

  // Runs statements that return nothing. Returns the SQLite result code.
  int Execute(const char* sql);
  // The first column of the first row, as a number; `absent` when there is no row. `code` receives
  // the SQLite result code.
  int64_t QueryInteger(const char* sql, int& code, int64_t absent = 0);

  bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
  int64_t changed_rows() const { return sqlite3_changes64(handle_); }

  // What went wrong last, for people, for example "disk I/O error (SQLITE_IOERR_FSYNC)".
  std::string Message() const;

  sqlite3* handle() const { return handle_; }

 private:
  std::unique_ptr<WalBuffer> wal_buffer_;  // Outlives the handle.
  sqlite3* handle_ = nullptr;
};

// The name of a result code, for example "SQLITE_FULL".
std::string ResultName(int code);

// A prepared statement. Parameters and columns are numbered as SQLite does: from 1 and from 0.
class Statement {
 public:
  Statement() = default;
  Statement(Statement&& other) noexcept
      : handle_(std::exchange(other.handle_, nullptr)), next_(other.next_) {}
  Statement& operator=(Statement&& other) noexcept;
  ~Statement() { sqlite3_finalize(handle_); }

  // Returns the SQLite result code. `sql` may hold one statement only.
  int Prepare(Connection& connection, std::string_view sql);

  // The next parameter takes this value. The text must stay alive until Reset() or Run().
  Statement& Integer(int64_t value);
  Statement& Number(uint64_t value) { return Integer(static_cast<int64_t>(value)); }
  Statement& Real(double value);
  Statement& Text(std::string_view value);
  // The same for a text that does not live so long.
  Statement& CopyOfText(std::string_view value);
  Statement& Blob(std::string_view value);
  Statement& Null();
  // NULL stands for what is not there: it takes one byte less, and reads better.
  Statement& NumberOrNull(uint64_t value) { return value == 0 ? Null() : Number(value); }
  Statement& TextOrNull(std::string_view value) { return value.empty() ? Null() : Text(value); }

  // SQLITE_ROW, SQLITE_DONE or an error.
  int Step() { return sqlite3_step(handle_); }
  // Ends the statement, so that it can be bound and run again.
  void Reset() {
    sqlite3_reset(handle_);
    next_ = 1;
  }
  // Runs a statement that returns no rows, and resets it. SQLITE_DONE or an error.
  int Run() {
    const int code = Step();
    Reset();
    return code;
  }

  int64_t integer(int column) const { return sqlite3_column_int64(handle_, column); }
  uint64_t number(int column) const { return static_cast<uint64_t>(integer(column)); }
  double real(int column) const { return sqlite3_column_double(handle_, column); }
  bool is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }
  // Text or bytes; empty for NULL. Valid until the next Step() or Reset().
  std::string_view text(int column) const;

 private:
  sqlite3_stmt* handle_ = nullptr;
  int next_ = 1;  // The parameter that the next value binds.
};

// Resets a statement when its reader leaves.
class ResetGuard {
 public:
  explicit ResetGuard(Statement& statement) : statement_(statement) {}
  ~ResetGuard() { statement_.Reset(); }
  ResetGuard(const ResetGuard&) = delete;
  ResetGuard& operator=(const ResetGuard&) = delete;

 private:
  Statement& statement_;
};

}  // namespace stockd::storage
