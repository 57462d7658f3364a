#include "tests/bench/daemon_process.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <chrono>
#include <fstream>

namespace stockd::bench {
namespace {

constexpr double kStartSecondsMax = 300;
constexpr double kStopSecondsMax = 120;
constexpr auto kAnswerMax = std::chrono::seconds(30);

std::vector<std::string> CommandLine(const std::filesystem::path& program,
                                     const std::filesystem::path& database,
                                     const std::string& more_config) {
  const std::filesystem::path config = database.parent_path() / "stockd.toml";
  std::ofstream text(config);
  text << "[server]\nlisten = \"127.0.0.1:0\"\n[http]\nlisten = "
          "\"127.0.0.1:0\"\n[storage]\ndatabase = \""
       << database.string() << "\"\n"
       << more_config
       // The histories of the databases are years old.
       << "[facts]\nlook_back = \"3650d\"\n[[source]]\nid = \"" << kSourceId << "\"\n";
  for (int i = 0; i < kListeners; ++i) text << "[[source]]\nid = \"listener-" << i << "\"\n";
  return {program.string(), "--config", config.string()};
}

}  // namespace

DaemonProcess::DaemonProcess(const std::filesystem::path& program,
                             const std::filesystem::path& database, const std::string& more_config)
    : process_(CommandLine(program, database, more_config), database.parent_path() / "stockd.log") {
  const auto begin = std::chrono::steady_clock::now();
  const std::string line = process_.ReadLine(kStartSecondsMax);
  start_seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  address_ = line.substr(line.rfind(' ') + 1);
  const std::string http_line = process_.ReadLine(kStartSecondsMax);
  http_address_ = http_line.substr(http_line.rfind(' ') + 1);
  operations_ = v1::OperationsService::NewStub(
      grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
}

v1::GetStatusResponse DaemonProcess::Status() {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kAnswerMax);
  v1::GetStatusResponse response;
  const grpc::Status status = operations_->GetStatus(&context, {}, &response);
  if (!status.ok()) throw BenchError("stockd does not tell its status: " + status.error_message());
  return response;
}

void DaemonProcess::Stop() {
  if (const int code = process_.Stop(kStopSecondsMax); code != 0) {
    throw BenchError("stockd ended with " + std::to_string(code));
  }
}

}  // namespace stockd::bench
