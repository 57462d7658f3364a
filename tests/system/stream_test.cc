// Adapter streams that misbehave: each ends with a reason, none harms anybody else.
#include <grpcpp/impl/codegen/client_callback.h>
#include <grpcpp/support/byte_buffer.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "tests/system/daemon_fixture.h"

namespace stockd::system_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using support::AdapterStream;
using support::Describe;
using support::GrpcClient;
using support::In;
using support::ReasonOf;
using support::WaitUntil;

constexpr int64_t kMegabyte = 1'000'000;
// A sanitizer keeps freed memory for a while.
constexpr int64_t kGrowthMax = (support::kIsSanitized ? 600 : 64) * kMegabyte;

class Streams : public DaemonFixture {
 protected:
  // The memory of reports is bounded by a key of its own and not what is measured here.
  explicit Streams(const std::string& more_config = "")
      : DaemonFixture("[reports]\nenabled = false\n" + more_config) {}

  void TearDown() override {
    if (daemon_.process().is_running()) {
      EXPECT_EQ(client_.Health(), "SERVING");
      ExpectNoDrift();
    } else {
      ADD_FAILURE() << "the daemon has died:\n" << daemon_.log();
    }
  }

  static void ExpectEnd(const grpc::Status& status, grpc::StatusCode code,
                        const std::string& reason) {
    EXPECT_EQ(status.error_code(), code) << Describe(status);
    EXPECT_EQ(ReasonOf(status), reason) << Describe(status);
  }

  // A batch whose facts make no sense to the daemon, so that its acknowledgement is large.
  static v1::ConnectRequest BatchOfUnknowns(uint64_t batch) {
    v1::ConnectRequest frame;
    frame.mutable_facts()->set_batch(batch);
    for (int i = 0; i < 1000; ++i) {
      *frame.mutable_facts()->add_facts() = support::ToFact(
          {.event_id = "e" + std::to_string(i), .sku = "unknown", .location = "L0"});
    }
    return frame;
  }

  // Sends bytes that no client library would send as a message of this stream.
  grpc::Status SendRaw(const std::string& bytes) {
    grpc::ClientContext context;
    context.set_deadline(support::CalendarNow() + support::kPatience);
    const grpc::internal::RpcMethod method("/stockd.v1.AdapterService/Connect",
                                           grpc::internal::RpcMethod::BIDI_STREAMING,
                                           client_.channel());
    using Factory = grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer, grpc::ByteBuffer>;
    const std::unique_ptr<grpc::ClientReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>> stream(
        Factory::Create(client_.channel().get(), method, &context));
    v1::ConnectRequest hello;
    hello.mutable_hello()->set_source("till");
    grpc::ByteBuffer message;
    for (const std::string& frame : {hello.SerializeAsString(), bytes}) {
      const grpc::Slice slice(frame);
      stream->Write(grpc::ByteBuffer(&slice, 1));
    }
    while (stream->Read(&message)) {
    }
    return stream->Finish();
  }
};

class ShortHello : public Streams {
 protected:
  ShortHello() : Streams("[adapters]\nhello_timeout = \"300ms\"\n") {}
};

TEST_F(ShortHello, OneThatSaysNothingIsEnded) {
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  AdapterStream stream(client_);
  ExpectEnd(stream.Finish(), grpc::StatusCode::DEADLINE_EXCEEDED, "HELLO_MISSING");
}

TEST_F(Streams, FramesOutOfPlaceEndIt) {
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  struct Case {
    const char* what;
    std::vector<v1::ConnectRequest> frames;
    grpc::StatusCode code;
    const char* reason;
  };
  v1::ConnectRequest hello;
  hello.mutable_hello()->set_source("till");
  v1::ConnectRequest stranger;
  stranger.mutable_hello()->set_source("stranger");
  v1::ConnectRequest ack;
  ack.mutable_level_ack()->set_cursor(7);
  v1::ConnectRequest chunk;
  chunk.mutable_snapshot_chunk()->add_rows()->set_sku("SKU-0");
  v1::ConnectRequest begin;
  begin.mutable_snapshot_begin()->set_snapshot_id("s");
  begin.mutable_snapshot_begin()->mutable_as_of()->set_seconds(1'700'000'000);
  v1::ConnectRequest end;
  end.mutable_snapshot_end()->set_row_count(5);
  v1::ConnectRequest large = BatchOfUnknowns(1);
  *large.mutable_facts()->add_facts() = support::ToFact({.event_id = "one too many"});
  const v1::ConnectRequest empty;
  constexpr auto kInvalid = grpc::StatusCode::INVALID_ARGUMENT;
  const Case cases[] = {
      {"facts before hello", {BatchOfUnknowns(1)}, kInvalid, "FRAME_UNEXPECTED"},
      {"an unknown source", {stranger}, grpc::StatusCode::PERMISSION_DENIED, "SOURCE_UNKNOWN"},
      {"two hellos", {hello, hello}, kInvalid, "FRAME_UNEXPECTED"},
      {"an empty frame", {hello, empty}, kInvalid, "FRAME_UNEXPECTED"},
      {"an acknowledgement of nothing", {hello, ack}, kInvalid, "FRAME_UNEXPECTED"},
      {"rows without a snapshot", {hello, chunk}, kInvalid, "FRAME_UNEXPECTED"},
      {"a snapshot in a snapshot", {hello, begin, begin}, kInvalid, "FRAME_UNEXPECTED"},
      {"a snapshot with rows missing", {hello, begin, chunk, end}, kInvalid, "SNAPSHOT_INCOMPLETE"},
      {"a batch too large", {hello, large}, kInvalid, "BATCH_TOO_LARGE"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    AdapterStream stream(client_);
    for (const v1::ConnectRequest& frame : c.frames) stream.Write(frame);
    ExpectEnd(stream.Finish(), c.code, c.reason);
  }
  EXPECT_EQ(DaemonStatus().quarantine_count(), 0);  // Nothing of it was taken.
}

TEST_F(Streams, BytesThatAreNoFrameEndItAndChangeNothing) {
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  v1::ConnectRequest facts;
  *facts.mutable_facts()->add_facts() =
      support::ToFact({.event_id = "e", .sku = "SKU-0", .location = "L0"});
  std::string invalid_utf8 = facts.SerializeAsString();
  invalid_utf8.replace(invalid_utf8.find("SKU-0"), 5, "\xff\xfe\xc0\x80\xfa");
  const std::string unknown_field = "\x9a\x06\x01x";  // Field 99.
  for (const std::string& bytes : {std::string("\xff\xff\xff\xff\xff"), invalid_utf8, unknown_field,
                                   facts.SerializeAsString().substr(0, 9)}) {
    const grpc::Status status = SendRaw(bytes);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << Describe(status) << " " << testing::PrintToString(bytes);
  }
  EXPECT_EQ(DaemonStatus().quarantine_count(), 0);
  EXPECT_EQ(DaemonStatus().position_count(), 0);
}

TEST_F(Streams, TextThatIsNoUtf8IsRefusedInCallsToo) {
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  v1::PutItemsRequest request;
  request.add_items()->set_sku("\xff\xfe");
  v1::PutItemsResponse response;
  const grpc::Status status =
      client_.Call(client_.catalogue(), &GrpcClient::Catalogue::PutItems, request, response);
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(DaemonStatus().item_count(), 0);
}

TEST_F(Streams, MessagesOfFiveMegabytesAreRefused) {
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  v1::PutItemsRequest items;
  v1::ConnectRequest frame;
  for (int i = 0; i < 10'000; ++i) {
    items.add_items()->set_sku(std::to_string(i) + std::string(100, 'x'));
    items.mutable_items(i)->set_name(std::string(400, 'y'));
    *frame.mutable_facts()->add_facts() = support::ToFact(
        {.event_id = std::to_string(i), .sku = std::string(400, 'x'), .location = "L0"});
  }
  ASSERT_GT(items.ByteSizeLong(), 5 * kMegabyte);
  v1::PutItemsResponse response;
  const grpc::Status status =
      client_.Call(client_.catalogue(), &GrpcClient::Catalogue::PutItems, items, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << Describe(status);
  EXPECT_EQ(DaemonStatus().item_count(), 0);

  AdapterStream stream(client_);
  ASSERT_TRUE(stream.Open("till"));
  stream.Write(frame);
  const grpc::Status end = stream.Finish();
  EXPECT_EQ(end.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << Describe(end);
  EXPECT_EQ(DaemonStatus().quarantine_count(), 0);
}

TEST_F(Streams, TheSecondSessionOfASourceReplacesTheFirst) {
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  const PositionName position = PutNames(1, 1).front();
  const auto fact = [&](const std::string& id) {
    return support::ToFact({.event_id = id, .sku = position.first, .location = position.second});
  };
  const v1::Fact told_before = fact("a");
  AdapterStream first(client_);
  ASSERT_TRUE(first.Open("till"));
  ASSERT_TRUE(first.Send(1, {told_before}));
  AdapterStream second(client_);
  ASSERT_TRUE(second.Open("till"));
  ExpectEnd(first.Finish(), grpc::StatusCode::ABORTED, "SESSION_REPLACED");
  const auto ack = second.Send(1, {told_before, fact("b")});
  ASSERT_TRUE(ack);
  EXPECT_EQ(ack->duplicates(), 1);
  EXPECT_EQ(ack->applied(), 1);
  AdapterStream other(client_);
  ASSERT_TRUE(other.Open("erp"));  // Another source disturbs nobody.
  EXPECT_TRUE(second.Send(2, {fact("c")}));
  EXPECT_EQ(Read(position).quantities().on_hand(), 3);
}

// An adapter that sends and never reads its acknowledgements is not read any more; its messages
// wait at its own end.
TEST_F(Streams, OneThatNeverReadsAcknowledgementsCostsTheDaemonLittleMemory) {
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  const std::vector<PositionName> positions = PutNames(1, 1);
  {
    // Once in the usual way, so that what is needed anyway is there.
    AdapterStream stream(client_);
    ASSERT_TRUE(stream.Open("till"));
    ASSERT_TRUE(stream.Write(BatchOfUnknowns(1)));
    v1::ConnectResponse ack;
    ASSERT_TRUE(stream.Read(ack));
  }
  const int64_t before = daemon_.process().resident_bytes();
  AdapterStream stream(client_);
  ASSERT_TRUE(stream.Open("till"));
  std::atomic<int64_t> written = 0;
  std::jthread writer([&] {
    const v1::ConnectRequest frame = BatchOfUnknowns(1);
    while (written < 3000 && stream.Write(frame)) ++written;
  });
  // Until it stands still for a second.
  int64_t seen = -1;
  support::SteadyTime seen_at;
  EXPECT_TRUE(WaitUntil(In(), [&] {
    if (seen != written) {
      seen = written;
      seen_at = support::SteadyNow();
    }
    return support::SteadyNow() - seen_at > seconds(1);
  }));
  EXPECT_LT(seen, 3000) << "the daemon went on reading";
  const int64_t grown = daemon_.process().resident_bytes() - before;
  std::printf("%lld batches were written, the daemon grew by %lld KB\n",
              static_cast<long long>(seen), static_cast<long long>(grown / 1000));
  EXPECT_LT(grown, kGrowthMax);
  EXPECT_EQ(Read(positions[0]).available(), 0);  // Others are served.
  stream.Cancel();
}

TEST_F(Streams, OneThatNeverReadsLevelsCostsTheDaemonLittleMemory) {
  constexpr int kRounds = 30;
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  const std::vector<PositionName> positions = PutNames(2500, 4);
  ASSERT_NO_FATAL_FAILURE(Deliver(positions, 1));
  std::vector<std::unique_ptr<AdapterStream>> streams;
  const int64_t before = daemon_.process().resident_bytes();
  streams.push_back(std::make_unique<AdapterStream>(client_, 2 * support::kPatience));
  ASSERT_TRUE(streams.back()->WriteHello("till", /*wants_levels=*/true));
  for (int round = 0; round < kRounds; ++round) {
    ASSERT_NO_FATAL_FAILURE(Deliver(positions, 1));
  }
  const int64_t grown = daemon_.process().resident_bytes() - before;
  std::printf("%zu changes, the daemon grew by %lld KB\n", positions.size() * kRounds,
              static_cast<long long>(grown / 1000));
  EXPECT_LT(grown, kGrowthMax);
  // Once it reads it gets what is now, not a backlog.
  v1::ConnectResponse frame;
  std::map<PositionName, int64_t> levels;
  int64_t rows = 0;
  while (levels.size() < positions.size() || std::ranges::any_of(levels, [](const auto& level) {
           return level.second != kRounds + 1;
         })) {
    ASSERT_TRUE(streams.back()->Read(frame)) << Describe(streams.back()->Finish());
    if (!frame.has_level_update()) continue;
    for (const v1::Level& level : frame.level_update().levels()) {
      levels[{level.sku(), level.location()}] = level.on_hand();
      ++rows;
    }
    v1::ConnectRequest ack;
    ack.mutable_level_ack()->set_cursor(frame.level_update().cursor());
    ASSERT_TRUE(streams.back()->Write(ack));
  }
  EXPECT_LE(rows, static_cast<int64_t>(3 * positions.size()));
}

// While the daemon tells all levels for the first time the cursor stays 0; acknowledging it makes
// room for the next update all the same.
TEST_F(Streams, AllLevelsArriveThoughOnlyOneUpdateMayBeOnItsWay) {
  // Of the daemon's feeds, should nothing else wake them.
  constexpr std::chrono::milliseconds kTimer{1000};
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  const std::vector<PositionName> positions = PutNames(2500, 8);
  ASSERT_NO_FATAL_FAILURE(Deliver(positions, 1));
  AdapterStream stream(client_);
  v1::ConnectRequest hello;
  hello.mutable_hello()->set_source("till");
  hello.mutable_hello()->set_wants_levels(true);
  hello.mutable_hello()->set_level_updates_in_flight_max(1);
  ASSERT_TRUE(stream.Write(hello));
  std::set<PositionName> seen;
  v1::ConnectResponse frame;
  int updates = 0;
  int late = 0;
  support::SteadyTime acknowledged_at = support::SteadyNow();
  while (seen.size() < positions.size()) {
    ASSERT_TRUE(stream.Read(frame)) << Describe(stream.Finish());
    if (!frame.has_level_update()) continue;
    ++updates;
    if (support::SteadyNow() - acknowledged_at > kTimer / 2) ++late;
    for (const v1::Level& level : frame.level_update().levels()) {
      seen.insert({level.sku(), level.location()});
    }
    v1::ConnectRequest ack;
    ack.mutable_level_ack()->set_cursor(frame.level_update().cursor());
    ASSERT_TRUE(stream.Write(ack));
    acknowledged_at = support::SteadyNow();
  }
  // A busy machine delays some of them, a timer delays them all.
  EXPECT_LT(late, updates / 2) << "it waits for a timer";
}

}  // namespace
}  // namespace stockd::system_test
