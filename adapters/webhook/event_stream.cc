#include "adapters/webhook/event_stream.h"

#include <grpcpp/grpcpp.h>

#include "adapters/sdk/daemon_channel.h"
#include "stockd/v1/order_service.grpc.pb.h"

namespace stockd::webhook {
namespace {

class GrpcEventStream final : public EventStream {
 public:
  GrpcEventStream(const std::shared_ptr<grpc::Channel>& channel,
                  const v1::WatchOrderEventsRequest& request)
      : stub_(v1::OrderService::NewStub(channel)),
        stream_(stub_->WatchOrderEvents(&context_, request)) {}

  bool Read(v1::WatchOrderEventsResponse* message) override { return stream_->Read(message); }
  void Cancel() override { context_.TryCancel(); }
  absl::Status Finish() override { return sdk::ToAbslStatus(stream_->Finish()); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<v1::OrderService::Stub> stub_;
  std::unique_ptr<grpc::ClientReader<v1::WatchOrderEventsResponse>> stream_;
};

}  // namespace

std::unique_ptr<EventStream> OpenEventStream(const std::shared_ptr<grpc::Channel>& channel,
                                             const v1::WatchOrderEventsRequest& request) {
  return std::make_unique<GrpcEventStream>(channel, request);
}

}  // namespace stockd::webhook
