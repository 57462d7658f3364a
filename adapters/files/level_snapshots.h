// Files of absolute levels.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <utility>

#include "adapters/files/file_context.h"
#include "adapters/files/file_report.h"
#include "adapters/sdk/snapshot_answers.h"
#include "adapters/sdk/timestamp_text.h"

namespace stockd::files {

// The instant that a file name states: "levels-2011-01-05T060000Z.csv", "levels_20110105.csv";
// without Z it is meant in `zone`, without a time of day at midnight. NOT_FOUND when the name
// states none, INVALID_ARGUMENT when there is no such date.
[[nodiscard]] absl::StatusOr<sdk::Timestamp> AsOfFromName(std::string_view file_name,
                                                          std::string_view zone);

// Sends the rows of a claimed file as one snapshot, which becomes effective at its end. The file is
// read twice: once to find bad rows, the instant and the snapshot's id, and once for sending. The
// id follows from the content and the instant, so the same levels again change nothing. After a
// crash the file is sent again.
//   INVALID_ARGUMENT   the file is of no use as a whole: no header, columns missing, no instant, no
//   good row. CANCELLED          a stop was requested. any other          the session's failure, or
//   the disk's.
[[nodiscard]] absl::StatusOr<FileReport> SendLevelFile(const FileContext& context,
                                                       const std::string& name);

// Answers requests with the last file of levels that was sent: its rows, as of its instant. For one
// thread, which must be the only one that uses the context's scales.
class LastLevels final : public sdk::SnapshotSource {
 public:
  explicit LastLevels(FileContext context) : context_(std::move(context)) {}

  // NOT_FOUND when there was none, or it is gone.
  absl::StatusOr<sdk::Snapshot> Read(const v1::SnapshotRequest& request) override;

  // Notes the file under its name in done/.
  [[nodiscard]] static absl::Status Note(sdk::StateStore& state, const std::string& final_name);

 private:
  FileContext context_;
};

}  // namespace stockd::files
