#include "daemon/fulfilment/order_moves.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace stockd::fulfilment {
namespace {

template <typename Value>
std::string Names(std::span<const Value> values, std::string_view (*name)(Value)) {
  std::string text;
  for (const Value value : values) text += (text.empty() ? "" : ", ") + std::string(name(value));
  return text;
}

TEST(OrderMoves, TheDocumentShowsTheTableOfTheProgram) {
  const std::ifstream file("ARCHITECTURE.md");
  ASSERT_TRUE(file) << "tests run at the top of the tree";
  std::stringstream document;
  document << file.rdbuf();
  for (const AllowedMove& row : AllowedMoves()) {
    const std::string methods = row.methods.empty() ? "all" : Names(row.methods, MethodName);
    const std::string line = "| " + std::string(MoveName(row.move)) + " | " +
                             Names(row.from, OrderStateName) + " | " + methods + " |\n";
    EXPECT_NE(document.str().find(line), std::string::npos) << line;
  }
}

TEST(OrderMoves, EachMoveStandsInTheTableOnce) {
  const auto rows = AllowedMoves();
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(static_cast<size_t>(rows[i].move), i) << MoveName(rows[i].move);
  }
  EXPECT_EQ(rows.size(), static_cast<size_t>(Move::kRevisePromise) + 1);
}

TEST(OrderMoves, NothingButReturnsExceptionsFollowsTheEnd) {
  for (const OrderState state : {OrderState::kCancelled, OrderState::kNoShow}) {
    EXPECT_TRUE(MovesFrom(Method::kPickup, state).empty()) << OrderStateName(state);
  }
  EXPECT_EQ(MovesFrom(Method::kPickup, OrderState::kCollected),
            (std::vector{Move::kRecordException, Move::kReturn}));
}

}  // namespace
}  // namespace stockd::fulfilment
