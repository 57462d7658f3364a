#include "daemon/rpc/status.h"

#include <utility>

#include "daemon/base/check.h"
#include "daemon/rpc/refusal_counts.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace stockd::rpc {
namespace {

constexpr std::string_view kDomain = "stockd";
// Long enough to back off from a full queue, short enough for a checkout.
constexpr std::string_view kRetryAfterMs = "50";

google::rpc::Status Details(grpc::StatusCode code, std::string_view reason,
                            const std::string& message, const Metadata& metadata) {
  google::rpc::Status details;
  details.set_code(code);
  details.set_message(message);
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain(std::string(kDomain));
  for (const auto& [key, value] : metadata) (*info.mutable_metadata())[key] = value;
  details.add_details()->PackFrom(info);
  return details;
}

// The names and figures of a refusal.
Metadata MetadataOf(const ledger::Refusal& refusal, const engine::Catalogue& catalogue) {
  Metadata metadata;
  if (refusal.position.item != kNoItem) {
    metadata.emplace_back("sku", catalogue.Sku(refusal.position.item));
    metadata.emplace_back("location", catalogue.LocationCode(refusal.position.location));
  }
  if (refusal.requested != 0) metadata.emplace_back("requested", std::to_string(refusal.requested));
  if (refusal.reason == ledger::Reason::kInsufficientStock ||
      refusal.reason == ledger::Reason::kExceedsReservation ||
      refusal.reason == ledger::Reason::kExceedsLine) {
    metadata.emplace_back("available", std::to_string(refusal.available));
  }
  if (!refusal.field.empty()) metadata.emplace_back("field", std::string(refusal.field));
  return metadata;
}

std::string MessageOf(const ledger::Refusal& refusal, const Metadata& metadata) {
  std::string message;
  for (const auto& [key, value] : metadata)
    message += (message.empty() ? "" : ", ") + key + " " + value;
  if (!message.empty()) message += ": ";
  return message + std::string(ledger::ReasonAdvice(refusal.reason));
}

grpc::StatusCode CodeOf(ledger::Reason reason) {
  return static_cast<grpc::StatusCode>(ledger::ReasonCode(reason));
}

}  // namespace

grpc::Status MakeStatus(grpc::StatusCode code, std::string_view reason, std::string message,
                        const Metadata& metadata) {
  CountRefusal(reason);
  const google::rpc::Status details = Details(code, reason, message, metadata);
  return {code, std::move(message), details.SerializeAsString()};
}

grpc::Status ToStatus(const ledger::Refusal& refusal, const engine::Catalogue& catalogue,
                      const Metadata& more) {
  Metadata metadata = more;
  for (auto& entry : MetadataOf(refusal, catalogue)) metadata.push_back(std::move(entry));
  return MakeStatus(CodeOf(refusal.reason), ledger::ReasonName(refusal.reason),
                    MessageOf(refusal, metadata), metadata);
}

void ToProto(const ledger::Refusal& refusal, const engine::Catalogue& catalogue,
             v1::Refusal& proto) {
  CountRefusal(ledger::ReasonName(refusal.reason));
  const Metadata metadata = MetadataOf(refusal, catalogue);
  proto.set_code(CodeOf(refusal.reason));
  proto.set_reason(std::string(ledger::ReasonName(refusal.reason)));
  proto.set_message(MessageOf(refusal, metadata));
  for (const auto& [key, value] : metadata) (*proto.mutable_metadata())[key] = value;
}

grpc::Status ToStatus(engine::CommitOutcome outcome) {
  switch (outcome) {
    case engine::CommitOutcome::kCommitted: break;
    case engine::CommitOutcome::kBusy:
      return MakeStatus(
          grpc::StatusCode::RESOURCE_EXHAUSTED, "BUSY",
          "More commands wait than engine.queue_max allows. Try again with the same ids.",
          {{"retry_after_ms", std::string(kRetryAfterMs)}});
    case engine::CommitOutcome::kStopping:
      return MakeStatus(grpc::StatusCode::UNAVAILABLE, "STOPPING",
                        "The daemon is shutting down. Try again with the same ids.", {});
    case engine::CommitOutcome::kFailed:
      return MakeStatus(grpc::StatusCode::UNAVAILABLE, "STORAGE_FAILED",
                        "A commit failed and the daemon takes nothing until it is restarted. "
                        "Whether this command took "
                        "effect is known then: try again with the same ids.",
                        {});
  }
  STOCKD_CHECK(false);
}

grpc::Status InvalidField(std::string_view field, std::string_view what) {
  CountRefusal(ledger::ReasonName(ledger::Reason::kFieldInvalid));
  std::string message = std::string(field) + ": " + std::string(what);
  google::rpc::Status details =
      Details(grpc::StatusCode::INVALID_ARGUMENT, ledger::ReasonName(ledger::Reason::kFieldInvalid),
              message, {{"field", std::string(field)}});
  google::rpc::BadRequest bad_request;
  google::rpc::BadRequest::FieldViolation& violation = *bad_request.add_field_violations();
  violation.set_field(std::string(field));
  violation.set_description(std::string(what));
  details.add_details()->PackFrom(bad_request);
  return {grpc::StatusCode::INVALID_ARGUMENT, std::move(message), details.SerializeAsString()};
}

grpc::Status UnknownName(ledger::Reason reason, std::string_view key, std::string_view name) {
  return MakeStatus(
      CodeOf(reason), ledger::ReasonName(reason),
      std::string(key) + " " + std::string(name) + ": " + std::string(ledger::ReasonAdvice(reason)),
      {{std::string(key), std::string(name)}});
}

}  // namespace stockd::rpc
