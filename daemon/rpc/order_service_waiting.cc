// OrderService: what adapters told of orders and could not be applied yet.
#include <utility>
#include <vector>

#include "daemon/rpc/order_service.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr char kPageKind = 'w';
constexpr int kRejectIdsMax = 1000;
constexpr size_t kNoteBytesMax = 128;

// Empty is every source.
grpc::Status FindSource(const std::string& name, const engine::Catalogue& catalogue,
                        SourceId& source) {
  source = kNoSource;
  if (name.empty()) return grpc::Status::OK;
  source = catalogue.FindSource(name);
  return source == kNoSource ? UnknownName(ledger::Reason::kSourceUnknown, "source", name)
                             : grpc::Status::OK;
}

void ToProto(const storage::WaitingOrderFact& waiting, const engine::Catalogue& catalogue,
             v1::WaitingOrderFact& proto) {
  proto.set_waiting_id(waiting.id);
  proto.set_source(catalogue.SourceName(waiting.source));
  proto.mutable_fact()->ParseFromString(waiting.fact);
  proto.mutable_fact()->clear_code();
  proto.set_reason(std::string(ledger::ReasonName(waiting.reason)));
  proto.set_advice(std::string(ledger::ReasonAdvice(waiting.reason)));
  rpc::ToProto(waiting.received_at, *proto.mutable_receive_time());
  proto.set_attempts(waiting.attempts);
}

}  // namespace

grpc::ServerUnaryReactor* OrderService::ListWaitingOrderFacts(
    grpc::CallbackServerContext* context, const v1::ListWaitingOrderFactsRequest* request,
    v1::ListWaitingOrderFactsResponse* response) {
  return FinishNow(
      context, ReadOrExplain([&]() -> grpc::Status {
        int rows = 0;
        int64_t after = 0;
        SourceId source = kNoSource;
        if (auto status = CheckPageSize(request->page_size(), rows); !status.ok()) return status;
        if (auto status = ParsePageToken(kPageKind, request->page_token(), after); !status.ok()) {
          return status;
        }
        if (auto status = CheckOptionalId("order_id", request->order_id()); !status.ok()) {
          return status;
        }
        if (auto status = FindSource(request->source(), parts_.catalogue(), source); !status.ok()) {
          return status;
        }
        const auto page =
            parts_.reader.ListWaitingOrderFacts(source, request->order_id(), after, rows);
        for (const storage::WaitingOrderFact& waiting : page.rows) {
          ToProto(waiting, parts_.catalogue(), *response->add_facts());
        }
        if (page.more) {
          response->set_next_page_token(
              MakePageToken(kPageKind, std::to_string(page.rows.back().id)));
        }
        return grpc::Status::OK;
      }));
}

grpc::ServerUnaryReactor* OrderService::RetryWaitingOrderFacts(
    grpc::CallbackServerContext* context, const v1::RetryWaitingOrderFactsRequest* request,
    v1::RetryWaitingOrderFactsResponse* response) {
  SourceId source = kNoSource;
  if (auto status = CheckOptionalId("order_id", request->order_id()); !status.ok()) {
    return FinishNow(context, status);
  }
  if (auto status = FindSource(request->source(), parts_.catalogue(), source); !status.ok()) {
    return FinishNow(context, status);
  }
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  parts_.waiting.Retry(source, request->order_id(),
                       [reactor, response](engine::CommitOutcome outcome,
                                           const sync::WaitingOrderFacts::Tried& tried) {
                         response->set_applied(tried.applied);
                         response->set_duplicates(tried.duplicates);
                         response->set_waiting(tried.waiting);
                         reactor->Finish(outcome == engine::CommitOutcome::kCommitted
                                             ? grpc::Status::OK
                                             : ToStatus(outcome));
                       });
  return reactor;
}

grpc::ServerUnaryReactor* OrderService::RejectWaitingOrderFacts(
    grpc::CallbackServerContext* context, const v1::RejectWaitingOrderFactsRequest* request,
    v1::RejectWaitingOrderFactsResponse* response) {
  if (request->waiting_ids().empty() || request->waiting_ids_size() > kRejectIdsMax) {
    return FinishNow(context, InvalidField("waiting_ids", "needs 1 to 1000 numbers"));
  }
  if (request->note().empty()) return FinishNow(context, InvalidField("note", "is required"));
  if (auto status = CheckText("note", request->note(), kNoteBytesMax); !status.ok()) {
    return FinishNow(context, status);
  }
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  parts_.engine.Submit(engine::MakeTask(
      [this,
       ids = std::vector<int64_t>(request->waiting_ids().begin(), request->waiting_ids().end()),
       note = request->note()](engine::UnitOfWork& unit) {
        return parts_.waiting.Reject(unit, ids, note);
      },
      [reactor, response](engine::CommitOutcome outcome, int64_t&& rejected) {
        if (outcome == engine::CommitOutcome::kCommitted) {
          response->set_rejected(rejected);
          reactor->Finish(grpc::Status::OK);
        } else {
          reactor->Finish(ToStatus(outcome));
        }
      }));
  return reactor;
}

}  // namespace stockd::rpc
