#pragma once

#include <grpcpp/support/byte_buffer.h>

#include "daemon/engine/engine.h"
#include "daemon/rpc/adapter_session.h"
#include "daemon/storage/reader.h"
#include "daemon/sync/feed_pump.h"
#include "daemon/sync/quarantine_replay.h"
#include "daemon/sync/source_book.h"
#include "daemon/sync/waiting_order_facts.h"
#include "stockd/v1/adapter_service.grpc.pb.h"

namespace stockd::rpc {

// Takes the messages of Connect as bytes: read as messages by gRPC, bytes that are none would look
// like the end of the stream.
using AdapterServiceBase = v1::AdapterService::WithRawCallbackMethod_Connect<
    v1::AdapterService::WithCallbackMethod_ListSources<
        v1::AdapterService::WithCallbackMethod_ListDevices<
            v1::AdapterService::WithCallbackMethod_PutSourceRules<
                v1::AdapterService::WithCallbackMethod_ListSourceRules<
                    v1::AdapterService::WithCallbackMethod_ListSourceRuleChanges<
                        v1::AdapterService::WithCallbackMethod_ListRefusedLevels<
                            v1::AdapterService::WithCallbackMethod_RetryLevels<
                                v1::AdapterService::WithCallbackMethod_SummarizeQuarantine<
                                    v1::AdapterService::WithCallbackMethod_RejectQuarantined<
                                        v1::AdapterService::WithCallbackMethod_ListQuarantine<
                                            v1::AdapterService::WithCallbackMethod_GetQuarantined<
                                                v1::AdapterService::
                                                    WithCallbackMethod_ReplayQuarantine<
                                                        v1::AdapterService::Service>>>>>>>>>>>>>;

// The streams of sources, and what people ask about them. Thread-safe.
class AdapterService final : public AdapterServiceBase {
 public:
  AdapterService(engine::Engine& engine, storage::Reader& reader, sync::SourceBook& sources,
                 sync::FeedPump& pump, sync::DeviceBook& devices, sync::SourceRecords& records,
                 sync::QuarantineReplay& replay, sync::WaitingOrderFacts& waiting,
                 SessionLimits limits)
      : engine_(engine),
        reader_(reader),
        sources_(sources),
        pump_(pump),
        devices_(devices),
        records_(records),
        replay_(replay),
        waiting_(waiting),
        limits_(limits) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Connect(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* ListSources(grpc::CallbackServerContext* context,
                                        const v1::ListSourcesRequest* request,
                                        v1::ListSourcesResponse* response) override;
  grpc::ServerUnaryReactor* ListDevices(grpc::CallbackServerContext* context,
                                        const v1::ListDevicesRequest* request,
                                        v1::ListDevicesResponse* response) override;
  grpc::ServerUnaryReactor* PutSourceRules(grpc::CallbackServerContext* context,
                                           const v1::PutSourceRulesRequest* request,
                                           v1::PutSourceRulesResponse* response) override;
  grpc::ServerUnaryReactor* ListSourceRules(grpc::CallbackServerContext* context,
                                            const v1::ListSourceRulesRequest* request,
                                            v1::ListSourceRulesResponse* response) override;
  grpc::ServerUnaryReactor* ListSourceRuleChanges(
      grpc::CallbackServerContext* context, const v1::ListSourceRuleChangesRequest* request,
      v1::ListSourceRuleChangesResponse* response) override;
  grpc::ServerUnaryReactor* ListRefusedLevels(grpc::CallbackServerContext* context,
                                              const v1::ListRefusedLevelsRequest* request,
                                              v1::ListRefusedLevelsResponse* response) override;
  grpc::ServerUnaryReactor* RetryLevels(grpc::CallbackServerContext* context,
                                        const v1::RetryLevelsRequest* request,
                                        v1::RetryLevelsResponse* response) override;
  grpc::ServerUnaryReactor* SummarizeQuarantine(grpc::CallbackServerContext* context,
                                                const v1::SummarizeQuarantineRequest* request,
                                                v1::SummarizeQuarantineResponse* response) override;
  grpc::ServerUnaryReactor* RejectQuarantined(grpc::CallbackServerContext* context,
                                              const v1::RejectQuarantinedRequest* request,
                                              v1::RejectQuarantinedResponse* response) override;
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
  sync::DeviceBook& devices_;
  sync::SourceRecords& records_;
  sync::QuarantineReplay& replay_;
  sync::WaitingOrderFacts& waiting_;
  const SessionLimits limits_;
};

}  // namespace stockd::rpc
