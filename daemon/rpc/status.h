#pragma once

#include <grpcpp/support/status.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/engine/catalogue.h"
#include "daemon/engine/task.h"
#include "daemon/ledger/reason.h"
#include "stockd/v1/reservation_service.pb.h"

namespace stockd::rpc {

using Metadata = std::vector<std::pair<std::string, std::string>>;

// The one place where refusals become gRPC statuses: code, message for people, and a
// google.rpc.Status with ErrorInfo {reason, domain "stockd", metadata} in the details.
grpc::Status MakeStatus(grpc::StatusCode code, std::string_view reason, std::string message,
                        const Metadata& metadata);

// A refusal by the ledger, in the caller's own names; `more` joins its metadata and its message.
grpc::Status ToStatus(const ledger::Refusal& refusal, const engine::Catalogue& catalogue,
                      const Metadata& more = {});
void ToProto(const ledger::Refusal& refusal, const engine::Catalogue& catalogue,
             v1::Refusal& proto);

// A task that did not commit: kBusy is RESOURCE_EXHAUSTED (BUSY), kStopping UNAVAILABLE (STOPPING),
// kFailed UNAVAILABLE (STORAGE_FAILED). REQUIRES: not kCommitted.
grpc::Status ToStatus(engine::CommitOutcome outcome);

// INVALID_ARGUMENT (FIELD_INVALID) about one field, with a BadRequest detail.
grpc::Status InvalidField(std::string_view field, std::string_view what);

// A name that the caller used and nobody knows: NOT_FOUND with `reason` and the name in the
// metadata.
grpc::Status UnknownName(ledger::Reason reason, std::string_view key, std::string_view name);

}  // namespace stockd::rpc
