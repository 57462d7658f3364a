#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "daemon/fulfilment/order.h"

namespace stockd::fulfilment {

// What can be done to a fulfilment.
enum class Move : uint8_t {
  kStartPicking,
  kRecordPick,
  kUndoPick,
  kSubstitute,
  kReassign,
  kFinishPicking,
  kShip,
  kReceiveAtStore,
  kArrive,
  kHandOver,
  kRecordAttempt,
  kDeliver,
  kRecordException,
  kCancel,
  kReturn,
  kReissueCode,
  kExtendDeadline,
  kRevisePromise,
};

// One row of the table: in these states, for these methods, the move may be made.
struct AllowedMove {
  Move move;
  std::span<const OrderState> from;
  std::span<const Method> methods;  // Empty: all.
};

// The table of allowed moves. ARCHITECTURE.md shows it; a test holds the two together.
std::span<const AllowedMove> AllowedMoves();

bool IsAllowed(Move move, Method method, OrderState state);

// What may be done next, in the order of the enumeration.
std::vector<Move> MovesFrom(Method method, OrderState state);

// UPPER_SNAKE, for example "START_PICKING".
std::string_view MoveName(Move move);

}  // namespace stockd::fulfilment
