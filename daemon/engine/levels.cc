#include "daemon/engine/levels.h"

#include <algorithm>

#include "daemon/ledger/atp.h"

namespace stockd::engine {

Level LevelOf(const Engine& engine, PositionKey position, ChannelId channel, Timestamp now) {
  return LevelFrom(engine, position, engine.index().Find(position, now), channel);
}

Level LevelFrom(const Engine& engine, PositionKey position,
                const std::optional<ledger::WorkingPosition>& known, ChannelId channel) {
  Level level{.position = position};
  level.safety_stock = engine.catalogue().SafetyStock(position);
  level.buffer = engine.catalogue().Buffer(channel);
  if (!known) {
    level.available = -level.safety_stock - level.buffer;
    return level;
  }
  level.on_hand = known->row.on_hand;
  level.reserved = known->reserved_live();
  level.committed = known->row.committed;
  level.unsellable = known->row.unsellable;
  level.available = ledger::Available(*known, level.safety_stock, level.buffer);
  // Rules have no row in the position; their changes must move the version too.
  level.version = std::max(known->row.version, engine.catalogue().policy_sequence());
  level.ranged = true;
  return level;
}

}  // namespace stockd::engine
