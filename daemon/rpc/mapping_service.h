#pragma once

#include <functional>
#include <utility>

#include "daemon/engine/engine.h"
#include "stockd/v1/mapping_service.grpc.pb.h"

namespace stockd::rpc {

// What sources call our items and locations, and items that are made of others. A put is one
// command of the engine, applied whole or not at all; lists come from memory. Thread-safe.
class MappingService final : public v1::MappingService::CallbackService {
 public:
  // `on_names_added` is called after a put of mappings is durable, on the completion thread.
  MappingService(engine::Engine& engine, std::function<void()> on_names_added)
      : engine_(engine), on_names_added_(std::move(on_names_added)) {}

  grpc::ServerUnaryReactor* PutMappings(grpc::CallbackServerContext* context,
                                        const v1::PutMappingsRequest* request,
                                        v1::PutMappingsResponse* response) override;
  grpc::ServerUnaryReactor* ListMappings(grpc::CallbackServerContext* context,
                                         const v1::ListMappingsRequest* request,
                                         v1::ListMappingsResponse* response) override;
  grpc::ServerUnaryReactor* PutBundles(grpc::CallbackServerContext* context,
                                       const v1::PutBundlesRequest* request,
                                       v1::PutBundlesResponse* response) override;
  grpc::ServerUnaryReactor* ListBundles(grpc::CallbackServerContext* context,
                                        const v1::ListBundlesRequest* request,
                                        v1::ListBundlesResponse* response) override;

 private:
  engine::Engine& engine_;
  const std::function<void()> on_names_added_;
};

}  // namespace stockd::rpc
