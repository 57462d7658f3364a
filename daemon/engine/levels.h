#pragma once

#include <optional>
#include <vector>

#include "daemon/engine/engine.h"
#include "daemon/ledger/atp.h"

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
//
// A bundle's level follows those of its parts: on_hand and available are the bundles that can be
// put together from what the parts have, 0 or more; the version is the largest of theirs; the other
// terms are 0.
Level LevelOf(const Engine& engine, PositionKey position, ChannelId channel, Timestamp now);

// Available to promise over time, as ledger::AvailableCurve() tells it; for a bundle what the
// curves of its parts allow, with a point where one of them has one. Thread-safe, from memory.
std::vector<ledger::CurvePoint> CurveOf(const Engine& engine, PositionKey position,
                                        ChannelId channel, Timestamp now);

// The level of a position that is at hand, for example the writer's working copy; empty when
// nothing was ever heard of it.
Level LevelFrom(const Engine& engine, PositionKey position,
                const std::optional<ledger::WorkingPosition>& known, ChannelId channel);

}  // namespace stockd::engine
