#pragma once

#include <grpcpp/support/status.h>

#include <vector>

#include "daemon/engine/bundles.h"
#include "daemon/engine/catalogue.h"
#include "daemon/ledger/reservation_changes.h"
#include "daemon/rpc/reservation_service.h"

namespace stockd::rpc {

// From requests to the ledger's commands: shape first, then names. What they return OK for
// satisfies the REQUIRES of the ledger's functions. What is asked of a bundle is asked of its
// parts.

grpc::Status ParseCreate(const v1::CreateReservationRequest& request,
                         const engine::Catalogue& catalogue, const engine::Bundles& bundles,
                         const ReservationLimits& limits, ledger::CreateCommand& command);

// Whether a line of quantity 0 is meaningful, and whether a request without lines is.
struct LineRules {
  Quantity quantity_min = 1;
  bool may_be_empty = false;
  bool once_per_position = true;
  bool may_be_bundles = true;
};

grpc::Status ParseLines(const google::protobuf::RepeatedPtrField<v1::LineRequest>& lines,
                        LineRules rules, size_t lines_max, const engine::Catalogue& catalogue,
                        const engine::Bundles& bundles, std::vector<ledger::LineCommand>& commands);

grpc::Status ParseMoves(const v1::MoveReservationRequest& request,
                        const engine::Catalogue& catalogue, const engine::Bundles& bundles,
                        size_t lines_max, std::vector<ledger::MoveCommand>& moves);

grpc::Status ParseTtl(const google::protobuf::Duration& proto, Duration& ttl);

// The header of a change; `content` becomes the request's bytes.
template <typename Request>
ledger::ChangeHeader HeaderOf(const Request& request) {
  // The bytes are stable: no request holds a map, and fields are written in the order of their
  // numbers.
  return {.reservation_id = request.reservation_id(),
          .request_id = request.request_id(),
          .content = request.GetTypeName() + '\0' + request.SerializeAsString()};
}

}  // namespace stockd::rpc
