#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/base/histogram.h"
#include "daemon/base/time.h"

namespace stockd::rpc {

// How often each method was called, how that ended and how long it took. Thread-safe.
class CallMeter {
 public:
  static constexpr size_t kCodes = 17;  // The canonical ones, by number.

  // One method over one transport.
  struct Row {
    std::array<std::atomic<int64_t>, kCodes> outcomes{};
    Histogram<14> micros{{100, 200, 500, 1'000, 2'000, 5'000, 10'000, 20'000, 50'000, 100'000,
                          200'000, 500'000, 1'000'000, 5'000'000}};

    // A call ended with this code after this time.
    void Note(int code, Duration took);
  };

  // `method` is "/package.Service/Method", `transport` "grpc" or "http". The row stays valid.
  Row& RowOf(std::string_view method, std::string_view transport);

  void ForEach(const std::function<void(std::string_view method, std::string_view transport,
                                        const Row& row)>& each) const;

 private:
  mutable absl::Mutex mutex_;
  // By "transport method".
  absl::flat_hash_map<std::string, std::unique_ptr<Row>> rows_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::rpc
