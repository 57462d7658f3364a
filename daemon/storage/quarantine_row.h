#pragma once

#include <string>

#include "daemon/base/ids.h"
#include "daemon/base/quantity.h"
#include "daemon/base/time.h"
#include "daemon/ledger/reason.h"

namespace stockd::storage {

// A fact that waits because it could not be applied, exactly as the source told it: with the
// source's own SKU and location, which may be unknown.
struct QuarantinedFact {
  int64_t id = 0;
  SourceId source = kNoSource;
  std::string event_id;
  ledger::Reason reason = ledger::Reason::kNone;
  std::string sku;       // As told; for finding what waits for a new item.
  std::string location;  // As told.
  std::string fact;      // A serialised stockd.v1.Fact; this folder does not look inside.
  Timestamp received_at{};
  int32_t attempts = 0;
};

}  // namespace stockd::storage
