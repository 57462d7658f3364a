#pragma once

#include "daemon/engine/engine.h"
#include "daemon/sync/feed_pump.h"
#include "daemon/sync/level_cursor.h"
#include "stockd/v1/availability_service.grpc.pb.h"

namespace stockd::rpc {

// Starts the stream of one WatchAvailability call: sends the next levels whenever the last message
// has been taken, so a stalled reader holds one message and nothing else. The stream deletes itself
// when it is done.
grpc::ServerWriteReactor<v1::WatchAvailabilityResponse>* StartWatch(engine::Engine& engine,
                                                                    sync::FeedPump& pump,
                                                                    sync::LevelCursor cursor);

}  // namespace stockd::rpc
