#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "daemon/base/time.h"

namespace stockd::ctl {

// A UUID of version 7 (RFC 9562) in its usual text form: ids made later sort behind earlier ones,
// and `chance` makes them differ.
std::string MakeUuid7(Timestamp now, const std::array<uint8_t, 10>& chance);

}  // namespace stockd::ctl
