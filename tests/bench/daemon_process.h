#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "stockd/v1/operations_service.grpc.pb.h"
#include "tests/bench/process.h"

namespace stockd::bench {

// The source that may connect to the measured daemon.
inline constexpr char kSourceId[] = "bench";
// Sources "listener-0", "listener-1", ... that may connect as well.
inline constexpr int kListeners = 20;

// What is measured but reports themselves has none beside it.
inline constexpr char kReportsOff[] = "[reports]\nenabled = false\n";

// A running stockd over one database.
class DaemonProcess {
 public:
  // Starts it and waits until it serves; `more_config` is TOML. Its configuration and log lie
  // beside the database. Throws BenchError.
  DaemonProcess(const std::filesystem::path& program, const std::filesystem::path& database,
                const std::string& more_config = kReportsOff);

  const std::string& address() const { return address_; }
  const std::string& http_address() const { return http_address_; }
  Process& process() { return process_; }
  // From its start until the line that says it serves.
  double start_seconds() const { return start_seconds_; }

  v1::GetStatusResponse Status();

  // Stops it in good order. Throws BenchError when it does not.
  void Stop();

 private:
  Process process_;
  double start_seconds_ = 0;
  std::string address_;
  std::string http_address_;
  std::unique_ptr<v1::OperationsService::Stub> operations_;
};

}  // namespace stockd::bench
