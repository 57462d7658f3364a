// QuotaService for adapters: one attempt each; see retry.h.
#pragma once

#include <absl/status/status.h>

#include <memory>

#include "stockd/v1/quota_service.pb.h"

namespace grpc {
class Channel;
}

namespace stockd::sdk {

// May be called from any thread. Each call answers within 60 seconds.
class QuotaClient {
 public:
  virtual ~QuotaClient() = default;

  virtual absl::Status Grant(const v1::GrantQuotaRequest& request,
                             v1::GrantQuotaResponse* response) = 0;
  virtual absl::Status Settle(const v1::SettleQuotaRequest& request,
                              v1::SettleQuotaResponse* response) = 0;
  virtual absl::Status List(const v1::ListQuotasRequest& request,
                            v1::ListQuotasResponse* response) = 0;
};

[[nodiscard]] std::unique_ptr<QuotaClient> MakeQuotaClient(
    const std::shared_ptr<grpc::Channel>& channel);

}  // namespace stockd::sdk
