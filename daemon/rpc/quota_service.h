#pragma once

#include "daemon/engine/engine.h"
#include "daemon/storage/reader.h"
#include "stockd/v1/quota_service.grpc.pb.h"

namespace stockd::rpc {

// Units that stores and tills may sell while they are cut off. Thread-safe.
class QuotaService final : public v1::QuotaService::CallbackService {
 public:
  QuotaService(engine::Engine& engine, storage::Reader& reader)
      : engine_(engine), reader_(reader) {}

  grpc::ServerUnaryReactor* GrantQuota(grpc::CallbackServerContext* context,
                                       const v1::GrantQuotaRequest* request,
                                       v1::GrantQuotaResponse* response) override;
  grpc::ServerUnaryReactor* SettleQuota(grpc::CallbackServerContext* context,
                                        const v1::SettleQuotaRequest* request,
                                        v1::SettleQuotaResponse* response) override;
  grpc::ServerUnaryReactor* GetQuota(grpc::CallbackServerContext* context,
                                     const v1::GetQuotaRequest* request,
                                     v1::GetQuotaResponse* response) override;
  grpc::ServerUnaryReactor* ListQuotas(grpc::CallbackServerContext* context,
                                       const v1::ListQuotasRequest* request,
                                       v1::ListQuotasResponse* response) override;

 private:
  template <typename Response, typename Run>
  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context, Response* response,
                                   Run run);
  void Fill(const storage::QuotaStanding& standing, v1::Quota& proto) const;

  engine::Engine& engine_;
  storage::Reader& reader_;
};

}  // namespace stockd::rpc
