#pragma once

#include <string>

#include "daemon/storage/error_text.h"
#include "daemon/storage/reader.h"
#include "daemon/storage/reader_connection.h"

namespace stockd::storage {

// Several reads that see the same commit, for as long as it lives.
class ReadTransaction {
 public:
  // Throws ReadError.
  ReadTransaction(ReaderConnection& connection, const std::string& path) : connection_(connection) {
    if (connection.begin.Run() != SQLITE_DONE) {
      throw ReadError(ErrorText(path, "begin to read", connection.connection));
    }
  }
  ~ReadTransaction() { connection_.commit.Run(); }
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;

 private:
  ReaderConnection& connection_;
};

}  // namespace stockd::storage
