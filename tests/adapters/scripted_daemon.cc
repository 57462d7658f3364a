#include "tests/adapters/scripted_daemon.h"

#include <absl/time/time.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/support/process_clock.h"

namespace stockd::adapters_test {
namespace {

grpc::Status Refusal(grpc::StatusCode code, const std::string& reason, const std::string& message) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  google::rpc::Status details;
  details.set_code(code);
  details.add_details()->PackFrom(info);
  return {code, message, details.SerializeAsString()};
}

grpc::Status NotFound(const std::string& reason, const std::string& message) {
  return Refusal(grpc::StatusCode::NOT_FOUND, reason, message);
}

}  // namespace

v1::Fact MakeFact(const std::string& event_id, const std::string& sku) {
  v1::Fact fact;
  fact.set_event_id(event_id);
  fact.set_kind(v1::FACT_KIND_SALE);
  fact.set_sku(sku);
  fact.set_location("S01");
  fact.set_quantity(1);
  fact.mutable_occurred_at()->set_seconds(1'300'000'000);
  return fact;
}

ScriptedDaemon::ScriptedDaemon(Script script) : script_(std::move(script)) {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&adapters_);
  builder.RegisterService(&catalogue_);
  builder.RegisterService(&quotas_);
  server_ = builder.BuildAndStart();
  address_ = "127.0.0.1:" + std::to_string(port);
}

ScriptedDaemon::~ScriptedDaemon() {
  server_->Shutdown(support::CalendarNow());  // Ends streams that are still open.
  server_->Wait();
}

bool ScriptedDaemon::Observe(const std::function<bool(const Log&)>& condition) {
  const absl::MutexLock lock(&mutex_);
  const auto holds = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return condition(log_); };
  return mutex_.AwaitWithTimeout(absl::Condition(&holds), absl::FromChrono(support::kPatience));
}

ScriptedDaemon::Log ScriptedDaemon::log() {
  const absl::MutexLock lock(&mutex_);
  return log_;
}

void ScriptedDaemon::AcknowledgeAll() {
  const absl::MutexLock lock(&mutex_);
  script_.acknowledges = true;
  script_.answers_until.reset();
  for (const v1::ConnectResponse& answer : kept_answers_) {
    if (stream_ != nullptr) stream_->Write(answer);
  }
  kept_answers_.clear();
  log_.unanswered = 0;
}

void ScriptedDaemon::AnswerUntil(size_t facts) {
  const absl::MutexLock lock(&mutex_);
  script_.answers_until = facts;
}

bool ScriptedDaemon::SendLevels(const v1::LevelUpdate& update) {
  const absl::MutexLock lock(&mutex_);
  if (stream_ == nullptr) return false;
  v1::ConnectResponse response;
  *response.mutable_level_update() = update;
  return stream_->Write(response);
}

bool ScriptedDaemon::SendOrder(const v1::OrderUpdate& update) {
  const absl::MutexLock lock(&mutex_);
  if (stream_ == nullptr) return false;
  v1::ConnectResponse response;
  *response.mutable_order_update() = update;
  return stream_->Write(response);
}

bool ScriptedDaemon::SendSnapshotRequest(const v1::SnapshotRequest& request) {
  const absl::MutexLock lock(&mutex_);
  if (stream_ == nullptr) return false;
  v1::ConnectResponse response;
  *response.mutable_snapshot_request() = request;
  return stream_->Write(response);
}

void ScriptedDaemon::CatchUpNewStreamsWith(v1::LevelUpdate update) {
  const absl::MutexLock lock(&mutex_);
  update.set_caught_up(true);
  first_levels_ = std::move(update);
}

grpc::Status ScriptedDaemon::Serve(grpc::ServerContext* context, Stream* stream) {
  v1::ConnectRequest request;
  std::optional<grpc::Status> end;
  while (!end && stream->Read(&request)) {
    const absl::MutexLock lock(&mutex_);
    end = OnRequest(stream, request);
  }
  const absl::MutexLock lock(&mutex_);
  if (stream_ == stream) stream_ = nullptr;
  ++log_.streams_ended;
  if (end) return *end;
  return context->IsCancelled() ? grpc::Status::CANCELLED : grpc::Status::OK;
}

std::optional<grpc::Status> ScriptedDaemon::OnRequest(Stream* stream,
                                                      const v1::ConnectRequest& request) {
  v1::ConnectResponse response;
  switch (request.frame_case()) {
    case v1::ConnectRequest::kHello: return OnHello(stream, request.hello());
    case v1::ConnectRequest::kFacts: return OnFacts(stream, request.facts());
    case v1::ConnectRequest::kSnapshotBegin:
      log_.snapshot_begins.push_back(request.snapshot_begin());
      open_snapshot_ = request.snapshot_begin().snapshot_id();
      open_rows_.clear();
      return std::nullopt;
    case v1::ConnectRequest::kSnapshotChunk:
      for (const v1::SnapshotRow& row : request.snapshot_chunk().rows()) open_rows_.push_back(row);
      return std::nullopt;
    case v1::ConnectRequest::kSnapshotEnd:
      if (request.snapshot_end().row_count() != static_cast<int64_t>(open_rows_.size())) {
        return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "rows are missing");
      }
      log_.snapshot_rows = open_rows_;
      ++log_.snapshots_complete;
      response.mutable_snapshot_ack()->set_snapshot_id(open_snapshot_);
      response.mutable_snapshot_ack()->set_changed(static_cast<int64_t>(open_rows_.size()));
      stream->Write(response);
      return std::nullopt;
    case v1::ConnectRequest::kLevelAck:
      log_.level_acks.push_back(request.level_ack().cursor());
      for (const v1::LevelResult& result : request.level_ack().results()) {
        log_.level_results.push_back(result);
      }
      return std::nullopt;
    case v1::ConnectRequest::kHealth: log_.healths.push_back(request.health()); return std::nullopt;
    case v1::ConnectRequest::kOrderFacts: return OnOrderFacts(stream, request.order_facts());
    case v1::ConnectRequest::kOrderAck:
      log_.order_acks.push_back(request.order_ack().cursor());
      return std::nullopt;
    case v1::ConnectRequest::FRAME_NOT_SET: break;
  }
  return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "a frame without content");
}

std::optional<grpc::Status> ScriptedDaemon::OnHello(Stream* stream, const v1::Hello& hello) {
  log_.hellos.push_back(hello);
  if (script_.refusal) return script_.refusal;
  stream_ = stream;
  log_.unanswered = 0;
  kept_answers_.clear();
  v1::ConnectResponse response;
  response.mutable_welcome()->set_batch_size_max(script_.batch_size_max);
  response.mutable_welcome()->set_batches_in_flight_max(script_.batches_in_flight_max);
  stream->Write(response);
  if (first_levels_) {
    *response.mutable_level_update() = *first_levels_;
    stream->Write(response);
  }
  return std::nullopt;
}

std::optional<grpc::Status> ScriptedDaemon::OnFacts(Stream* stream, const v1::FactBatch& batch) {
  log_.batches.push_back(batch);
  log_.unanswered_max = std::max(log_.unanswered_max, ++log_.unanswered);
  v1::ConnectResponse response;
  Take(batch, response.mutable_batch_ack());
  if (script_.break_after_batches == static_cast<int>(log_.batches.size())) {
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken on purpose");
  }
  if (script_.acknowledges && log_.facts.size() <= script_.answers_until.value_or(SIZE_MAX)) {
    --log_.unanswered;
    stream->Write(response);
  } else {
    kept_answers_.push_back(response);
  }
  return std::nullopt;
}

void ScriptedDaemon::Take(const v1::FactBatch& batch, v1::BatchAck* ack) {
  ack->set_batch(batch.batch());
  for (const v1::DeviceNumber& passed : batch.passed_numbers()) {
    log_.passed_numbers.emplace(passed.device(), passed.number());
  }
  for (int i = 0; i < batch.facts_size(); ++i) {
    const v1::Fact& fact = batch.facts(i);
    if (!fact.device().empty()) {
      v1::DeviceMark* mark = ack->add_devices();
      mark->set_device(fact.device());
      mark->set_complete_until(fact.device_sequence());
      mark->set_newest(fact.device_sequence());
    }
    if (fact.sku() == "unknown") {
      v1::SetAside* set_aside = ack->add_set_aside();
      set_aside->set_index(i);
      set_aside->set_reason("SKU_UNKNOWN");
      set_aside->set_quarantine_id(1);
    } else if (log_.facts.try_emplace(fact.event_id(), fact).second) {
      ack->set_applied(ack->applied() + 1);
    } else {
      ++log_.repetitions[fact.event_id()];
      ack->set_duplicates(ack->duplicates() + 1);
    }
  }
}

std::optional<grpc::Status> ScriptedDaemon::OnOrderFacts(Stream* stream,
                                                         const v1::OrderFactBatch& batch) {
  if (batch.facts_size() > script_.batch_size_max) {
    return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "the batch is too large");
  }
  log_.order_batches.push_back(batch);
  v1::ConnectResponse response;
  v1::OrderFactAck* ack = response.mutable_order_fact_ack();
  ack->set_batch(batch.batch());
  for (int i = 0; i < batch.facts_size(); ++i) {
    const v1::OrderFact& fact = batch.facts(i);
    const bool is_new = log_.order_facts.try_emplace(fact.event_id(), fact).second;
    if (!is_new) {
      ++log_.repetitions[fact.event_id()];
      ack->set_duplicates(ack->duplicates() + 1);
    } else if (fact.order_id() == "unknown") {
      v1::OrderFactWaits* waits = ack->add_waiting();
      waits->set_index(i);
      waits->set_reason("ORDER_UNKNOWN");
      waits->set_waiting_id(i + 1);
    } else {
      ack->set_applied(ack->applied() + 1);
    }
  }
  if (script_.acknowledges) {
    stream->Write(response);
  } else {
    kept_answers_.push_back(response);
  }
  return std::nullopt;
}

grpc::Status ScriptedDaemon::Catalogue::PutItems(grpc::ServerContext*,
                                                 const v1::PutItemsRequest* request,
                                                 v1::PutItemsResponse* response) {
  const absl::MutexLock lock(&daemon_.mutex_);
  ++daemon_.log_.put_calls;
  for (const v1::Item& item : request->items()) {
    if (daemon_.log_.items.insert_or_assign(item.sku(), item).second) {
      response->set_created(response->created() + 1);
    }
  }
  return grpc::Status::OK;
}

grpc::Status ScriptedDaemon::Catalogue::PutLocations(grpc::ServerContext*,
                                                     const v1::PutLocationsRequest* request,
                                                     v1::PutLocationsResponse* response) {
  const absl::MutexLock lock(&daemon_.mutex_);
  for (const v1::Location& location : request->locations()) {
    daemon_.log_.locations.insert_or_assign(location.code(), location);
  }
  response->set_created(request->locations_size());
  return grpc::Status::OK;
}

grpc::Status ScriptedDaemon::Catalogue::PutGroups(grpc::ServerContext*,
                                                  const v1::PutGroupsRequest* request,
                                                  v1::PutGroupsResponse*) {
  const absl::MutexLock lock(&daemon_.mutex_);
  for (const v1::Group& group : request->groups()) daemon_.log_.groups[group.group_id()] = group;
  return grpc::Status::OK;
}

grpc::Status ScriptedDaemon::Catalogue::PutSupplies(grpc::ServerContext*,
                                                    const v1::PutSuppliesRequest* request,
                                                    v1::PutSuppliesResponse*) {
  const absl::MutexLock lock(&daemon_.mutex_);
  ++daemon_.log_.put_calls;
  for (const v1::Supply& supply : request->supplies()) {
    if (supply.sku() == "unknown") return NotFound("SKU_UNKNOWN", "no item \"unknown\"");
  }
  for (const v1::Supply& supply : request->supplies()) {
    daemon_.log_.supplies[supply.supply_id()] = supply;
  }
  return grpc::Status::OK;
}

v1::Quota ScriptedDaemon::Standing(const std::string& id) {
  v1::Quota quota = log_.quotas.at(id);
  quota.set_sold(0);
  for (const auto& [event_id, fact] : log_.facts) {
    if (fact.reservation_id() == id) quota.set_sold(quota.sold() + fact.quantity());
  }
  const bool is_settled = quota.state() == v1::QUOTA_STATE_SETTLED;
  quota.set_remaining(is_settled ? 0 : quota.quantity() - quota.sold());
  return quota;
}

grpc::Status ScriptedDaemon::Quotas::GrantQuota(grpc::ServerContext*,
                                                const v1::GrantQuotaRequest* request,
                                                v1::GrantQuotaResponse* response) {
  constexpr int64_t kThere = 5;
  const absl::MutexLock lock(&daemon_.mutex_);
  if (request->quantity() > kThere && !request->allow_partial()) {
    return Refusal(grpc::StatusCode::FAILED_PRECONDITION, "INSUFFICIENT_STOCK", "5 are there");
  }
  const auto [known, is_new] = daemon_.log_.quotas.try_emplace(request->quota_id());
  v1::Quota& quota = known->second;
  if (is_new) {
    quota.set_quota_id(request->quota_id());
    quota.set_holder(request->holder());
    *quota.mutable_position() = request->position();
    quota.set_quantity(std::min(request->quantity(), kThere));
    quota.set_state(v1::QUOTA_STATE_OPEN);
    quota.mutable_end_time()->set_seconds(1'300'000'000 + request->ttl().seconds());
  }
  *response->mutable_quota() = daemon_.Standing(request->quota_id());
  return grpc::Status::OK;
}

grpc::Status ScriptedDaemon::Quotas::SettleQuota(grpc::ServerContext*,
                                                 const v1::SettleQuotaRequest* request,
                                                 v1::SettleQuotaResponse* response) {
  const absl::MutexLock lock(&daemon_.mutex_);
  if (!daemon_.log_.quotas.contains(request->quota_id())) {
    return NotFound("QUOTA_UNKNOWN", "no such quota");
  }
  if (request->sold() > daemon_.Standing(request->quota_id()).sold()) {
    return Refusal(grpc::StatusCode::FAILED_PRECONDITION, "QUOTA_SALES_MISSING", "sales missing");
  }
  daemon_.log_.quotas[request->quota_id()].set_state(v1::QUOTA_STATE_SETTLED);
  *response->mutable_quota() = daemon_.Standing(request->quota_id());
  return grpc::Status::OK;
}

grpc::Status ScriptedDaemon::Quotas::ListQuotas(grpc::ServerContext*,
                                                const v1::ListQuotasRequest* request,
                                                v1::ListQuotasResponse* response) {
  const absl::MutexLock lock(&daemon_.mutex_);
  for (const auto& [id, quota] : daemon_.log_.quotas) {
    const bool is_settled = quota.state() == v1::QUOTA_STATE_SETTLED;
    if (!is_settled || request->include_settled()) *response->add_quotas() = daemon_.Standing(id);
  }
  return grpc::Status::OK;
}

}  // namespace stockd::adapters_test
