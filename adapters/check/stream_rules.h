// What the contract asks of an adapter, checked against a recording.
#pragma once

#include <vector>

#include "adapters/check/recording.h"
#include "adapters/check/report.h"

namespace stockd::check {

// Checks all streams of one adapter together, in the order of their events.
[[nodiscard]] std::vector<CheckResult> CheckStreams(const std::vector<Event>& events);

}  // namespace stockd::check
