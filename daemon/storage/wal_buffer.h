#pragma once

#include <memory>
#include <string>

namespace stockd::storage {

// A layer between SQLite and a file system (a VFS), for one writing connection. SQLite writes each
// page of a commit to the write-ahead log with two small system calls; here they gather in memory
// and reach the file some thirty pages at a time, before the sync that makes the commit durable.
// Every other operation on the log writes what has gathered first, so nothing is ever seen in
// another order. The database file itself is not touched by this.
//
// REQUIRES: the connection commits with `PRAGMA synchronous = FULL`. Without a sync, readers could
// be told of pages that have not reached the file.
//
// Registered under a name of its own as long as it lives; it must outlive its connection.
class WalBuffer {
 public:
  // Over the VFS `base`; empty is the default one. When there is no such VFS, name() is `base`:
  // SQLite then reports it.
  explicit WalBuffer(const std::string& base);
  ~WalBuffer();
  WalBuffer(const WalBuffer&) = delete;
  WalBuffer& operator=(const WalBuffer&) = delete;

  const std::string& name() const { return name_; }

 private:
  struct Vfs;
  std::string name_;
  std::unique_ptr<Vfs> vfs_;
};

}  // namespace stockd::storage
