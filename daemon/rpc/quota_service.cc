#include "daemon/rpc/quota_service.h"

#include <string>
#include <utility>
#include <variant>

#include "daemon/engine/quotas.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr char kPageKind = 'u';

v1::QuotaState StateOf(const storage::QuotaStanding& standing, Timestamp now) {
  if (standing.quota.settled_at || standing.remaining == 0) return v1::QUOTA_STATE_SETTLED;
  return now < standing.quota.ends_at ? v1::QUOTA_STATE_OPEN : v1::QUOTA_STATE_OVERDUE;
}

grpc::Status ParseGrant(const v1::GrantQuotaRequest& request, const engine::Catalogue& catalogue,
                        engine::QuotaCommand& command) {
  if (auto status = CheckId("quota_id", request.quota_id()); !status.ok()) return status;
  if (auto status = CheckId("holder", request.holder()); !status.ok()) return status;
  if (request.quantity() < 1 || request.quantity() > kQuantityMax) {
    return ToStatus(ledger::Refusal{.reason = ledger::Reason::kQuantityOutOfRange,
                                    .requested = request.quantity(),
                                    .field = "quantity"},
                    catalogue);
  }
  const auto ttl = FromProto(request.ttl());
  if (!ttl || *ttl < engine::kQuotaTtlMin || *ttl > engine::kQuotaTtlMax) {
    return InvalidField("ttl", "a quota lasts from 1 second to 31 days");
  }
  if (auto status = FindPosition(request.position(), catalogue, command.position); !status.ok()) {
    return status;
  }
  command.id = request.quota_id();
  command.holder = request.holder();
  command.quantity = request.quantity();
  command.ttl = *ttl;
  command.allow_partial = request.allow_partial();
  return grpc::Status::OK;
}

}  // namespace

void QuotaService::Fill(const storage::QuotaStanding& standing, v1::Quota& proto) const {
  const storage::Quota& quota = standing.quota;
  proto.set_quota_id(quota.id);
  proto.set_holder(quota.holder);
  proto.mutable_position()->set_sku(engine_.catalogue().Sku(quota.position.item));
  proto.mutable_position()->set_location(engine_.catalogue().LocationCode(quota.position.location));
  proto.set_quantity(quota.quantity);
  proto.set_sold(standing.sold);
  proto.set_remaining(standing.remaining);
  proto.set_state(StateOf(standing, engine_.Now()));
  ToProto(quota.ends_at, *proto.mutable_end_time());
  ToProto(quota.created_at, *proto.mutable_create_time());
}

template <typename Response, typename Run>
grpc::ServerUnaryReactor* QuotaService::Submit(grpc::CallbackServerContext* context,
                                               Response* response, Run run) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  engine_.Submit(engine::MakeTask(
      std::move(run),
      [this, reactor, response](engine::CommitOutcome outcome, engine::QuotaResult&& result) {
        if (outcome != engine::CommitOutcome::kCommitted) {
          reactor->Finish(ToStatus(outcome));
        } else if (const auto* refusal = std::get_if<ledger::Refusal>(&result)) {
          reactor->Finish(ToStatus(*refusal, engine_.catalogue()));
        } else {
          Fill(std::get<storage::QuotaStanding>(result), *response->mutable_quota());
          reactor->Finish(grpc::Status::OK);
        }
      }));
  return reactor;
}

grpc::ServerUnaryReactor* QuotaService::GrantQuota(grpc::CallbackServerContext* context,
                                                   const v1::GrantQuotaRequest* request,
                                                   v1::GrantQuotaResponse* response) {
  engine::QuotaCommand command;
  if (auto status = ParseGrant(*request, engine_.catalogue(), command); !status.ok()) {
    return FinishNow(context, status);
  }
  return Submit(context, response, [command = std::move(command)](engine::UnitOfWork& unit) {
    return engine::GrantQuota(unit, command);
  });
}

grpc::ServerUnaryReactor* QuotaService::SettleQuota(grpc::CallbackServerContext* context,
                                                    const v1::SettleQuotaRequest* request,
                                                    v1::SettleQuotaResponse* response) {
  if (auto status = CheckId("quota_id", request->quota_id()); !status.ok()) {
    return FinishNow(context, status);
  }
  if (request->sold() < 0 || request->sold() > kQuantityMax) {
    return FinishNow(context,
                     ToStatus(ledger::Refusal{.reason = ledger::Reason::kQuantityOutOfRange,
                                              .requested = request->sold(),
                                              .field = "sold"},
                              engine_.catalogue()));
  }
  return Submit(
      context, response,
      [id = request->quota_id(), sold = request->sold(), force = request->force()](
          engine::UnitOfWork& unit) { return engine::SettleQuota(unit, id, sold, force); });
}

grpc::ServerUnaryReactor* QuotaService::GetQuota(grpc::CallbackServerContext* context,
                                                 const v1::GetQuotaRequest* request,
                                                 v1::GetQuotaResponse* response) {
  return FinishNow(context, ReadOrExplain([&]() -> grpc::Status {
                     if (auto status = CheckId("quota_id", request->quota_id()); !status.ok()) {
                       return status;
                     }
                     const auto standing = reader_.FindQuota(request->quota_id());
                     if (!standing) {
                       return UnknownName(ledger::Reason::kQuotaUnknown, "quota_id",
                                          request->quota_id());
                     }
                     Fill(*standing, *response->mutable_quota());
                     return grpc::Status::OK;
                   }));
}

grpc::ServerUnaryReactor* QuotaService::ListQuotas(grpc::CallbackServerContext* context,
                                                   const v1::ListQuotasRequest* request,
                                                   v1::ListQuotasResponse* response) {
  return FinishNow(
      context, ReadOrExplain([&]() -> grpc::Status {
        int rows = 0;
        int64_t after = 0;
        if (auto status = CheckPageSize(request->page_size(), rows); !status.ok()) return status;
        if (auto status = ParsePageToken(kPageKind, request->page_token(), after); !status.ok()) {
          return status;
        }
        if (auto status = CheckOptionalId("holder", request->holder()); !status.ok()) return status;
        const auto page = reader_.ListQuotas(request->holder(), request->include_settled(),
                                             static_cast<uint64_t>(after), rows);
        for (const storage::QuotaStanding& standing : page.rows) {
          Fill(standing, *response->add_quotas());
        }
        if (page.more) {
          response->set_next_page_token(
              MakePageToken(kPageKind, std::to_string(page.rows.back().quota.number)));
        }
        return grpc::Status::OK;
      }));
}

}  // namespace stockd::rpc
