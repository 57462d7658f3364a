// What the clock of a till means.
#pragma once

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <string>
#include <string_view>

#include "adapters/sdk/timestamp_text.h"

namespace stockd::poslog {

// For one thread at a time.
class TillClock {
 public:
  struct Reading {
    sdk::Timestamp instant;
    // The clock shows this time twice, because it is put back in between; the first is meant here.
    bool is_repeated = false;
  };

  // INVALID_ARGUMENT when the zone is unknown.
  [[nodiscard]] static absl::StatusOr<TillClock> Make(const std::string& zone);

  // A stamp of XML Schema, which may carry an offset of its own: then that counts. One that the
  // clock skips is read with the offset before the change. INVALID_ARGUMENT: it is none.
  [[nodiscard]] absl::StatusOr<Reading> Read(std::string_view stamp) const;

 private:
  TillClock(sdk::TimestampReader reader, absl::TimeZone zone);

  sdk::TimestampReader reader_;
  absl::TimeZone zone_;
};

}  // namespace stockd::poslog
