// Numbered devices, health and reconciliations over the wire, with the adapter's part played by
// hand.
#include <optional>
#include <vector>

#include "stockd/v1/reconciliation_service.grpc.pb.h"
#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using grpc::StatusCode;
using Adapter = GrpcClient::Adapter;
using Stub = v1::ReconciliationService::Stub;

v1::Fact Numbered(const std::string& event_id, const std::string& device, uint64_t number) {
  v1::Fact fact = ToFact({.event_id = event_id, .sku = "MUG", .location = "S01"});
  fact.set_device(device);
  fact.set_device_sequence(number);
  return fact;
}

class Reconciliations : public DaemonFixture {
 protected:
  v1::Source SourceNamed(const std::string& name) {
    v1::ListSourcesResponse response;
    EXPECT_TRUE(client().Call(client().adapter(), &Adapter::ListSources, {}, response).ok());
    for (const v1::Source& source : response.sources()) {
      if (source.source() == name) return source;
    }
    ADD_FAILURE() << "no source " << name;
    return {};
  }
  std::vector<v1::Device> Devices(bool incomplete_only = false) {
    v1::ListDevicesRequest request;
    request.set_source("till");
    request.set_incomplete_only(incomplete_only);
    v1::ListDevicesResponse response;
    EXPECT_TRUE(client().Call(client().adapter(), &Adapter::ListDevices, request, response).ok());
    return {response.devices().begin(), response.devices().end()};
  }

  template <typename Request, typename Response>
  grpc::Status Ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                   const Request& request, Response& response) {
    const auto stub = v1::ReconciliationService::NewStub(client().channel());
    return client().Call(*stub, method, request, response);
  }
  v1::StartReconciliationRequest StartOf(const std::string& source) {
    v1::StartReconciliationRequest request;
    request.set_source(source);
    return request;
  }
  v1::GetReconciliationResponse Get(const std::string& source, const std::string& id) {
    v1::GetReconciliationRequest request;
    request.set_source(source);
    request.set_reconciliation_id(id);
    v1::GetReconciliationResponse response;
    const grpc::Status status = Ask(&Stub::GetReconciliation, request, response);
    EXPECT_TRUE(status.ok()) << Describe(status);
    return response;
  }

  // The request for a snapshot that stands next on the stream.
  std::optional<v1::SnapshotRequest> NextRequest(AdapterStream& stream) {
    v1::ConnectResponse frame;
    if (!stream.Read(frame) || !frame.has_snapshot_request()) {
      ADD_FAILURE() << "no request: " << frame.ShortDebugString();
      return std::nullopt;
    }
    return frame.snapshot_request();
  }
  // Sends a snapshot that is only compared, as of now or up to a second later, and waits for its
  // answer.
  v1::SnapshotAck SendSnapshot(AdapterStream& stream, const std::string& id,
                               const std::vector<v1::SnapshotRow>& rows) {
    v1::ConnectRequest begin;
    begin.mutable_snapshot_begin()->set_snapshot_id(id);
    begin.mutable_snapshot_begin()->set_compare_only(true);
    begin.mutable_snapshot_begin()->mutable_as_of()->set_seconds(ToMicros(clock.Now()) / 1'000'000 +
                                                                 1);
    EXPECT_TRUE(stream.Write(begin));
    v1::ConnectRequest chunk;
    for (const v1::SnapshotRow& row : rows) *chunk.mutable_snapshot_chunk()->add_rows() = row;
    if (!rows.empty()) EXPECT_TRUE(stream.Write(chunk));
    v1::ConnectRequest end;
    end.mutable_snapshot_end()->set_row_count(static_cast<int64_t>(rows.size()));
    EXPECT_TRUE(stream.Write(end));
    v1::ConnectResponse frame;
    EXPECT_TRUE(stream.Read(frame));
    return frame.snapshot_ack();
  }
  static v1::SnapshotRow Row(const std::string& sku, const std::string& location,
                             int64_t quantity) {
    v1::SnapshotRow row;
    row.set_sku(sku);
    row.set_location(location);
    row.set_quantity(quantity);
    return row;
  }
  // MUG costs 2.50 EUR from now on.
  void PriceMugs() {
    v1::PutItemsRequest request;
    v1::Item& item = *request.add_items();
    item.set_sku("MUG");
    item.set_unit_cost_micros(2'500'000);
    item.set_currency("EUR");
    v1::PutItemsResponse response;
    ASSERT_TRUE(client()
                    .Call(client().catalogue(), &GrpcClient::Catalogue::PutItems, request, response)
                    .ok());
  }
};

TEST_F(Reconciliations, TheMarksOfDevicesComeWithTheAcknowledgementAndOutliveARestart) {
  {
    AdapterStream stream(client());
    ASSERT_TRUE(stream.Open("till"));
    v1::Fact unknown = Numbered("c", "till-1", 5);
    unknown.set_sku("NOBODY");
    const auto ack =
        stream.Send(1, {Numbered("a", "till-1", 1), Numbered("b", "till-1", 2), unknown});
    ASSERT_TRUE(ack.has_value());
    ASSERT_EQ(ack->devices_size(), 1);
    EXPECT_EQ(ack->devices(0).complete_until(), 2U);
    EXPECT_EQ(ack->devices(0).newest(), 5U);
    EXPECT_EQ(SourceNamed("till").missing_numbers(), 2);
  }
  Restart();
  ASSERT_EQ(Devices(true).size(), 1U);
  const v1::Device device = Devices(true)[0];
  EXPECT_EQ(device.source(), "till");
  EXPECT_EQ(device.device(), "till-1");
  ASSERT_EQ(device.gaps_size(), 1);
  EXPECT_EQ(device.gaps(0).first(), 3U);
  EXPECT_EQ(device.gaps(0).last(), 4U);
  EXPECT_TRUE(device.gaps(0).has_notice_time());
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("till"));
  const auto ack = stream.Send(2, {Numbered("d", "till-1", 4), Numbered("e", "till-1", 3)});
  EXPECT_EQ(ack->devices(0).complete_until(), 5U);
  EXPECT_TRUE(Devices(true).empty());
  EXPECT_EQ(Devices().size(), 1U);
  // A batch without devices says nothing of them.
  EXPECT_EQ(stream.Send(3, {Numbered("f", "", 0)})->devices_size(), 0);
}

TEST_F(Reconciliations, TheHealthOfAnAdapterIsShownForItsSession) {
  v1::ConnectRequest health;
  health.mutable_health()->set_outbox_depth(17);
  health.mutable_health()->set_trouble("the till's disk is full");
  {
    AdapterStream stream(client());
    ASSERT_TRUE(stream.Open("till"));
    EXPECT_FALSE(SourceNamed("till").has_health());
    ASSERT_TRUE(stream.Write(health));
    v1::Fact fact = Numbered("a", "", 0);
    fact.mutable_occurred_at()->set_seconds(ToMicros(clock.Now()) / 1'000'000 - 3600);
    fact.mutable_occurred_at()->set_nanos(0);
    ASSERT_EQ(stream.Send(1, {fact})->applied(), 1);
    const v1::Source source = SourceNamed("till");
    EXPECT_EQ(source.health().outbox_depth(), 17);
    EXPECT_EQ(source.health().trouble(), "the till's disk is full");
    EXPECT_GE(source.fact_lag_us(), 3'600'000'000);
    EXPECT_LT(source.fact_lag_us(), 3'700'000'000);
  }
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("till"));
  ASSERT_TRUE(stream.Send(2, {Numbered("b", "", 0)}).has_value());
  EXPECT_FALSE(SourceNamed("till").has_health());
  health.mutable_health()->set_outbox_depth(-1);
  ASSERT_TRUE(stream.Write(health));
  EXPECT_EQ(ReasonOf(stream.Finish()), "FIELD_INVALID");
}

TEST_F(Reconciliations, AReconciliationIsAskedForAnsweredShownAndRepaired) {
  PriceMugs();
  Stock("MUG", "S01", 10);
  Stock("TEA", "S02", 4);
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("erp"));
  v1::StartReconciliationRequest start = StartOf("erp");
  start.add_locations("S01");
  v1::StartReconciliationResponse started;
  ASSERT_TRUE(Ask(&Stub::StartReconciliation, start, started).ok());
  const auto request = NextRequest(stream);
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->snapshot_id(), started.reconciliation_id());
  EXPECT_TRUE(request->compare_only());
  ASSERT_EQ(request->locations_size(), 1);
  const std::string id = started.reconciliation_id();

  // "erp" is the authority: a snapshot that is applied would change the figures.
  const v1::SnapshotAck ack =
      SendSnapshot(stream, id, {Row("MUG", "S01", 7), Row("TEA", "S02", 4), Row("TEA", "S01", 1)});
  EXPECT_EQ(ack.unchanged(), 1);
  EXPECT_EQ(ack.changed(), 0);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 10);

  const v1::GetReconciliationResponse found = Get("erp", id);
  EXPECT_EQ(found.reconciliation().position_count(), 3);
  EXPECT_EQ(found.reconciliation().drift_positions(), 2);
  EXPECT_EQ(found.reconciliation().drift(), 4);
  EXPECT_EQ(found.reconciliation().drift_value_micros().at("EUR"), -7'500'000);
  ASSERT_EQ(found.drifts_size(), 2);
  EXPECT_EQ(found.drifts(0).position().sku(), "MUG");
  EXPECT_EQ(found.drifts(0).expected(), 10);
  EXPECT_EQ(found.drifts(0).stated(), 7);
  EXPECT_EQ(found.drifts(0).value_micros(), -7'500'000);
  EXPECT_EQ(found.drifts(0).currency(), "EUR");
  EXPECT_EQ(found.drifts(0).cause(), v1::DRIFT_CAUSE_UNKNOWN);
  EXPECT_EQ(found.drifts(1).currency(), "");
  const v1::Source source = SourceNamed("erp");
  EXPECT_EQ(source.drift(), 4);
  EXPECT_EQ(source.drift_positions(), 2);
  EXPECT_TRUE(source.has_reconcile_time());

  v1::RepairDriftRequest repair;
  repair.set_source("erp");
  repair.set_reconciliation_id(id);
  *repair.add_positions() = found.drifts(0).position();
  v1::RepairDriftResponse repaired;
  ASSERT_TRUE(Ask(&Stub::RepairDrift, repair, repaired).ok());
  EXPECT_EQ(repaired.repaired(), 1);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 7);
  EXPECT_EQ(Available("TEA", "S01").quantities().on_hand(), 0);
  ASSERT_TRUE(Ask(&Stub::RepairDrift, repair, repaired).ok());
  EXPECT_EQ(repaired.repaired(), 0);
  repair.clear_positions();
  ASSERT_TRUE(Ask(&Stub::RepairDrift, repair, repaired).ok());
  EXPECT_EQ(repaired.repaired(), 1);
  EXPECT_EQ(Get("erp", id).reconciliation().repaired(), 2);
}

TEST_F(Reconciliations, AreListedAndShownInPages) {
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("shop"));
  for (const char* id : {"s-1", "s-2", "s-3"}) {
    SendSnapshot(stream, id, {Row("MUG", "S01", 3), Row("TEA", "S01", 2), Row("HAM", "S01", 9)});
  }
  v1::ListReconciliationsRequest list;
  list.set_page_size(2);
  v1::ListReconciliationsResponse page;
  ASSERT_TRUE(Ask(&Stub::ListReconciliations, list, page).ok());
  ASSERT_EQ(page.reconciliations_size(), 2);
  EXPECT_EQ(page.reconciliations(0).reconciliation_id(), "s-3");
  list.set_page_token(page.next_page_token());
  page.Clear();
  ASSERT_TRUE(Ask(&Stub::ListReconciliations, list, page).ok());
  ASSERT_EQ(page.reconciliations_size(), 1);
  EXPECT_EQ(page.reconciliations(0).reconciliation_id(), "s-1");
  EXPECT_EQ(page.next_page_token(), "");

  v1::GetReconciliationRequest get;
  get.set_source("shop");
  get.set_reconciliation_id("s-1");
  get.set_page_size(2);
  v1::GetReconciliationResponse shown;
  ASSERT_TRUE(Ask(&Stub::GetReconciliation, get, shown).ok());
  ASSERT_EQ(shown.drifts_size(), 2);
  EXPECT_EQ(shown.drifts(0).position().sku(), "HAM");
  get.set_page_token(shown.next_page_token());
  shown.Clear();
  ASSERT_TRUE(Ask(&Stub::GetReconciliation, get, shown).ok());
  ASSERT_EQ(shown.drifts_size(), 1);
  EXPECT_EQ(shown.drifts(0).position().sku(), "TEA");
  get.set_page_token("nonsense");
  EXPECT_EQ(ReasonOf(Ask(&Stub::GetReconciliation, get, shown)), "PAGE_TOKEN_INVALID");
}

TEST_F(Reconciliations, WhoIsNotThereCannotBeAsked) {
  v1::StartReconciliationResponse started;
  grpc::Status status = Ask(&Stub::StartReconciliation, StartOf("erp"), started);
  EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(status), "SOURCE_NOT_CONNECTED") << Describe(status);
  status = Ask(&Stub::StartReconciliation, StartOf("nobody"), started);
  EXPECT_EQ(ReasonOf(status), "SOURCE_UNKNOWN") << Describe(status);
  v1::GetReconciliationRequest get;
  get.set_source("erp");
  get.set_reconciliation_id("never");
  v1::GetReconciliationResponse found;
  status = Ask(&Stub::GetReconciliation, get, found);
  EXPECT_EQ(status.error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonOf(status), "RECONCILIATION_UNKNOWN") << Describe(status);
}

TEST_F(Reconciliations, AScheduleAsksByItselfWhenItIsDue) {
  config.source[0].reconcile_every = std::chrono::hours(1);
  Restart();
  const auto asked_at = [](const v1::SnapshotRequest& request) {
    return FromMicros(std::stoll(request.snapshot_id().substr(std::string("reconcile-").size())));
  };
  const Timestamp began = clock.Now();
  {
    AdapterStream stream(client());
    ASSERT_TRUE(stream.Open("erp"));
    const auto request = NextRequest(stream);  // It was never compared.
    ASSERT_TRUE(request.has_value());
    EXPECT_TRUE(request->compare_only());
    SendSnapshot(stream, request->snapshot_id(), {});
  }
  // A restart does not begin anew: what counts is when it was compared last.
  clock.Advance(std::chrono::minutes(30));
  Restart();
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("erp"));
  ASSERT_TRUE(stream.Send(1, {Numbered("a", "", 0)}).has_value());
  clock.Advance(std::chrono::minutes(31));
  const auto request = NextRequest(stream);
  ASSERT_TRUE(request.has_value());
  EXPECT_GE(asked_at(*request), began + std::chrono::hours(1));
}

}  // namespace
}  // namespace stockd::support
