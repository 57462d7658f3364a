#pragma once

#include <string_view>

namespace stockd {

// Tells systemd how the daemon fares: "READY=1", "STOPPING=1", "STATUS=...". Does nothing when the
// daemon was not started by a service manager that wants to know (NOTIFY_SOCKET is not set).
// Failures are ignored: the state is also in the log.
void NotifyServiceManager(std::string_view state);

}  // namespace stockd
