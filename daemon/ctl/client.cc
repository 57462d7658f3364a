#include "daemon/ctl/client.h"

#include <grpc/grpc.h>

#include <fstream>
#include <iterator>

#include "daemon/ctl/command.h"

namespace stockd::ctl {
namespace {

constexpr int kAnswerBytesMax = 64 << 20;

std::string ReadFile(const std::string& path) {
  if (path.empty()) return "";
  std::ifstream file(path, std::ios::binary);
  if (!file) throw UsageError("cannot open " + path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::shared_ptr<grpc::ChannelCredentials> MakeCredentials(const ClientOptions& options) {
  const bool tls =
      !options.ca_file.empty() || !options.certificate_file.empty() || !options.key_file.empty();
  if (!tls) return grpc::InsecureChannelCredentials();
  if (options.certificate_file.empty() != options.key_file.empty()) {
    throw UsageError("--cert and --key go together");
  }
  grpc::SslCredentialsOptions ssl;
  ssl.pem_root_certs = ReadFile(options.ca_file);
  ssl.pem_cert_chain = ReadFile(options.certificate_file);
  ssl.pem_private_key = ReadFile(options.key_file);
  return grpc::SslCredentials(ssl);
}

}  // namespace

Client::Client(ClientOptions options) : options_(std::move(options)) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  // A proxy for the web is not meant for the warehouse next door.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  channel_ = grpc::CreateCustomChannel(options_.server, MakeCredentials(options_), arguments);
}

gpr_timespec Client::Deadline(std::chrono::microseconds patience) {
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                      gpr_time_from_micros(patience.count(), GPR_TIMESPAN));
}

}  // namespace stockd::ctl
