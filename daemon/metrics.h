#pragma once

#include <absl/functional/any_invocable.h>

#include <functional>
#include <string>

#include "daemon/base/clock.h"
#include "daemon/daemon.h"

namespace stockd {

// Gathers the figures of /metrics: those that need the disk on gRPC's threads, those that need the
// writer on the writer's, and calls `done` with what makes the text of them. Thread-safe; the parts
// outlive it, and their gRPC server runs. daemon/http/README.md lists the figures.
using MetricsDone = absl::AnyInvocable<void(std::function<std::string()>)>;
std::function<void(MetricsDone)> MetricsOf(Daemon::Parts& parts, const Clock& clock);

}  // namespace stockd
