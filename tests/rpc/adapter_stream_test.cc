// What a source's stream takes, and what ends it. Whatever happens, acknowledged facts stay and
// nothing else is left.
#include <grpcpp/impl/codegen/sync_stream.h>

#include <future>
#include <limits>
#include <vector>

#include <google/protobuf/wrappers.pb.h>

#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using grpc::StatusCode;
using Adapter = GrpcClient::Adapter;

constexpr int64_t kInt64Max = std::numeric_limits<int64_t>::max();

v1::Fact Receipt(const std::string& event_id, int64_t quantity = 1) {
  return ToFact({.event_id = event_id, .sku = "MUG", .location = "S01", .quantity = quantity});
}

v1::ConnectRequest BatchOf(uint64_t number, const std::vector<v1::Fact>& facts) {
  v1::ConnectRequest frame;
  frame.mutable_facts()->set_batch(number);
  for (const v1::Fact& fact : facts) *frame.mutable_facts()->add_facts() = fact;
  return frame;
}

class AdapterStreams : public DaemonFixture {
 protected:
  // How a stream of "till" ends after these frames behind its hello.
  grpc::Status EndAfter(const std::vector<v1::ConnectRequest>& frames) {
    AdapterStream stream(client());
    EXPECT_TRUE(stream.Open("till"));
    for (const v1::ConnectRequest& frame : frames) stream.Write(frame);
    return stream.Finish();
  }

  v1::ConnectRequest SnapshotBegin(const std::string& id, Duration age = std::chrono::minutes(1)) {
    v1::ConnectRequest frame;
    frame.mutable_snapshot_begin()->set_snapshot_id(id);
    const int64_t micros = ToMicros(clock.Now() - age);
    frame.mutable_snapshot_begin()->mutable_as_of()->set_seconds(micros / 1'000'000);
    frame.mutable_snapshot_begin()->mutable_as_of()->set_nanos(
        static_cast<int32_t>(micros % 1'000'000 * 1000));
    return frame;
  }
  static v1::ConnectRequest SnapshotRow(const std::string& sku, const std::string& location,
                                        int64_t quantity) {
    v1::ConnectRequest frame;
    v1::SnapshotRow& row = *frame.mutable_snapshot_chunk()->add_rows();
    row.set_sku(sku);
    row.set_location(location);
    row.set_quantity(quantity);
    return frame;
  }
  static v1::ConnectRequest SnapshotEnd(int64_t rows) {
    v1::ConnectRequest frame;
    frame.mutable_snapshot_end()->set_row_count(rows);
    return frame;
  }
};

TEST_F(AdapterStreams, AFactIsAppliedOnceHoweverOftenItComes) {
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("till"));
  const v1::Fact twice = Receipt("a", 5);
  const auto first = stream.Send(1, {twice, Receipt("b", 2), twice});
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->applied(), 2);
  EXPECT_EQ(first->duplicates(), 1);
  const v1::Fact once_more = Receipt("c", 3);
  ASSERT_EQ(stream.Send(2, {once_more})->applied(), 1);
  EXPECT_EQ(stream.Send(3, {once_more})->duplicates(), 1);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 10);
}

// What cannot be applied waits with its reason; the rest of the batch is applied.
TEST_F(AdapterStreams, AnOddFactIsSetAsideWithItsReason) {
  struct Odd {
    std::string reason;
    v1::Fact fact;
  };
  std::vector<Odd> odd;
  const auto add = [&](const std::string& reason, auto spoil) {
    odd.push_back({reason, Receipt("odd-" + std::to_string(odd.size()))});
    spoil(odd.back().fact);
  };
  add("SKU_UNKNOWN", [](auto& f) { f.set_sku("NOBODY"); });
  add("LOCATION_UNKNOWN", [](auto& f) { f.set_location("S99"); });
  add("FIELD_INVALID", [](auto& f) { f.clear_kind(); });
  add("FIELD_INVALID", [](auto& f) { f.set_kind(static_cast<v1::FactKind>(77)); });
  add("FIELD_INVALID", [](auto& f) { f.clear_occurred_at(); });
  add("FIELD_INVALID", [](auto& f) { f.set_event_id(std::string(129, 'e')); });
  add("FIELD_INVALID", [](auto& f) { f.clear_event_id(); });
  add("FIELD_INVALID", [](auto& f) { f.set_currency("EURO"); });
  add("FIELD_INVALID", [](auto& f) { f.mutable_occurred_at()->set_seconds(kInt64Max); });
  add("FIELD_INVALID", [](auto& f) { f.mutable_occurred_at()->set_nanos(-1); });
  add("QUANTITY_OUT_OF_RANGE", [](auto& f) { f.set_quantity(0); });
  add("QUANTITY_OUT_OF_RANGE", [](auto& f) { f.set_quantity(-1); });
  add("QUANTITY_OUT_OF_RANGE", [](auto& f) { f.set_quantity(1'000'000'000'001); });
  add("QUANTITY_OUT_OF_RANGE", [](auto& f) { f.set_quantity(kInt64Max); });
  add("QUANTITY_OUT_OF_RANGE",
      [](auto& f) { f.set_kind(v1::FACT_KIND_COUNT), f.set_quantity(-1); });
  add("QUANTITY_OUT_OF_RANGE",
      [](auto& f) { f.set_kind(v1::FACT_KIND_ADJUSTMENT), f.set_quantity(0); });
  add("OCCURRED_TOO_LONG_AGO", [](auto& f) { f.mutable_occurred_at()->set_seconds(0); });
  add("OCCURRED_TOO_LONG_AGO",
      [](auto& f) { f.mutable_occurred_at()->set_seconds(-62'135'596'800); });
  add("OCCURRED_IN_FUTURE", [](auto& f) { f.mutable_occurred_at()->set_seconds(253'402'300'799); });

  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("till"));
  ASSERT_EQ(stream.Send(1, {Receipt("twice", 1)})->applied(), 1);
  add("EVENT_DIFFERS", [](auto& f) { f.set_event_id("twice"), f.set_quantity(2); });
  std::vector<v1::Fact> facts;
  for (const Odd& one : odd) facts.push_back(one.fact);
  facts.push_back(Receipt("good", 4));
  const auto ack = stream.Send(2, facts);
  ASSERT_TRUE(ack.has_value());
  EXPECT_EQ(ack->applied(), 1);
  ASSERT_EQ(ack->set_aside_size(), static_cast<int>(odd.size()));
  for (size_t i = 0; i < odd.size(); ++i) {
    const v1::SetAside& row = ack->set_aside(static_cast<int>(i));
    EXPECT_EQ(row.index(), static_cast<int>(i));
    EXPECT_EQ(row.reason(), odd[i].reason) << odd[i].fact.ShortDebugString();
    v1::GetQuarantinedRequest request;
    request.set_quarantine_id(row.quarantine_id());
    v1::GetQuarantinedResponse waiting;
    ASSERT_TRUE(client().Call(client().adapter(), &Adapter::GetQuarantined, request, waiting).ok());
    EXPECT_EQ(waiting.fact().fact().SerializeAsString(), odd[i].fact.SerializeAsString());
    EXPECT_EQ(waiting.fact().source(), "till");
    EXPECT_FALSE(waiting.fact().advice().empty());
  }
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 5);
  EXPECT_EQ(Status().quarantine_count(), static_cast<int64_t>(odd.size()));
}

TEST_F(AdapterStreams, AFactThatWaitsForANameIsAppliedOnceTheNameIsKnown) {
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("till"));
  v1::Fact fact = Receipt("early", 6);
  fact.set_sku("NEW");
  fact.set_location("S77");
  ASSERT_EQ(stream.Send(1, {fact})->set_aside_size(), 1);
  v1::PutItemsRequest items;
  items.add_items()->set_sku("NEW");
  v1::PutItemsResponse put_items;
  ASSERT_TRUE(
      client().Call(client().catalogue(), &GrpcClient::Catalogue::PutItems, items, put_items).ok());
  EXPECT_EQ(put_items.replaying(), 1);
  v1::PutLocationsRequest locations;
  locations.add_locations()->set_code("S77");
  v1::PutLocationsResponse put_locations;
  ASSERT_TRUE(client()
                  .Call(client().catalogue(), &GrpcClient::Catalogue::PutLocations, locations,
                        put_locations)
                  .ok());
  EXPECT_EQ(put_locations.replaying(), 1);
  // Replayed in the background.
  ASSERT_TRUE(
      WaitUntil(In(), [this] { return Available("NEW", "S77").quantities().on_hand() == 6; }));
  EXPECT_EQ(Status().quarantine_count(), 0);
}

TEST_F(AdapterStreams, AnOldFactIsTakenWhenAPersonSaysSo) {
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("till"));
  v1::Fact fact = Receipt("old", 6);
  fact.mutable_occurred_at()->set_seconds(0);
  const auto ack = stream.Send(1, {fact});
  ASSERT_EQ(ack->set_aside_size(), 1);
  v1::ReplayQuarantineRequest request;
  request.add_quarantine_ids(ack->set_aside(0).quarantine_id());
  v1::ReplayQuarantineResponse response;
  ASSERT_TRUE(
      client().Call(client().adapter(), &Adapter::ReplayQuarantine, request, response).ok());
  EXPECT_EQ(response.waiting(), 1);
  request.set_accept_late(true);
  ASSERT_TRUE(
      client().Call(client().adapter(), &Adapter::ReplayQuarantine, request, response).ok());
  EXPECT_EQ(response.applied(), 1);
  EXPECT_EQ(Status().quarantine_count(), 0);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 6);
}

TEST_F(AdapterStreams, AStreamThatSaysNothingIsClosed) {
  AdapterStream stream(client());
  auto ended = std::async(std::launch::async, [&stream] { return stream.Finish(); });
  // The daemon's clock decides, and nobody knows when the stream has reached the daemon.
  ASSERT_TRUE(WaitUntil(In(), [&] {
    clock.Advance(std::chrono::seconds(1));
    return ended.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }));
  const grpc::Status status = ended.get();
  EXPECT_EQ(status.error_code(), StatusCode::DEADLINE_EXCEEDED) << Describe(status);
  EXPECT_EQ(support::ReasonOf(status), "HELLO_MISSING") << Describe(status);
}

TEST_F(AdapterStreams, OnlyAConfiguredSourceMayConnect) {
  AdapterStream stream(client());
  ASSERT_TRUE(stream.WriteHello("somebody"));
  const grpc::Status status = stream.Finish();
  EXPECT_EQ(status.error_code(), StatusCode::PERMISSION_DENIED) << Describe(status);
  EXPECT_EQ(support::ReasonOf(status), "SOURCE_UNKNOWN");
}

TEST_F(AdapterStreams, AFrameOutOfPlaceEndsTheStreamAndChangesNothing) {
  v1::ConnectRequest hello;
  hello.mutable_hello()->set_source("till");
  v1::ConnectRequest level_ack;
  level_ack.mutable_level_ack()->set_cursor(17);
  const std::string before = Fingerprint();
  struct Case {
    std::string name;
    std::vector<v1::ConnectRequest> frames;
    std::string reason;
  };
  v1::ConnectRequest large_chunk = SnapshotRow("MUG", "S01", 1);
  for (int i = 0; i < 1000; ++i)
    *large_chunk.mutable_snapshot_chunk()->add_rows() = large_chunk.snapshot_chunk().rows(0);
  for (const Case& test : std::vector<Case>{
           {"a second hello", {hello}, "FRAME_UNEXPECTED"},
           {"an empty frame", {v1::ConnectRequest()}, "FRAME_UNEXPECTED"},
           {"a chunk without a begin", {SnapshotRow("MUG", "S01", 1)}, "FRAME_UNEXPECTED"},
           {"an end without a begin", {SnapshotEnd(0)}, "FRAME_UNEXPECTED"},
           {"a begin in a snapshot",
            {SnapshotBegin("s-1"), SnapshotBegin("s-2")},
            "FRAME_UNEXPECTED"},
           {"a snapshot without an id", {SnapshotBegin("")}, "FIELD_INVALID"},
           {"rows missing",
            {SnapshotBegin("s-1"), SnapshotRow("MUG", "S01", 5), SnapshotEnd(2)},
            "SNAPSHOT_INCOMPLETE"},
           {"a chunk of 1001", {SnapshotBegin("s-1"), large_chunk}, "BATCH_TOO_LARGE"},
           {"an empty batch", {BatchOf(1, {})}, "BATCH_TOO_LARGE"},
           {"a batch of 1001",
            {BatchOf(1, std::vector<v1::Fact>(1001, Receipt("x")))},
            "BATCH_TOO_LARGE"},
           {"levels nobody sent", {level_ack}, "FRAME_UNEXPECTED"},
       }) {
    SCOPED_TRACE(test.name);
    const grpc::Status status = EndAfter(test.frames);
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << Describe(status);
    EXPECT_EQ(support::ReasonOf(status), test.reason) << Describe(status);
  }
  EXPECT_EQ(Fingerprint(), before);
}

TEST_F(AdapterStreams, TheFirstFrameMustBeAHello) {
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Write(BatchOf(1, {Receipt("a")})));
  const grpc::Status status = stream.Finish();
  EXPECT_EQ(support::ReasonOf(status), "FRAME_UNEXPECTED") << Describe(status);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 0);
}

TEST_F(AdapterStreams, ASecondSessionReplacesTheFirst) {
  AdapterStream first(client());
  ASSERT_TRUE(first.Open("till"));
  ASSERT_EQ(first.Send(1, {Receipt("a", 2)})->applied(), 1);
  AdapterStream second(client());
  ASSERT_TRUE(second.Open("till"));
  const grpc::Status status = first.Finish();
  EXPECT_EQ(status.error_code(), StatusCode::ABORTED) << Describe(status);
  EXPECT_EQ(support::ReasonOf(status), "SESSION_REPLACED");
  EXPECT_EQ(second.Send(2, {Receipt("b", 3)})->applied(), 1);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 5);
}

TEST_F(AdapterStreams, AnotherSourceIsNotDisturbed) {
  AdapterStream till(client());
  AdapterStream erp(client());
  ASSERT_TRUE(till.Open("till"));
  ASSERT_TRUE(erp.Open("erp"));
  // Event ids belong to their source.
  EXPECT_EQ(till.Send(1, {Receipt("a", 2)})->applied(), 1);
  EXPECT_EQ(erp.Send(1, {Receipt("a", 3)})->applied(), 1);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 5);
}

TEST_F(AdapterStreams, ASnapshotIsEffectiveAtItsEndOnly) {
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("erp"));
  ASSERT_EQ(stream.Send(1, {Receipt("a", 2)})->applied(), 1);  // After the snapshot's instant.
  ASSERT_TRUE(stream.Write(SnapshotBegin("s-1")));
  ASSERT_TRUE(stream.Write(SnapshotRow("MUG", "S01", 40)));
  ASSERT_TRUE(stream.Write(SnapshotRow("TEA", "S02", 7)));
  ASSERT_TRUE(stream.Write(SnapshotRow("NOBODY", "S02", 7)));
  // This batch is answered behind the chunks, so they have arrived.
  ASSERT_EQ(stream.Send(2, {Receipt("b", 1)})->applied(), 1);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 3);
  ASSERT_TRUE(stream.Write(SnapshotEnd(3)));
  v1::ConnectResponse response;
  ASSERT_TRUE(stream.Read(response));
  ASSERT_TRUE(response.has_snapshot_ack()) << response.ShortDebugString();
  EXPECT_EQ(response.snapshot_ack().snapshot_id(), "s-1");
  EXPECT_EQ(response.snapshot_ack().changed(), 2);
  EXPECT_EQ(response.snapshot_ack().set_aside(), 1);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 43);
  EXPECT_EQ(Available("TEA", "S02").quantities().on_hand(), 7);
}

TEST_F(AdapterStreams, ASnapshotThatBreaksOffLeavesNothing) {
  {
    AdapterStream stream(client());
    ASSERT_TRUE(stream.Open("erp"));
    ASSERT_TRUE(stream.Write(SnapshotBegin("s-1")));
    ASSERT_TRUE(stream.Write(SnapshotRow("MUG", "S01", 40)));
    ASSERT_EQ(stream.Send(1, {Receipt("a", 2)})->applied(), 1);
  }
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 2);
}

TEST_F(AdapterStreams, LevelsComeWithTheChannelsBufferAndResumeWhereTheyWereAcknowledged) {
  Stock("MUG", "S01", 5);
  Stock("MUG", "W01", 5);
  uint64_t cursor = 0;
  {
    AdapterStream stream(client());
    ASSERT_TRUE(stream.WriteHello("shop", true));
    v1::ConnectResponse frame;
    ASSERT_TRUE(stream.Read(frame));
    ASSERT_TRUE(frame.has_welcome());
    int64_t shown = -1;
    bool caught_up = false;
    while (!caught_up) {
      ASSERT_TRUE(stream.Read(frame));
      ASSERT_TRUE(frame.has_level_update());
      for (const v1::Level& level : frame.level_update().levels()) {
        if (level.location() == "S01") shown = level.available();
      }
      cursor = frame.level_update().cursor();
      caught_up = frame.level_update().caught_up();
      v1::ConnectRequest ack;
      ack.mutable_level_ack()->set_cursor(cursor);
      ASSERT_TRUE(stream.Write(ack));
    }
    EXPECT_EQ(shown, 4);
    stream.WritesDone();
    EXPECT_TRUE(stream.Finish().ok());
  }
  Stock("TEA", "S02", 9);
  AdapterStream stream(client());
  v1::ConnectRequest hello;
  hello.mutable_hello()->set_source("shop");
  hello.mutable_hello()->set_wants_levels(true);
  hello.mutable_hello()->set_level_cursor(cursor);
  ASSERT_TRUE(stream.Write(hello));
  v1::ConnectResponse frame;
  ASSERT_TRUE(stream.Read(frame));
  ASSERT_TRUE(stream.Read(frame));
  ASSERT_EQ(frame.level_update().levels_size(), 1) << frame.ShortDebugString();
  EXPECT_EQ(frame.level_update().levels(0).sku(), "TEA");
  EXPECT_EQ(frame.level_update().levels(0).available(), 8);
}

// A shop that connected before the ERP had told about its group was shown nothing for ever.
TEST_F(AdapterStreams, LevelsOfAGroupComeThoughTheGroupIsMadeAfterTheSourceConnected) {
  config.source.push_back({.id = "early", .group = "later"});
  Restart();
  Stock("MUG", "S01", 5);
  AdapterStream stream(client());
  ASSERT_TRUE(stream.WriteHello("early", true));
  v1::ConnectResponse frame;
  const auto next_update = [&] {
    do {
      if (!stream.Read(frame)) return false;
    } while (!frame.has_level_update());
    v1::ConnectRequest ack;
    ack.mutable_level_ack()->set_cursor(frame.level_update().cursor());
    return stream.Write(ack);
  };
  do {
    ASSERT_TRUE(next_update());
    ASSERT_EQ(frame.level_update().levels_size(), 0);
  } while (!frame.level_update().caught_up());

  v1::PutGroupsRequest groups;
  v1::Group& group = *groups.add_groups();
  group.set_group_id("later");
  group.add_locations("S01");
  v1::PutGroupsResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(client().catalogue().PutGroups(&context, groups, &response).ok());
  do {
    ASSERT_TRUE(next_update());
  } while (frame.level_update().levels_size() == 0);
  EXPECT_EQ(frame.level_update().levels(0).sku(), "MUG");
  EXPECT_EQ(frame.level_update().levels(0).available(), 5);
}

// A database that was put back from a copy knows less than the source has seen.
TEST_F(AdapterStreams, ACursorFromTheFutureBringsAllLevels) {
  Stock("MUG", "S01", 5);
  AdapterStream stream(client());
  v1::ConnectRequest hello;
  hello.mutable_hello()->set_source("till");
  hello.mutable_hello()->set_wants_levels(true);
  hello.mutable_hello()->set_level_cursor(1'000'000);
  ASSERT_TRUE(stream.Write(hello));
  v1::ConnectResponse frame;
  ASSERT_TRUE(stream.Read(frame));
  ASSERT_TRUE(stream.Read(frame));
  ASSERT_EQ(frame.level_update().levels_size(), 1) << frame.ShortDebugString();
  EXPECT_EQ(frame.level_update().levels(0).on_hand(), 5);
}

// An adapter that never reads must cost neither memory nor anybody else's time.
TEST_F(AdapterStreams, AnAdapterThatNeverReadsHoldsUpNobody) {
  AdapterStream lazy(client());
  ASSERT_TRUE(lazy.WriteHello("shop", true));
  for (int i = 0; i < 50; ++i) ASSERT_NO_FATAL_FAILURE(Stock("MUG", "S01", 1));
  Reserve("r-1", "MUG", "S01", 50);
  EXPECT_EQ(Available("MUG", "S01").available(), 0);
}

TEST_F(AdapterStreams, BytesThatAreNoFrameEndTheStream) {
  using google::protobuf::BytesValue;
  const std::string before = Fingerprint();
  grpc::ClientContext context;
  context.set_deadline(CalendarNow() + kPatience);
  const grpc::internal::RpcMethod method("/stockd.v1.AdapterService/Connect",
                                         grpc::internal::RpcMethod::BIDI_STREAMING,
                                         client().channel());
  const std::unique_ptr<grpc::ClientReaderWriter<BytesValue, BytesValue>> stream(
      grpc::internal::ClientReaderWriterFactory<BytesValue, BytesValue>::Create(
          client().channel().get(), method, &context));
  BytesValue garbage;
  garbage.set_value("\xff\xff\xff\xff not a hello");  // Where a ConnectRequest has its hello.
  stream->Write(garbage);
  BytesValue answer;
  while (stream->Read(&answer)) {
  }
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << Describe(status);
  EXPECT_EQ(Fingerprint(), before);
}

TEST_F(AdapterStreams, TheListOfSourcesTellsHowTheyFare) {
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("till"));
  v1::Fact unknown = Receipt("u");
  unknown.set_sku("NOBODY");
  ASSERT_TRUE(stream.Send(7, {Receipt("a", 2), Receipt("b", 1), unknown}).has_value());
  v1::ListSourcesResponse response;
  ASSERT_TRUE(client().Call(client().adapter(), &Adapter::ListSources, {}, response).ok());
  ASSERT_EQ(response.sources_size(), 3);
  EXPECT_EQ(response.sources(0).source(), "erp");
  EXPECT_FALSE(response.sources(0).connected());
  EXPECT_EQ(response.sources(1).source(), "shop");
  const v1::Source& till = response.sources(2);
  EXPECT_EQ(till.source(), "till");
  EXPECT_EQ(till.kind(), "pos");
  EXPECT_TRUE(till.connected());
  EXPECT_EQ(till.adapter(), "test");
  EXPECT_EQ(till.facts_applied(), 2);
  EXPECT_EQ(till.quarantined(), 1);
  EXPECT_TRUE(till.has_newest_fact_time());
}

TEST_F(AdapterStreams, TheLastAcknowledgedBatchIsToldAfterARestart) {
  {
    AdapterStream stream(client());
    ASSERT_TRUE(stream.Open("till"));
    ASSERT_EQ(stream.Send(41, {Receipt("a", 2)})->applied(), 1);
  }
  Restart();
  AdapterStream stream(client());
  ASSERT_TRUE(stream.WriteHello("till"));
  v1::ConnectResponse frame;
  ASSERT_TRUE(stream.Read(frame));
  EXPECT_EQ(frame.welcome().batch_acknowledged(), 41U);
  EXPECT_EQ(stream.Send(42, {Receipt("a", 2)})->applied(), 0);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 2);
}

}  // namespace
}  // namespace stockd::support
