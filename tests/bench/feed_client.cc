#include "tests/bench/feed_client.h"

#include <google/protobuf/util/time_util.h>
#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "stockd/v1/adapter_service.grpc.pb.h"
#include "tests/bench/process.h"
#include "tests/bench/stock_names.h"

namespace stockd::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using google::protobuf::util::TimeUtil;

constexpr auto kAnswerMax = std::chrono::seconds(120);

double Since(SteadyClock::time_point begin) {
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

// The adapter's end of the stream: a thread gathers the answers.
class Session {
 public:
  explicit Session(const FeedSpec& spec)
      : stub_(v1::AdapterService::NewStub(
            grpc::CreateChannel(spec.address, grpc::InsecureChannelCredentials()))),
        stream_(stub_->Connect(&context_)),
        reader_([this] { ReadAll(); }) {
    v1::ConnectRequest hello;
    hello.mutable_hello()->set_source(spec.source);
    Write(hello);
    welcome_ = Next().welcome();
  }

  ~Session() {
    context_.TryCancel();
    reader_.join();
  }

  void Write(const v1::ConnectRequest& frame) {
    if (!stream_->Write(frame)) throw BenchError("the daemon ended the stream");
  }

  v1::ConnectResponse Next() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kAnswerMax, [this] { return ended_ || !answers_.empty(); })) {
      throw BenchError("the daemon does not acknowledge");
    }
    if (answers_.empty()) throw BenchError("the daemon ended the stream");
    v1::ConnectResponse answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }

  const v1::Welcome& welcome() const { return welcome_; }

 private:
  void ReadAll() {
    v1::ConnectResponse answer;
    while (stream_->Read(&answer)) {
      const std::lock_guard lock(mutex_);
      answers_.push_back(std::move(answer));
      changed_.notify_one();
    }
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_one();
  }

  grpc::ClientContext context_;
  std::unique_ptr<v1::AdapterService::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::ConnectRequest, v1::ConnectResponse>> stream_;
  v1::Welcome welcome_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<v1::ConnectResponse> answers_;
  bool ended_ = false;
  std::thread reader_;
};

// A sale as a till tells it.
void FillSale(const FeedSpec& spec, uint64_t number, int64_t now_ms, v1::Fact& fact) {
  const uint64_t chance = Scatter(number);
  fact.set_event_id("T07-" + std::to_string(spec.run) + "-" + std::to_string(number));
  fact.set_kind(v1::FACT_KIND_SALE);
  fact.set_sku(Sku(chance % spec.items));
  fact.set_location(LocationCode((chance >> 40) % spec.locations));
  fact.set_quantity(1);
  const int64_t at_us =
      spec.dated_from_us == 0
          ? now_ms * 1000
          : spec.dated_from_us +
                static_cast<int64_t>(Scatter(chance) % static_cast<uint64_t>(spec.dated_within_us));
  *fact.mutable_occurred_at() = TimeUtil::MicrosecondsToTimestamp(at_us);
  fact.set_reference("R" + std::to_string(number / 3));
  fact.set_channel("store");
  fact.set_unit_price_micros(4'990'000);
  fact.set_currency("EUR");
}

int64_t SnapshotQuantity(const FeedSpec& spec, uint64_t position) {
  return spec.base + (position % 100 <= spec.run ? 1 : 0);
}

std::vector<v1::ConnectRequest> SnapshotChunks(const FeedSpec& spec) {
  std::vector<v1::ConnectRequest> chunks;
  for (uint64_t position = 0; position < spec.items * spec.locations; ++position) {
    if (position % static_cast<uint64_t>(spec.batch) == 0) chunks.emplace_back();
    v1::SnapshotRow& row = *chunks.back().mutable_snapshot_chunk()->add_rows();
    row.set_sku(Sku(position / spec.locations));
    row.set_location(LocationCode(position % spec.locations));
    row.set_quantity(SnapshotQuantity(spec, position));
  }
  return chunks;
}

}  // namespace

FeedResult SendFacts(const FeedSpec& spec) {
  Session session(spec);
  const uint64_t in_flight_max =
      static_cast<uint64_t>(std::max(1, session.welcome().batches_in_flight_max()));
  uint64_t batch = session.welcome().batch_acknowledged();
  uint64_t number = 0;
  uint64_t in_flight = 0;
  v1::ConnectRequest frame;
  FeedResult result;
  const auto start = SteadyClock::now();
  auto begin = start;
  bool warm = false;
  while (true) {
    v1::FactBatch& facts = *frame.mutable_facts();
    const int64_t now_ms = TimeUtil::TimestampToMilliseconds(TimeUtil::GetCurrentTime());
    facts.set_batch(++batch);
    while (facts.facts_size() < spec.batch) facts.add_facts();
    for (v1::Fact& fact : *facts.mutable_facts()) FillSale(spec, number++, now_ms, fact);
    session.Write(frame);
    if (++in_flight < in_flight_max) continue;
    const v1::ConnectResponse answer = session.Next();
    --in_flight;
    if (answer.batch_ack().applied() != spec.batch) {
      throw BenchError("facts were not applied: " + answer.ShortDebugString().substr(0, 300));
    }
    if (!warm && Since(start) >= spec.warm_up_s) {
      warm = true;
      begin = SteadyClock::now();
    } else if (warm) {
      result.rows += spec.batch;
      result.seconds = Since(begin);
      if (result.seconds >= spec.seconds) return result;
    }
  }
}

FeedResult SendSnapshot(const FeedSpec& spec) {
  Session session(spec);
  const auto rows = static_cast<int64_t>(spec.items * spec.locations);
  // Where the rows come from is not measured.
  const std::vector<v1::ConnectRequest> chunks = SnapshotChunks(spec);
  const auto begin = SteadyClock::now();
  v1::ConnectRequest frame;
  frame.mutable_snapshot_begin()->set_snapshot_id("snapshot-" + std::to_string(spec.run));
  *frame.mutable_snapshot_begin()->mutable_as_of() = TimeUtil::GetCurrentTime();
  session.Write(frame);
  for (const v1::ConnectRequest& chunk : chunks) session.Write(chunk);
  frame.mutable_snapshot_end()->set_row_count(rows);
  session.Write(frame);
  const v1::SnapshotAck ack = session.Next().snapshot_ack();
  FeedResult result{.rows = rows,
                    .seconds = Since(begin),
                    .changed = ack.changed(),
                    .unchanged = ack.unchanged()};
  if (result.changed + result.unchanged != rows) {
    throw BenchError("the snapshot was not taken: " + ack.ShortDebugString());
  }
  return result;
}

}  // namespace stockd::bench
