// Takes file after file from a drop folder and sees each through.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "adapters/sdk/file_queue.h"
#include "adapters/sdk/session.h"
#include "adapters/sdk/state_store.h"

namespace stockd::sdk {

// Where the progress of a file is kept in the state store.
[[nodiscard]] std::string ProgressKey(const std::string& file_name);

// Waits for the facts of files that ended in a disk error while some were under way, and forgets
// their acknowledgements: they must not be counted as those of the next file. The session's
// failure, or CANCELLED.
[[nodiscard]] absl::Status ForgetEarlierFiles(Session& session, const std::stop_token& stop);

// An adapter says what is to be done with a file. For one thread, other than Wake().
class FileWorker {
 public:
  struct Counts {
    int64_t done = 0;
    int64_t failed = 0;  // Files in failed/, and with RunOnce() files that could not be finished.
  };

  // The parts outlive it.
  FileWorker(FileQueue& queue, Session& session, StateStore& state, std::stop_token stop);
  virtual ~FileWorker() = default;
  FileWorker(const FileWorker&) = delete;
  FileWorker& operator=(const FileWorker&) = delete;

  // Works until a stop is requested (OK) or the daemon refuses the adapter (that status). A file
  // that the disk or the state store keeps from being finished is tried again after some seconds;
  // until then the adapter's health says so.
  [[nodiscard]] absl::Status Run();

  // Works until no file waits.
  [[nodiscard]] absl::Status RunOnce();

  // There may be new files. From any thread.
  void Wake();

  const Counts& counts() const { return counts_; }

 protected:
  // Sends a claimed file, waits until all of it is acknowledged, and finishes it in the queue.
  //   INVALID_ARGUMENT   it is of no use as a whole, and goes to failed/ with this reason.
  //   CANCELLED          a stop was requested.
  //   any other          the session's failure, or the disk's; the file goes on later.
  [[nodiscard]] virtual absl::Status Send(const std::string& name) = 0;
  // In which order files are taken; they come in the order of their names.
  virtual std::vector<std::string> InOrder(std::vector<std::string> waiting) const {
    return waiting;
  }
  // All files there were have been seen through.
  virtual void OnIdle() {}

 private:
  // Takes all files there are. False: some of them must wait for better times.
  [[nodiscard]] absl::StatusOr<bool> WorkThrough();
  [[nodiscard]] absl::StatusOr<bool> ClaimNext(std::string* name);
  [[nodiscard]] absl::Status Process(const std::string& name);
  // Tells the daemon what keeps a file from being finished; nothing: no longer.
  void Report(const std::string& trouble);

  FileQueue& queue_;
  Session& session_;
  StateStore& state_;
  const std::stop_token stop_;
  Counts counts_;
  bool is_in_trouble_ = false;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool is_woken_ = false;
};

}  // namespace stockd::sdk
