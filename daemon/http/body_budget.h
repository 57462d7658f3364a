#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace stockd::http {

// Memory for the large bodies of all connections. Thread-safe; outlives the shares.
class BodyBudget {
 public:
  explicit BodyBudget(int64_t bytes_max) : bytes_max_(bytes_max) {}

  // What one body takes of it; given back with it. Thread-compatible.
  class Share {
   public:
    explicit Share(BodyBudget& budget) : budget_(budget) {}
    ~Share() { Clear(); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    // The body has so many bytes now. False when there is no room for them.
    [[nodiscard]] bool Grow(int64_t bytes) {
      if (bytes <= kSmallBytes || bytes <= bytes_) return true;
      const int64_t more = bytes - bytes_;
      if (budget_.used_.fetch_add(more, std::memory_order_relaxed) + more > budget_.bytes_max_) {
        budget_.used_.fetch_sub(more, std::memory_order_relaxed);
        return false;
      }
      bytes_ = bytes;
      return true;
    }
    void Clear() { budget_.used_.fetch_sub(std::exchange(bytes_, 0), std::memory_order_relaxed); }

   private:
    BodyBudget& budget_;
    int64_t bytes_ = 0;
  };

  // Bodies of up to this size are not counted, so that those who send large ones cannot keep
  // checkouts out.
  static constexpr int64_t kSmallBytes = int64_t{64} << 10;

 private:
  const int64_t bytes_max_;
  std::atomic<int64_t> used_{0};
};

}  // namespace stockd::http
