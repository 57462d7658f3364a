// What is done with a POSLog file of the drop folder.
#pragma once

#include <absl/status/status.h>

#include <string>
#include <utility>

#include "adapters/poslog/transaction_file.h"
#include "adapters/sdk/file_worker.h"

namespace stockd::poslog {

class FileWorker final : public sdk::FileWorker {
 public:
  explicit FileWorker(FileContext context)
      : sdk::FileWorker(context.queue, context.session, context.state, context.stop),
        context_(std::move(context)) {}

 private:
  [[nodiscard]] absl::Status Send(const std::string& name) override;

  FileContext context_;
};

}  // namespace stockd::poslog
