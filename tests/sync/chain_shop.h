#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/sync/chain_fixture.h"

namespace stockd::support {

// An outside system that shows a figure for each of some positions, with the session of its
// adapter, step by step: levels are sent, delivered (written there) and acknowledged, and any step
// may never come. One whose figures are followed writes a level only where it finds what was
// expected, and sells; a board only shows the latest.
class ChainShop {
 public:
  struct Article {
    Quantity figure = 0;   // What may be promised, as it shows it.
    Quantity on_hand = 0;  // As it was told.
    Sequence version = 0;  // Of the newest level written; 0: none.
  };

  ChainShop(ChainFixture& daemon, SourceId source, ChannelId channel)
      : daemon_(daemon), source_(source), channel_(channel) {}

  // From now on about these positions, of which it shows none yet.
  void Begin(const std::vector<PositionKey>& positions);
  // A session begins where the system stands; one that was open is gone with all it had on its way.
  void Connect();
  void Disconnect();
  bool is_connected() const { return delivery_.has_value(); }

  // The next update, committed and on its way; false when there is none, no session, or no power.
  bool Send();
  // The oldest update on its way is written. `refuses`: whether a level is not taken this time.
  // Then, in the order of the contract, what it shows of these positions is told.
  void Deliver(const std::function<bool()>& refuses, const std::string& snapshot_id);
  // The answer reaches the daemon.
  void Acknowledge();
  // Until nothing is left to send. How many levels were sent.
  int Settle(const std::string& snapshot_id);

  // What it shows of these positions now, told as a snapshot. `forgets` how old its figures are,
  // where it may. False: the power was cut.
  bool Tell(const std::string& snapshot_id, const std::vector<PositionKey>& positions,
            bool forgets);

  SourceId source() const { return source_; }
  std::map<PositionKey, Article> articles;

 private:
  struct OnItsWay {
    sync::LevelDelivery::Update update;
    bool is_delivered = false;
    std::vector<sync::LevelProblem> problems;
  };

  std::optional<sync::LevelProblem> Write(const sync::SentLevel& sent, bool is_tracked);

  ChainFixture& daemon_;
  const SourceId source_;
  const ChannelId channel_;
  std::optional<sync::LevelDelivery> delivery_;
  std::deque<OnItsWay> on_their_way_;
  Sequence cursor_ = 0;  // Of the last update that was written: what it resumes from.
};

}  // namespace stockd::support
