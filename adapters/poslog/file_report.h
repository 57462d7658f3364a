// What became of one file.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace stockd::poslog {

// Facts in quarantine that a summary lists.
inline constexpr size_t kQuarantinedListedMax = 1000;

// Each transaction that was read is sent, skipped or rejected; each fact that was sent is applied,
// a duplicate or quarantined.
struct FileReport {
  // A fact that waits in the daemon.
  struct Quarantined {
    std::string event_id;
    std::string reason;
    int64_t quarantine_id = 0;
  };

  std::string file;  // As it was dropped.
  int64_t transactions_read = 0;
  int64_t transactions_sent = 0;
  std::map<std::string, int64_t> transactions_skipped;   // By rule, "training".
  std::map<std::string, int64_t> transactions_rejected;  // By reason.
  std::map<std::string, int64_t> lines_skipped;          // By kind, "Tender".
  int64_t lines_voided = 0;
  // Transactions at a time that the clock showed twice; it was taken for the first.
  int64_t times_repeated = 0;
  int64_t facts_sent = 0;
  int64_t applied = 0;
  int64_t duplicates = 0;
  std::map<std::string, int64_t> quarantined;  // By reason.
  std::vector<Quarantined> quarantined_facts;  // The first kQuarantinedListedMax.
  std::chrono::milliseconds duration{0};
};

[[nodiscard]] std::string ToJson(const FileReport& report);

// One paragraph for the log.
[[nodiscard]] std::string ToSummary(const FileReport& report);

// How far a file has come; what a restart goes on from.
struct FileProgress {
  uint64_t offset = 0;  // Every transaction before it is settled. 0: none is.
  uint64_t rejected_bytes = 0;
  std::string
      finished_name;  // Set once everything is settled: the name that the file gets in done/.
  FileReport report;  // Of the transactions before `offset`.
};

[[nodiscard]] std::string ToJson(const FileProgress& progress);
[[nodiscard]] absl::StatusOr<FileProgress> FileProgressFromJson(std::string_view json);

}  // namespace stockd::poslog
