#pragma once

#include <string>

#include "daemon/base/ids.h"
#include "daemon/base/quantity.h"
#include "daemon/base/time.h"
#include "daemon/ledger/journal.h"

namespace stockd::ledger {

// Something that happened in the world, told by a source.
struct Fact {
  SourceId source = kNoSource;
  std::string event_id{};                // Unique within the source.
  EntryKind kind = EntryKind::kReceipt;  // IsFact(kind).
  PositionKey position{};
  Quantity quantity =
      0;  // As the contract states it: positive; signed for adjustments; 0 or more for counts.
  Timestamp occurred_at{};
  std::string reference{};
  std::string reservation_id{};  // Sales only: the claim they fulfil.
  std::string channel{};
  int64_t unit_price_micros = 0;
  std::string currency{};
  std::string supply_id{};  // Receipts only: the announcement they fulfil.
  // Who bought, how the units reach the customer, and the sale that a return undoes: for reports.
  std::string customer_reference{};
  std::string fulfilment_channel{};
  std::string original_reference{};

  friend bool operator==(const Fact&, const Fact&) = default;
};

// How far from now a fact may be dated.
struct FactLimits {
  Duration look_back = std::chrono::hours(24 * 30);
  Duration future_tolerance = std::chrono::minutes(5);
};

}  // namespace stockd::ledger
