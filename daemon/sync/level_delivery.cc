#include "daemon/sync/level_delivery.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/sync/source_names.h"

namespace stockd::sync {

LevelDelivery::LevelDelivery(engine::Engine& engine, SourceRecords& records, SourceId source,
                             std::function<FeedScope()> scope, Sequence cursor, int updates_max)
    : engine_(engine),
      records_(records),
      source_(source),
      cursor_(engine, std::move(scope), cursor),
      updates_max_(static_cast<size_t>(updates_max)),
      acknowledged_(cursor) {
  // The answers of the session before may have been lost.
  records_.refused.SessionBegins(source);
  SendAgain(records_.shadows.Pending(source));
}

std::optional<LevelDelivery::Update> LevelDelivery::Next(Timestamp now) {
  const bool tracked = records_.rules.Of(source_)->tracked();
  const size_t most = tracked || records_.refused.Any(source_) ? 1 : updates_max_;
  if (preparing_ || on_their_way_.size() >= most) return std::nullopt;
  LevelCursor::Levels next;
  const bool moved = cursor_.Next(kLevelsMax, next);
  // They come again when their pause is over.
  std::erase_if(next.levels, [&](const engine::Level& level) {
    return records_.refused.Waits(source_, level.position, now);
  });
  SendAgain(records_.refused.TakeDue(source_, now));
  AddAgain(now, next.levels);
  if (!moved && next.levels.empty()) return std::nullopt;
  Update update{.cursor = next.cursor, .caught_up = next.caught_up, .tracked = tracked};
  update.levels.reserve(next.levels.size());
  for (engine::Level& level : next.levels) {
    level.available = std::max<Quantity>(0, level.available);
    RoundForSource(engine_.names(), source_, level.position.item, level.on_hand, level.available);
    update.levels.push_back({.level = level});
  }
  preparing_ = true;
  return update;
}

void LevelDelivery::AddAgain(Timestamp now, std::vector<engine::Level>& levels) {
  if (again_.empty()) return;
  for (const engine::Level& level : levels) again_.erase(level.position);
  while (!again_.empty() && levels.size() < kLevelsMax) {
    const PositionKey position = *again_.begin();
    again_.erase(again_.begin());
    if (!cursor_.scope().Contains(position)) continue;
    if (records_.refused.Waits(source_, position, now)) continue;
    levels.push_back(engine::LevelOf(engine_, position, cursor_.scope().channel, now));
  }
}

void LevelDelivery::Sent(const Update& update) {
  preparing_ = false;
  OnItsWay& sent = on_their_way_.emplace_back();
  sent.cursor = update.cursor;
  sent_ = std::max(sent_, update.cursor);
  if (update.tracked) sent.answer.tracked = update.levels;
  if (!records_.refused.Any(source_)) return;
  for (const SentLevel& level : update.levels) {
    if (records_.refused.Has(source_, level.level.position))
      sent.answer.retried.push_back(level.level.position);
  }
}

std::optional<LevelDelivery::Acknowledged> LevelDelivery::Acknowledge(Sequence cursor) {
  if (cursor > sent_) return std::nullopt;
  Acknowledged result{.is_newer = cursor > acknowledged_};
  acknowledged_ = std::max(acknowledged_, cursor);
  // While the index is walked the cursor stays where it is, and comes with many updates; one
  // acknowledgement is for all of them that were sent.
  while (!on_their_way_.empty() && on_their_way_.front().cursor <= cursor) {
    LevelAnswer& answer = on_their_way_.front().answer;
    std::ranges::move(answer.tracked, std::back_inserter(result.answer.tracked));
    std::ranges::move(answer.retried, std::back_inserter(result.answer.retried));
    on_their_way_.pop_front();
  }
  return result;
}

void LevelDelivery::SendAgain(const std::vector<PositionKey>& positions) {
  again_.insert(positions.begin(), positions.end());
}

}  // namespace stockd::sync
