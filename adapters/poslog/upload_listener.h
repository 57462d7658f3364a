// Takes POSLogs over HTTP and puts them into the drop folder.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <memory>

#include <boost/asio/io_context.hpp>

#include "adapters/poslog/poslog_config.h"

namespace stockd::poslog {

// Answers on the io_context's thread:
//   POST /poslog   202 once the body is in the drop folder and on the disk. 401 without the token,
//                  413 beyond body_bytes_max, 415 when it is packed, 503 when too many connections
//                  are open or too many files wait, 507 when the disk is full.
//   GET /healthz   200.
// Sending the same body again is harmless: its transactions are recognised.
class UploadListener {
 public:
  // Binds and listens; answers once the io_context runs.
  //   INVALID_ARGUMENT, UNAVAILABLE   the address is none, or in use.
  [[nodiscard]] static absl::StatusOr<UploadListener> Open(
      boost::asio::io_context& context, const UploadOptions& options,
      const std::filesystem::path& drop_directory);

  // The port that is in use, also when the options say 0.
  int port() const { return port_; }

 private:
  explicit UploadListener(int port) : port_(port) {}

  int port_;
};

}  // namespace stockd::poslog
