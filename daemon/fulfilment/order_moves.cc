#include "daemon/fulfilment/order_moves.h"

#include <algorithm>

namespace stockd::fulfilment {
namespace {

using enum OrderState;

constexpr OrderState kBeforePicking[] = {kPlaced};
constexpr OrderState kWhilePicking[] = {kPlaced, kPicking, kShort};
constexpr OrderState kUntilHandedOn[] = {kPicking, kShort, kPacked, kReady};
constexpr OrderState kInTheStore[] = {kPlaced, kPicking, kShort, kPacked, kReady, kCustomerWaiting};
constexpr OrderState kStarted[] = {kPicking, kShort};
// A part of a fulfilment may be with the carrier while the rest is still being packed; and a
// carrier may tell of the delivery before anybody told that it took the parcel.
constexpr OrderState kWithCarrier[] = {kPacked, kInTransit};
constexpr OrderState kOnItsWay[] = {kInTransit};
constexpr OrderState kForCollection[] = {kReady, kCustomerWaiting};
constexpr OrderState kWaitsForCustomer[] = {kReady};
// What went wrong is found out after the delivery, too.
constexpr OrderState kAfterShipping[] = {kInTransit, kDelivered, kCollected, kReturned, kLost};
constexpr OrderState kWithCustomer[] = {kInTransit, kCollected, kDelivered, kReturned, kReady};
constexpr OrderState kOpen[] = {kPlaced,    kPicking, kShort,          kPacked,
                                kInTransit, kReady,   kCustomerWaiting};

constexpr Method kByCarrier[] = {Method::kShip, Method::kShipToStore, Method::kLocalDelivery};
constexpr Method kToTheDoor[] = {Method::kShip, Method::kLocalDelivery};
constexpr Method kToTheStore[] = {Method::kShipToStore};
constexpr Method kCollectedMethods[] = {Method::kPickup, Method::kShipToStore};

constexpr AllowedMove kMoves[] = {
    {Move::kStartPicking, kBeforePicking, {}},
    {Move::kRecordPick, kWhilePicking, {}},
    {Move::kUndoPick, kUntilHandedOn, {}},
    {Move::kSubstitute, kWhilePicking, {}},
    {Move::kReassign, kWhilePicking, {}},
    {Move::kFinishPicking, kStarted, {}},
    {Move::kShip, kWithCarrier, kByCarrier},
    {Move::kReceiveAtStore, kOnItsWay, kToTheStore},
    {Move::kArrive, kWaitsForCustomer, kCollectedMethods},
    {Move::kHandOver, kForCollection, kCollectedMethods},
    {Move::kRecordAttempt, kWithCarrier, kToTheDoor},
    {Move::kDeliver, kWithCarrier, kToTheDoor},
    {Move::kRecordException, kAfterShipping, {}},
    {Move::kCancel, kInTheStore, {}},
    {Move::kReturn, kWithCustomer, {}},
    {Move::kReissueCode, kOpen, kCollectedMethods},
    {Move::kExtendDeadline, kForCollection, kCollectedMethods},
    {Move::kRevisePromise, kOpen, {}},
};

}  // namespace

std::span<const AllowedMove> AllowedMoves() { return kMoves; }

bool IsAllowed(Move move, Method method, OrderState state) {
  return std::ranges::any_of(kMoves, [&](const AllowedMove& row) {
    return row.move == move && std::ranges::find(row.from, state) != row.from.end() &&
           (row.methods.empty() || std::ranges::find(row.methods, method) != row.methods.end());
  });
}

std::vector<Move> MovesFrom(Method method, OrderState state) {
  std::vector<Move> moves;
  for (const AllowedMove& row : kMoves) {
    if (IsAllowed(row.move, method, state)) moves.push_back(row.move);
  }
  return moves;
}

std::string_view MoveName(Move move) {
  switch (move) {
    case Move::kStartPicking: return "START_PICKING";
    case Move::kRecordPick: return "RECORD_PICK";
    case Move::kUndoPick: return "UNDO_PICK";
    case Move::kSubstitute: return "SUBSTITUTE";
    case Move::kReassign: return "REASSIGN";
    case Move::kFinishPicking: return "FINISH_PICKING";
    case Move::kShip: return "SHIP";
    case Move::kReceiveAtStore: return "RECEIVE_AT_STORE";
    case Move::kArrive: return "ARRIVE";
    case Move::kHandOver: return "HAND_OVER";
    case Move::kRecordAttempt: return "RECORD_ATTEMPT";
    case Move::kDeliver: return "DELIVER";
    case Move::kRecordException: return "RECORD_EXCEPTION";
    case Move::kCancel: return "CANCEL";
    case Move::kReturn: return "RETURN";
    case Move::kReissueCode: return "REISSUE_CODE";
    case Move::kExtendDeadline: return "EXTEND_DEADLINE";
    case Move::kRevisePromise: return "REVISE_PROMISE";
  }
  return "UNKNOWN";
}

}  // namespace stockd::fulfilment
