#include "adapters/poslog/upload_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "adapters/sdk/clock.h"
#include "adapters/sdk/timestamp_text.h"

namespace stockd::poslog {
namespace {

namespace fs = std::filesystem;

// Names that begin with a dot are not taken from the drop folder.
constexpr std::string_view kDraftPrefix = ".upload-";

}  // namespace

void UploadFile::RemoveLeftovers(const fs::path& drop_directory) {
  std::error_code error;
  for (fs::directory_iterator entry(drop_directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (!name.starts_with(kDraftPrefix)) continue;
    std::error_code stays;  // Then it is in nobody's way.
    fs::remove(entry->path(), stays);
  }
}

UploadFile::UploadFile(fs::path drop, fs::path draft, sdk::FileDescriptor file)
    : drop_(std::move(drop)), draft_(std::move(draft)), file_(std::move(file)) {}

UploadFile::~UploadFile() {
  if (!draft_.empty()) ::unlink(draft_.c_str());
}

absl::StatusOr<UploadFile> UploadFile::Create(const fs::path& drop_directory, uint64_t number) {
  fs::path draft = drop_directory / fmt::format("{}{}-{}.part", kDraftPrefix, ::getpid(), number);
  sdk::FileDescriptor file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file.is_open()) return sdk::SystemError("create", draft);
  return UploadFile(drop_directory, std::move(draft), std::move(file));
}

absl::Status UploadFile::Add(std::string_view bytes) {
  hash_.Add(bytes);
  return sdk::WriteAll(file_.get(), bytes, draft_);
}

absl::StatusOr<std::string> UploadFile::Queue() {
  constexpr size_t kHashShown = 8;
  if (::fdatasync(file_.get()) != 0) return sdk::SystemError("sync", draft_);
  // In the order in which they came, and no two alike: the number of the draft is the process's.
  const std::string number = draft_.stem().string().substr(kDraftPrefix.size());
  std::string name = fmt::format("post-{}-{}-{}.xml", sdk::FormatCompactTimestamp(sdk::Now()),
                                 number, hash_.TakeName().substr(0, kHashShown));
  if (absl::Status status = sdk::MoveFile(draft_, drop_ / name); !status.ok()) return status;
  draft_.clear();
  if (absl::Status status = sdk::SyncFolder(drop_); !status.ok()) return status;
  return name;
}

}  // namespace stockd::poslog
