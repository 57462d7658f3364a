#include "tests/support/grpc_client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/impl/codegen/client_unary_call.h>

#include <google/protobuf/wrappers.pb.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace stockd::support {
namespace {

std::string CodeName(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK: return "OK";
    case grpc::StatusCode::CANCELLED: return "CANCELLED";
    case grpc::StatusCode::INVALID_ARGUMENT: return "INVALID_ARGUMENT";
    case grpc::StatusCode::DEADLINE_EXCEEDED: return "DEADLINE_EXCEEDED";
    case grpc::StatusCode::NOT_FOUND: return "NOT_FOUND";
    case grpc::StatusCode::ALREADY_EXISTS: return "ALREADY_EXISTS";
    case grpc::StatusCode::PERMISSION_DENIED: return "PERMISSION_DENIED";
    case grpc::StatusCode::RESOURCE_EXHAUSTED: return "RESOURCE_EXHAUSTED";
    case grpc::StatusCode::FAILED_PRECONDITION: return "FAILED_PRECONDITION";
    case grpc::StatusCode::ABORTED: return "ABORTED";
    case grpc::StatusCode::INTERNAL: return "INTERNAL";
    case grpc::StatusCode::UNAVAILABLE: return "UNAVAILABLE";
    default: return "code " + std::to_string(code);
  }
}

}  // namespace

GrpcClient::GrpcClient(const std::string& address, Intake intake) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  // Despite its name this is how long one try to connect may take at least.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 10'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // A test wants to see each answer.
  // Its own connection, so that clients do not wait for each other.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  if (intake == Intake::kSmall) {
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 64 << 10);
  }
  channel_ = grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  availability_ = v1::AvailabilityService::NewStub(channel_);
  reservation_ = v1::ReservationService::NewStub(channel_);
  catalogue_ = v1::CatalogueService::NewStub(channel_);
  adapter_ = v1::AdapterService::NewStub(channel_);
  operations_ = v1::OperationsService::NewStub(channel_);
}

void GrpcClient::Prepare(grpc::ClientContext& context, std::chrono::milliseconds patience,
                         Connect connect) {
  context.set_deadline(CalendarNow() + patience);
  context.set_wait_for_ready(connect == Connect::kWait);
}

std::string GrpcClient::Health() {
  // The two messages have the same bytes as HealthCheckRequest and HealthCheckResponse, for which
  // Debian has no C++ code.
  google::protobuf::StringValue request;
  google::protobuf::UInt32Value response;
  grpc::ClientContext context;
  Prepare(context, kPatience, Connect::kNow);
  const grpc::internal::RpcMethod method("/grpc.health.v1.Health/Check",
                                         grpc::internal::RpcMethod::NORMAL_RPC, channel_);
  const grpc::Status status = grpc::internal::BlockingUnaryCall<
      google::protobuf::StringValue, google::protobuf::UInt32Value, google::protobuf::MessageLite,
      google::protobuf::MessageLite>(channel_.get(), method, &context, request, &response);
  if (!status.ok()) return CodeName(status.error_code());
  return response.value() == 1 ? "SERVING" : "NOT_SERVING";
}

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return {};
  for (const google::protobuf::Any& detail : details.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return {};
}

std::string Describe(const grpc::Status& status) {
  if (status.ok()) return "OK";
  return CodeName(status.error_code()) + " " + ReasonOf(status) + ": " + status.error_message();
}

}  // namespace stockd::support
