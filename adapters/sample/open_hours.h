// When the stores of the sample are open, and how many orders each can pick.
#pragma once

#include <absl/status/status.h>

#include <stop_token>
#include <string>

#include "adapters/sdk/timestamp_text.h"
#include "stockd/v1/catalogue_service.pb.h"

namespace stockd::sample {

// The calendars of all stores, with the public holidays of the year that `at` lies in and of the
// next. The warehouse has none: it works round the clock.
[[nodiscard]] v1::PutCalendarsRequest StoreCalendars(sdk::Timestamp at);

// Puts them, waiting for the daemon. The locations have to be known.
[[nodiscard]] absl::Status PutStoreCalendars(const std::string& address, sdk::Timestamp at,
                                             const std::stop_token& stop);

}  // namespace stockd::sample
