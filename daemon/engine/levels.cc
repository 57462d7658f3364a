#include "daemon/engine/levels.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "daemon/ledger/atp.h"

namespace stockd::engine {

namespace {

Level BundleLevel(const Engine& engine, PositionKey position, const Bundles::Parts& parts,
                  ChannelId channel, Timestamp now) {
  Level level{.position = position, .on_hand = kFigureMax, .available = kFigureMax};
  for (const storage::BundlePart& part : parts) {
    const PositionKey key{.item = part.item, .location = position.location};
    const Level of_part = LevelFrom(engine, key, engine.index().Find(key, now), channel);
    const auto bundles = [&part](Quantity units) {
      return std::max<Quantity>(0, units) / part.quantity;
    };
    level.on_hand = std::min(level.on_hand, bundles(of_part.on_hand));
    level.available = std::min(level.available, bundles(of_part.available));
    level.version = std::max(level.version, of_part.version);
    level.ranged |= of_part.ranged;
  }
  return level;
}

}  // namespace

Level LevelOf(const Engine& engine, PositionKey position, ChannelId channel, Timestamp now) {
  const Bundles::Parts parts = engine.bundles().PartsOf(position.item);
  if (!parts.empty()) return BundleLevel(engine, position, parts, channel, now);
  return LevelFrom(engine, position, engine.index().Find(position, now), channel);
}

std::vector<ledger::CurvePoint> CurveOf(const Engine& engine, PositionKey position,
                                        ChannelId channel, Timestamp now) {
  const auto plain = [&](PositionKey key) {
    const Level level = LevelFrom(engine, key, engine.index().Find(key, now), channel);
    return ledger::AvailableCurve(level.available, engine.supplies().At(key), now);
  };
  const Bundles::Parts parts = engine.bundles().PartsOf(position.item);
  if (parts.empty()) return plain(position);
  std::map<Timestamp, Quantity> bundles;  // What the parts so far allow, from each instant on.
  std::vector<std::vector<ledger::CurvePoint>> curves;
  for (const storage::BundlePart& part : parts) {
    curves.push_back(plain({.item = part.item, .location = position.location}));
    for (const ledger::CurvePoint& point : curves.back()) bundles[point.at] = kFigureMax;
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    auto point = curves[i].begin();
    for (auto& [at, most] : bundles) {
      while (std::next(point) != curves[i].end() && std::next(point)->at <= at) ++point;
      most = std::min(most, std::max<Quantity>(0, point->available) / parts[i].quantity);
    }
  }
  std::vector<ledger::CurvePoint> curve;
  for (const auto& [at, most] : bundles) curve.push_back({.at = at, .available = most});
  return curve;
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
