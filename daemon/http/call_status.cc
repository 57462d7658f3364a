#include "daemon/http/call_status.h"

#include <absl/strings/escaping.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <memory>
#include <utility>

#include <google/protobuf/any.pb.h>

#include "daemon/http/from_grpc.h"
#include "daemon/http/json_writer.h"
#include "daemon/rpc/status.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace stockd::http {
namespace {

using google::protobuf::Any;

struct CodeRow {
  std::string_view name;
  int http_status;
};

// By number.
constexpr CodeRow kCodes[] = {
    {"ok", 200},
    {"canceled", 499},
    {"unknown", 500},
    {"invalid_argument", 400},
    {"deadline_exceeded", 504},
    {"not_found", 404},
    {"already_exists", 409},
    {"permission_denied", 403},
    {"resource_exhausted", 429},
    {"failed_precondition", 400},
    {"aborted", 409},
    {"out_of_range", 400},
    {"unimplemented", 501},
    {"internal", 500},
    {"unavailable", 503},
    {"data_loss", 500},
    {"unauthenticated", 401},
};

const CodeRow& RowOf(Code code) {
  const auto number = static_cast<size_t>(code);
  return kCodes[number < std::size(kCodes) ? number : static_cast<size_t>(Code::kUnknown)];
}

// The detail itself, when its type is known here.
std::unique_ptr<google::protobuf::Message> Unpack(const Any& detail, const std::string& type_name) {
  const auto* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(type_name);
  if (type == nullptr) return nullptr;
  std::unique_ptr<google::protobuf::Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  if (!message->ParseFromString(detail.value())) return nullptr;
  return message;
}

void WriteDetail(const Any& detail, std::string& out) {
  const std::string type_name = detail.type_url().substr(detail.type_url().rfind('/') + 1);
  out += "{\"type\":";
  WriteJsonString(type_name, out);
  std::string value = absl::Base64Escape(detail.value());
  value.erase(value.find_last_not_of('=') + 1);  // Connect writes it without padding.
  out += ",\"value\":\"" + value + '"';
  if (const auto message = Unpack(detail, type_name)) {
    out += ",\"debug\":";
    WriteJson(*message, out);
  }
  out += '}';
}

}  // namespace

std::string_view CodeName(Code code) { return RowOf(code).name; }
int HttpStatus(Code code) { return RowOf(code).http_status; }

CallStatus Refuse(Code code, std::string_view reason, std::string message) {
  return FromGrpc(rpc::MakeStatus(static_cast<grpc::StatusCode>(code), reason, std::move(message),
                                  rpc::Metadata{}));
}

CallStatus RefuseField(std::string_view field, std::string_view what) {
  return FromGrpc(rpc::InvalidField(field, what));
}

std::string ReasonOf(const CallStatus& status) {
  google::rpc::Status details;
  if (status.details.empty() || !details.ParseFromString(status.details)) return {};
  google::rpc::ErrorInfo info;
  for (const Any& detail : details.details()) {
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return {};
}

void WriteError(const CallStatus& status, std::string& out) {
  out += "{\"code\":\"";
  out += CodeName(status.code);
  out += "\",\"message\":";
  WriteJsonString(status.message, out);
  google::rpc::Status details;
  if (!status.details.empty() && details.ParseFromString(status.details) &&
      details.details_size() > 0) {
    out += ",\"details\":[";
    for (int i = 0; i < details.details_size(); ++i) {
      if (i > 0) out += ',';
      WriteDetail(details.details(i), out);
    }
    out += ']';
  }
  out += '}';
}

}  // namespace stockd::http
