// What became of one file.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace stockd::files {

// Counts of one file. Each row that was read is sent, skipped or rejected; each fact that was sent
// is applied, a duplicate or quarantined.
struct FileReport {
  // A fact that waits in the daemon.
  struct Quarantined {
    int64_t line = 0;
    std::string event_id;
    std::string reason;
    int64_t quarantine_id = 0;
  };

  std::string file;  // As it was dropped.
  std::string kind;  // "facts", "items" and so on.
  int64_t rows_read = 0;
  std::map<std::string, int64_t> rows_skipped;   // By rule, "kind=bad_debt".
  std::map<std::string, int64_t> rows_rejected;  // By reason.
  // Facts.
  int64_t facts_sent = 0;
  int64_t applied = 0;
  int64_t duplicates = 0;
  std::map<std::string, int64_t> quarantined;  // By reason.
  std::vector<Quarantined> quarantined_facts;  // The first kQuarantinedListedMax.
  // Catalogue records and the rows of levels.
  int64_t records_sent = 0;
  int64_t created = 0;
  int64_t changed = 0;
  int64_t unchanged = 0;
  int64_t overtaken = 0;  // Levels that a later count had overtaken.
  int64_t set_aside = 0;  // Levels in quarantine.
  std::chrono::milliseconds duration{0};
};

inline constexpr size_t kQuarantinedListedMax = 1000;

[[nodiscard]] std::string ToJson(const FileReport& report);
[[nodiscard]] absl::StatusOr<FileReport> FileReportFromJson(std::string_view json);

// One paragraph for the log.
[[nodiscard]] std::string ToSummary(const FileReport& report);

// How far a file of facts has come; what a restart goes on from.
struct FileProgress {
  uint64_t offset = 0;  // Every row before it is settled. 0: nothing is.
  int64_t line = 1;     // The line that begins there.
  uint64_t rejected_bytes = 0;
  std::string
      finished_name;  // Set once everything is settled: the name that the file gets in done/.
  FileReport report;  // Of the rows before `offset`.
};

[[nodiscard]] std::string ToJson(const FileProgress& progress);
[[nodiscard]] absl::StatusOr<FileProgress> FileProgressFromJson(std::string_view json);

}  // namespace stockd::files
