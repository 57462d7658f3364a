// What the other channels did at a position, as documents for Tryton.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/tryton/tryton_state.h"
#include "stockd/v1/availability_service.pb.h"

namespace stockd::tryton {

enum class BookingKind : uint8_t {
  kSale,         // To a customer.
  kReturn,       // From a customer.
  kReceipt,      // From a supplier.
  kGain,         // Found, counted more, mended.
  kLoss,         // Lost, counted less, damaged.
  kTransferOut,  // To goods in transit.
  kTransferIn,   // From there.
};

// Entries of stockd's journal that Tryton does not know, of one kind.
struct Booking {
  BookingKind kind = BookingKind::kGain;
  uint64_t sequence = 0;  // Of the last of them.
  // What the document in Tryton is called and found by: the sequence and a mark of the content, so
  // that a journal that was put back from a backup never meets a document of the lost one.
  std::string key;
  int64_t quantity = 0;  // More than 0.
};

// What to book out of the entries of one position: one booking for each kind, so that a Tryton that
// is slow, or was away, gets fewer and larger documents instead of a backlog. `entries` are in the
// order of their sequences; those above `progress.booked` and up to `progress.planned` count. An
// entry counts when it changes what stands there and Tryton did not tell it (`own_source`) and the
// opening levels do not hold it.
//
// The ledger takes a late delta back by a `rebase` entry when a count has seen it already. Both are
// booked: a sale and what was found again. That of Tryton's own move is booked too, for Tryton
// does not know of the count's view; its `rebase` follows it directly and names no source.
[[nodiscard]] std::vector<Booking> BookingsOf(const std::vector<v1::JournalEntry>& entries,
                                              BookingProgress progress, std::string_view own_source,
                                              const Opening& opening, std::string_view key_prefix);

}  // namespace stockd::tryton
