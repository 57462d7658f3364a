#include "daemon/rpc/adapter_service.h"

#include <google/protobuf/arena.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <utility>
#include <vector>

#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"
#include "daemon/rpc/wire_driver.h"

namespace stockd::rpc {
namespace {

constexpr char kPageKind = 'q';
constexpr int kReplayIdsMax = 1000;
constexpr size_t kArenaBlockBytes = size_t{64} << 10;

// Whether the frame begins as a chunk of a snapshot does. Only a guess for the sake of speed.
bool IsSnapshotChunk(grpc::ByteBuffer& frame) {
  constexpr int kLengthDelimited = 2;
  constexpr int kTag = v1::ConnectRequest::kSnapshotChunkFieldNumber << 3 | kLengthDelimited;
  grpc::ProtoBufferReader reader(&frame);
  const void* bytes = nullptr;
  int size = 0;
  return reader.status().ok() && reader.Next(&bytes, &size) && size > 0 &&
         *static_cast<const uint8_t*>(bytes) == kTag;
}

// The gRPC end of an adapter session. Lives until OnDone(), and as long as a thread drives it.
class AdapterReactor final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                             public AdapterSession::Wire,
                             public std::enable_shared_from_this<AdapterReactor> {
 public:
  static AdapterReactor* Start(const SessionParts& parts) {
    auto reactor = std::make_shared<AdapterReactor>();
    reactor->self_ = reactor;
    reactor->session_ = std::make_shared<AdapterSession>(parts, reactor);
    parts.pump.Add(reactor->session_);
    reactor->Wanted();
    return reactor.get();
  }

  void Wanted() override {
    // A finished stream deletes itself as soon as nobody drives it.
    const auto keep = shared_from_this();
    driver_.Ask([this] {
      AdapterSession::Move move = session_->NextMove();
      if (move.write) Send(session_->written());
      if (move.read) StartRead(&received_);
      if (move.finish) Finish(*move.finish);
    });
  }

  void OnReadDone(bool ok) override {
    if (!ok) return session_->OnEndOfFrames();
    if (IsSnapshotChunk(received_)) {
      // Its rows are looked at and dropped: so their memory comes, and goes, in large blocks.
      google::protobuf::ArenaOptions options;
      options.start_block_size = kArenaBlockBytes;
      options.max_block_size = kArenaBlockBytes;
      google::protobuf::Arena arena(options);
      Take(*google::protobuf::Arena::CreateMessage<v1::ConnectRequest>(&arena));
    } else {
      v1::ConnectRequest frame;
      Take(frame);
    }
  }

  void OnWriteDone(bool ok) override { session_->OnWritten(ok); }
  void OnCancel() override { session_->OnCancelled(); }

  void OnDone() override {
    session_->OnGone();
    self_.reset();
  }

 private:
  void Take(v1::ConnectRequest& frame) {
    if (grpc::SerializationTraits<v1::ConnectRequest>::Deserialize(&received_, &frame).ok()) {
      session_->OnFrame(frame);
    } else {
      session_->OnBadFrame();
    }
  }

  void Send(const v1::ConnectResponse& response) {
    bool is_owned = false;
    sent_.Clear();
    (void)grpc::SerializationTraits<v1::ConnectResponse>::Serialize(response, &sent_, &is_owned);
    StartWrite(&sent_);
  }

  std::shared_ptr<AdapterReactor> self_;
  std::shared_ptr<AdapterSession> session_;
  WireDriver driver_;
  grpc::ByteBuffer received_;
  grpc::ByteBuffer sent_;
};

grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context, const grpc::Status& status) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
}

void FillQuarantined(const storage::QuarantinedFact& waiting, const engine::Catalogue& catalogue,
                     v1::Quarantined& proto) {
  proto.set_quarantine_id(waiting.id);
  proto.set_source(catalogue.SourceName(waiting.source));
  proto.mutable_fact()->ParseFromString(waiting.fact);
  proto.set_reason(std::string(ledger::ReasonName(waiting.reason)));
  proto.set_advice(std::string(ledger::ReasonAdvice(waiting.reason)));
  ToProto(waiting.received_at, *proto.mutable_receive_time());
  proto.set_attempts(waiting.attempts);
}

// The source and reason a list or a replay is limited to; empty names limit nothing.
grpc::Status ParseFilter(const std::string& source_name, const std::string& reason_name,
                         const engine::Catalogue& catalogue, SourceId& source,
                         ledger::Reason& reason) {
  if (!source_name.empty()) {
    source = catalogue.FindSource(source_name);
    if (source == kNoSource)
      return UnknownName(ledger::Reason::kSourceUnknown, "source", source_name);
  }
  if (!reason_name.empty()) {
    reason = ledger::ReasonFromName(reason_name);
    if (reason == ledger::Reason::kNone)
      return InvalidField("reason", "is not a reason of this daemon");
  }
  return grpc::Status::OK;
}

}  // namespace

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* AdapterService::Connect(
    grpc::CallbackServerContext*) {
  return AdapterReactor::Start({.engine = engine_,
                                .reader = reader_,
                                .sources = sources_,
                                .pump = pump_,
                                .devices = devices_,
                                .records = records_,
                                .waiting = waiting_,
                                .limits = limits_});
}

grpc::ServerUnaryReactor* AdapterService::ListSources(grpc::CallbackServerContext* context,
                                                      const v1::ListSourcesRequest*,
                                                      v1::ListSourcesResponse* response) {
  return Finish(
      context, ReadOrExplain([&]() -> grpc::Status {
        const Sequence newest = engine_.changes().newest();
        for (const sync::SourceStatus& status : sources_.List()) {
          v1::Source& source = *response->add_sources();
          source.set_source(status.configured.id);
          source.set_kind(status.configured.kind);
          source.set_connected(status.connected);
          source.set_adapter(status.adapter);
          if (status.session_changed_at)
            ToProto(*status.session_changed_at, *source.mutable_session_change_time());
          source.set_facts_applied(status.facts_applied);
          source.set_duplicates(status.duplicates);
          source.set_echoes(status.echoes);
          source.set_refused_levels(records_.refused.Count(status.id));
          source.set_quarantined(reader_.CountQuarantined(status.id));
          if (const Timestamp fact = reader_.NewestFact(status.id); fact != kTimestampMin) {
            ToProto(fact, *source.mutable_newest_fact_time());
          }
          source.set_level_cursor(status.level_cursor);
          source.set_level_lag(newest > status.level_cursor ? newest - status.level_cursor : 0);
          source.set_order_cursor(status.order_cursor);
          source.set_waiting_order_facts(waiting_.Count(status.id));
          source.set_missing_numbers(static_cast<int64_t>(devices_.Missing(status.id)));
          if (status.health) *source.mutable_health() = *status.health;
          source.set_fact_lag_us(status.fact_lag.count());
          source.set_fact_lag_p50_us(status.fact_lags.Percentile(50).count());
          source.set_fact_lag_p99_us(status.fact_lags.Percentile(99).count());
          source.set_level_lag_p50_us(status.level_lags.Percentile(50).count());
          source.set_level_lag_p99_us(status.level_lags.Percentile(99).count());
          const auto compared = reader_.ListReconciliations(status.id, INT64_MAX, 1);
          if (compared.rows.empty()) continue;
          source.set_drift(compared.rows[0].drift);
          source.set_drift_positions(compared.rows[0].drift_positions);
          ToProto(compared.rows[0].reconciliation.made_at, *source.mutable_reconcile_time());
        }
        return grpc::Status::OK;
      }));
}

grpc::ServerUnaryReactor* AdapterService::ListQuarantine(grpc::CallbackServerContext* context,
                                                         const v1::ListQuarantineRequest* request,
                                                         v1::ListQuarantineResponse* response) {
  return Finish(context, ReadOrExplain([&]() -> grpc::Status {
                  int rows = 0;
                  int64_t after = 0;
                  SourceId source = kNoSource;
                  ledger::Reason reason = ledger::Reason::kNone;
                  if (auto status = CheckPageSize(request->page_size(), rows); !status.ok())
                    return status;
                  if (auto status = ParsePageToken(kPageKind, request->page_token(), after);
                      !status.ok()) {
                    return status;
                  }
                  if (auto status = ParseFilter(request->source(), request->reason(),
                                                engine_.catalogue(), source, reason);
                      !status.ok()) {
                    return status;
                  }
                  const auto page = reader_.ListQuarantined(source, reason, after, rows);
                  for (const storage::QuarantinedFact& waiting : page.rows) {
                    FillQuarantined(waiting, engine_.catalogue(), *response->add_facts());
                  }
                  if (page.more)
                    response->set_next_page_token(
                        MakePageToken(kPageKind, std::to_string(page.rows.back().id)));
                  return grpc::Status::OK;
                }));
}

grpc::ServerUnaryReactor* AdapterService::GetQuarantined(grpc::CallbackServerContext* context,
                                                         const v1::GetQuarantinedRequest* request,
                                                         v1::GetQuarantinedResponse* response) {
  return Finish(context, ReadOrExplain([&]() -> grpc::Status {
                  const auto waiting = reader_.FindQuarantined(request->quarantine_id());
                  if (!waiting) {
                    return UnknownName(ledger::Reason::kQuarantineUnknown, "quarantine_id",
                                       std::to_string(request->quarantine_id()));
                  }
                  FillQuarantined(*waiting, engine_.catalogue(), *response->mutable_fact());
                  return grpc::Status::OK;
                }));
}

grpc::ServerUnaryReactor* AdapterService::ReplayQuarantine(
    grpc::CallbackServerContext* context, const v1::ReplayQuarantineRequest* request,
    v1::ReplayQuarantineResponse* response) {
  SourceId source = kNoSource;
  ledger::Reason reason = ledger::Reason::kNone;
  const bool by_id = request->quarantine_ids_size() > 0;
  if (request->quarantine_ids_size() > kReplayIdsMax) {
    return Finish(context, InvalidField("quarantine_ids", "holds at most 1000 ids"));
  }
  if (by_id && (!request->source().empty() || !request->reason().empty())) {
    return Finish(context, InvalidField("quarantine_ids", "excludes source and reason"));
  }
  if (auto status =
          ParseFilter(request->source(), request->reason(), engine_.catalogue(), source, reason);
      !status.ok()) {
    return Finish(context, status);
  }
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auto done = [reactor, response](engine::CommitOutcome outcome,
                                        const sync::ReplayResult& result) {
    if (outcome != engine::CommitOutcome::kCommitted) {
      reactor->Finish(ToStatus(outcome));
      return;
    }
    response->set_applied(result.applied);
    response->set_duplicates(result.duplicates);
    response->set_waiting(result.waiting);
    reactor->Finish(grpc::Status::OK);
  };
  const auto late =
      request->accept_late() ? ledger::LateFacts::kAccept : ledger::LateFacts::kRefuse;
  if (by_id) {
    replay_.Replay({request->quarantine_ids().begin(), request->quarantine_ids().end()}, late,
                   done);
  } else {
    replay_.ReplayAll(source, reason, late, done);
  }
  return reactor;
}

}  // namespace stockd::rpc
