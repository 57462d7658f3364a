#include "daemon/storage/connection.h"

namespace stockd::storage {

Connection& Connection::operator=(Connection&& other) noexcept {
  if (this != &other) {
    Close();
    wal_buffer_ = std::move(other.wal_buffer_);
    handle_ = std::exchange(other.handle_, nullptr);
  }
  return *this;
}

int Connection::Open(const std::string& path, Access access, const std::string& vfs) {
  Close();
  const int flags = access == Access::kReadOnly ? SQLITE_OPEN_READONLY
                                                : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(path.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX,
                                   vfs.empty() ? nullptr : vfs.c_str());
  if (handle_ != nullptr) sqlite3_extended_result_codes(handle_, 1);
  return code;
}

int Connection::OpenWithWalBuffer(const std::string& path, const std::string& vfs) {
  Close();
  auto buffer = std::make_unique<WalBuffer>(vfs);
  const int code = Open(path, Access::kReadWrite, buffer->name());
  wal_buffer_ = std::move(buffer);
  return code;
}

void Connection::Close() {
  sqlite3_close(handle_);
  handle_ = nullptr;
  wal_buffer_.reset();
}

int Connection::Execute(const char* sql) {
  return sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
}

int64_t Connection::QueryInteger(const char* sql, int& code, int64_t absent) {
  Statement statement;
  code = statement.Prepare(*this, sql);
  if (code != SQLITE_OK) return absent;
  code = statement.Step();
  const int64_t value = code == SQLITE_ROW ? statement.integer(0) : absent;
  if (code == SQLITE_ROW || code == SQLITE_DONE) code = SQLITE_OK;
  return value;
}

std::string Connection::Message() const {
  if (handle_ == nullptr) return "out of memory (SQLITE_NOMEM)";
  return std::string(sqlite3_errmsg(handle_)) + " (" +
         ResultName(sqlite3_extended_errcode(handle_)) + ")";
}

std::string ResultName(int code) {
  switch (code) {
    case SQLITE_IOERR_READ: return "SQLITE_IOERR_READ";
    case SQLITE_IOERR_SHORT_READ: return "SQLITE_IOERR_SHORT_READ";
    case SQLITE_IOERR_WRITE: return "SQLITE_IOERR_WRITE";
    case SQLITE_IOERR_FSYNC: return "SQLITE_IOERR_FSYNC";
    case SQLITE_IOERR_TRUNCATE: return "SQLITE_IOERR_TRUNCATE";
    default: break;
  }
  switch (code & 0xff) {
    case SQLITE_BUSY: return "SQLITE_BUSY";
    case SQLITE_LOCKED: return "SQLITE_LOCKED";
    case SQLITE_NOMEM: return "SQLITE_NOMEM";
    case SQLITE_READONLY: return "SQLITE_READONLY";
    case SQLITE_IOERR: return "SQLITE_IOERR " + std::to_string(code >> 8);
    case SQLITE_CORRUPT: return "SQLITE_CORRUPT";
    case SQLITE_FULL: return "SQLITE_FULL";
    case SQLITE_CANTOPEN: return "SQLITE_CANTOPEN";
    case SQLITE_CONSTRAINT: return "SQLITE_CONSTRAINT";
    case SQLITE_NOTADB: return "SQLITE_NOTADB";
    default: return "SQLite result " + std::to_string(code);
  }
}

Statement& Statement::operator=(Statement&& other) noexcept {
  if (this != &other) {
    sqlite3_finalize(handle_);
    handle_ = std::exchange(other.handle_, nullptr);
    next_ = other.next_;
  }
  return *this;
}

int Statement::Prepare(Connection& connection, std::string_view sql) {
  sqlite3_finalize(handle_);
  handle_ = nullptr;
  next_ = 1;
  return sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                            SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
}

// A failed binding (out of memory, or our own misuse) leaves NULL behind, which every column that
// matters refuses.
Statement& Statement::Integer(int64_t value) {
  sqlite3_bind_int64(handle_, next_++, value);
  return *this;
}

Statement& Statement::Real(double value) {
  sqlite3_bind_double(handle_, next_++, value);
  return *this;
}

Statement& Statement::Text(std::string_view value) {
  // A null pointer would bind NULL instead of the empty text.
  sqlite3_bind_text64(handle_, next_++, value.data() == nullptr ? "" : value.data(), value.size(),
                      SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::CopyOfText(std::string_view value) {
  sqlite3_bind_text64(handle_, next_++, value.data() == nullptr ? "" : value.data(), value.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::Blob(std::string_view value) {
  sqlite3_bind_blob64(handle_, next_++, value.data() == nullptr ? "" : value.data(), value.size(),
                      SQLITE_STATIC);
  return *this;
}

Statement& Statement::Null() {
  sqlite3_bind_null(handle_, next_++);
  return *this;
}

std::string_view Statement::text(int column) const {
  // sqlite3_column_blob() returns text without a conversion, too.
  const void* data = sqlite3_column_blob(handle_, column);
  const int size = sqlite3_column_bytes(handle_, column);
  return {static_cast<const char*>(data), static_cast<size_t>(size)};
}

}  // namespace stockd::storage
