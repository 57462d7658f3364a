// A day of trade.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "adapters/sample/sample_directory.h"

namespace stockd::sample {

struct TradeOptions {
  std::string address;  // Of the daemon.
  double speed =
      60;  // Simulated seconds in a real one, until the trade has caught up with the present.
  std::optional<int64_t>
      minutes;  // Ends after so many simulated minutes since the sample began; unset: never.
};

// Lets the World of the directory's story go on where it stood: drops its files, makes its calls,
// and shows on standard output how it fares. Returns OK when the minutes are over or a stop was
// requested, in both cases with everything that happened so far in the drop folders.
//   NOT_FOUND   there is no sample in the directory.
//   any other   the disk's.
[[nodiscard]] absl::Status RunTrade(const SampleDirectory& directory, const TradeOptions& options,
                                    const std::stop_token& stop);

}  // namespace stockd::sample
