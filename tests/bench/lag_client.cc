#include "tests/bench/lag_client.h"

#include <google/protobuf/util/time_util.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "stockd/v1/adapter_service.grpc.pb.h"
#include "tests/bench/figures.h"
#include "tests/bench/process.h"
#include "tests/bench/stock_names.h"

namespace stockd::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Stream = grpc::ClientReaderWriter<v1::ConnectRequest, v1::ConnectResponse>;
using google::protobuf::util::TimeUtil;

constexpr int kBatch = 20;
constexpr int kInFlightMax = 8;
constexpr auto kCatchUpMax = std::chrono::seconds(60);

// The load is paced in real time: nothing announces the instant.
void PauseUntil(SteadyClock::time_point instant) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  while (never.wait_until(lock, instant) != std::cv_status::timeout) {
  }
}

int64_t NowUs() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             SteadyClock::now().time_since_epoch())
      .count();
}

// When the newest fact about each item was handed over; 0: never.
using SentTimes = std::vector<std::atomic<int64_t>>;

// A source that takes levels and notes how old they are.
class Listener {
 public:
  Listener(const LagSpec& spec, int number, const SentTimes& sent)
      : sent_(sent),
        stub_(v1::AdapterService::NewStub(
            grpc::CreateChannel(spec.address, grpc::InsecureChannelCredentials()))),
        stream_(stub_->Connect(&context_)) {
    v1::ConnectRequest hello;
    hello.mutable_hello()->set_source("listener-" + std::to_string(number));
    hello.mutable_hello()->set_wants_levels(true);
    stream_->Write(hello);
    thread_ = std::thread([this] { Run(); });
  }
  ~Listener() { Stop(); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void Stop() {
    context_.TryCancel();
    if (thread_.joinable()) thread_.join();
  }
  bool caught_up() const { return caught_up_; }
  void Measure() { measures_ = true; }
  // REQUIRES: stopped.
  const std::vector<double>& lags_us() const { return lags_us_; }

 private:
  void Run() {
    v1::ConnectResponse response;
    v1::ConnectRequest ack;
    while (stream_->Read(&response)) {
      if (!response.has_level_update()) continue;
      const int64_t now_us = NowUs();
      if (measures_) {
        for (const v1::Level& level : response.level_update().levels()) {
          const uint64_t item = std::stoull(level.sku().substr(4));
          if (const int64_t sent_us = sent_[item]; sent_us != 0) {
            lags_us_.push_back(static_cast<double>(now_us - sent_us));
          }
        }
      }
      ack.mutable_level_ack()->set_cursor(response.level_update().cursor());
      if (!stream_->Write(ack)) return;
      if (response.level_update().caught_up()) caught_up_ = true;
    }
  }

  const SentTimes& sent_;
  grpc::ClientContext context_;
  std::unique_ptr<v1::AdapterService::Stub> stub_;
  std::unique_ptr<Stream> stream_;
  std::atomic<bool> caught_up_ = false;
  std::atomic<bool> measures_ = false;
  std::vector<double> lags_us_;
  std::thread thread_;
};

// The source that tells facts, one item after the other, at the rate asked for.
class Teller {
 public:
  Teller(const LagSpec& spec, SentTimes& sent)
      : spec_(spec),
        sent_(sent),
        stub_(v1::AdapterService::NewStub(
            grpc::CreateChannel(spec.address, grpc::InsecureChannelCredentials()))),
        stream_(stub_->Connect(&context_)) {
    v1::ConnectRequest hello;
    hello.mutable_hello()->set_source("bench");
    v1::ConnectResponse welcome;
    if (!stream_->Write(hello) || !stream_->Read(&welcome) || !welcome.has_welcome()) {
      throw BenchError("the daemon refused the stream");
    }
    batch_ = welcome.welcome().batch_acknowledged();
  }
  ~Teller() { context_.TryCancel(); }

  // Tells facts for so long. Returns how many.
  int64_t Tell(double seconds) {
    const auto begin = SteadyClock::now();
    const int64_t first = number_;
    while (true) {
      const double elapsed = std::chrono::duration<double>(SteadyClock::now() - begin).count();
      if (elapsed >= seconds) return number_ - first;
      const auto due = static_cast<int64_t>(elapsed * spec_.facts_per_s);
      if (number_ - first + kBatch > due) {
        PauseUntil(begin +
                   std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(
                       static_cast<double>(number_ - first + kBatch) / spec_.facts_per_s)));
      }
      TellBatch();
    }
  }

 private:
  void TellBatch() {
    v1::FactBatch& facts = *frame_.mutable_facts();
    facts.set_batch(++batch_);
    while (facts.facts_size() < kBatch) facts.add_facts();
    const auto now = TimeUtil::GetCurrentTime();
    for (v1::Fact& fact : *facts.mutable_facts()) {
      const auto item = static_cast<uint64_t>(number_) % spec_.items;
      fact.set_event_id("L" + std::to_string(spec_.run) + "-" + std::to_string(number_++));
      fact.set_kind(v1::FACT_KIND_SALE);
      fact.set_sku(Sku(item));
      fact.set_location(LocationCode(0));
      fact.set_quantity(1);
      *fact.mutable_occurred_at() = now;
      sent_[item] = NowUs();
    }
    if (!stream_->Write(frame_)) throw BenchError("the daemon ended the stream");
    if (++in_flight_ < kInFlightMax) return;
    v1::ConnectResponse answer;
    if (!stream_->Read(&answer)) throw BenchError("the daemon ended the stream");
    --in_flight_;
    if (answer.batch_ack().applied() != kBatch) throw BenchError("facts were not applied");
  }

  const LagSpec& spec_;
  SentTimes& sent_;
  grpc::ClientContext context_;
  std::unique_ptr<v1::AdapterService::Stub> stub_;
  std::unique_ptr<Stream> stream_;
  v1::ConnectRequest frame_;
  uint64_t batch_ = 0;
  int64_t number_ = 0;
  int in_flight_ = 0;
};

}  // namespace

LagResult MeasureLag(const LagSpec& spec) {
  SentTimes sent(spec.items);
  std::vector<std::unique_ptr<Listener>> listeners;
  for (int i = 0; i < spec.listeners; ++i) {
    listeners.push_back(std::make_unique<Listener>(spec, i, sent));
  }
  const auto give_up = SteadyClock::now() + kCatchUpMax;
  while (!std::ranges::all_of(listeners, [](const auto& each) { return each->caught_up(); })) {
    if (SteadyClock::now() > give_up) throw BenchError("the listeners are not told all levels");
    PauseUntil(SteadyClock::now() + std::chrono::milliseconds(5));
  }
  Teller teller(spec, sent);
  teller.Tell(spec.warm_up_s);
  for (auto& listener : listeners) listener->Measure();
  LagResult result{.facts_per_s = static_cast<double>(teller.Tell(spec.seconds)) / spec.seconds};
  std::vector<double> lags_us;
  for (auto& listener : listeners) {
    listener->Stop();
    lags_us.insert(lags_us.end(), listener->lags_us().begin(), listener->lags_us().end());
  }
  if (lags_us.empty()) throw BenchError("no level arrived");
  result.levels = static_cast<int64_t>(lags_us.size());
  result.p50_us = Percentile(lags_us, 0.5);
  result.p99_us = Percentile(lags_us, 0.99);
  return result;
}

}  // namespace stockd::bench
