// Events into files in the drop folders.
#pragma once

#include <absl/status/status.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sample/sample_directory.h"
#include "adapters/sample/till_journal.h"
#include "adapters/sample/trade_event.h"
#include "adapters/sample/world.h"
#include "adapters/sdk/timestamp_text.h"

namespace stockd::sample {

// What has been dropped.
struct TradeCounts {
  int64_t files = 0;
  int64_t receipts = 0;
  int64_t sold_lines = 0;
  int64_t returned_lines = 0;
  int64_t counted_lines = 0;
  int64_t order_lines = 0;
  int64_t movements = 0;
};

// Each till, the ERP and the web shop write a file every few seconds, one after the other.
// Thread-compatible.
class TradeFiles {
 public:
  // Both outlive it.
  TradeFiles(const SampleDirectory& directory, const World& world, sdk::Timestamp began_at);

  // Notes the event. Baskets leave no file.
  void Take(const TradeEvent& event);

  // Drops what is due; `real_now` paces the files, `now_ms` is the instant of the World that has
  // come.
  [[nodiscard]] absl::Status DropDue(sdk::Timestamp real_now, int64_t now_ms);
  // Drops everything, late files too.
  [[nodiscard]] absl::Status DropAll(int64_t now_ms);

  // Everything before it is in the drop folders; `now_ms` when nothing waits.
  int64_t position_ms(int64_t now_ms) const;
  const TradeCounts& counts() const { return counts_; }

 private:
  // A writer of files with its next turn.
  struct Channel {
    std::string_view system;
    TillJournal journal;
    sdk::Timestamp due_at;
  };

  Channel& Till(size_t site, int till);
  void Take(const TillReceipt& receipt, int64_t at_ms);
  void Take(const TillMishap& mishap, int64_t at_ms);
  void Take(const OrderLine& line, int64_t at_ms);
  void Take(const BasketStep&, int64_t) {}
  void Take(const Movement& movement, int64_t at_ms);
  void Take(const SupplyPromise& promise, int64_t at_ms);
  void Take(const LateMasterData& data, int64_t at_ms);

  sdk::Timestamp Instant(int64_t at_ms) const {
    return began_at_ + std::chrono::milliseconds(at_ms);
  }
  absl::Status Drop(Channel& channel, int64_t now_ms);
  absl::Status Write(std::string_view system, const JournalFile& file);
  void RemoveOldFiles(std::string_view system);

  const SampleDirectory& directory_;
  const World& world_;
  const sdk::Timestamp began_at_;
  std::vector<Channel> channels_;
  std::vector<size_t> first_till_;  // By store: the index of its first till's channel.
  size_t orders_ = 0;               // Indexes of the other channels.
  size_t movements_ = 0;
  size_t supplies_ = 0;
  size_t items_ = 0;
  std::vector<JournalFile> copies_;  // Of till files, to be dropped once more.
  sdk::Timestamp cleaned_at_;
  TradeCounts counts_;
};

}  // namespace stockd::sample
