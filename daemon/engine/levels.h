#pragma once

#include <optional>

#include "daemon/engine/engine.h"

namespace stockd::engine {

// The published figure of one position, with the terms it is made of:
// available = on_hand - reserved - committed - safety_stock - buffer.
struct Level {
  PositionKey position;
  Quantity on_hand = 0;
  Quantity reserved = 0;  // Live holds only.
  Quantity committed = 0;
  Quantity safety_stock = 0;
  Quantity buffer = 0;
  Quantity unsellable = 0;
  Quantity available = 0;  // Negative in a shortfall.
  Sequence version = 0;
  bool ranged = false;  // Whether anything was ever heard of the position.
};

// The level of a position as `channel` sees it at `now`. Thread-safe, from memory.
Level LevelOf(const Engine& engine, PositionKey position, ChannelId channel, Timestamp now);

// The same for a position that is at hand, for example the writer's working copy; empty when
// nothing was ever heard of it.
Level LevelFrom(const Engine& engine, PositionKey position,
                const std::optional<ledger::WorkingPosition>& known, ChannelId channel);

}  // namespace stockd::engine
