#include "tests/system/daemon_fixture.h"

#include "tests/system/patient_call.h"
#include "tests/system/stockctl.h"

namespace stockd::system_test {

using support::Describe;
using support::GrpcClient;

DaemonFixture::DaemonFixture(std::string more_config, std::filesystem::path database)
    : daemon_({.folder = folder_.path(),
               .database = std::move(database),
               .sources = {{.id = "erp", .kind = "erp"}, {.id = "till", .kind = "pos"}},
               .more_config = std::move(more_config)}),
      client_(daemon_.address()) {}

void DaemonFixture::StartDaemon() { ASSERT_TRUE(daemon_.Start()) << daemon_.log(); }

void DaemonFixture::StopDaemon() {
  ASSERT_EQ(daemon_.Terminate(), support::ExitStatus{}) << daemon_.log();
}

std::vector<PositionName> DaemonFixture::PutNames(int sku_count, int location_count) {
  v1::PutLocationsRequest locations;
  for (int i = 0; i < location_count; ++i) {
    locations.add_locations()->set_code("L" + std::to_string(i));
  }
  v1::PutLocationsResponse locations_put;
  grpc::Status status =
      CallUntilAnswered(client_, client_.catalogue(), &GrpcClient::Catalogue::PutLocations,
                        locations, locations_put, repeated_);
  EXPECT_TRUE(status.ok()) << Describe(status);

  std::vector<PositionName> positions;
  v1::PutItemsRequest items;
  for (int i = 0; i < sku_count; ++i) {
    const std::string sku = "SKU-" + std::to_string(i);
    items.add_items()->set_sku(sku);
    for (const v1::Location& location : locations.locations()) {
      positions.emplace_back(sku, location.code());
    }
  }
  v1::PutItemsResponse items_put;
  status = CallUntilAnswered(client_, client_.catalogue(), &GrpcClient::Catalogue::PutItems, items,
                             items_put, repeated_);
  EXPECT_TRUE(status.ok()) << Describe(status);
  return positions;
}

void DaemonFixture::Deliver(const std::vector<PositionName>& positions, int64_t quantity) {
  constexpr size_t kBatch = 1000;
  support::AdapterStream stream(client_);
  ASSERT_TRUE(stream.Open("erp"));
  std::vector<v1::Fact> facts;
  for (size_t i = 0; i < positions.size(); ++i) {
    facts.push_back(support::ToFact({.kind = v1::FACT_KIND_RECEIPT,
                                     .event_id = "delivery-" + std::to_string(++deliveries_),
                                     .sku = positions[i].first,
                                     .location = positions[i].second,
                                     .quantity = quantity}));
    if (facts.size() < kBatch && i + 1 < positions.size()) continue;
    const auto ack = stream.Send(static_cast<uint64_t>(deliveries_), facts);
    ASSERT_TRUE(ack) << Describe(stream.Finish());
    ASSERT_EQ(static_cast<size_t>(ack->applied()), facts.size()) << ack->ShortDebugString();
    facts.clear();
  }
}

v1::Availability DaemonFixture::Read(const PositionName& position) {
  v1::GetAvailabilityRequest request;
  request.set_sku(position.first);
  request.set_location(position.second);
  v1::GetAvailabilityResponse response;
  const grpc::Status status =
      CallUntilAnswered(client_, client_.availability(), &GrpcClient::Availability::GetAvailability,
                        request, response, repeated_);
  EXPECT_TRUE(status.ok()) << Describe(status);
  return response.availability();
}

std::vector<v1::Availability> DaemonFixture::ReadAll() {
  std::vector<v1::Availability> all;
  v1::ListAvailabilityRequest request;
  request.set_page_size(1000);
  do {
    v1::ListAvailabilityResponse response;
    const grpc::Status status = CallUntilAnswered(client_, client_.availability(),
                                                  &GrpcClient::Availability::ListAvailability,
                                                  request, response, repeated_);
    EXPECT_TRUE(status.ok()) << Describe(status);
    all.insert(all.end(), response.availabilities().begin(), response.availabilities().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

v1::GetStatusResponse DaemonFixture::DaemonStatus() {
  v1::GetStatusResponse response;
  const grpc::Status status =
      CallUntilAnswered(client_, client_.operations(), &GrpcClient::Operations::GetStatus,
                        v1::GetStatusRequest(), response, repeated_);
  EXPECT_TRUE(status.ok()) << Describe(status);
  return response;
}

v1::CreateReservationRequest DaemonFixture::Wish(const std::string& id,
                                                 const PositionName& position, int64_t quantity,
                                                 std::chrono::milliseconds ttl) {
  v1::CreateReservationRequest request;
  request.set_reservation_id(id);
  v1::LineRequest& line = *request.add_lines();
  line.mutable_position()->set_sku(position.first);
  line.mutable_position()->set_location(position.second);
  line.set_quantity(quantity);
  request.mutable_ttl()->set_seconds(ttl.count() / 1000);
  request.mutable_ttl()->set_nanos(static_cast<int32_t>(ttl.count() % 1000 * 1'000'000));
  return request;
}

grpc::Status DaemonFixture::Reserve(const v1::CreateReservationRequest& request,
                                    v1::Reservation* reservation) {
  v1::CreateReservationResponse response;
  grpc::Status status = client_.Call(
      client_.reservation(), &GrpcClient::Reservation::CreateReservation, request, response);
  if (reservation != nullptr) *reservation = response.reservation();
  return status;
}

grpc::Status DaemonFixture::Get(const std::string& id, v1::Reservation& reservation) {
  v1::GetReservationRequest request;
  request.set_reservation_id(id);
  v1::GetReservationResponse response;
  grpc::Status status =
      CallUntilAnswered(client_, client_.reservation(), &GrpcClient::Reservation::GetReservation,
                        request, response, repeated_);
  reservation = response.reservation();
  return status;
}

void DaemonFixture::ExpectNoDrift() {
  const support::CommandResult verify = RunStockctl(daemon_.address(), {"verify"});
  EXPECT_EQ(verify.exit, support::ExitStatus{}) << verify.output << verify.error_output;
  EXPECT_NE(verify.output.find("no drift"), std::string::npos) << verify.output;
}

}  // namespace stockd::system_test
