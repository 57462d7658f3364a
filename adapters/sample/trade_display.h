// One line that says how the trade goes.
#pragma once

#include <cstdint>

#include "adapters/sample/checkout.h"
#include "adapters/sample/trade_files.h"
#include "adapters/sdk/timestamp_text.h"

namespace stockd::sample {

// Writes to standard output: to a terminal one line that changes, else a line from time to time.
// Thread-compatible.
class TradeDisplay {
 public:
  struct Status {
    int64_t now_ms = 0;
    bool has_caught_up = false;
    TradeCounts files;
    CheckoutCounts checkout;
  };

  explicit TradeDisplay(sdk::Timestamp began_at);

  void Show(const Status& status, sdk::Timestamp real_now);
  // Leaves the last line standing.
  void End();

 private:
  const sdk::Timestamp began_at_;
  const bool is_terminal_;
  sdk::Timestamp shown_at_;
};

}  // namespace stockd::sample
