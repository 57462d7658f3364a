// Takes file after file from the drop folder and sees each through.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

#include "adapters/poslog/transaction_file.h"

namespace stockd::poslog {

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
  [[nodiscard]] absl::Status Send(const std::string& name);

  FileContext context_;
  Counts counts_;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool is_woken_ = false;
};

}  // namespace stockd::poslog
