#include "adapters/sdk/connect_stream.h"

#include <grpcpp/grpcpp.h>

#include "adapters/sdk/daemon_channel.h"
#include "stockd/v1/adapter_service.grpc.pb.h"

namespace stockd::sdk {
namespace {

class GrpcConnectStream final : public ConnectStream {
 public:
  explicit GrpcConnectStream(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(v1::AdapterService::NewStub(channel)), stream_(stub_->Connect(&context_)) {}

  bool Write(const v1::ConnectRequest& request) override { return stream_->Write(request); }
  void WritesDone() override { stream_->WritesDone(); }
  bool Read(v1::ConnectResponse* response) override { return stream_->Read(response); }
  void Cancel() override { context_.TryCancel(); }
  absl::Status Finish() override { return ToAbslStatus(stream_->Finish()); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<v1::AdapterService::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::ConnectRequest, v1::ConnectResponse>> stream_;
};

}  // namespace

std::unique_ptr<ConnectStream> OpenConnectStream(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcConnectStream>(channel);
}

}  // namespace stockd::sdk
