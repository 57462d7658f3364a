#include "adapters/sdk/daemon_channel.h"

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>

#include "adapters/sdk/file_io.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace stockd::sdk {
namespace {

std::string ErrorReason(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return {};
  for (const google::protobuf::Any& detail : details.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return {};
}

absl::StatusOr<std::string> ReadPem(const std::filesystem::path& path) {
  return path.empty() ? std::string() : ReadWholeFile(path);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeCredentials(
    const ChannelOptions& options) {
  if (options.certificate_file.empty() != options.key_file.empty()) {
    return absl::InvalidArgumentError("a certificate and its key go together");
  }
  if (options.authority_file.empty() && options.certificate_file.empty()) {
    return grpc::InsecureChannelCredentials();
  }
  const absl::StatusOr<std::string> authority = ReadPem(options.authority_file);
  if (!authority.ok()) return authority.status();
  const absl::StatusOr<std::string> certificate = ReadPem(options.certificate_file);
  if (!certificate.ok()) return certificate.status();
  const absl::StatusOr<std::string> key = ReadPem(options.key_file);
  if (!key.ok()) return key.status();
  grpc::SslCredentialsOptions ssl;
  ssl.pem_root_certs = *authority;
  ssl.pem_cert_chain = *certificate;
  ssl.pem_private_key = *key;
  return grpc::SslCredentials(ssl);
}

std::shared_ptr<grpc::Channel> Open(const std::string& address,
                                    const std::shared_ptr<grpc::ChannelCredentials>& credentials,
                                    std::chrono::milliseconds retry_max) {
  const int retry_max_ms = static_cast<int>(std::max<int64_t>(retry_max.count(), 100));
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, retry_max_ms);
  // Notices a peer that vanished without a word. More often than every five minutes would be
  // taken for abuse by a gRPC server with default settings.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 330'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const ChannelOptions& options) {
  const auto credentials = MakeCredentials(options);
  if (!credentials.ok()) return credentials.status();
  return Open(options.address, *credentials, options.retry_max);
}

std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address,
                                           std::chrono::milliseconds retry_max) {
  return Open(address, grpc::InsecureChannelCredentials(), retry_max);
}

absl::Status ToAbslStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const std::string reason = ErrorReason(status);
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      reason.empty() ? status.error_message()
                                     : fmt::format("{}: {}", reason, status.error_message()));
}

std::string ReasonOf(const absl::Status& status) {
  const std::string message(status.message());
  const size_t end = message.find(": ");
  const std::string reason = message.substr(0, end);
  const bool is_reason =
      end != std::string::npos && !reason.empty() && std::ranges::all_of(reason, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      });
  return is_reason ? reason : std::string();
}

bool IsWorthRetrying(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown: return true;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kDataLoss: return false;
    default: return false;  // The enumeration asks for a default: more codes may be added.
  }
}

}  // namespace stockd::sdk
