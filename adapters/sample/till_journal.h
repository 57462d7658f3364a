// The journal of one till, on its way into files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace stockd::sample {

// A file that is ready.
struct JournalFile {
  std::string name;
  std::string content;
};

// Rows that wait for the next file. Thread-compatible.
class TillJournal {
 public:
  // `header` begins each file; `extension` is ".csv" or ".jsonl".
  TillJournal(std::string till, std::string header, std::string extension)
      : till_(std::move(till)), header_(std::move(header)), extension_(std::move(extension)) {}

  // Rows that happened at `at_ms`.
  void Add(const std::string& rows, int64_t at_ms) {
    if (rows_.empty()) oldest_ms_ = at_ms;
    rows_ += rows;
  }

  // No file before the sample's instant `until_ms`.
  void HoldBack(int64_t until_ms) { held_until_ms_ = until_ms; }
  bool IsHeldBack(int64_t now_ms) const { return now_ms < held_until_ms_; }

  // When the oldest waiting row happened.
  std::optional<int64_t> oldest_ms() const {
    return rows_.empty() ? std::nullopt : std::optional(oldest_ms_);
  }

  // The waiting rows; the file's name carries `stamp`, which differs from file to file.
  JournalFile Close(const std::string& stamp) {
    last_ = {.name = till_ + "-" + stamp + extension_, .content = header_ + rows_};
    rows_.clear();
    return *last_;
  }

  // The last file, once more.
  const std::optional<JournalFile>& last() const { return last_; }

 private:
  const std::string till_;
  const std::string header_;
  const std::string extension_;
  std::string rows_;
  int64_t oldest_ms_ = 0;
  int64_t held_until_ms_ = 0;
  std::optional<JournalFile> last_;
};

}  // namespace stockd::sample
