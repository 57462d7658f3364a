// The port itself: health, reflection, limits, bytes that are no message, and what a broken disk
// looks like from outside.
#include <google/protobuf/unknown_field_set.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/sync_stream.h>

#include <google/protobuf/empty.pb.h>
#include <google/protobuf/wrappers.pb.h>

#include "tests/rpc/daemon_fixture.h"
#include "tests/support/faulty_vfs.h"

namespace stockd::support {
namespace {

using google::protobuf::BytesValue;
using google::protobuf::Empty;
using google::protobuf::MessageLite;
using grpc::StatusCode;

class Server : public DaemonFixture {
 protected:
  // A unary call whose request is `field_1` where the method expects its first field, byte by byte.
  grpc::Status CallWithFirstField(const std::string& path, const std::string& field_1) {
    BytesValue request;
    request.set_value(field_1);
    Empty response;
    grpc::ClientContext context;
    context.set_deadline(CalendarNow() + kPatience);
    const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC,
                                           client().channel());
    return grpc::internal::BlockingUnaryCall<BytesValue, Empty, MessageLite, MessageLite>(
        client().channel().get(), method, &context, request, &response);
  }
};

TEST_F(Server, IsHealthyWhileItRuns) { EXPECT_EQ(client().Health(), "SERVING"); }

// What grpcurl asks first. Debian has no C++ for the reflection protocol, so its two fields are
// written by hand.
TEST_F(Server, TellsItsServicesByReflection) {
  constexpr int kListServices = 7;
  Empty request;
  request.GetReflection()->MutableUnknownFields(&request)->AddLengthDelimited(kListServices, "");
  grpc::ClientContext context;
  context.set_deadline(CalendarNow() + kPatience);
  const grpc::internal::RpcMethod method(
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
      grpc::internal::RpcMethod::BIDI_STREAMING, client().channel());
  const std::unique_ptr<grpc::ClientReaderWriter<Empty, Empty>> stream(
      grpc::internal::ClientReaderWriterFactory<Empty, Empty>::Create(client().channel().get(),
                                                                      method, &context));
  ASSERT_TRUE(stream->Write(request));
  Empty response;
  ASSERT_TRUE(stream->Read(&response));
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  const std::string answer = response.SerializeAsString();
  for (const char* service :
       {"stockd.v1.AdapterService", "stockd.v1.AvailabilityService", "stockd.v1.CatalogueService",
        "stockd.v1.OperationsService", "stockd.v1.ReservationService", "grpc.health.v1.Health"}) {
    EXPECT_NE(answer.find(service), std::string::npos) << service;
  }
}

TEST_F(Server, AMessageBeyondTheLimitIsRefusedAndChangesNothing) {
  const std::string before = Fingerprint();
  v1::PutItemsRequest request;
  request.add_items()->set_sku("LARGE");
  request.mutable_items(0)->set_name(std::string(5 << 20, 'x'));
  v1::PutItemsResponse response;
  const grpc::Status status =
      client().Call(client().catalogue(), &GrpcClient::Catalogue::PutItems, request, response);
  EXPECT_EQ(status.error_code(), StatusCode::RESOURCE_EXHAUSTED) << Describe(status);
  EXPECT_EQ(Fingerprint(), before);
}

TEST_F(Server, AFrameBeyondTheLimitEndsTheStreamAndChangesNothing) {
  const std::string before = Fingerprint();
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("till"));
  v1::ConnectRequest frame;
  frame.mutable_facts()->set_batch(1);
  v1::Fact fact = ToFact({.event_id = "large", .sku = "MUG", .location = "S01", .quantity = 1});
  fact.set_reference(std::string(5 << 20, 'x'));
  *frame.mutable_facts()->add_facts() = fact;
  stream.Write(frame);
  const grpc::Status status = stream.Finish();
  EXPECT_EQ(status.error_code(), StatusCode::RESOURCE_EXHAUSTED) << Describe(status);
  EXPECT_EQ(Fingerprint(), before);
}

TEST_F(Server, TextThatIsNotUtf8IsRefusedAndChangesNothing) {
  const std::string before = Fingerprint();
  for (const char* path :
       {"/stockd.v1.AvailabilityService/GetAvailability",
        "/stockd.v1.ReservationService/CreateReservation", "/stockd.v1.CatalogueService/PutItems",
        "/stockd.v1.OperationsService/Backup"}) {
    SCOPED_TRACE(path);
    const grpc::Status status = CallWithFirstField(path, "\xff\xfe\xfd");
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << Describe(status);
    EXPECT_EQ(support::ReasonOf(status), "MESSAGE_MALFORMED");
  }
  EXPECT_EQ(Fingerprint(), before);
}

TEST_F(Server, AMethodThatDoesNotExistIsUnimplemented) {
  EXPECT_EQ(CallWithFirstField("/stockd.v1.CatalogueService/DropItems", "x").error_code(),
            StatusCode::UNIMPLEMENTED);
}

TEST_F(Server, APortThatIsTakenIsSaid) {
  config::Config other = config;
  other.server.listen = daemon().address();
  other.storage.database = (folder() / "other.sqlite").string();
  Daemon second(other, clock);
  const std::string error = second.Start();
  EXPECT_NE(error.find("cannot listen on " + daemon().address()), std::string::npos) << error;
  EXPECT_EQ(client().Health(), "SERVING");
}

TEST_F(Server, ADatabaseThatIsInUseIsSaid) {
  Daemon second(config, clock);
  EXPECT_NE(second.Start().find("in use"), std::string::npos);
}

// Open streams must not keep a daemon from stopping.
TEST_F(Server, StopsWithStreamsOpen) {
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("till"));
  grpc::ClientContext context;
  context.set_deadline(CalendarNow() + kPatience);
  const auto watch = client().availability().WatchAvailability(&context, {});
  v1::WatchAvailabilityResponse message;
  ASSERT_TRUE(watch->Read(&message));
  const SteadyTime began = SteadyNow();
  EXPECT_EQ(daemon().Stop(), "");
  EXPECT_LT(SteadyNow() - began, kPatience / 2) << "they ended by their own deadlines";
  while (watch->Read(&message)) {
  }
  EXPECT_FALSE(watch->Finish().ok());
  EXPECT_FALSE(stream.Finish().ok());
}

TEST_F(Server, AFailedCommitIsVisibleAndReadsGoOn) {
  FaultyVfs disk;
  Stop();
  vfs_name = disk.name();
  Start();
  Stock("MUG", "S01", 10);
  Reserve("before", "MUG", "S01", 3);
  disk.FailAt(1, DiskFault::kDiskFull, FaultLife::kForGood);
  v1::CreateReservationResponse response;
  for (const char* id : {"during", "after"}) {
    const grpc::Status status =
        client().Call(client().reservation(), &GrpcClient::Reservation::CreateReservation,
                      CreateOf(id, "MUG", "S01", 1), response);
    EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE) << Describe(status);
    EXPECT_EQ(support::ReasonOf(status), "STORAGE_FAILED");
  }
  EXPECT_EQ(client().Health(), "NOT_SERVING");
  EXPECT_EQ(Status().writer_state(), v1::WRITER_STATE_FAILED);
  EXPECT_FALSE(Status().failure().empty());
  EXPECT_EQ(Available("MUG", "S01").available(), 7);
  v1::GetReservationRequest get;
  get.set_reservation_id("before");
  v1::GetReservationResponse got;
  EXPECT_TRUE(client()
                  .Call(client().reservation(), &GrpcClient::Reservation::GetReservation, get, got)
                  .ok());
  // A source's stream ends rather than pretend.
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("till"));
  EXPECT_FALSE(
      stream.Send(1, {ToFact({.event_id = "x", .sku = "MUG", .location = "S01", .quantity = 1})}));
  EXPECT_EQ(support::ReasonOf(stream.Finish()), "STORAGE_FAILED");

  disk.Heal();
  (void)daemon().Stop();
  Restart();
  EXPECT_EQ(client().Health(), "SERVING");
  EXPECT_EQ(Available("MUG", "S01").available(), 7);
  Stop();  // Before the disk goes away.
}

}  // namespace
}  // namespace stockd::support
