// What is done with the files of a drop folder, by their kinds.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <utility>
#include <vector>

#include "adapters/files/file_context.h"
#include "adapters/files/file_kind.h"
#include "adapters/files/file_report.h"
#include "adapters/sdk/file_worker.h"

namespace stockd::files {

class FileWorker final : public sdk::FileWorker {
 public:
  explicit FileWorker(FileContext context)
      : sdk::FileWorker(context.queue, context.session, context.state, context.stop),
        context_(std::move(context)) {}

 private:
  [[nodiscard]] absl::Status Send(const std::string& name) override;
  // The kinds in their order, so that items come before what refers to them.
  std::vector<std::string> InOrder(std::vector<std::string> waiting) const override;
  // Shows quotas with what the files before have changed. When it fails, the next time.
  void OnIdle() override;

  [[nodiscard]] absl::Status SendFacts(FileKind kind, const std::string& name);
  [[nodiscard]] absl::Status SendRecords(FileKind kind, const std::string& name);
  [[nodiscard]] absl::StatusOr<FileKind> KindOf(const std::string& name) const;
  // Moves the file to done/ with its summary.
  [[nodiscard]] absl::Status Finish(const std::string& name, const std::string& final_name,
                                    const FileReport& report);

  FileContext context_;
  bool quotas_changed_ = true;  // Since they were shown, or nobody knows.
};

}  // namespace stockd::files
