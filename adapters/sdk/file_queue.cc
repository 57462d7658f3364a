#include "adapters/sdk/file_queue.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "adapters/sdk/clock.h"
#include "adapters/sdk/timestamp_text.h"

namespace stockd::sdk {
namespace {

namespace fs = std::filesystem;

bool IsComplete(const std::string& name) {
  return !name.starts_with('.') && !name.ends_with(".tmp") && !name.ends_with(".part");
}

absl::StatusOr<std::vector<std::string>> CompleteFiles(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;  // Between the listing and the look at it: not there is not a file.
    const std::string name = entry->path().filename();
    if (IsComplete(name) && entry->is_regular_file(gone)) names.push_back(name);
  }
  if (error) {
    return absl::InternalError(fmt::format("cannot list {}: {}", folder.string(), error.message()));
  }
  std::ranges::sort(names);
  return names;
}

absl::Status CreateFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) return absl::OkStatus();
  return absl::InternalError(fmt::format("cannot create {}: {}", folder.string(), error.message()));
}

bool Exists(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

// Moves a file that may have been moved before.
absl::Status MoveIfThere(const fs::path& from, const fs::path& to) {
  absl::Status status = MoveFile(from, to);
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

}  // namespace

FileQueue::FileQueue(fs::path drop, std::string rejected_suffix, FileDescriptor lock)
    : drop_(std::move(drop)),
      work_(drop_ / "work"),
      done_(drop_ / "done"),
      failed_(drop_ / "failed"),
      rejected_suffix_(std::move(rejected_suffix)),
      lock_(std::move(lock)) {}

absl::StatusOr<FileQueue> FileQueue::Open(const fs::path& drop_directory,
                                          std::string rejected_suffix) {
  for (const char* folder : {"work", "done", "failed"}) {
    if (absl::Status status = CreateFolder(drop_directory / folder); !status.ok()) return status;
  }
  const fs::path lock_path = drop_directory / "work/.lock";
  FileDescriptor lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!lock.is_open()) return SystemError("open", lock_path);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(
        fmt::format("another adapter serves {}; stop it first, or give this one a drop_directory "
                    "of its own",
                    drop_directory.string()));
  }
  return FileQueue(drop_directory, std::move(rejected_suffix), std::move(lock));
}

absl::StatusOr<std::vector<std::string>> FileQueue::Claimed() const { return CompleteFiles(work_); }

absl::StatusOr<std::vector<std::string>> FileQueue::Waiting() const { return CompleteFiles(drop_); }

absl::StatusOr<bool> FileQueue::Claim(const std::string& name) {
  if (Exists(work_ / name)) return false;
  absl::Status status = MoveFile(drop_ / name, work_ / name);
  if (absl::IsNotFound(status)) return false;
  if (!status.ok()) return status;
  return true;
}

fs::path FileQueue::RejectedPath(const std::string& name) const {
  return work_ / fmt::format(".{}{}", name, rejected_suffix_);
}

std::string FileQueue::FinalName(const std::string& name) const {
  if (!Exists(done_ / name) && !Exists(failed_ / name)) return name;
  const fs::path path(name);
  return fmt::format("{}.{}{}", path.stem().string(), FormatCompactTimestamp(Now()),
                     path.extension().string());
}

absl::Status FileQueue::Finish(const std::string& name, const std::string& final_name,
                               std::string_view summary) {
  absl::Status status = MoveIfThere(RejectedPath(name), done_ / (final_name + rejected_suffix_));
  if (!status.ok()) return status;
  status = WriteFileAtomically(done_ / (final_name + ".summary.json"), summary);
  if (!status.ok()) return status;
  status = MoveIfThere(work_ / name, done_ / final_name);
  if (!status.ok()) return status;
  return SyncFolder(done_);
}

absl::Status FileQueue::Fail(const std::string& name, std::string_view reason) {
  const std::string final_name = FinalName(name);
  std::error_code error;
  fs::remove(RejectedPath(name), error);  // All of it is in failed/ anyway.
  const std::string text = fmt::format(
      "{} could not be used: {}\n\nNothing of it was sent. Mend the file or the configuration and "
      "move the file back to {}.\n",
      name, reason, drop_.string());
  const absl::Status status = WriteFileAtomically(failed_ / (final_name + ".error.txt"), text);
  if (!status.ok()) return status;
  return MoveFile(work_ / name, failed_ / final_name);
}

}  // namespace stockd::sdk
