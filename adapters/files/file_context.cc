#include "adapters/files/file_context.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "adapters/sdk/log.h"

namespace stockd::files {

ProgressLog::ProgressLog(std::string file_name, uint64_t file_size)
    : file_name_(std::move(file_name)),
      file_size_(file_size),
      started_at_(sdk::SteadyNow()),
      logged_at_(started_at_) {}

void ProgressLog::Note(int64_t rows, uint64_t offset) {
  constexpr std::chrono::seconds kInterval{2};
  const sdk::SteadyTime now = sdk::SteadyNow();
  if (first_rows_ < 0) first_rows_ = rows;
  if (now - logged_at_ < kInterval) return;
  logged_at_ = now;
  const double seconds = std::chrono::duration<double>(now - started_at_).count();
  const double percent =
      file_size_ == 0 ? 100 : 100 * static_cast<double>(offset) / static_cast<double>(file_size_);
  spdlog::info("file in work file={} rows={} percent={:.1f} rows_per_s={:.0f}",
               sdk::LogValue(file_name_), rows, percent,
               static_cast<double>(rows - first_rows_) / seconds);
}

}  // namespace stockd::files
