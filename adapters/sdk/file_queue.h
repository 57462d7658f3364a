// The drop folder: each file in it is taken exactly once.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/file_io.h"

namespace stockd::sdk {

// A file goes by atomic renames from the drop folder to work/ and from there to done/ or failed/,
// all of them folders inside the drop folder. Writers rename too: a file whose name begins with '.'
// or ends in .tmp or .part is still being written. For one thread; one process at a time.
class FileQueue {
 public:
  // Creates the folders. `rejected_suffix` is how the name of what is set aside of a file ends,
  // ".rejected.csv".
  //   FAILED_PRECONDITION   another process serves this drop folder.
  [[nodiscard]] static absl::StatusOr<FileQueue> Open(const std::filesystem::path& drop_directory,
                                                      std::string rejected_suffix);

  // Files that an earlier run has claimed and not finished.
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> Claimed() const;
  // Complete files in the drop folder, by name.
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> Waiting() const;

  // Moves a waiting file to work/. False when it is not there any more, or a file of that name is
  // being worked on.
  [[nodiscard]] absl::StatusOr<bool> Claim(const std::string& name);

  std::filesystem::path WorkPath(const std::string& name) const { return work_ / name; }
  // Of a finished file, by its final name.
  std::filesystem::path DonePath(const std::string& final_name) const { return done_ / final_name; }
  // Where what is set aside is collected until the file is finished.
  std::filesystem::path RejectedPath(const std::string& name) const;

  // The name that a claimed file gets in done/ or failed/: its own, or with the present time in it
  // when a file of that name is there already.
  [[nodiscard]] std::string FinalName(const std::string& name) const;

  // Leaves done/<final name>, .summary.json and, if anything was set aside, that. Safe to repeat.
  [[nodiscard]] absl::Status Finish(const std::string& name, const std::string& final_name,
                                    std::string_view summary);

  // Leaves failed/<final name> and .error.txt with the reason.
  [[nodiscard]] absl::Status Fail(const std::string& name, std::string_view reason);

 private:
  FileQueue(std::filesystem::path drop, std::string rejected_suffix, FileDescriptor lock);

  std::filesystem::path drop_;
  std::filesystem::path work_;
  std::filesystem::path done_;
  std::filesystem::path failed_;
  std::string rejected_suffix_;
  FileDescriptor lock_;
};

}  // namespace stockd::sdk
