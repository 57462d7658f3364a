#include "daemon/engine/order_log.h"

#include <algorithm>
#include <utility>

#include "daemon/base/check.h"

namespace stockd::engine {

OrderLog::OrderLog(size_t capacity) : ring_(capacity) { STOCKD_CHECK(capacity > 0); }

void OrderLog::Start(uint64_t newest) {
  const absl::MutexLock lock(&mutex_);
  forgotten_ = newest;
  newest_ = newest;
}

void OrderLog::Append(std::span<const fulfilment::OrderEvent> events) {
  if (events.empty()) return;
  {
    const absl::MutexLock lock(&mutex_);
    for (const fulfilment::OrderEvent& event : events) {
      STOCKD_CHECK(event.number == newest_ + 1);
      ring_[event.number % ring_.size()] = event;
      newest_ = event.number;
      if (newest_ - forgotten_ > ring_.size()) ++forgotten_;
    }
  }
  for (const auto& listener : listeners_) listener();
}

std::optional<std::vector<fulfilment::OrderEvent>> OrderLog::Read(uint64_t after,
                                                                  size_t limit) const {
  const absl::ReaderMutexLock lock(&mutex_);
  if (after < forgotten_) return std::nullopt;
  std::vector<fulfilment::OrderEvent> events;
  for (uint64_t number = after + 1; number <= newest_ && events.size() < limit; ++number) {
    events.push_back(ring_[number % ring_.size()]);
  }
  return events;
}

uint64_t OrderLog::newest() const {
  const absl::ReaderMutexLock lock(&mutex_);
  return newest_;
}

void OrderLog::Listen(std::function<void()> listener) { listeners_.push_back(std::move(listener)); }

}  // namespace stockd::engine
