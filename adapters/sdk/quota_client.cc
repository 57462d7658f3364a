#include "adapters/sdk/quota_client.h"

#include <grpcpp/grpcpp.h>

#include <chrono>

#include "adapters/sdk/clock.h"
#include "adapters/sdk/daemon_channel.h"
#include "stockd/v1/quota_service.grpc.pb.h"

namespace stockd::sdk {
namespace {

constexpr std::chrono::seconds kCallTimeout{60};

using Stub = v1::QuotaService::Stub;

class GrpcQuotaClient final : public QuotaClient {
 public:
  explicit GrpcQuotaClient(const std::shared_ptr<grpc::Channel>& channel) : stub_(channel) {}

  absl::Status Grant(const v1::GrantQuotaRequest& request,
                     v1::GrantQuotaResponse* response) override {
    return Call(&Stub::GrantQuota, request, response);
  }
  absl::Status Settle(const v1::SettleQuotaRequest& request,
                      v1::SettleQuotaResponse* response) override {
    return Call(&Stub::SettleQuota, request, response);
  }
  absl::Status List(const v1::ListQuotasRequest& request,
                    v1::ListQuotasResponse* response) override {
    return Call(&Stub::ListQuotas, request, response);
  }

 private:
  template <typename Request, typename Response>
  using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Response*);

  template <typename Request, typename Response>
  absl::Status Call(Method<Request, Response> method, const Request& request, Response* response) {
    grpc::ClientContext context;
    context.set_deadline(
        std::chrono::time_point_cast<std::chrono::system_clock::duration>(Now() + kCallTimeout));
    return ToAbslStatus((stub_.*method)(&context, request, response));
  }

  Stub stub_;
};

}  // namespace

std::unique_ptr<QuotaClient> MakeQuotaClient(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcQuotaClient>(channel);
}

}  // namespace stockd::sdk
