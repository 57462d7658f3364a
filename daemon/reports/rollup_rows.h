#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/ids.h"
#include "daemon/base/quantity.h"
#include "daemon/base/time.h"
#include "daemon/reports/cell.h"
#include "daemon/reports/item_book.h"

namespace stockd::reports {

// How far a roll-up has followed the journal and what goes with it.
struct Progress {
  Sequence sequence = 0;       // The last journal entry.
  int64_t item_change_id = 0;  // The last change of an item.
  int64_t confirmed_id = 0;    // The last record of confirmed counts.
  uint64_t order_event = 0;    // The last event of an order.
  int64_t visit_id = 0;        // The last count of visits.
  int64_t contact_id = 0;      // The last online contact.
  // Identity of the last entry, so that a database that went another way is noticed.
  uint64_t fingerprint = 0;

  friend bool operator==(const Progress&, const Progress&) = default;
};

// By what sums are kept apart that no cell's place says; few at any time.
struct Strand {
  std::string channel;          // Where the customer ordered.
  std::string fulfilment;       // How the units reach the customer.
  std::string currency;         // Of all money.
  SourceId source = kNoSource;  // Who told the fact.
  std::string carrier;          // Of a parcel, as is
  std::string service;          // what was booked with it.

  friend bool operator==(const Strand&, const Strand&) = default;
};

// A state of an item, in the order in which they were added.
struct ItemStateRow {
  ItemId item = kNoItem;
  int32_t scale = 0;
  ItemState state;
};

// What has to be known of a position to add the next fact to it.
struct StandingPosition {
  Quantity on_hand = 0;                // Behind all facts that are known.
  Timestamp first_at = kTimestampMax;  // Of its facts, the earliest and the latest.
  Timestamp last_at = kTimestampMin;
  Timestamp last_count_at = kTimestampMin;
  bool out = false;  // Whether on_hand <= 0 behind all facts.
  Timestamp last_sale_at = kTimestampMin;

  bool known() const { return first_at != kTimestampMax; }
  friend bool operator==(const StandingPosition&, const StandingPosition&) = default;
};

// A count of a position. Counts that only confirmed the books have no row before a late fact shows
// that the books were wrong.
struct CountRow {
  Timestamp as_of{};
  Quantity stated = 0;
  Quantity book = 0;   // By the facts known, just before the count.
  bool first = false;  // Nothing is known from before it: it checks nothing.

  friend bool operator==(const CountRow&, const CountRow&) = default;
};

// Number of a customer in the roll-up; 0: none.
using CustomerId = uint32_t;

// Sale lines of one source with one reference. What is not counted is that of the earliest line; of
// several at one instant that of the one with a price, then of the lowest place and strand.
struct OrderRow {
  Timestamp first_at = kTimestampMax;
  bool unpriced = false;
  LocationId location = kNoLocation;
  StrandId strand = 0;
  CustomerId customer = 0;

  bool known() const { return first_at != kTimestampMax; }
  friend bool operator==(const OrderRow&, const OrderRow&) = default;
};

// A return that names a sale.
struct ReturnRow {
  Sequence sequence = 0;
  std::string sale_reference;
  SourceId source = kNoSource;
  Timestamp occurred_at{};
  PositionKey position;
  StrandId strand = 0;
  int64_t micro_units = 0;
  int64_t unit_price_micros = 0;
};

// A customer, with what the purchases and returns to date add up to.
struct CustomerRow {
  CustomerId id = 0;
  std::string reference;
  Timestamp first_at = kTimestampMax;
  Cell sums;  // kSaleValue and kReturnValue by strand of currency; kOrders by strand 0.
};

// On hand fell to nothing, or rose again.
struct Flip {
  Timestamp at{};
  bool out = false;

  friend bool operator==(const Flip&, const Flip&) = default;
};

}  // namespace stockd::reports
