#include "tests/sync/chain_shop.h"

#include <algorithm>
#include <utility>

namespace stockd::support {

void ChainShop::Begin(const std::vector<PositionKey>& positions) {
  articles.clear();
  for (const PositionKey position : positions) articles[position] = {};
  Connect();
}

void ChainShop::Connect() {
  Disconnect();
  const auto scope = [this] {
    sync::FeedScope only{.channel = channel_};
    for (const auto& [position, article] : articles) only.items.insert(position.item);
    return only;
  };
  Sequence cursor = cursor_;
  if (daemon_.is(Fault::kSkipsAnUpdate)) cursor = daemon_.engine().changes().newest();
  delivery_.emplace(daemon_.engine(), daemon_.records(), source_, scope, cursor,
                    /*updates_max=*/4);
}

void ChainShop::Disconnect() {
  on_their_way_.clear();
  delivery_.reset();
}

bool ChainShop::Send() {
  if (!delivery_) return false;
  auto update = delivery_->Next(daemon_.clock.Now());
  if (!update) return false;
  if (update->tracked && !daemon_.is(Fault::kSendsWithoutCommitting)) {
    auto committed = daemon_.Commit(source_, std::exchange(update->levels, {}));
    if (!committed) return false;
    update->levels = *std::move(committed);
  }
  delivery_->Sent(*update);
  on_their_way_.push_back({.update = *std::move(update)});
  return true;
}

std::optional<sync::LevelProblem> ChainShop::Write(const sync::SentLevel& sent, bool is_tracked) {
  const auto found = articles.find(sent.level.position);
  if (found == articles.end()) return std::nullopt;
  Article& article = found->second;
  if (sent.level.version <= article.version) return std::nullopt;  // Written before.
  if (is_tracked && sent.expected && *sent.expected != article.figure) {
    return sync::LevelProblem{.position = sent.level.position,
                              .version = sent.level.version,
                              .outcome = v1::LEVEL_OUTCOME_CONFLICT,
                              .found = article.figure};
  }
  article = {
      .figure = sent.level.available, .on_hand = sent.level.on_hand, .version = sent.level.version};
  return std::nullopt;
}

void ChainShop::Deliver(const std::function<bool()>& refuses, const std::string& snapshot_id) {
  const auto next = std::ranges::find(on_their_way_, false, &OnItsWay::is_delivered);
  if (next == on_their_way_.end()) return;
  std::vector<PositionKey> positions;
  for (const sync::SentLevel& sent : next->update.levels) {
    positions.push_back(sent.level.position);
    auto problem = refuses() ? std::optional(sync::LevelProblem{.position = sent.level.position,
                                                                .version = sent.level.version,
                                                                .outcome = v1::LEVEL_OUTCOME_RETRY,
                                                                .reason = "throttled"})
                             : Write(sent, next->update.tracked);
    if (problem) next->problems.push_back(*std::move(problem));
  }
  // Results exist only in the acknowledgement: before it arrived, an adapter does not resume behind
  // it.
  if (next->problems.empty()) cursor_ = std::max(cursor_, next->update.cursor);
  next->is_delivered = true;
  // What a conflict found is told with its version, so that it is certain which level it met.
  if (next->update.tracked) Tell(snapshot_id, positions, /*forgets=*/false);
}

void ChainShop::Acknowledge() {
  if (on_their_way_.empty() || !on_their_way_.front().is_delivered) return;
  OnItsWay answered = std::move(on_their_way_.front());
  on_their_way_.pop_front();
  const Sequence cursor = answered.update.cursor;
  auto acknowledged = delivery_->Acknowledge(cursor);
  ASSERT_TRUE(acknowledged.has_value());
  acknowledged->answer.problems = std::move(answered.problems);
  auto again = daemon_.SettleAnswer(source_, cursor, std::move(acknowledged->answer));
  if (!again) return;
  delivery_->SendAgain(*std::move(again));
  cursor_ = std::max(cursor_, cursor);
}

int ChainShop::Settle(const std::string& snapshot_id) {
  constexpr int kRoundsMax = 200;
  int levels = 0;
  for (int round = 0; round < kRoundsMax; ++round) {
    const bool is_sent = Send();
    if (is_sent) levels += static_cast<int>(on_their_way_.back().update.levels.size());
    if (!is_sent && on_their_way_.empty()) return levels;
    Deliver([] { return false; }, snapshot_id + "/" + std::to_string(round));
    Acknowledge();
  }
  return std::numeric_limits<int>::max();  // Without end.
}

bool ChainShop::Tell(const std::string& snapshot_id, const std::vector<PositionKey>& positions,
                     bool forgets) {
  const engine::Catalogue& catalogue = daemon_.engine().catalogue();
  std::vector<v1::SnapshotRow> rows;
  for (const PositionKey position : positions) {
    const auto found = articles.find(position);
    // Before the first level was written nothing is known of it that could differ.
    if (found == articles.end() || found->second.version == 0) continue;
    v1::SnapshotRow& row = rows.emplace_back();
    row.set_sku(catalogue.Sku(position.item));
    row.set_location(catalogue.LocationCode(position.location));
    row.set_quantity(found->second.figure);
    // While a level is on its way no figure alone could tell for sure: it has to say.
    if (!forgets || daemon_.ShadowOf(source_, position).pending) {
      row.set_level_version(found->second.version);
    }
  }
  return rows.empty() ||
         daemon_.TellSnapshot(source_, snapshot_id, daemon_.clock.Now(), rows).has_value();
}

}  // namespace stockd::support
