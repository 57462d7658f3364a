#include "daemon/rpc/call_meter.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

namespace stockd::rpc {
namespace {

constexpr int kUnknown = 2;

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

void CallMeter::Row::Note(int code, Duration took) {
  const bool is_known = code >= 0 && code < static_cast<int>(kCodes);
  outcomes[static_cast<size_t>(is_known ? code : kUnknown)].fetch_add(1, std::memory_order_relaxed);
  // The machine's clock may have been set back meanwhile.
  micros.Observe(std::max<int64_t>(0, took.count()));
}

CallMeter::Row& CallMeter::RowOf(std::string_view method, std::string_view transport) {
  const std::string key = absl::StrCat(ToAbsl(transport), " ", ToAbsl(method));
  {
    const absl::ReaderMutexLock lock(&mutex_);
    if (const auto found = rows_.find(key); found != rows_.end()) return *found->second;
  }
  const absl::MutexLock lock(&mutex_);
  std::unique_ptr<Row>& row = rows_[key];
  if (!row) row = std::make_unique<Row>();
  return *row;
}

void CallMeter::ForEach(
    const std::function<void(std::string_view, std::string_view, const Row&)>& each) const {
  const absl::ReaderMutexLock lock(&mutex_);
  for (const auto& [key, row] : rows_) {
    const size_t space = key.find(' ');
    each(std::string_view(key).substr(space + 1), std::string_view(key).substr(0, space), *row);
  }
}

}  // namespace stockd::rpc
