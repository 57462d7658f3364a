// Bytes that come piece by piece.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "adapters/sdk/file_window.h"

namespace stockd::poslog {

// What TransactionScanner reads from. As sdk::FileWindow, which is the one in use; tests give bytes
// in pieces of their own. For one thread.
class ByteWindow {
 public:
  virtual ~ByteWindow() = default;

  // Read and not consumed; begins at the same byte until Consume(), though at another address after
  // Grow().
  virtual std::string_view data() const = 0;
  // Reads more behind data(). False: nothing follows.
  [[nodiscard]] virtual absl::StatusOr<bool> Grow() = 0;
  virtual void Consume(size_t bytes) = 0;
  // Of data()'s first byte.
  virtual uint64_t offset() const = 0;
};

class FileBytes final : public ByteWindow {
 public:
  explicit FileBytes(sdk::FileWindow window) : window_(std::move(window)) {}

  std::string_view data() const override { return window_.data(); }
  absl::StatusOr<bool> Grow() override { return window_.Grow(); }
  void Consume(size_t bytes) override { window_.Consume(bytes); }
  uint64_t offset() const override { return window_.offset(); }

 private:
  sdk::FileWindow window_;
};

}  // namespace stockd::poslog
