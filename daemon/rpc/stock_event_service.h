#pragma once

#include <atomic>

#include "daemon/engine/engine.h"
#include "daemon/sync/feed_pump.h"
#include "stockd/v1/stock_event_service.grpc.pb.h"

namespace stockd::rpc {

// Tells what sold out, runs low or came back. Thread-safe.
class StockEventService final : public v1::StockEventService::CallbackService {
 public:
  StockEventService(engine::Engine& engine, sync::FeedPump& pump) : engine_(engine), pump_(pump) {}

  grpc::ServerWriteReactor<v1::WatchStockEventsResponse>* WatchStockEvents(
      grpc::CallbackServerContext* context, const v1::WatchStockEventsRequest* request) override;

 private:
  engine::Engine& engine_;
  sync::FeedPump& pump_;
  std::atomic<int> streams_ = 0;  // Each remembers the state of its positions.
};

}  // namespace stockd::rpc
