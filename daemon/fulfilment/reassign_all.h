#pragma once

#include <vector>

#include "daemon/fulfilment/order_commands.h"

namespace stockd::fulfilment {

// Lets several locations take over units of one fulfilment, one after the other, all or nothing;
// refused as Reassign() is. REQUIRES: at least one command; each names its lines; no two commands
// name the same location, nor the fulfilment's own.
OrderResult ReassignAll(const OrderDesk& desk, const MoveHeader& header,
                        std::vector<ReassignCommand> commands);

}  // namespace stockd::fulfilment
