#include "adapters/check/check_daemon.h"

#include <algorithm>
#include <array>
#include <utility>

namespace stockd::check {
namespace {

using std::chrono::milliseconds;

constexpr std::array kActs = {Act::kLoseAcknowledgement, Act::kDuplicateLevels, Act::kHalfOpen,
                              Act::kRestart, Act::kThrottle};
constexpr int kBatchSizeMax = 10;
constexpr milliseconds kTick{10};
constexpr milliseconds kLateAnswer{20};
constexpr milliseconds kAwayForRestart{300};
// Times as long as a quiet adapter has, as long as it still owes facts.
constexpr int kQuietWhileOpen = 10;
constexpr std::chrono::hours kClockSkew{72};
constexpr uint64_t kCursorStep = 10;

Act ActOf(int stream) { return kActs[std::min(static_cast<size_t>(stream), kActs.size() - 1)]; }

v1::LevelUpdate UpdateAt(uint64_t cursor, int updates) {
  const uint64_t number = cursor / kCursorStep;
  v1::LevelUpdate update;
  update.set_cursor(cursor);
  update.set_caught_up(number == static_cast<uint64_t>(updates));
  for (int i = 0; i < 2; ++i) {
    v1::Level& level = *update.add_levels();
    level.set_sku("CHECK-" + std::to_string(i));
    level.set_location("CHECK");
    level.set_on_hand(static_cast<int64_t>(number) + i);
    level.set_available(static_cast<int64_t>(number));
    level.set_version(number);
  }
  return update;
}

grpc::Status Broken() { return {grpc::StatusCode::UNAVAILABLE, "broken on purpose"}; }

}  // namespace

class CheckDaemon::Catalogue final : public v1::CatalogueService::Service {
 public:
  grpc::Status PutItems(grpc::ServerContext*, const v1::PutItemsRequest*,
                        v1::PutItemsResponse*) override {
    return grpc::Status::OK;
  }
  grpc::Status PutLocations(grpc::ServerContext*, const v1::PutLocationsRequest*,
                            v1::PutLocationsResponse*) override {
    return grpc::Status::OK;
  }
  grpc::Status PutGroups(grpc::ServerContext*, const v1::PutGroupsRequest*,
                         v1::PutGroupsResponse*) override {
    return grpc::Status::OK;
  }
  grpc::Status PutChannels(grpc::ServerContext*, const v1::PutChannelsRequest*,
                           v1::PutChannelsResponse*) override {
    return grpc::Status::OK;
  }
  grpc::Status PutSafetyStocks(grpc::ServerContext*, const v1::PutSafetyStocksRequest*,
                               v1::PutSafetyStocksResponse*) override {
    return grpc::Status::OK;
  }
  grpc::Status PutSupplies(grpc::ServerContext*, const v1::PutSuppliesRequest*,
                           v1::PutSuppliesResponse*) override {
    return grpc::Status::OK;
  }
  grpc::Status ListItems(grpc::ServerContext*, const v1::ListItemsRequest*,
                         v1::ListItemsResponse*) override {
    return grpc::Status::OK;
  }
};

CheckDaemon::CheckDaemon(Options options, Recorder* recorder)
    : options_(options),
      recorder_(*recorder),
      catalogue_(std::make_unique<Catalogue>()),
      address_("127.0.0.1:0") {
  StartServer();
}

CheckDaemon::~CheckDaemon() { StopServer(); }

bool CheckDaemon::StartServer() {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address_, grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&adapters_);
  builder.RegisterService(catalogue_.get());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port == 0) return false;
  address_ = "127.0.0.1:" + std::to_string(port);
  return true;
}

void CheckDaemon::StopServer() {
  if (server_ == nullptr) return;
  server_->Shutdown(std::chrono::system_clock::time_point(sdk::Now()));
  server_->Wait();
  server_.reset();
}

bool CheckDaemon::Run(milliseconds patience, const std::stop_token& stop) {
  const sdk::SteadyTime deadline = sdk::SteadyNow() + patience;
  std::unique_lock lock(mutex_);
  while (sdk::SteadyNow() < deadline && !stop.stop_requested()) {
    if (must_restart_) {
      must_restart_ = false;
      lock.unlock();
      StopServer();
      lock.lock();
      changed_.wait_for(lock, stop, kAwayForRestart, [] { return false; });
      while (server_ == nullptr && sdk::SteadyNow() < deadline && !StartServer()) {
        changed_.wait_for(lock, stop, kTick, [] { return false; });
      }
    }
    if (session_ != nullptr && session_->is_welcome && Tick(*session_)) return true;
    changed_.wait_for(lock, stop, kTick, [] { return false; });
  }
  return false;
}

int CheckDaemon::acts_begun() const {
  const std::scoped_lock lock(mutex_);
  return std::min(streams_, static_cast<int>(kActs.size()));
}

int CheckDaemon::act_count() { return static_cast<int>(kActs.size()); }

bool CheckDaemon::wants_levels() const {
  const std::scoped_lock lock(mutex_);
  return wants_levels_;
}

bool CheckDaemon::has_all_levels() const {
  const std::scoped_lock lock(mutex_);
  return cursor_acknowledged_ >= kCursorStep * static_cast<uint64_t>(options_.level_updates);
}

grpc::Status CheckDaemon::Serve(grpc::ServerContext* context, Stream* stream) {
  const auto session = std::make_shared<Session>();
  {
    const std::scoped_lock lock(mutex_);
    session->number = streams_++;
    session->act = ActOf(session->number);
    session->context = context;
    session->stream = stream;
    session->began_at = session->active_at = sdk::SteadyNow();
    session_ = session;
    recorder_.Add({.stream = session->number, .kind = Event::Kind::kOpened});
  }
  v1::ConnectRequest request;
  std::optional<grpc::Status> end;
  while (!end && stream->Read(&request)) {
    std::unique_lock lock(mutex_);
    recorder_.Add(
        {.stream = session->number, .kind = Event::Kind::kFromAdapter, .request = request});
    end = OnRequest(*session, request);
    if (end || session->act != Act::kHalfOpen) continue;
    // Neither reads nor writes; the other side may give up meanwhile.
    const sdk::SteadyTime until = sdk::SteadyNow() + options_.half_open;
    while (sdk::SteadyNow() < until && !context->IsCancelled()) {
      changed_.wait_for(lock, kTick);
    }
    end = Broken();
  }
  const std::scoped_lock lock(mutex_);
  if (session_ == session) session_ = nullptr;
  const bool is_cut = context->IsCancelled() || end.has_value();
  recorder_.Add({.stream = session->number,
                 .kind = Event::Kind::kClosed,
                 .end = is_cut ? "broken" : "ended by the adapter"});
  changed_.notify_all();
  return end.value_or(grpc::Status::OK);
}

std::optional<grpc::Status> CheckDaemon::OnRequest(Session& session,
                                                   const v1::ConnectRequest& request) {
  if (!request.has_health()) session.active_at = sdk::SteadyNow();
  if (request.has_hello()) {
    OnHello(session, request.hello());
  } else if (request.has_facts()) {
    return OnFacts(session, request.facts());
  } else if (request.has_level_ack()) {
    OnLevelAck(session, request.level_ack());
  } else if (request.has_snapshot_begin()) {
    session.has_snapshot_request = false;
    session.snapshot_id = request.snapshot_begin().snapshot_id();
  } else if (request.has_snapshot_end()) {
    v1::ConnectResponse response;
    response.mutable_snapshot_ack()->set_snapshot_id(session.snapshot_id);
    response.mutable_snapshot_ack()->set_unchanged(request.snapshot_end().row_count());
    Send(session, response);
  }
  return std::nullopt;
}

void CheckDaemon::OnHello(Session& session, const v1::Hello& hello) {
  session.wants_levels = hello.wants_levels();
  wants_levels_ = wants_levels_ || hello.wants_levels();
  // Applied, although the acknowledgement was lost with an earlier stream.
  cursor_acknowledged_ = std::max(cursor_acknowledged_, hello.level_cursor());
  session.cursor_told = session.cursor_acknowledged = hello.level_cursor();
  const int wanted = hello.level_updates_in_flight_max();
  session.level_updates_max = wanted <= 0 ? 4 : std::min(wanted, 64);
  v1::ConnectResponse response;
  v1::Welcome& welcome = *response.mutable_welcome();
  welcome.set_batch_size_max(kBatchSizeMax);
  welcome.set_batches_in_flight_max(session.act == Act::kThrottle ? 1 : 2);
  welcome.set_batch_acknowledged(batch_acknowledged_);
  const auto skew = session.number % 2 == 0 ? kClockSkew : -kClockSkew;
  sdk::SetProto(sdk::Now() + skew, welcome.mutable_now());
  Send(session, response);
  session.is_welcome = true;
  if (session.act != Act::kHalfOpen) TellLevels(session);
  if (session.act != Act::kThrottle) return;
  response.mutable_snapshot_request()->set_snapshot_id("check-" + std::to_string(session.number));
  response.mutable_snapshot_request()->set_compare_only(true);
  session.has_snapshot_request = true;
  Send(session, response);
}

std::optional<grpc::Status> CheckDaemon::OnFacts(Session& session, const v1::FactBatch& batch) {
  ++session.batches;
  for (const v1::Fact& fact : batch.facts()) {
    if (!acknowledged_.contains(fact.event_id())) open_.insert(fact.event_id());
  }
  if (session.act == Act::kDuplicateLevels && session.batches == 3) return Broken();
  Take(session, batch);
  if (session.act == Act::kLoseAcknowledgement) return Broken();
  return std::nullopt;
}

void CheckDaemon::Take(Session& session, const v1::FactBatch& batch) {
  LateAck late{.at = sdk::SteadyNow() + kLateAnswer, .ack = {}, .event_ids = {}};
  v1::BatchAck& ack = late.ack;
  ack.set_batch(batch.batch());
  for (const v1::Fact& fact : batch.facts()) {
    late.event_ids.push_back(fact.event_id());
    if (facts_.insert(fact.event_id()).second) {
      ack.set_applied(ack.applied() + 1);
    } else {
      ack.set_duplicates(ack.duplicates() + 1);
    }
  }
  batch_acknowledged_ = std::max(batch_acknowledged_, batch.batch());
  session.acks.push_back(std::move(late));
}

void CheckDaemon::OnLevelAck(Session& session, const v1::LevelAck& ack) {
  session.cursor_acknowledged = std::max(session.cursor_acknowledged, ack.cursor());
  if (ack.cursor() <= session.cursor_told) {
    cursor_acknowledged_ = std::max(cursor_acknowledged_, ack.cursor());
    if (session.act == Act::kDuplicateLevels && !std::exchange(session.is_duplicated, true)) {
      v1::ConnectResponse again;  // Applied and acknowledged already.
      *again.mutable_level_update() = UpdateAt(ack.cursor(), options_.level_updates);
      return Send(session, again);
    }
  }
  TellLevels(session);
}

void CheckDaemon::TellLevels(Session& session) {
  if (!session.wants_levels) return;
  const uint64_t last = kCursorStep * static_cast<uint64_t>(options_.level_updates);
  const auto open = [&] {
    return (session.cursor_told - std::min(session.cursor_told, session.cursor_acknowledged)) /
           kCursorStep;
  };
  while (session.cursor_told < last && open() < static_cast<uint64_t>(session.level_updates_max)) {
    session.cursor_told = (session.cursor_told / kCursorStep + 1) * kCursorStep;
    v1::ConnectResponse response;
    *response.mutable_level_update() = UpdateAt(session.cursor_told, options_.level_updates);
    Send(session, response);
  }
}

void CheckDaemon::Send(Session& session, const v1::ConnectResponse& response) {
  recorder_.Add({.stream = session.number, .kind = Event::Kind::kFromDaemon, .response = response});
  session.stream->Write(response);
}

bool CheckDaemon::Tick(Session& session) {
  const sdk::SteadyTime now = sdk::SteadyNow();
  if (session.act == Act::kHalfOpen) return false;
  while (!session.acks.empty() && session.acks.front().at <= now) {
    v1::ConnectResponse response;
    *response.mutable_batch_ack() = std::move(session.acks.front().ack);
    for (const std::string& id : session.acks.front().event_ids) {
      acknowledged_.insert(id);
      open_.erase(id);
    }
    session.acks.pop_front();
    session.active_at = now;
    Send(session, response);
  }
  switch (session.act) {
    case Act::kLoseAcknowledgement:
    case Act::kDuplicateLevels:
      if (now - session.began_at > options_.act_patience) session.context->TryCancel();
      return false;
    case Act::kRestart:
      must_restart_ = session.batches > 1 || now - session.began_at > options_.act_patience;
      return false;
    case Act::kHalfOpen: return false;
    case Act::kThrottle: return IsDone(session);
  }
  return false;
}

bool CheckDaemon::IsDone(const Session& session) const {
  const sdk::SteadyTime now = sdk::SteadyNow();
  const milliseconds quiet = options_.quiet * (open_.empty() ? 1 : kQuietWhileOpen);
  if (!session.acks.empty() || now - session.active_at < quiet) return false;
  if (session.has_snapshot_request && now - session.began_at < options_.snapshot_patience) {
    return false;
  }
  const uint64_t last = kCursorStep * static_cast<uint64_t>(options_.level_updates);
  return !session.wants_levels || session.cursor_acknowledged >= last;
}

}  // namespace stockd::check
