#pragma once

#include "daemon/fulfilment/sourcing_table.h"

namespace stockd::fulfilment {

// A cover that is found fast: always the location that brings the largest part of what is needed,
// then without those that turned out to be of no use. Not the best in general.
Cover GreedyCover(const SourcingTable& table);

// The cover with single locations exchanged for others as long as that makes it better, within the
// budget.
Cover Exchanged(const SourcingTable& table, Cover cover, StepBudget& budget);

}  // namespace stockd::fulfilment
