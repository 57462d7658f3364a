// Sources' own names and units over the wire: what they tell is taken as ours, what they are told
// is theirs, and what waited in quarantine for a name is tried again.
#include <vector>

#include "stockd/v1/mapping_service.grpc.pb.h"
#include "tests/rpc/daemon_fixture.h"
#include "tests/support/process_clock.h"

namespace stockd::support {
namespace {

using Mapping = v1::MappingService::Stub;
using grpc::StatusCode;

class Mappings : public DaemonFixture {
 protected:
  template <typename Request, typename Response>
  grpc::Status TryCall(grpc::Status (Mapping::*method)(grpc::ClientContext*, const Request&,
                                                       Response*),
                       const Request& request, Response& response) {
    Mapping stub(client().channel());
    return client().Call(stub, method, request, response);
  }

  v1::PutMappingsResponse Put(const v1::PutMappingsRequest& request) {
    v1::PutMappingsResponse response;
    const grpc::Status status = TryCall(&Mapping::PutMappings, request, response);
    EXPECT_TRUE(status.ok()) << Describe(status);
    return response;
  }
  std::string ReasonOfPut(const v1::PutMappingsRequest& request) {
    v1::PutMappingsResponse response;
    return ReasonOf(TryCall(&Mapping::PutMappings, request, response));
  }

  v1::ListMappingsResponse List(const v1::ListMappingsRequest& request = {}) {
    v1::ListMappingsResponse response;
    const grpc::Status status = TryCall(&Mapping::ListMappings, request, response);
    EXPECT_TRUE(status.ok()) << Describe(status);
    return response;
  }

  // Sends facts as a source; the acknowledgement.
  v1::BatchAck Tell(const std::string& source, const std::vector<v1::Fact>& facts) {
    AdapterStream stream(client());
    EXPECT_TRUE(stream.Open(source));
    const auto ack = stream.Send(++batch_, facts);
    EXPECT_TRUE(ack.has_value());
    return ack.value_or(v1::BatchAck());
  }

  int64_t OnHand(const std::string& sku) { return Available(sku, "S01").quantities().on_hand(); }
  // Waits until the position shows so many units; replays run in the background.
  bool WaitForOnHand(const std::string& sku, int64_t units) {
    const auto end = SteadyNow() + kPatience;
    while (OnHand(sku) != units) {
      if (SteadyNow() > end) return false;
    }
    return true;
  }

  static v1::PutMappingsRequest SkuOf(const std::string& source, const std::string& code,
                                      const std::string& sku, int64_t numerator = 0,
                                      int64_t denominator = 0) {
    v1::PutMappingsRequest request;
    v1::SkuMapping& mapping = *request.add_skus();
    mapping.set_source(source);
    mapping.set_code(code);
    mapping.set_sku(sku);
    mapping.set_unit_numerator(numerator);
    mapping.set_unit_denominator(denominator);
    return request;
  }
  static v1::Fact Receipt(const std::string& event, const std::string& sku, int64_t quantity,
                          const std::string& location = "S01") {
    return ToFact({.event_id = event, .sku = sku, .location = location, .quantity = quantity});
  }

 private:
  uint64_t batch_ = 0;
};

TEST_F(Mappings, TakeASourcesNamesAndUnitsAsOurs) {
  v1::PutMappingsRequest request = SkuOf("till", "CASE-7", "MUG", 12);
  v1::LocationMapping& location = *request.add_locations();
  location.set_source("till");
  location.set_code("PLANT-1");
  location.set_location("S01");
  Put(request);
  EXPECT_EQ(Tell("till", {Receipt("a", "CASE-7", 2, "PLANT-1")}).applied(), 1);
  EXPECT_EQ(OnHand("MUG"), 24);
  const auto ack = Tell("erp", {Receipt("b", "CASE-7", 2)});
  ASSERT_EQ(ack.set_aside_size(), 1) << "another source's code means nothing here";
  EXPECT_EQ(ack.set_aside(0).reason(), "SKU_UNKNOWN");
  Restart();
  EXPECT_EQ(Tell("till", {Receipt("c", "CASE-7", 1, "PLANT-1")}).applied(), 1);
  EXPECT_EQ(OnHand("MUG"), 36);
}

TEST_F(Mappings, FactsThatWaitedForThemAreTriedAgain) {
  EXPECT_EQ(Tell("till", {Receipt("a", "4711", 5), Receipt("b", "4711", 2)}).set_aside_size(), 2);
  EXPECT_EQ(Put(SkuOf("till", "4711", "MUG")).replaying(), 2);
  EXPECT_TRUE(WaitForOnHand("MUG", 7));
  // Kilograms told in tenths of our smallest units: 25 of them are no whole number.
  Put(SkuOf("till", "BULK", "HAM", 1, 10));
  const auto ack = Tell("till", {Receipt("c", "BULK", 25)});
  ASSERT_EQ(ack.set_aside_size(), 1);
  EXPECT_EQ(ack.set_aside(0).reason(), "QUANTITY_NOT_WHOLE");
  Put(SkuOf("till", "BULK", "HAM", 1, 5));
  EXPECT_TRUE(WaitForOnHand("HAM", 5));
  EXPECT_EQ(Status().quarantine_count(), 0);
}

TEST_F(Mappings, AGtinOfSeveralItemsWaitsForOne) {
  v1::PutItemsRequest items;
  for (const char* sku : {"MUG", "TEA"}) {
    v1::Item& item = *items.add_items();
    item.set_sku(sku);
    item.add_gtins("4006381333931");
  }
  v1::PutItemsResponse answer;
  ASSERT_TRUE(
      client().Call(client().catalogue(), &GrpcClient::Catalogue::PutItems, items, answer).ok());
  const auto ack = Tell("till", {Receipt("a", "4006381333931", 3)});
  ASSERT_EQ(ack.set_aside_size(), 1);
  EXPECT_EQ(ack.set_aside(0).reason(), "CODE_AMBIGUOUS");
  Put(SkuOf("", "4006381333931", "TEA"));
  EXPECT_TRUE(WaitForOnHand("TEA", 3));
}

TEST_F(Mappings, LevelsGoOutInTheSourcesNamesAndUnits) {
  Stock("MUG", "S01", 41);
  Stock("TEA", "S01", 3);
  v1::PutMappingsRequest request = SkuOf("erp", "CASE", "MUG", 12);
  request.MergeFrom(SkuOf("erp", "4711", "MUG"));
  v1::LocationMapping& location = *request.add_locations();
  location.set_source("erp");
  location.set_code("PLANT-1");
  location.set_location("S01");
  Put(request);
  AdapterStream stream(client());
  ASSERT_TRUE(stream.WriteHello("erp", /*wants_levels=*/true));
  std::map<std::string, int64_t> shown;
  v1::ConnectResponse frame;
  while (shown.size() < 3 && stream.Read(frame)) {
    for (const v1::Level& level : frame.level_update().levels()) {
      shown[level.sku() + "@" + level.location()] = level.available();
    }
  }
  const std::map<std::string, int64_t> expected{
      {"CASE@PLANT-1", 3}, {"4711@PLANT-1", 41}, {"TEA@PLANT-1", 3}};
  EXPECT_EQ(shown, expected);
}

// The level of an item must go out anew under a name that is new.
TEST_F(Mappings, ANewNameIsToldToAnOpenSession) {
  Stock("MUG", "S01", 24);
  AdapterStream stream(client());
  ASSERT_TRUE(stream.WriteHello("erp", /*wants_levels=*/true));
  v1::ConnectResponse frame;
  const auto read_until = [&](const std::string& sku) {
    while (stream.Read(frame)) {
      v1::ConnectRequest acknowledgement;
      if (frame.has_level_update()) {
        acknowledgement.mutable_level_ack()->set_cursor(frame.level_update().cursor());
        stream.Write(acknowledgement);
      }
      for (const v1::Level& level : frame.level_update().levels()) {
        if (level.sku() == sku) return level.available();
      }
    }
    return int64_t{-1};
  };
  EXPECT_EQ(read_until("MUG"), 24);
  Put(SkuOf("erp", "CASE", "MUG", 12));
  EXPECT_EQ(read_until("CASE"), 2);
}

TEST_F(Mappings, SnapshotRowsAreTranslatedToo) {
  Put(SkuOf("erp", "CASE", "MUG", 12));
  Put(SkuOf("erp", "MUG", "TEA"));
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("erp"));
  v1::ConnectRequest begin;
  begin.mutable_snapshot_begin()->set_snapshot_id("s1");
  begin.mutable_snapshot_begin()->mutable_as_of()->set_seconds(ToMicros(clock.Now()) / 1'000'000);
  v1::ConnectRequest rows;
  for (const auto& [sku, quantity] :
       std::map<std::string, int64_t>{{"CASE", 3}, {"MUG", 5}, {"NOBODY", 1}}) {
    v1::SnapshotRow& row = *rows.mutable_snapshot_chunk()->add_rows();
    row.set_sku(sku);
    row.set_location("S01");
    row.set_quantity(quantity);
  }
  v1::ConnectRequest end;
  end.mutable_snapshot_end()->set_row_count(3);
  for (const v1::ConnectRequest& frame : {begin, rows, end}) ASSERT_TRUE(stream.Write(frame));
  v1::ConnectResponse answer;
  while (!answer.has_snapshot_ack()) ASSERT_TRUE(stream.Read(answer));
  EXPECT_EQ(answer.snapshot_ack().set_aside(), 1);
  EXPECT_EQ(OnHand("MUG"), 36);
  EXPECT_EQ(OnHand("TEA"), 5);
}

// 41 pieces are shown as 3 cases; that the source then states 3 cases, which are 36 pieces, must
// not be taken for a sale of 5.
TEST_F(Mappings, AShopThatCountsInCasesIsNotMisunderstood) {
  v1::PutSourceRulesRequest rules;
  rules.add_rules()->set_source("erp");
  rules.mutable_rules(0)->set_absolute(v1::ABSOLUTE_RULE_DIFF);
  v1::PutSourceRulesResponse put;
  ASSERT_TRUE(
      client().Call(client().adapter(), &GrpcClient::Adapter::PutSourceRules, rules, put).ok());
  Put(SkuOf("erp", "CASE", "MUG", 12));
  Stock("MUG", "S01", 41);
  AdapterStream stream(client());
  ASSERT_TRUE(stream.WriteHello("erp", /*wants_levels=*/true));
  v1::ConnectResponse frame;
  while (!frame.has_level_update() || frame.level_update().levels_size() == 0)
    ASSERT_TRUE(stream.Read(frame));
  EXPECT_EQ(frame.level_update().levels(0).sku(), "CASE");
  EXPECT_EQ(frame.level_update().levels(0).available(), 3);
  v1::ConnectRequest acknowledgement;
  acknowledgement.mutable_level_ack()->set_cursor(frame.level_update().cursor());
  ASSERT_TRUE(stream.Write(acknowledgement));
  for (const auto& [cases, on_hand] : std::vector<std::pair<int64_t, int64_t>>{{3, 41}, {2, 29}}) {
    clock.Advance(std::chrono::seconds(1));
    v1::ConnectRequest begin;
    begin.mutable_snapshot_begin()->set_snapshot_id("s" + std::to_string(cases));
    begin.mutable_snapshot_begin()->mutable_as_of()->set_seconds(ToMicros(clock.Now()) / 1'000'000);
    v1::ConnectRequest rows;
    v1::SnapshotRow& row = *rows.mutable_snapshot_chunk()->add_rows();
    row.set_sku("CASE");
    row.set_location("S01");
    row.set_quantity(cases);
    v1::ConnectRequest end;
    end.mutable_snapshot_end()->set_row_count(1);
    for (const v1::ConnectRequest& part : {begin, rows, end}) ASSERT_TRUE(stream.Write(part));
    while (!frame.has_snapshot_ack()) ASSERT_TRUE(stream.Read(frame));
    EXPECT_EQ(frame.snapshot_ack().set_aside(), 0);
    EXPECT_EQ(OnHand("MUG"), on_hand);
    frame.Clear();
  }
}

TEST_F(Mappings, ARefusedLevelIsKnownByOurName) {
  Put(SkuOf("erp", "CASE", "MUG", 12));
  Stock("MUG", "S01", 24);
  AdapterStream stream(client());
  ASSERT_TRUE(stream.WriteHello("erp", /*wants_levels=*/true));
  v1::ConnectResponse frame;
  while (!frame.has_level_update() || frame.level_update().levels_size() == 0)
    ASSERT_TRUE(stream.Read(frame));
  v1::ConnectRequest refusal;
  v1::LevelAck& ack = *refusal.mutable_level_ack();
  ack.set_cursor(frame.level_update().cursor());
  v1::LevelResult& result = *ack.add_results();
  result.set_sku("CASE");
  result.set_location("S01");
  result.set_version(frame.level_update().levels(0).version());
  result.set_outcome(v1::LEVEL_OUTCOME_REFUSED);
  result.set_reason("no such article");
  ASSERT_TRUE(stream.Write(refusal));
  v1::ListRefusedLevelsResponse refused;
  const auto end = SteadyNow() + kPatience;
  while (refused.levels_size() == 0 && SteadyNow() < end) {
    ASSERT_TRUE(client()
                    .Call(client().adapter(), &GrpcClient::Adapter::ListRefusedLevels,
                          v1::ListRefusedLevelsRequest(), refused)
                    .ok());
  }
  ASSERT_EQ(refused.levels_size(), 1);
  EXPECT_EQ(refused.levels(0).position().sku(), "MUG");
}

TEST_F(Mappings, AreListedInPagesAndRemoved) {
  v1::PutMappingsRequest request;
  for (const char* source : {"till", "", "erp"}) {
    for (const char* code : {"B", "A"}) request.MergeFrom(SkuOf(source, code, "MUG"));
  }
  v1::LocationMapping& location = *request.add_locations();
  location.set_code("P");
  location.set_location("S02");
  Put(request);
  std::vector<std::string> listed;
  v1::ListMappingsRequest page;
  page.set_page_size(2);
  do {
    const auto rows = List(page);
    EXPECT_LE(rows.skus_size() + rows.locations_size(), 2);
    for (const v1::SkuMapping& row : rows.skus()) listed.push_back(row.source() + ":" + row.code());
    for (const v1::LocationMapping& row : rows.locations()) listed.push_back(row.location());
    page.set_page_token(rows.next_page_token());
  } while (!page.page_token().empty());
  EXPECT_EQ(listed,
            (std::vector<std::string>{":A", ":B", "erp:A", "erp:B", "till:A", "till:B", "S02"}));
  request.set_remove(true);
  Put(request);
  Put(request);
  EXPECT_EQ(List().skus_size() + List().locations_size(), 0);
  Restart();
  EXPECT_EQ(List().skus_size() + List().locations_size(), 0);
}

TEST_F(Mappings, APutWithAFaultChangesNothing) {
  v1::PutMappingsRequest request = SkuOf("till", "A", "MUG");
  request.MergeFrom(SkuOf("till", "B", "GHOST"));
  EXPECT_EQ(ReasonOfPut(request), "SKU_UNKNOWN");
  EXPECT_EQ(ReasonOfPut(SkuOf("nobody", "A", "MUG")), "SOURCE_UNKNOWN");
  EXPECT_EQ(ReasonOfPut({}), "FIELD_INVALID");
  EXPECT_EQ(ReasonOfPut(SkuOf("till", "", "MUG")), "FIELD_INVALID");
  EXPECT_EQ(ReasonOfPut(SkuOf("till", "A", "MUG", 1'000'001)), "FIELD_INVALID");
  EXPECT_EQ(ReasonOfPut(SkuOf("till", "A", "MUG", 1, -1)), "FIELD_INVALID");
  request = SkuOf("till", "A", "MUG");
  request.MergeFrom(SkuOf("till", "A", "TEA"));
  EXPECT_EQ(ReasonOfPut(request), "FIELD_INVALID");
  v1::PutMappingsRequest place;
  place.add_locations()->set_code("P");
  place.mutable_locations(0)->set_location("S99");
  EXPECT_EQ(ReasonOfPut(place), "LOCATION_UNKNOWN");
  EXPECT_EQ(List().skus_size(), 0);
}

}  // namespace
}  // namespace stockd::support
