#include "daemon/rpc/reconciliation_service.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "daemon/rpc/names.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr char kPageKind = 'd';      // A page of differences.
constexpr char kListPageKind = 'o';  // A page of reconciliations.
constexpr int kPositionsMax = 1000;
constexpr int kLocationsMax = 10'000;

// The worth of a difference, within the range of the contract.
int64_t Worth(Quantity difference, int64_t unit_cost_micros) {
  const __int128 worth = static_cast<__int128>(difference) * unit_cost_micros;
  return static_cast<int64_t>(std::clamp<__int128>(worth, INT64_MIN, INT64_MAX));
}

// Adds within the same range.
int64_t Add(int64_t sum, int64_t worth) {
  return static_cast<int64_t>(
      std::clamp<__int128>(static_cast<__int128>(sum) + worth, INT64_MIN, INT64_MAX));
}

// Where a page of differences ended, as text: its size and the position.
std::string KeyText(const storage::Drift& last) {
  return std::to_string(std::abs(last.stated - last.expected)) + ":" +
         std::to_string(last.position.packed());
}

grpc::Status ParseKey(const std::string& token, storage::DriftKey& key) {
  std::string text;
  if (auto status = ParsePageToken(kPageKind, token, text); !status.ok()) return status;
  if (text.empty()) return grpc::Status::OK;
  char* end = nullptr;
  key.size = std::strtoll(text.c_str(), &end, 10);
  if (*end != ':') {
    return MakeStatus(grpc::StatusCode::INVALID_ARGUMENT, "PAGE_TOKEN_INVALID",
                      "The page token is none of this list.", {});
  }
  key.position = PositionKey::Unpack(std::strtoull(end + 1, nullptr, 10));
  return grpc::Status::OK;
}

}  // namespace

grpc::Status ReconciliationService::Find(const std::string& source,
                                         const std::string& reconciliation_id,
                                         storage::ReconciliationSums& found) {
  if (auto status = CheckId("source", source); !status.ok()) return status;
  if (auto status = CheckId("reconciliation_id", reconciliation_id); !status.ok()) return status;
  const SourceId id = engine_.catalogue().FindSource(source);
  if (id == kNoSource) return UnknownName(ledger::Reason::kSourceUnknown, "source", source);
  auto sums = reader_.FindReconciliation(id, reconciliation_id);
  if (!sums) {
    return UnknownName(ledger::Reason::kReconciliationUnknown, "reconciliation_id",
                       reconciliation_id);
  }
  found = std::move(*sums);
  return grpc::Status::OK;
}

void ReconciliationService::Fill(const storage::ReconciliationSums& sums,
                                 v1::Reconciliation& proto) {
  const storage::Reconciliation& reconciliation = sums.reconciliation;
  proto.set_reconciliation_id(reconciliation.snapshot_id);
  proto.set_source(engine_.catalogue().SourceName(reconciliation.source));
  ToProto(reconciliation.as_of, *proto.mutable_as_of());
  ToProto(reconciliation.made_at, *proto.mutable_create_time());
  proto.set_position_count(reconciliation.position_count);
  proto.set_drift_positions(sums.drift_positions);
  proto.set_drift(sums.drift);
  proto.set_repaired(sums.repaired);
  for (const storage::ItemDrift& item : reader_.ItemDrifts(reconciliation.number)) {
    if (item.unit_cost_micros == 0 || item.currency.empty()) continue;
    int64_t& sum = (*proto.mutable_drift_value_micros())[item.currency];
    sum = Add(sum, Worth(item.difference, item.unit_cost_micros));
  }
}

void ReconciliationService::Fill(const storage::Drift& drift, v1::Drift& proto) const {
  const engine::Catalogue& catalogue = engine_.catalogue();
  const std::string sku = catalogue.Sku(drift.position.item);
  proto.mutable_position()->set_sku(sku);
  proto.mutable_position()->set_location(catalogue.LocationCode(drift.position.location));
  proto.set_expected(drift.expected);
  proto.set_stated(drift.stated);
  if (const auto item = catalogue.Item(sku); item && item->unit_cost_micros != 0) {
    proto.set_value_micros(Worth(drift.stated - drift.expected, item->unit_cost_micros));
    proto.set_currency(item->currency);
  }
  proto.set_cause(static_cast<v1::DriftCause>(drift.cause));  // Numbered alike.
  proto.set_repaired(drift.repaired);
}

grpc::ServerUnaryReactor* ReconciliationService::StartReconciliation(
    grpc::CallbackServerContext* context, const v1::StartReconciliationRequest* request,
    v1::StartReconciliationResponse* response) {
  if (sources_.Find(request->source()) == kNoSource) {
    return FinishNow(context,
                     UnknownName(ledger::Reason::kSourceUnknown, "source", request->source()));
  }
  if (request->locations_size() > kLocationsMax) {
    return FinishNow(context, InvalidField("locations", "holds at most 10000 locations"));
  }
  for (const std::string& code : request->locations()) {
    LocationId location = kNoLocation;
    if (auto status = FindLocation(code, engine_.catalogue(), location); !status.ok()) {
      return FinishNow(context, status);
    }
  }
  std::string id =
      schedule_.Ask(request->source(), {request->locations().begin(), request->locations().end()});
  if (id.empty()) {
    return FinishNow(context,
                     ToStatus(ledger::Refusal{.reason = ledger::Reason::kSourceNotConnected},
                              engine_.catalogue()));
  }
  response->set_reconciliation_id(std::move(id));
  return FinishNow(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* ReconciliationService::GetReconciliation(
    grpc::CallbackServerContext* context, const v1::GetReconciliationRequest* request,
    v1::GetReconciliationResponse* response) {
  return FinishNow(
      context, ReadOrExplain([&]() -> grpc::Status {
        int rows = 0;
        storage::DriftKey after;
        storage::ReconciliationSums found;
        if (auto status = CheckPageSize(request->page_size(), rows); !status.ok()) return status;
        if (auto status = ParseKey(request->page_token(), after); !status.ok()) return status;
        if (auto status = Find(request->source(), request->reconciliation_id(), found);
            !status.ok()) {
          return status;
        }
        Fill(found, *response->mutable_reconciliation());
        const auto page = reader_.ListDrifts(found.reconciliation.number, after, rows);
        for (const storage::Drift& drift : page.rows) Fill(drift, *response->add_drifts());
        if (page.more) {
          response->set_next_page_token(MakePageToken(kPageKind, KeyText(page.rows.back())));
        }
        return grpc::Status::OK;
      }));
}

grpc::ServerUnaryReactor* ReconciliationService::ListReconciliations(
    grpc::CallbackServerContext* context, const v1::ListReconciliationsRequest* request,
    v1::ListReconciliationsResponse* response) {
  return FinishNow(
      context, ReadOrExplain([&]() -> grpc::Status {
        int rows = 0;
        int64_t before = 0;
        SourceId source = kNoSource;
        if (auto status = CheckPageSize(request->page_size(), rows); !status.ok()) return status;
        if (auto status = ParsePageToken(kListPageKind, request->page_token(), before);
            !status.ok()) {
          return status;
        }
        if (!request->source().empty()) {
          source = engine_.catalogue().FindSource(request->source());
          if (source == kNoSource) {
            return UnknownName(ledger::Reason::kSourceUnknown, "source", request->source());
          }
        }
        const auto page =
            reader_.ListReconciliations(source, before == 0 ? INT64_MAX : before, rows);
        for (const storage::ReconciliationSums& sums : page.rows) {
          Fill(sums, *response->add_reconciliations());
        }
        if (page.more) {
          response->set_next_page_token(
              MakePageToken(kListPageKind, std::to_string(page.rows.back().reconciliation.number)));
        }
        return grpc::Status::OK;
      }));
}

grpc::ServerUnaryReactor* ReconciliationService::RepairDrift(grpc::CallbackServerContext* context,
                                                             const v1::RepairDriftRequest* request,
                                                             v1::RepairDriftResponse* response) {
  if (request->positions_size() > kPositionsMax) {
    return FinishNow(context, InvalidField("positions", "holds at most 1000 positions"));
  }
  std::vector<PositionKey> positions;
  for (const v1::Position& position : request->positions()) {
    if (auto status = FindPosition(position, engine_.catalogue(), positions.emplace_back());
        !status.ok()) {
      return FinishNow(context, status);
    }
  }
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auto done = [reactor, response](engine::CommitOutcome outcome,
                                        const sync::RepairResult& result) {
    if (outcome != engine::CommitOutcome::kCommitted) {
      reactor->Finish(ToStatus(outcome));
      return;
    }
    response->set_repaired(result.repaired);
    response->set_overtaken(result.overtaken);
    reactor->Finish(grpc::Status::OK);
  };
  const grpc::Status status = ReadOrExplain([&]() -> grpc::Status {
    storage::ReconciliationSums found;
    if (auto unknown = Find(request->source(), request->reconciliation_id(), found);
        !unknown.ok()) {
      return unknown;
    }
    if (positions.empty()) {
      repair_.RepairUnknown(found.reconciliation, done);
    } else {
      repair_.Repair(found.reconciliation, positions, done);
    }
    return grpc::Status::OK;
  });
  if (!status.ok()) reactor->Finish(status);
  return reactor;
}

}  // namespace stockd::rpc
