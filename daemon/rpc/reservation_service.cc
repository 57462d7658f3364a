#include "daemon/rpc/reservation_service.h"

#include <utility>
#include <variant>
#include <vector>

#include "daemon/engine/order_claims.h"
#include "daemon/engine/quotas.h"
#include "daemon/rpc/convert.h"
#include "daemon/rpc/reservation_commands.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr size_t kBatchRequestsMax = 1000;
constexpr size_t kBatchLinesMax = 10'000;
constexpr char kPageKind = 'r';

grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context, const grpc::Status& status) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
}

// Hands a command to the engine and answers with the reservation or the refusal.
template <typename Run, typename Response>
grpc::ServerUnaryReactor* Submit(engine::Engine& engine, grpc::CallbackServerContext* context,
                                 Response* response, Run run, size_t weight = 1) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  engine.Submit(engine::MakeTask(
      std::move(run),
      [&engine, reactor, response](engine::CommitOutcome outcome,
                                   ledger::ReservationResult&& result) {
        if (outcome != engine::CommitOutcome::kCommitted) {
          reactor->Finish(ToStatus(outcome));
        } else if (const auto* refusal = std::get_if<ledger::Refusal>(&result)) {
          reactor->Finish(ToStatus(*refusal, engine.catalogue()));
        } else {
          ToProto(std::get<ledger::Reservation>(result), engine.catalogue(),
                  *response->mutable_reservation());
          reactor->Finish(grpc::Status::OK);
        }
      },
      weight));
  return reactor;
}

// An order's claim is changed by the moves of the order alone.
template <typename Change>
ledger::ReservationResult UnlessOfOrder(engine::UnitOfWork& unit,
                                        const ledger::ChangeHeader& header, Change change) {
  if (!engine::IsOrderClaim(unit, header.reservation_id)) return change();
  return ledger::Refusal{.reason = ledger::Reason::kReservationOfOrder};
}

// A quota's claim is changed by the calls of QuotaService alone.
template <typename Change>
ledger::ReservationResult UnlessQuota(engine::UnitOfWork& unit, const ledger::ChangeHeader& header,
                                      Change change) {
  if (!engine::IsQuota(unit, header.reservation_id)) return UnlessOfOrder(unit, header, change);
  return ledger::Refusal{.reason = ledger::Reason::kReservationCommitted};
}

template <typename Request>
grpc::Status CheckHeader(const Request& request) {
  if (auto status = CheckId("reservation_id", request.reservation_id()); !status.ok())
    return status;
  return CheckId("request_id", request.request_id());
}

}  // namespace

grpc::ServerUnaryReactor* ReservationService::CreateReservation(
    grpc::CallbackServerContext* context, const v1::CreateReservationRequest* request,
    v1::CreateReservationResponse* response) {
  ledger::CreateCommand command;
  if (auto status = ParseCreate(*request, engine_.catalogue(), engine_.bundles(), limits_, command);
      !status.ok()) {
    return Finish(context, status);
  }
  const size_t weight = command.lines.size();
  return Submit(
      engine_, context, response,
      [command = std::move(command)](engine::UnitOfWork& unit) {
        return ledger::CreateReservation(unit, command);
      },
      weight);
}

grpc::ServerUnaryReactor* ReservationService::BatchCreateReservations(
    grpc::CallbackServerContext* context, const v1::BatchCreateReservationsRequest* request,
    v1::BatchCreateReservationsResponse* response) {
  const auto count = static_cast<size_t>(request->requests_size());
  if (count == 0 || count > kBatchRequestsMax)
    return Finish(context, InvalidField("requests", "needs 1 to 1000 rows"));
  std::vector<ledger::CreateCommand> commands(count);
  size_t line_count = 0;
  for (size_t i = 0; i < count; ++i) {
    const auto& one = request->requests(static_cast<int>(i));
    if (auto status =
            ParseCreate(one, engine_.catalogue(), engine_.bundles(), limits_, commands[i]);
        !status.ok()) {
      return Finish(context, status);
    }
    line_count += commands[i].lines.size();
  }
  if (line_count > kBatchLinesMax)
    return Finish(context, InvalidField("requests", "have more than 10000 lines"));

  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  using Results = std::vector<ledger::ReservationResult>;
  engine_.Submit(engine::MakeTask(
      [commands = std::move(commands)](engine::UnitOfWork& unit) {
        Results results;
        results.reserve(commands.size());
        for (const auto& command : commands)
          results.push_back(ledger::CreateReservation(unit, command));
        return results;
      },
      [this, reactor, response](engine::CommitOutcome outcome, Results&& results) {
        if (outcome != engine::CommitOutcome::kCommitted) {
          reactor->Finish(ToStatus(outcome));
          return;
        }
        for (const ledger::ReservationResult& result : results) {
          v1::BatchCreateReservationsResult& row = *response->add_results();
          if (const auto* refusal = std::get_if<ledger::Refusal>(&result)) {
            ToProto(*refusal, engine_.catalogue(), *row.mutable_refusal());
          } else {
            ToProto(std::get<ledger::Reservation>(result), engine_.catalogue(),
                    *row.mutable_reservation());
          }
        }
        reactor->Finish(grpc::Status::OK);
      },
      line_count));
  return reactor;
}

grpc::ServerUnaryReactor* ReservationService::GetReservation(
    grpc::CallbackServerContext* context, const v1::GetReservationRequest* request,
    v1::GetReservationResponse* response) {
  return Finish(context, ReadOrExplain([&]() -> grpc::Status {
                  if (auto status = CheckId("reservation_id", request->reservation_id());
                      !status.ok())
                    return status;
                  const auto reservation = reader_.FindReservation(request->reservation_id());
                  if (!reservation) {
                    return UnknownName(ledger::Reason::kReservationUnknown, "reservation_id",
                                       request->reservation_id());
                  }
                  ToProto(*reservation, engine_.catalogue(), *response->mutable_reservation());
                  return grpc::Status::OK;
                }));
}

grpc::ServerUnaryReactor* ReservationService::ListReservations(
    grpc::CallbackServerContext* context, const v1::ListReservationsRequest* request,
    v1::ListReservationsResponse* response) {
  return Finish(
      context, ReadOrExplain([&]() -> grpc::Status {
        int rows = 0;
        int64_t after = 0;
        if (auto status = CheckPageSize(request->page_size(), rows); !status.ok()) return status;
        if (auto status = ParsePageToken(kPageKind, request->page_token(), after); !status.ok()) {
          return status;
        }
        if (!v1::ReservationState_IsValid(request->state()))
          return InvalidField("state", "is not a state");
        if (auto status = CheckOptionalId("owner_reference", request->owner_reference());
            !status.ok()) {
          return status;
        }
        // The wire and the database number the states alike.
        const auto page = reader_.ListReservations(request->state(), request->owner_reference(),
                                                   static_cast<uint64_t>(after), rows);
        for (const ledger::Reservation& reservation : page.rows) {
          ToProto(reservation, engine_.catalogue(), *response->add_reservations());
        }
        if (page.more)
          response->set_next_page_token(
              MakePageToken(kPageKind, std::to_string(page.rows.back().number)));
        return grpc::Status::OK;
      }));
}

grpc::ServerUnaryReactor* ReservationService::ExtendReservation(
    grpc::CallbackServerContext* context, const v1::ExtendReservationRequest* request,
    v1::ExtendReservationResponse* response) {
  Duration ttl{};
  if (auto status = CheckHeader(*request); !status.ok()) return Finish(context, status);
  if (auto status = ParseTtl(request->ttl(), ttl); !status.ok()) return Finish(context, status);
  return Submit(engine_, context, response,
                [header = HeaderOf(*request), ttl](engine::UnitOfWork& unit) {
                  return UnlessOfOrder(
                      unit, header, [&] { return ledger::ExtendReservation(unit, header, ttl); });
                });
}

grpc::ServerUnaryReactor* ReservationService::ChangeReservation(
    grpc::CallbackServerContext* context, const v1::ChangeReservationRequest* request,
    v1::ChangeReservationResponse* response) {
  std::vector<ledger::LineCommand> lines;
  if (auto status = CheckHeader(*request); !status.ok()) return Finish(context, status);
  if (auto status = ParseLines(request->lines(), {.quantity_min = 0}, limits_.lines_max,
                               engine_.catalogue(), engine_.bundles(), lines);
      !status.ok()) {
    return Finish(context, status);
  }
  return Submit(engine_, context, response,
                [header = HeaderOf(*request), lines = std::move(lines)](engine::UnitOfWork& unit) {
                  return UnlessQuota(
                      unit, header, [&] { return ledger::ChangeReservation(unit, header, lines); });
                });
}

grpc::ServerUnaryReactor* ReservationService::MoveReservation(
    grpc::CallbackServerContext* context, const v1::MoveReservationRequest* request,
    v1::MoveReservationResponse* response) {
  std::vector<ledger::MoveCommand> moves;
  if (auto status = CheckHeader(*request); !status.ok()) return Finish(context, status);
  if (auto status =
          ParseMoves(*request, engine_.catalogue(), engine_.bundles(), limits_.lines_max, moves);
      !status.ok()) {
    return Finish(context, status);
  }
  return Submit(engine_, context, response,
                [header = HeaderOf(*request), moves = std::move(moves)](engine::UnitOfWork& unit) {
                  return UnlessOfOrder(
                      unit, header, [&] { return ledger::MoveReservation(unit, header, moves); });
                });
}

grpc::ServerUnaryReactor* ReservationService::CommitReservation(
    grpc::CallbackServerContext* context, const v1::CommitReservationRequest* request,
    v1::CommitReservationResponse* response) {
  std::vector<ledger::LineCommand> lines;
  if (auto status = CheckHeader(*request); !status.ok()) return Finish(context, status);
  if (auto status = CheckId("order_id", request->order_id()); !status.ok())
    return Finish(context, status);
  if (!v1::Remainder_IsValid(request->remainder())) {
    return Finish(context, InvalidField("remainder", "is not a remainder"));
  }
  if (auto status = ParseLines(request->lines(), {.may_be_empty = true}, limits_.lines_max,
                               engine_.catalogue(), engine_.bundles(), lines);
      !status.ok()) {
    return Finish(context, status);
  }
  const auto remainder = request->remainder() == v1::REMAINDER_KEEP ? ledger::Remainder::kKeep
                                                                    : ledger::Remainder::kRelease;
  return Submit(engine_, context, response,
                [header = HeaderOf(*request), order_id = request->order_id(),
                 lines = std::move(lines), remainder](engine::UnitOfWork& unit) {
                  return UnlessOfOrder(unit, header, [&] {
                    return ledger::CommitReservation(unit, header, order_id, lines, remainder);
                  });
                });
}

grpc::ServerUnaryReactor* ReservationService::ReleaseReservation(
    grpc::CallbackServerContext* context, const v1::ReleaseReservationRequest* request,
    v1::ReleaseReservationResponse* response) {
  std::vector<ledger::LineCommand> lines;
  if (auto status = CheckHeader(*request); !status.ok()) return Finish(context, status);
  if (auto status = ParseLines(request->lines(), {.may_be_empty = true}, limits_.lines_max,
                               engine_.catalogue(), engine_.bundles(), lines);
      !status.ok()) {
    return Finish(context, status);
  }
  return Submit(engine_, context, response,
                [header = HeaderOf(*request), lines = std::move(lines)](engine::UnitOfWork& unit) {
                  return UnlessQuota(unit, header, [&] {
                    return ledger::ReleaseReservation(unit, header, lines);
                  });
                });
}

}  // namespace stockd::rpc
