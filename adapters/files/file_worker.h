// Takes file after file from the drop folder and sees each through.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

#include "adapters/files/file_context.h"
#include "adapters/files/file_kind.h"
#include "adapters/files/file_report.h"

namespace stockd::files {

// For one thread, other than Wake().
class FileWorker {
 public:
  struct Counts {
    int64_t done = 0;
    int64_t failed = 0;  // Files in failed/, and with RunOnce() files that could not be finished.
  };

  explicit FileWorker(FileContext context) : context_(std::move(context)) {}

  // Works until a stop is requested (OK) or the daemon refuses the adapter (that status). A file
  // that the disk or the state store keeps from being finished is tried again after some seconds.
  [[nodiscard]] absl::Status Run();

  // Works until no file waits.
  [[nodiscard]] absl::Status RunOnce();

  // There may be new files. From any thread.
  void Wake();

  const Counts& counts() const { return counts_; }

 private:
  // Takes all files there are. False: some of them must wait for better times.
  [[nodiscard]] absl::StatusOr<bool> WorkThrough();
  [[nodiscard]] absl::StatusOr<bool> ClaimNext(std::string* name);
  [[nodiscard]] absl::Status Process(const std::string& name);
  [[nodiscard]] absl::Status ProcessFacts(FileKind kind, const std::string& name);
  [[nodiscard]] absl::Status ProcessRecords(FileKind kind, const std::string& name);
  [[nodiscard]] absl::StatusOr<FileKind> KindOf(const std::string& name) const;
  void LogDone(const FileReport& report);
  void ShowQuotas();

  FileContext context_;
  Counts counts_;
  bool quotas_changed_ = true;  // Since they were shown, or nobody knows.
  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool is_woken_ = false;
};

}  // namespace stockd::files
