#include "adapters/check/daemon_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/check/daemon_stream.h"
#include "adapters/sdk/catalogue_client.h"
#include "adapters/sdk/clock.h"
#include "adapters/sdk/daemon_channel.h"
#include "adapters/sdk/random_seed.h"

namespace stockd::check {
namespace {

using std::chrono::milliseconds;

constexpr const char* kSku = "CHECK-ITEM";
constexpr const char* kLocation = "CHECK-PLACE";
// Batches that are sent without reading any answer.
constexpr int kUnreadBatches = 200;
constexpr milliseconds kUnreadPatience{10'000};
// More than a daemon waits for a hello, also on a busy machine.
constexpr milliseconds kHelloPatience{20'000};

// Empty: as it has to be; else what happened instead.
using Fault = std::string;

Fault Expect(bool is_right, std::string why) { return is_right ? Fault() : std::move(why); }

class DaemonCheck {
 public:
  explicit DaemonCheck(const DaemonCheckOptions& options)
      : options_(options),
        channel_(sdk::OpenChannel(options.address, milliseconds(200))),
        run_(fmt::format("check-{:016x}", sdk::RandomSeed())) {}

  Report Run() {
    Report report{.subject =
                      fmt::format("daemon {} as source {}", options_.address, options_.source)};
    // Takes the longest, and disturbs no other check: a stream without a hello is nobody's.
    std::future<Fault> hello_missing =
        std::async(std::launch::async, [this] { return HelloMissing(); });
    const auto check = [&](std::string name, std::string claim, Fault fault) {
      const bool is_right = fault.empty();
      report.checks.push_back({.name = std::move(name),
                               .claim = std::move(claim),
                               .verdict = is_right ? Verdict::kPassed : Verdict::kFailed,
                               .why = std::move(fault)});
    };
    check("catalogue", "an item and a location can be put", PutNames());
    check("welcome", "a hello is answered with limits and the time", Welcome());
    check("facts", "facts are applied and acknowledged", Facts());
    check("duplicates", "a batch that comes again changes nothing", Duplicates());
    check("event_differs", "an event id with other content is set aside: EVENT_DIFFERS",
          EventDiffers());
    check("sku_unknown", "a fact of an unknown item is set aside: SKU_UNKNOWN", SkuUnknown());
    check("source_unknown", "an unknown source: PERMISSION_DENIED (SOURCE_UNKNOWN)",
          SourceUnknown());
    check("facts_before_hello", "facts before the hello: INVALID_ARGUMENT (FRAME_UNEXPECTED)",
          BeforeHello());
    check("second_hello", "a second hello: INVALID_ARGUMENT (FRAME_UNEXPECTED)", SecondHello());
    check("chunk_without_begin",
          "snapshot rows without a begin: INVALID_ARGUMENT (FRAME_UNEXPECTED)",
          ChunkWithoutBegin());
    check("ack_out_of_place", "an answer to levels never told: INVALID_ARGUMENT (FRAME_UNEXPECTED)",
          AckOutOfPlace());
    check("batch_too_large", "a batch beyond batch_size_max: INVALID_ARGUMENT (BATCH_TOO_LARGE)",
          BatchTooLarge());
    check("garbage", "bytes that are no message end their stream and nothing else", Garbage());
    check("snapshot_twice", "a snapshot id that comes again changes nothing", SnapshotTwice());
    check("snapshot_compare_only", "a snapshot that only compares changes nothing", CompareOnly());
    check("snapshot_incomplete", "a wrong row_count: INVALID_ARGUMENT (SNAPSHOT_INCOMPLETE)",
          SnapshotIncomplete());
    check("session_replaced", "a second session ends the first: ABORTED (SESSION_REPLACED)",
          SessionReplaced());
    check("levels", "levels come up to caught_up, and go on from the cursor", Levels());
    check("level_updates_in_flight", "no update beyond level_updates_in_flight_max", LevelLimit());
    check("health", "health is taken between facts, and listed", Health());
    check("devices", "an acknowledgement tells how far a device's numbers are complete", Devices());
    check("never_reading", "a session that reads nothing disturbs no other caller", NeverReading());
    check("hello_missing", "no hello for 10 s: DEADLINE_EXCEEDED (HELLO_MISSING)",
          hello_missing.get());
    return report;
  }

 private:
  DaemonStream NewStream() const { return DaemonStream(channel_, options_.patience); }

  v1::Hello HelloOf(const std::string& source) const {
    v1::Hello hello;
    hello.set_source(source);
    hello.set_adapter("stockd-adapter-check");
    return hello;
  }
  v1::Hello OurHello() const { return HelloOf(options_.source); }

  v1::Fact MakeFact(const std::string& name, int64_t quantity = 1) const {
    v1::Fact fact;
    fact.set_event_id(run_ + "/" + name);
    fact.set_kind(v1::FACT_KIND_RECEIPT);
    fact.set_sku(kSku);
    fact.set_location(kLocation);
    fact.set_quantity(quantity);
    sdk::SetProto(sdk::Now(), fact.mutable_occurred_at());
    return fact;
  }

  static Fault NoAnswer(DaemonStream& stream) {
    return fmt::format("no answer, the stream ended with {}", stream.End().ToString());
  }

  // How the stream has to end.
  static Fault ExpectEnd(DaemonStream& stream, absl::StatusCode code, const std::string& reason) {
    const absl::Status status = stream.End();
    return Expect(status.code() == code && sdk::ReasonOf(status) == reason,
                  fmt::format("it ended with {}", status.ToString()));
  }

  // Writes one frame to a session that is open; how it has to end then.
  Fault ExpectEndAfter(const v1::ConnectRequest& request, absl::StatusCode code,
                       const std::string& reason) const {
    DaemonStream stream = NewStream();
    if (!stream.Open(OurHello())) return NoAnswer(stream);
    stream.Write(request);
    return ExpectEnd(stream, code, reason);
  }

  Fault PutNames() const {
    const auto catalogue = sdk::MakeCatalogueClient(channel_);
    v1::PutItemsRequest items;
    items.add_items()->set_sku(kSku);
    v1::PutItemsResponse items_put;
    absl::Status status = catalogue->Put(items, &items_put);
    v1::PutLocationsRequest locations;
    locations.add_locations()->set_code(kLocation);
    v1::PutLocationsResponse locations_put;
    if (status.ok()) status = catalogue->Put(locations, &locations_put);
    return Expect(status.ok(), status.ToString());
  }

  Fault Welcome() const {
    DaemonStream stream = NewStream();
    const auto welcome = stream.Open(OurHello());
    if (!welcome) return NoAnswer(stream);
    if (welcome->batches_in_flight_max() < 1 || welcome->batch_size_max() < 1 ||
        !welcome->has_now()) {
      return "the welcome says " + welcome->ShortDebugString();
    }
    const absl::Status end = stream.Close();
    return Expect(end.ok(), "a stream that the adapter ended, ended with " + end.ToString());
  }

  Fault ExpectAck(const std::vector<v1::Fact>& facts, int applied, int duplicates,
                  const std::string& set_aside = "") const {
    DaemonStream stream = NewStream();
    if (!stream.Open(OurHello())) return NoAnswer(stream);
    const auto ack = stream.Send(1, facts);
    if (!ack) return NoAnswer(stream);
    const bool is_right = ack->applied() == applied && ack->duplicates() == duplicates &&
                          ack->set_aside_size() == (set_aside.empty() ? 0 : 1) &&
                          (set_aside.empty() || (ack->set_aside(0).reason() == set_aside &&
                                                 ack->set_aside(0).index() == 0 &&
                                                 ack->set_aside(0).quarantine_id() != 0));
    return Expect(is_right, "the acknowledgement says " + ack->ShortDebugString());
  }

  Fault Facts() {
    first_ = {MakeFact("1", 5), MakeFact("2"), MakeFact("3")};
    return ExpectAck(first_, 3, 0);
  }
  Fault Duplicates() const { return ExpectAck(first_, 0, 3); }

  Fault EventDiffers() const {
    v1::Fact other = first_.front();
    other.set_quantity(other.quantity() + 1);
    return ExpectAck({other}, 0, 0, "EVENT_DIFFERS");
  }

  Fault SkuUnknown() const {
    v1::Fact fact = MakeFact("unknown");
    fact.set_sku(run_);
    return ExpectAck({fact}, 0, 0, "SKU_UNKNOWN");
  }

  Fault SourceUnknown() const {
    DaemonStream stream = NewStream();
    static_cast<void>(stream.Open(HelloOf(run_)));
    return ExpectEnd(stream, absl::StatusCode::kPermissionDenied, "SOURCE_UNKNOWN");
  }

  v1::ConnectRequest OneFact() const {
    v1::ConnectRequest request;
    request.mutable_facts()->set_batch(1);
    *request.mutable_facts()->add_facts() = MakeFact("out of place");
    return request;
  }

  Fault BeforeHello() const {
    DaemonStream stream = NewStream();
    stream.Write(OneFact());
    return ExpectEnd(stream, absl::StatusCode::kInvalidArgument, "FRAME_UNEXPECTED");
  }

  Fault SecondHello() const {
    v1::ConnectRequest request;
    *request.mutable_hello() = OurHello();
    return ExpectEndAfter(request, absl::StatusCode::kInvalidArgument, "FRAME_UNEXPECTED");
  }

  Fault ChunkWithoutBegin() const {
    v1::ConnectRequest request;
    *request.mutable_snapshot_chunk()->add_rows() = Row(1);
    return ExpectEndAfter(request, absl::StatusCode::kInvalidArgument, "FRAME_UNEXPECTED");
  }

  Fault AckOutOfPlace() const {
    v1::ConnectRequest request;
    request.mutable_level_ack()->set_cursor(1);
    return ExpectEndAfter(request, absl::StatusCode::kInvalidArgument, "FRAME_UNEXPECTED");
  }

  Fault BatchTooLarge() const {
    DaemonStream stream = NewStream();
    const auto welcome = stream.Open(OurHello());
    if (!welcome) return NoAnswer(stream);
    v1::ConnectRequest request = OneFact();
    for (int i = 0; i < welcome->batch_size_max(); ++i) {
      *request.mutable_facts()->add_facts() = request.facts().facts(0);
    }
    stream.Write(request);
    return ExpectEnd(stream, absl::StatusCode::kInvalidArgument, "BATCH_TOO_LARGE");
  }

  Fault Garbage() const {
    const absl::Status status = SendGarbage(channel_, options_.patience);
    if (status.ok() || absl::IsDeadlineExceeded(status)) {
      return "the stream ended with " + status.ToString();
    }
    return Welcome();
  }

  static v1::SnapshotRow Row(int64_t quantity) {
    v1::SnapshotRow row;
    row.set_sku(kSku);
    row.set_location(kLocation);
    row.set_quantity(quantity);
    return row;
  }

  v1::SnapshotBegin Begin(const std::string& name) const {
    v1::SnapshotBegin begin;
    begin.set_snapshot_id(run_ + "/" + name);
    sdk::SetProto(sdk::Now(), begin.mutable_as_of());
    return begin;
  }

  Fault SnapshotTwice() const {
    DaemonStream stream = NewStream();
    if (!stream.Open(OurHello())) return NoAnswer(stream);
    const v1::SnapshotBegin begin = Begin("twice");
    const auto first = stream.Send(begin, {Row(100)}, 1);
    if (!first) return NoAnswer(stream);
    const int64_t rows =
        first->changed() + first->unchanged() + first->overtaken() + first->set_aside();
    if (rows != 1) return "the first acknowledgement says " + first->ShortDebugString();
    const auto second = stream.Send(begin, {Row(100)}, 1);
    if (!second) return NoAnswer(stream);
    return Expect(second->snapshot_id() == begin.snapshot_id() && second->changed() == 0,
                  "the second acknowledgement says " + second->ShortDebugString());
  }

  Fault CompareOnly() const {
    DaemonStream stream = NewStream();
    if (!stream.Open(OurHello())) return NoAnswer(stream);
    v1::SnapshotBegin begin = Begin("compare only");
    begin.set_compare_only(true);
    if (!stream.Send(begin, {Row(1000)}, 1)) return NoAnswer(stream);
    // Were it applied, this one would find the figure known.
    const auto ack = stream.Send(Begin("after comparing"), {Row(1000)}, 1);
    if (!ack) return NoAnswer(stream);
    return Expect(ack->unchanged() == 0, "it was applied: " + ack->ShortDebugString());
  }

  Fault SnapshotIncomplete() const {
    DaemonStream stream = NewStream();
    if (!stream.Open(OurHello())) return NoAnswer(stream);
    if (stream.Send(Begin("incomplete"), {Row(1)}, 2)) return "it was acknowledged";
    return ExpectEnd(stream, absl::StatusCode::kInvalidArgument, "SNAPSHOT_INCOMPLETE");
  }

  Fault SessionReplaced() const {
    DaemonStream first = NewStream();
    if (!first.Open(OurHello())) return NoAnswer(first);
    DaemonStream second = NewStream();
    if (!second.Open(OurHello())) return NoAnswer(second);
    if (Fault fault = ExpectEnd(first, absl::StatusCode::kAborted, "SESSION_REPLACED");
        !fault.empty()) {
      return fault;
    }
    return Expect(second.Send(1, {MakeFact("after replacing")}).has_value(),
                  "the second session gets no answer");
  }

  // Takes levels up to the first update that says caught_up; the cursor to go on from. Levels are
  // acknowledged as they come.
  Fault TakeLevels(uint64_t cursor, uint64_t* end_cursor) const {
    DaemonStream stream = NewStream();
    v1::Hello hello = OurHello();
    hello.set_wants_levels(true);
    hello.set_level_cursor(cursor);
    if (!stream.Open(hello)) return NoAnswer(stream);
    v1::ConnectResponse response;
    while (stream.Read(&response)) {
      if (!response.has_level_update()) continue;
      const v1::LevelUpdate& update = response.level_update();
      if (update.cursor() < cursor) {
        return fmt::format("the cursor went back from {} to {}", cursor, update.cursor());
      }
      *end_cursor = cursor = update.cursor();
      v1::ConnectRequest ack;
      ack.mutable_level_ack()->set_cursor(cursor);
      stream.Write(ack);
      if (!update.caught_up()) continue;
      const absl::Status end = stream.Close();
      return Expect(end.ok(), "the stream ended with " + end.ToString());
    }
    return NoAnswer(stream);
  }

  Fault Levels() const {
    uint64_t cursor = 0;
    if (Fault fault = TakeLevels(0, &cursor); !fault.empty()) return fault;
    uint64_t resumed = cursor;
    return TakeLevels(cursor, &resumed);
  }

  // No update is acknowledged here, so at most the first one may come.
  Fault LevelLimit() const {
    DaemonStream stream = NewStream();
    v1::Hello hello = OurHello();
    hello.set_wants_levels(true);
    hello.set_level_updates_in_flight_max(1);
    if (!stream.Open(hello)) return NoAnswer(stream);
    int updates = 0;
    for (int batch = 1; batch <= 5; ++batch) {
      v1::ConnectRequest request = OneFact();
      request.mutable_facts()->set_batch(static_cast<uint64_t>(batch));
      *request.mutable_facts()->mutable_facts(0) = MakeFact(fmt::format("limit {}", batch));
      if (!stream.Write(request)) return NoAnswer(stream);
      v1::ConnectResponse response;
      for (bool is_answered = false; !is_answered;) {
        if (!stream.Read(&response)) return NoAnswer(stream);
        if (response.has_level_update()) ++updates;
        is_answered = response.has_batch_ack();
      }
    }
    return Expect(updates <= 1, fmt::format("{} updates came, none was acknowledged", updates));
  }

  Fault Health() const {
    DaemonStream stream = NewStream();
    if (!stream.Open(OurHello())) return NoAnswer(stream);
    v1::ConnectRequest request;
    request.mutable_health()->set_outbox_depth(3);
    request.mutable_health()->set_trouble("only a check");
    if (!stream.Write(request)) return NoAnswer(stream);
    if (!stream.Send(1, {MakeFact("after health")})) return "no answer to the facts that follow";
    v1::ListSourcesResponse sources;
    const absl::Status status = ListSources(channel_, options_.patience, &sources);
    for (const v1::Source& source : sources.sources()) {
      if (source.source() == options_.source && source.health().outbox_depth() == 3) return {};
    }
    return "ListSources does not show it; " + status.ToString();
  }

  Fault Devices() const {
    DaemonStream stream = NewStream();
    if (!stream.Open(OurHello())) return NoAnswer(stream);
    const auto tell = [&](uint64_t number) {
      v1::Fact fact = MakeFact(fmt::format("device {}", number));
      fact.set_device(run_);
      fact.set_device_sequence(number);
      return stream.Send(number, {fact});
    };
    // The third comes before the second.
    for (const auto& [number, complete_until] : {std::pair(1, 1), std::pair(3, 1)}) {
      const auto ack = tell(static_cast<uint64_t>(number));
      if (!ack) return NoAnswer(stream);
      if (ack->devices_size() != 1 || ack->devices(0).device() != run_ ||
          ack->devices(0).complete_until() != static_cast<uint64_t>(complete_until) ||
          ack->devices(0).newest() != static_cast<uint64_t>(number)) {
        return fmt::format("number {} is answered with {}", number, ack->ShortDebugString());
      }
    }
    v1::Fact missing = MakeFact("device 2");
    missing.set_device(run_);
    missing.set_device_sequence(2);
    const auto ack = stream.Send(4, {missing});
    if (!ack) return NoAnswer(stream);
    return Expect(ack->devices_size() == 1 && ack->devices(0).complete_until() == 3,
                  "the missing number is answered with " + ack->ShortDebugString());
  }

  // A write that the daemon does not take blocks, so it goes on another thread until it is enough.
  Fault NeverReading() const {
    DaemonStream stream(channel_, kUnreadPatience);
    if (!stream.Open(OurHello())) return NoAnswer(stream);
    std::jthread writer([&] {
      for (int batch = 1; batch <= kUnreadBatches; ++batch) {
        v1::ConnectRequest request;
        request.mutable_facts()->set_batch(static_cast<uint64_t>(batch));
        *request.mutable_facts()->add_facts() = MakeFact(fmt::format("unread {}", batch));
        if (!stream.Write(request)) return;
      }
    });
    v1::ListSourcesResponse sources;
    const auto began_at = sdk::SteadyNow();
    const absl::Status status = ListSources(sdk::OpenChannel(options_.address, milliseconds(200)),
                                            options_.patience, &sources);
    const milliseconds took = sdk::MillisecondsSince(began_at);
    stream.Cancel();
    writer.join();
    if (!status.ok()) return "another caller got " + status.ToString();
    if (took > kUnreadPatience) return fmt::format("another caller waited {} ms", took.count());
    return Welcome();
  }

  Fault HelloMissing() const {
    DaemonStream stream(channel_, std::max(options_.patience, kHelloPatience));
    const auto began_at = sdk::SteadyNow();
    const absl::Status status = stream.End();
    const milliseconds took = sdk::MillisecondsSince(began_at);
    return Expect(absl::IsDeadlineExceeded(status) && sdk::ReasonOf(status) == "HELLO_MISSING",
                  fmt::format("after {} ms it ended with {}", took.count(), status.ToString()));
  }

  const DaemonCheckOptions options_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::string run_;  // In all ids, so that a second run starts afresh.
  std::vector<v1::Fact> first_;
};

}  // namespace

Report CheckDaemonAt(const DaemonCheckOptions& options) { return DaemonCheck(options).Run(); }

}  // namespace stockd::check
