#pragma once

#include <cstdint>

namespace stockd::reports {

// Sums are exact integers. 128 bits hold a unit's 10^-6 part times microseconds, or 10^-12 parts of
// money times microseconds, over any chain and any period that the API takes.
using Int128 = __int128;

// What a cell adds up. Values are stored; never renumber them. The unit is said by the name's
// ending:
//   Lines, Counts   whole numbers
//   Units           10^-6 of the item's selling unit, so that items of every scale add up
//   Value, Cost     10^-12 of the currency's unit: units times a price in 10^-6
enum class Measure : uint16_t {
  // Facts, at the time when they occurred.
  kSaleLines = 1,
  kSaleUnits = 2,
  kSaleValue = 3,          // At the price of the fact.
  kSaleCost = 4,           // At the item's cost of that time.
  kSaleUnpricedLines = 5,  // Without a price: their value is not known.
  kSaleUncostedUnits = 6,  // Of items without a cost at that time.
  kReturnLines = 7,
  kReturnUnits = 8,
  kReturnValue = 9,
  kReturnCost = 10,
  kReturnUnpricedLines = 11,
  kReceiptLines = 12,
  kReceiptUnits = 13,
  kTransferInLines = 14,
  kTransferInUnits = 15,
  kTransferOutUnits = 16,
  kAdjustedUpUnits = 17,
  kAdjustedDownUnits = 18,
  kDamagedUnits = 19,
  kSaleValueUnits = 20,  // Units of the lines that have a price.
  kFactLines = 21,       // All facts but counts.
  kLateLines = 22,       // Facts recorded more than an hour after they occurred.
  kLatenessMicros = 23,  // From the occurrence of facts to their record.

  // Stock: steps of a quantity that stands, as change and as moment. A moment is the change times
  // the microseconds from the step to the end of the cell's time, so that
  //   integral over a cell = standing at its begin * its length + moment.
  kOnHandStep = 40,
  kOnHandMoment = 41,
  kCostStep = 42,
  kCostMoment = 43,
  kRetailStep = 44,
  kRetailMoment = 45,
  kRangedStep = 46,  // Positions that anything was ever told of.
  kRangedMoment = 47,
  kOutStep = 48,  // Of these, the ones with nothing on hand.
  kOutMoment = 49,

  // Counts, at their instant.
  kCountedLines = 60,       // Positions counted, without the first count of each.
  kAccurateLines = 61,      // Of these, the ones that found what the books said.
  kBookUnits = 62,          // What the books said, each as a positive number.
  kCountErrorUnits = 63,    // |counted - book|.
  kCountSurplusUnits = 64,  // counted - book.
  kShrinkageCost = 65,      // (book - counted) at cost.
  kFirstCountLines = 66,    // First counts, which check nothing.

  // Times without stock that began then.
  kStockOuts = 70,
  kStockOutsEnded = 71,
  kStockOutMicros = 72,  // How long the ended ones took.

  // Orders: by the earliest line.
  kOrders = 80,
  kOrderLines = 81,  // Sale lines that name an order.
  kOrderUnits = 82,
  kOrderValue = 83,
  kOrdersWithCustomer = 84,
  kOrderUnpricedLines = 85,

  // Returns by the day of the sale.
  kCohortReturnUnits = 90,
  kReturnUnmatchedLines = 91,  // Returns whose sale is not known, at their own time.
  kCrossReturnUnits = 92,      // Of the known ones, those that came back elsewhere.
  kCohortReturnLines = 93,
  kCohortReturnValue = 94,  // Of returns in the currency of their sale.

  // Holds, by their granting; their units and time when they leave. Time is in 10^-6 of a unit
  // times
  // microseconds.
  kHolds = 100,
  kHoldsConverted = 101,
  kHoldsExpired = 102,
  kHoldsReleased = 103,
  kHeldUnits = 104,
  kHeldUnitsConverted = 105,
  kHeldTime = 106,
  kHeldTimeWasted = 107,

  kVisits = 110,  // Of a channel, by the hour.

  // Sale lines of channels that are not online, at the time of the sale.
  kShopLines = 111,
  kShopKnownLines = 112,      // Of these, the ones that name their customer;
  kShopKnownValue = 113,      // their value,
  kShopContactedValue = 114,  // and of it, that of items which the customer saw online before.
  kContacts = 115,            // Online contacts, of no location.

  // Orders of customers, by their placing. Those cancelled before anybody picked count only as
  // that.
  kPlacedOrders = 120,
  kPickupOrders = 121,  // Of these, those of which something is collected.
  kCancelledEarlyOrders = 122,
  kOpenOrders = 123,     // Nobody knows yet what is found; not in the following.
  kDecidedOrders = 124,  // All was picked, or nothing is left to be.
  kFilledOrders = 125,   // Found completely, at the first attempt.
  kDecidedLines = 126,
  kFilledLines = 127,
  kDecidedUnits = 128,  // Ordered units, without those that the customer cancelled.
  kFilledUnits = 129,
  kNotFoundUnits = 130,  // Missing units by reason: the record was wrong,
  kSoldUnits = 131,      // somebody took them first,
  kBrokenUnits = 132,    // damaged,
  kOtherMissingUnits = 133,
  kShortLines = 134,
  kSubstitutedLines = 135,
  kSubstituteUnits = 136,      // Taken instead,
  kSubstituteKeptUnits = 137,  // and with the customer in the end.
  kPickedLines = 138,
  kPickErrorLines = 139,  // Found by the customer to be the wrong item or quantity.

  // Fulfilments, by their completion: collected, delivered or lost.
  kCompleted = 150,
  kCompletedWithError = 151,
  kErrorWrongItem = 152,
  kErrorWrongQuantity = 153,
  kErrorWrongAddress = 154,
  kErrorDamaged = 155,
  kErrorLost = 156,
  kCycles = 157,  // Times with how many there are.
  kCycleMicros = 158,
  kNetCycleMicros = 159,
  kReleases = 160,
  kReleaseMicros = 161,
  kPickings = 162,
  kPickingMicros = 163,
  kPackings = 164,
  kPackingMicros = 165,
  kTransits = 166,
  kTransitMicros = 167,
  kParcelsEnded = 168,  // Parcels delivered or given back.
  kParcelsFirstTry = 169,

  // By when they were promised first.
  kDeliveriesDue = 180,
  kDeliveriesOnTime = 181,
  kPickupsDue = 182,
  kPickupsOnTime = 183,
  kOrdersDue = 184,
  kOrdersOnTime = 185,
  kOrdersInFull = 186,
  kOrdersOtif = 187,
  kOrdersPerfect = 188,
  kLinesDue = 189,
  kLinesOtif = 190,
  kUnitsDue = 191,
  kUnitsOtif = 192,
  kOrdersWithoutPromise = 193,  // By their placing.
  kOrdersUndamaged = 194,       // Nothing was damaged or lost.
  kOrdersRight = 195,           // The right things in the right number at the right place.
  kDeliveriesLate = 196,        // Delivered, but late; with the time by which they were.
  kDeliveryLateMicros = 197,

  // Pick-up: by readiness, collection and deadline.
  kReadies = 200,
  kReadyMicros = 201,
  kDwells = 202,
  kDwellMicros = 203,
  kWaits = 204,
  kWaitMicros = 205,
  kDeadlines = 206,
  kNoShows = 207,

  // Answers of customers, by the order's completion.
  kNpsAnswers = 220,
  kNpsPromoters = 221,
  kNpsDetractors = 222,
  kCsatAnswers = 223,
  kCsatTop = 224,

  // From here on: the bins of distributions, kBinsMax each; see Distribution.
  kFirstBin = 4096,
};

// Whether it stands at the instant of a promise or deadline, which may lie ahead.
constexpr bool IsByPromise(Measure measure) {
  return (measure >= Measure::kDeliveriesDue && measure <= Measure::kDeliveryLateMicros &&
          measure != Measure::kOrdersWithoutPromise) ||
         measure == Measure::kDeadlines || measure == Measure::kNoShows;
}

}  // namespace stockd::reports
