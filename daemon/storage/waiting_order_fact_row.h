#pragma once

#include <cstdint>
#include <string>

#include "daemon/base/ids.h"
#include "daemon/base/time.h"
#include "daemon/ledger/reason.h"

namespace stockd::storage {

// What a source told of an order and could not be applied yet.
struct WaitingOrderFact {
  int64_t id = 0;
  SourceId source = kNoSource;
  std::string event_id;
  std::string order_id;  // As told; for finding what waits for a change of the order.
  ledger::Reason reason = ledger::Reason::kNone;
  // A serialised stockd.v1.OrderFact, with the digest of its code instead of the code. This folder
  // does not look inside.
  std::string fact;
  Timestamp received_at{};
  int32_t attempts = 0;
};

}  // namespace stockd::storage
