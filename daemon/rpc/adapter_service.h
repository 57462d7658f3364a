#pragma once

#include <grpcpp/support/byte_buffer.h>

#include "daemon/engine/engine.h"
#include "daemon/rpc/adapter_session.h"
#include "daemon/storage/reader.h"
#include "daemon/sync/feed_pump.h"
#include "daemon/sync/quarantine_replay.h"
#include "daemon/sync/source_book.h"
#include "stockd/v1/adapter_service.grpc.pb.h"

namespace stockd::rpc {

// Takes the messages of Connect as bytes: read as messages by gRPC, bytes that are none would look
// like the end of the stream.
using AdapterServiceBase = v1::AdapterService::WithRawCallbackMethod_Connect<
    v1::AdapterService::WithCallbackMethod_ListSources<
        v1::AdapterService::WithCallbackMethod_ListQuarantine<
            v1::AdapterService::WithCallbackMethod_GetQuarantined<
                v1::AdapterService::WithCallbackMethod_ReplayQuarantine<
                    v1::AdapterService::Service>>>>>;

// The streams of sources, and what people ask about them. Thread-safe.
class AdapterService final : public AdapterServiceBase {
 public:
  AdapterService(engine::Engine& engine, storage::Reader& reader, sync::SourceBook& sources,
                 sync::FeedPump& pump, sync::QuarantineReplay& replay, SessionLimits limits)
      : engine_(engine),
        reader_(reader),
        sources_(sources),
        pump_(pump),
        replay_(replay),
        limits_(limits) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Connect(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* ListSources(grpc::CallbackServerContext* context,
                                        const v1::ListSourcesRequest* request,
                                        v1::ListSourcesResponse* response) override;
  grpc::ServerUnaryReactor* ListQuarantine(grpc::CallbackServerContext* context,
                                           const v1::ListQuarantineRequest* request,
                                           v1::ListQuarantineResponse* response) override;
  grpc::ServerUnaryReactor* GetQuarantined(grpc::CallbackServerContext* context,
                                           const v1::GetQuarantinedRequest* request,
                                           v1::GetQuarantinedResponse* response) override;
  grpc::ServerUnaryReactor* ReplayQuarantine(grpc::CallbackServerContext* context,
                                             const v1::ReplayQuarantineRequest* request,
                                             v1::ReplayQuarantineResponse* response) override;

 private:
  engine::Engine& engine_;
  storage::Reader& reader_;
  sync::SourceBook& sources_;
  sync::FeedPump& pump_;
  sync::QuarantineReplay& replay_;
  const SessionLimits limits_;
};

}  // namespace stockd::rpc
