#include "tests/rpc/daemon_fixture.h"

#include "daemon/log.h"
#include "tests/support/ledger_fixture.h"

namespace stockd::support {
namespace {

template <typename Stub, typename Request, typename Response>
Response MustCall(GrpcClient& client, Stub& stub,
                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                  const Request& request) {
  Response response;
  const grpc::Status status = client.Call(stub, method, request, response);
  EXPECT_TRUE(status.ok()) << Describe(status);
  return response;
}

}  // namespace

v1::LineRequest LineOf(const std::string& sku, const std::string& location, int64_t quantity) {
  v1::LineRequest line;
  line.mutable_position()->set_sku(sku);
  line.mutable_position()->set_location(location);
  line.set_quantity(quantity);
  return line;
}

v1::CreateReservationRequest CreateOf(const std::string& id, const std::string& sku,
                                      const std::string& location, int64_t quantity) {
  v1::CreateReservationRequest request;
  request.set_reservation_id(id);
  *request.add_lines() = LineOf(sku, location, quantity);
  request.mutable_ttl()->set_seconds(600);
  return request;
}

DaemonFixture::DaemonFixture() : clock(kNoon) {
  SetUpLog(config::LogLevel::kError);
  config.directory = folder_.path();
  config.server.listen = "127.0.0.1:0";
  config.http.listen = "";
  config.source = {{.id = "erp", .kind = config::SourceKind::kErp},
                   {.id = "till", .kind = config::SourceKind::kPos},
                   {.id = "shop",
                    .kind = config::SourceKind::kWeb,
                    .absolute = config::AbsoluteRule::kAudit,
                    .channel = "web"}};
}

void DaemonFixture::SetUp() {
  Start();
  if (!HasFatalFailure()) PutNames();
}

void DaemonFixture::Start() {
  daemon_ = std::make_unique<Daemon>(config, clock, vfs_name);
  ASSERT_EQ(daemon_->Start(), "");
  client_ = std::make_unique<GrpcClient>(daemon_->address());
}

void DaemonFixture::Stop() {
  client_.reset();
  if (daemon_) EXPECT_EQ(daemon_->Stop(), "");
  daemon_.reset();
}

void DaemonFixture::PutNames() {
  v1::PutItemsRequest items;
  items.add_items()->set_sku("MUG");
  items.add_items()->set_sku("TEA");
  v1::Item& ham = *items.add_items();
  ham.set_sku("HAM");
  ham.set_unit("kg");
  ham.set_scale(3);
  MustCall(client(), client().catalogue(), &GrpcClient::Catalogue::PutItems, items);
  v1::PutLocationsRequest locations;
  for (const char* code : {"S01", "S02", "W01"}) locations.add_locations()->set_code(code);
  MustCall(client(), client().catalogue(), &GrpcClient::Catalogue::PutLocations, locations);
  v1::PutGroupsRequest groups;
  v1::Group& stores = *groups.add_groups();
  stores.set_group_id("stores");
  stores.add_locations("S01");
  stores.add_locations("S02");
  MustCall(client(), client().catalogue(), &GrpcClient::Catalogue::PutGroups, groups);
  v1::PutChannelsRequest channels;
  channels.add_channels()->set_channel_id("app");
  v1::Channel& web = *channels.add_channels();
  web.set_channel_id("web");
  web.set_buffer(1);
  web.set_group_id("stores");
  MustCall(client(), client().catalogue(), &GrpcClient::Catalogue::PutChannels, channels);
}

void DaemonFixture::Stock(const std::string& sku, const std::string& location, int64_t quantity) {
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("till"));
  ++batches_;
  const auto ack = stream.Send(static_cast<uint64_t>(batches_),
                               {ToFact({.kind = v1::FACT_KIND_RECEIPT,
                                        .event_id = "stock-" + std::to_string(batches_),
                                        .sku = sku,
                                        .location = location,
                                        .quantity = quantity})});
  ASSERT_TRUE(ack.has_value());
  ASSERT_EQ(ack->applied(), 1) << ack->ShortDebugString();
  stream.WritesDone();
  ASSERT_TRUE(stream.Finish().ok());
}

v1::Reservation DaemonFixture::Reserve(const std::string& id, const std::string& sku,
                                       const std::string& location, int64_t quantity) {
  return MustCall(client(), client().reservation(), &GrpcClient::Reservation::CreateReservation,
                  CreateOf(id, sku, location, quantity))
      .reservation();
}

v1::Availability DaemonFixture::Available(const std::string& sku, const std::string& location,
                                          const std::string& channel) {
  v1::GetAvailabilityRequest request;
  request.set_sku(sku);
  request.set_location(location);
  request.set_channel(channel);
  return MustCall(client(), client().availability(), &GrpcClient::Availability::GetAvailability,
                  request)
      .availability();
}

v1::GetStatusResponse DaemonFixture::Status() {
  return MustCall(client(), client().operations(), &GrpcClient::Operations::GetStatus, {});
}

std::string DaemonFixture::Fingerprint() {
  const v1::GetStatusResponse status = Status();
  std::string text = "sequence " + std::to_string(status.sequence()) + " positions " +
                     std::to_string(status.position_count()) + " open " +
                     std::to_string(status.reservation_open_count()) + " quarantined " +
                     std::to_string(status.quarantine_count()) + "\n";
  GrpcClient::Catalogue& catalogue = client().catalogue();
  text += MustCall(client(), catalogue, &GrpcClient::Catalogue::ListItems, {}).DebugString();
  text += MustCall(client(), catalogue, &GrpcClient::Catalogue::ListLocations, {}).DebugString();
  text += MustCall(client(), catalogue, &GrpcClient::Catalogue::ListGroups, {}).DebugString();
  text += MustCall(client(), catalogue, &GrpcClient::Catalogue::ListChannels, {}).DebugString();
  text += MustCall(client(), client().reservation(), &GrpcClient::Reservation::ListReservations, {})
              .DebugString();
  text +=
      MustCall(client(), client().availability(), &GrpcClient::Availability::ListAvailability, {})
          .DebugString();
  return text;
}

}  // namespace stockd::support
