// What happens in the sample's chain.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace stockd::sample {

// Instants are milliseconds since the sample began. Items and sites are indexes into the assortment
// and into Sites(); quantities are in the item's smallest unit.

enum class TillLineKind { kSale, kReturn, kCount };

struct TillLine {
  size_t item = 0;
  TillLineKind kind = TillLineKind::kSale;
  int64_t quantity = 0;
  bool operator==(const TillLine&) const = default;
};

// What a till writes into its journal at once.
struct TillReceipt {
  size_t site = 0;
  int till = 1;
  int64_t number = 0;  // Each once a till.
  std::vector<TillLine> lines;
  bool operator==(const TillReceipt&) const = default;
};

// Something that goes wrong with a till's journal; none of it changes what was sold.
enum class TillMishapKind {
  kLateFile,    // Its next file comes `minutes` late.
  kSecondCopy,  // Its last file is sent once more.
  kGarbledRow,  // A row that nobody can read.
  kTypedSku,    // A row with an article number that does not exist.
};
struct TillMishap {
  size_t site = 0;
  int till = 1;
  TillMishapKind kind = TillMishapKind::kLateFile;
  int64_t minutes = 0;
  int64_t number = 0;  // The row's receipt number, from the till's own sequence.
  bool operator==(const TillMishap&) const = default;
};

enum class OrderLineState {
  kShipped,
  kSentBack,   // After it was shipped: the parcel came back, or never left.
  kCancelled,  // Before: nothing has moved.
};
struct OrderLine {
  std::string order;
  int line = 1;
  OrderLineState state = OrderLineState::kShipped;
  size_t item = 0;
  size_t site = 0;
  int64_t quantity = 0;
  std::string reservation;  // Empty: ordered at a marketplace, without a basket.
  bool operator==(const OrderLine&) const = default;
};

enum class BasketStepKind { kHold, kCommit, kRelease };
struct BasketLine {
  size_t item = 0;
  int64_t quantity = 0;
  bool operator==(const BasketLine&) const = default;
};
// What the checkout asks stockd for.
struct BasketStep {
  std::string basket;  // The reservation's id.
  BasketStepKind kind = BasketStepKind::kHold;
  size_t site = 0;
  bool from_app = false;
  bool is_forgotten = false;      // Held for a short time, since nobody will come back to it.
  std::vector<BasketLine> lines;  // Of kHold.
  bool operator==(const BasketStep&) const = default;
};

enum class MovementKind { kReceipt, kTransferOut, kTransferIn, kDamage, kAdjustment };
// What the ERP books.
struct Movement {
  std::string id;
  MovementKind kind = MovementKind::kReceipt;
  size_t item = 0;
  size_t site = 0;
  int64_t quantity = 0;  // Signed for kAdjustment, else above 0.
  std::string supply;    // The order that a receipt fulfils.
  bool operator==(const Movement&) const = default;
};

// Goods that a supplier has promised.
struct SupplyPromise {
  std::string id;
  size_t item = 0;
  size_t site = 0;
  int64_t quantity = 0;
  int64_t expected_ms = 0;
  bool operator==(const SupplyPromise&) const = default;
};

// The ERP tells about an item that has been on sale for a while.
struct LateMasterData {
  size_t item = 0;
  bool operator==(const LateMasterData&) const = default;
};

struct TradeEvent {
  int64_t at_ms = 0;
  std::variant<TillReceipt, TillMishap, OrderLine, BasketStep, Movement, SupplyPromise,
               LateMasterData>
      what;
  bool operator==(const TradeEvent&) const = default;
};

}  // namespace stockd::sample
