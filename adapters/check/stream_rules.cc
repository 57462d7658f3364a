#include "adapters/check/stream_rules.h"

#include <fmt/format.h>
#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <climits>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "adapters/check/stream_state.h"

namespace stockd::check {
namespace {

using google::protobuf::util::MessageDifferencer;

constexpr int64_t kHelloPatienceMs = 10'000;
constexpr size_t kTextBytesMax = 512;

class StreamRules {
 public:
  void Take(const Event& event) {
    StreamState& stream = streams_[event.stream];
    switch (event.kind) {
      case Event::Kind::kOpened: stream.opened_at_ms = event.at_ms; break;
      case Event::Kind::kClosed: Close(stream); break;
      case Event::Kind::kFromAdapter: TakeRequest(stream, event); break;
      case Event::Kind::kFromDaemon: TakeResponse(stream, event.response); break;
    }
  }

  std::vector<CheckResult> Finish() {
    for (auto& [number, stream] : streams_) Close(stream);
    for (const auto& [id, fact] : facts_) {
      acknowledged_rule_.Judge(acknowledged_.contains(id),
                               fmt::format("fact \"{}\" was never acknowledged", id));
    }
    for (const std::string& id : to_repeat_) {
      repeated_rule_.Fail(fmt::format(
          "fact \"{}\" was not acknowledged when its stream broke, and never told again under "
          "this event id",
          id));
    }
    std::vector<CheckResult> results;
    for (const Rule* rule :
         {&hello_rule_, &welcome_rule_, &size_rule_, &number_rule_, &open_rule_, &same_rule_,
          &repeated_rule_, &acknowledged_rule_, &ack_rule_, &result_rule_, &resume_rule_,
          &snapshot_rule_, &health_rule_, &order_fact_rule_, &order_ack_rule_}) {
      results.push_back(rule->result());
    }
    return results;
  }

 private:
  void TakeRequest(StreamState& stream, const Event& event) {
    const v1::ConnectRequest& request = event.request;
    const bool is_hello = request.has_hello();
    if (stream.frames++ == 0) {
      const int64_t after_ms = event.at_ms - stream.opened_at_ms;
      hello_rule_.Judge(
          is_hello && after_ms <= kHelloPatienceMs,
          is_hello ? fmt::format("stream {} said hello after {} ms", event.stream, after_ms)
                   : fmt::format("stream {} began with another frame", event.stream));
    } else if (is_hello) {
      hello_rule_.Fail(fmt::format("stream {} said hello twice", event.stream));
    }
    if (!is_hello) {
      welcome_rule_.Judge(stream.welcome.has_value(),
                          fmt::format("stream {} went on before it was welcome", event.stream));
    }
    switch (request.frame_case()) {
      case v1::ConnectRequest::kHello: return TakeHello(stream, request.hello());
      case v1::ConnectRequest::kFacts: return TakeBatch(stream, request.facts());
      case v1::ConnectRequest::kLevelAck: return TakeLevelAck(stream, request.level_ack());
      case v1::ConnectRequest::kSnapshotBegin:
        snapshot_rule_.Judge(
            !stream.snapshot_rows && !request.snapshot_begin().snapshot_id().empty(),
            "a snapshot begins inside another, or without an id");
        stream.snapshot_rows = 0;
        return;
      case v1::ConnectRequest::kSnapshotChunk: return TakeChunk(stream, request.snapshot_chunk());
      case v1::ConnectRequest::kSnapshotEnd:
        snapshot_rule_.Judge(stream.snapshot_rows == request.snapshot_end().row_count(),
                             "row_count differs from the rows that were sent");
        stream.snapshot_rows.reset();
        return;
      case v1::ConnectRequest::kHealth:
        health_rule_.Judge(request.health().outbox_depth() >= 0 &&
                               request.health().trouble().size() <= kTextBytesMax,
                           "health tells a negative depth, or trouble of more than 512 bytes");
        return;
      case v1::ConnectRequest::kOrderFacts: return TakeOrderFacts(stream, request.order_facts());
      case v1::ConnectRequest::kOrderAck:
        order_ack_rule_.Judge(
            stream.hello && stream.hello->wants_orders(),
            fmt::format("stream {} acknowledges orders that it did not want", event.stream));
        return;
      case v1::ConnectRequest::FRAME_NOT_SET:
        hello_rule_.Fail(fmt::format("stream {} sent a frame without content", event.stream));
        return;
    }
  }

  void TakeHello(StreamState& stream, const v1::Hello& hello) {
    stream.hello = hello;
    if (!hello.wants_levels()) return;
    const uint64_t cursor = hello.level_cursor();
    if (!has_wanted_levels_) {
      has_wanted_levels_ = true;  // Nobody knows what it has from before.
      first_cursor_ = cursor;
      return;
    }
    const bool is_known = cursor == first_cursor_ || cursors_.contains(cursor);
    resume_rule_.Judge(
        is_known && cursor >= cursor_applied_,
        fmt::format("hello names the cursor {}, but {} was the last one applied{}", cursor,
                    cursor_applied_, is_known ? "" : " and this one was never sent"));
  }

  void TakeOrderFacts(const StreamState& stream, const v1::OrderFactBatch& batch) {
    const int size_max = stream.welcome ? stream.welcome->batch_size_max() : batch.facts_size();
    const bool is_named = std::ranges::none_of(
        batch.facts(), [](const v1::OrderFact& fact) { return fact.event_id().empty(); });
    order_fact_rule_.Judge(
        batch.facts_size() > 0 && batch.facts_size() <= size_max && is_named,
        fmt::format("a batch of {} facts about orders; 1 to {} with event ids are allowed",
                    batch.facts_size(), size_max));
  }

  void TakeBatch(StreamState& stream, const v1::FactBatch& batch) {
    number_rule_.Judge(batch.batch() > stream.last_batch,
                       fmt::format("batch {} follows batch {}", batch.batch(), stream.last_batch));
    stream.last_batch = batch.batch();
    const int size_max = stream.welcome ? stream.welcome->batch_size_max() : INT_MAX;
    const int size = batch.facts_size() + batch.passed_numbers_size();
    size_rule_.Judge(
        size > 0 && size <= size_max,
        fmt::format("a batch of {} facts and passed numbers; 1 to {} are allowed", size, size_max));
    for (const v1::Fact& fact : batch.facts()) TakeFact(fact);
    stream.open_batches[batch.batch()].assign(batch.facts().begin(), batch.facts().end());
    if (!stream.welcome) return;
    open_rule_.Judge(
        stream.open_batches.size() <= static_cast<size_t>(stream.welcome->batches_in_flight_max()),
        fmt::format("{} batches were open; {} are allowed", stream.open_batches.size(),
                    stream.welcome->batches_in_flight_max()));
  }

  void TakeFact(const v1::Fact& fact) {
    const auto [known, is_new] = facts_.try_emplace(fact.event_id(), fact);
    if (fact.event_id().empty()) same_rule_.Fail("a fact without an event id");
    if (is_new) return;
    same_rule_.Judge(MessageDifferencer::Equals(known->second, fact),
                     fmt::format("fact \"{}\" came again with other content", fact.event_id()));
    if (to_repeat_.erase(fact.event_id()) > 0) repeated_rule_.Pass();
  }

  void TakeChunk(StreamState& stream, const v1::SnapshotChunk& chunk) {
    const int size_max = stream.welcome ? stream.welcome->batch_size_max() : chunk.rows_size();
    snapshot_rule_.Judge(
        stream.snapshot_rows && chunk.rows_size() > 0 && chunk.rows_size() <= size_max,
        fmt::format("a chunk of {} rows; 1 to {} are allowed, after a begin", chunk.rows_size(),
                    size_max));
    if (stream.snapshot_rows) *stream.snapshot_rows += chunk.rows_size();
  }

  void TakeLevelAck(const StreamState& stream, const v1::LevelAck& ack) {
    const auto update = stream.updates.find(ack.cursor());
    ack_rule_.Judge(
        update != stream.updates.end(),
        fmt::format("cursor {} was acknowledged, which did not come on this stream", ack.cursor()));
    if (update == stream.updates.end()) return;
    for (const v1::LevelResult& result : ack.results()) {
      const auto is_meant = [&](const v1::Level& level) {
        return level.sku() == result.sku() && level.location() == result.location() &&
               level.version() == result.version();
      };
      result_rule_.Judge(std::ranges::any_of(update->second.levels(), is_meant) &&
                             result.outcome() != v1::LEVEL_OUTCOME_UNSPECIFIED &&
                             result.reason().size() <= kTextBytesMax,
                         fmt::format("a result for {} at {} version {}, which the update did not "
                                     "hold, or without an outcome",
                                     result.sku(), result.location(), result.version()));
    }
    // Results exist only in the acknowledgement, so an adapter may have them told once more.
    if (ack.results_size() == 0) cursor_applied_ = std::max(cursor_applied_, ack.cursor());
  }

  void TakeResponse(StreamState& stream, const v1::ConnectResponse& response) {
    if (response.has_welcome()) {
      stream.welcome = response.welcome();
    } else if (response.has_level_update()) {
      stream.updates[response.level_update().cursor()] = response.level_update();
      cursors_.insert(response.level_update().cursor());
    } else if (response.has_batch_ack()) {
      const auto batch = stream.open_batches.find(response.batch_ack().batch());
      if (batch == stream.open_batches.end()) return;
      for (const v1::Fact& fact : batch->second) acknowledged_.insert(fact.event_id());
      stream.open_batches.erase(batch);
    }
  }

  // What is open now has to come again.
  void Close(StreamState& stream) {
    for (const auto& [number, facts] : std::exchange(stream.open_batches, {})) {
      for (const v1::Fact& fact : facts) {
        if (!acknowledged_.contains(fact.event_id())) to_repeat_.insert(fact.event_id());
      }
    }
    stream.snapshot_rows.reset();
  }

  std::map<int, StreamState> streams_;
  std::map<std::string, v1::Fact> facts_;  // As first told.
  std::set<std::string> acknowledged_;
  std::set<std::string> to_repeat_;
  std::set<uint64_t> cursors_;
  bool has_wanted_levels_ = false;
  uint64_t first_cursor_ = 0;
  uint64_t cursor_applied_ = 0;

  Rule hello_rule_{"hello_first", "every stream begins with one hello, within 10 s",
                   "no stream was opened"};
  Rule welcome_rule_{"waits_for_welcome", "nothing follows the hello before the welcome",
                     "nothing followed a hello"};
  Rule size_rule_{"batch_size", "a batch holds 1 to batch_size_max facts", "no facts were told"};
  Rule number_rule_{"batch_numbers_grow", "batch numbers grow within a stream",
                    "no facts were told"};
  Rule open_rule_{"batches_in_flight", "at most batches_in_flight_max batches are open",
                  "no facts were told"};
  Rule same_rule_{"event_id_names_one_fact", "an event id always names the same content",
                  "no fact came twice"};
  Rule repeated_rule_{"facts_repeated",
                      "what was not acknowledged when a stream broke is told again",
                      "no stream broke with facts under way"};
  Rule acknowledged_rule_{"no_fact_lost", "every fact is acknowledged in the end",
                          "no facts were told"};
  Rule ack_rule_{"level_acks", "only levels that came on the stream are acknowledged",
                 "no levels were acknowledged"};
  Rule result_rule_{"level_results", "results name levels of the update, with an outcome",
                    "no level was answered with a result"};
  Rule resume_rule_{"resumes_from_cursor", "a new stream goes on from the last levels applied",
                    "no second stream wanted levels"};
  Rule snapshot_rule_{"snapshots",
                      "a snapshot is begun, sent in chunks and ended with its row count",
                      "no snapshot was sent"};
  Rule health_rule_{"health", "health has a depth of 0 or more and at most 512 bytes of trouble",
                    "no health was told"};
  Rule order_fact_rule_{"order_facts", "a batch holds 1 to batch_size_max facts with event ids",
                        "nothing was told of orders"};
  Rule order_ack_rule_{"order_acks", "orders are acknowledged on streams that want them",
                       "no order was acknowledged"};
};

}  // namespace

std::vector<CheckResult> CheckStreams(const std::vector<Event>& events) {
  StreamRules rules;
  for (const Event& event : events) rules.Take(event);
  return rules.Finish();
}

}  // namespace stockd::check
