#include "daemon/rpc/watch_reactor.h"

#include <utility>

#include "daemon/rpc/convert.h"
#include "daemon/rpc/feed_reactor.h"

namespace stockd::rpc {
namespace {

constexpr size_t kLevelsPerMessage = 1000;
constexpr Duration kIdleNoteEvery = std::chrono::seconds(15);

}  // namespace

grpc::ServerWriteReactor<v1::WatchAvailabilityResponse>* StartWatch(engine::Engine& engine,
                                                                    sync::FeedPump& pump,
                                                                    sync::LevelCursor cursor) {
  return FeedReactor<v1::WatchAvailabilityResponse>::Start(
      pump, [&engine, cursor = std::move(cursor), written_at = pump.Now()](
                Timestamp now, v1::WatchAvailabilityResponse& message) mutable {
        sync::LevelCursor::Levels next;
        if (!cursor.Next(kLevelsPerMessage, next) && now < written_at + kIdleNoteEvery) {
          return false;
        }
        for (const engine::Level& level : next.levels) {
          ToProto(level, engine, *message.add_availabilities());
        }
        message.set_cursor(next.cursor);
        message.set_caught_up(next.caught_up);
        written_at = now;
        return true;
      });
}

}  // namespace stockd::rpc
