#include "daemon/engine/order_log.h"

#include <gtest/gtest.h>

namespace stockd::engine {
namespace {

std::vector<fulfilment::OrderEvent> Events(uint64_t first, uint64_t last) {
  std::vector<fulfilment::OrderEvent> events;
  for (uint64_t number = first; number <= last; ++number) {
    events.push_back({.number = number, .note = std::to_string(number)});
  }
  return events;
}

TEST(OrderLog, BeginsWhereItIsTold) {
  OrderLog log(4);
  EXPECT_EQ(log.newest(), 0u);
  EXPECT_EQ(log.Read(0, 10), Events(1, 0));
  log.Start(7);
  EXPECT_EQ(log.newest(), 7u);
  EXPECT_FALSE(log.Read(6, 10));
  EXPECT_EQ(log.Read(7, 10), Events(8, 7));
  log.Append(Events(8, 9));
  EXPECT_EQ(log.Read(7, 10), Events(8, 9));
  EXPECT_EQ(log.Read(7, 1), Events(8, 8));
  EXPECT_EQ(log.Read(9, 10), Events(10, 9));
}

TEST(OrderLog, SaysWhenAReaderWasOvertaken) {
  OrderLog log(4);
  for (uint64_t number = 1; number <= 10; ++number) {
    log.Append(Events(number, number));
    const uint64_t oldest = number > 4 ? number - 4 : 0;
    EXPECT_EQ(log.Read(oldest, 10), Events(oldest + 1, number));
    if (oldest > 0) EXPECT_FALSE(log.Read(oldest - 1, 10));
  }
  log.Append(Events(11, 30));
  EXPECT_FALSE(log.Read(25, 10));
  EXPECT_EQ(log.Read(26, 10), Events(27, 30));
}

TEST(OrderLog, WakesListenersAfterEachCommitWithEvents) {
  OrderLog log(4);
  int woken = 0;
  log.Listen([&] { ++woken; });
  log.Append({});
  EXPECT_EQ(woken, 0);
  log.Append(Events(1, 2));
  EXPECT_EQ(woken, 1);
}

}  // namespace
}  // namespace stockd::engine
