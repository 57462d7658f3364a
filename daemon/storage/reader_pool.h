#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "daemon/storage/reader_connection.h"

namespace stockd::storage {

// A fixed set of read-only connections that callers borrow. Thread-safe.
class ReaderPool {
 public:
  // A borrowed connection; given back when it goes out of scope.
  class Lease {
   public:
    Lease(ReaderPool& pool, std::unique_ptr<ReaderConnection> connection)
        : pool_(pool), connection_(std::move(connection)) {}
    ~Lease() { pool_.GiveBack(std::move(connection_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    ReaderConnection* operator->() const { return connection_.get(); }
    ReaderConnection& operator*() const { return *connection_; }

   private:
    ReaderPool& pool_;
    std::unique_ptr<ReaderConnection> connection_;
  };

  // REQUIRES: at least one connection.
  explicit ReaderPool(std::vector<std::unique_ptr<ReaderConnection>> connections)
      : free_(std::move(connections)) {}

  // Waits until a connection is free.
  Lease Borrow() {
    std::unique_lock lock(mutex_);
    given_back_.wait(lock, [this] { return !free_.empty(); });
    std::unique_ptr<ReaderConnection> connection = std::move(free_.back());
    free_.pop_back();
    return {*this, std::move(connection)};
  }

 private:
  void GiveBack(std::unique_ptr<ReaderConnection> connection) {
    {
      const std::lock_guard lock(mutex_);
      free_.push_back(std::move(connection));
    }
    given_back_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable given_back_;
  std::vector<std::unique_ptr<ReaderConnection>> free_;  // Guarded by mutex_.
};

}  // namespace stockd::storage
