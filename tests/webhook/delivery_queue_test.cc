#include "adapters/webhook/delivery_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "tests/support/random.h"
#include "tests/support/seeds.h"

namespace stockd::webhook {
namespace {

using sdk::SteadyTime;
using std::chrono::milliseconds;

constexpr SteadyTime kBegin{};

class Queue : public testing::Test {
 protected:
  // "A1" for order A, number 1; empty: nothing is due.
  std::string Take(SteadyTime now = kBegin) {
    const auto job = queue.Take(now);
    return job ? job->order + std::to_string(job->number) : "";
  }
  CallFailure EndpointFails(SteadyTime now = kBegin, SteadyTime ask_at = {}) {
    return {.now = now, .is_endpoint = true, .ask_at = ask_at};
  }

  DeliveryQueue queue{{.calls_in_flight_max = 2,
                       .failures_until_down = 3,
                       .probe_initial = milliseconds(1000),
                       .probe_max = milliseconds(4000)}};
};

TEST_F(Queue, AnOrderIsBusyUntilItsMessageIsAnswered) {
  queue.Add("A", 1, kBegin);
  queue.Add("A", 2, kBegin);
  queue.Add("B", 3, kBegin);
  queue.Add("C", 4, kBegin);
  EXPECT_EQ(Take(), "A1");
  EXPECT_EQ(Take(), "B3");
  EXPECT_EQ(Take(), "");  // Two are under way.
  queue.Delivered("A", kBegin);
  EXPECT_EQ(Take(), "C4");  // It has waited longer than A's second.
  queue.Delivered("B", kBegin);
  EXPECT_EQ(Take(), "A2");
  queue.Delivered("A", kBegin);
  queue.Delivered("C", kBegin);
  EXPECT_EQ(queue.depth(), 0);
  EXPECT_EQ(queue.NextDue(), std::nullopt);
}

TEST_F(Queue, AFailureHoldsItsOrderOnly) {
  queue.Add("A", 1, kBegin);
  queue.Add("B", 2, kBegin);
  queue.Add("B", 3, kBegin);
  EXPECT_EQ(Take(), "A1");
  queue.Failed("A", {.now = kBegin}, kBegin + milliseconds(500));
  EXPECT_EQ(Take(), "B2");
  queue.Delivered("B", kBegin);
  EXPECT_EQ(Take(), "B3");
  queue.Delivered("B", kBegin);
  EXPECT_EQ(Take(), "");
  EXPECT_EQ(queue.NextDue(), kBegin + milliseconds(500));
  EXPECT_EQ(Take(kBegin + milliseconds(500)), "A1");
}

TEST_F(Queue, AHeldOrderWaitsForAPerson) {
  queue.Add("A", 1, kBegin);
  queue.Add("A", 2, kBegin);
  EXPECT_EQ(Take(), "A1");
  queue.Hold("A", {.now = kBegin});
  queue.Add("A", 3, kBegin);
  EXPECT_EQ(Take(), "");
  EXPECT_EQ(queue.orders_held(), 1);
  EXPECT_FALSE(queue.Release("A", 2, false, kBegin));
  EXPECT_FALSE(queue.Release("B", 1, false, kBegin));
  EXPECT_TRUE(queue.Release("A", 1, false, kBegin));
  EXPECT_EQ(Take(), "A1");
  queue.Hold("A", {.now = kBegin});
  EXPECT_TRUE(queue.Release("A", 1, true, kBegin));
  EXPECT_EQ(Take(), "A2");
}

TEST_F(Queue, AnEndpointThatIsDownIsLookedAtWithGrowingPauses) {
  for (uint64_t number = 1; number <= 9; ++number) {
    queue.Add(std::string(1, static_cast<char>('A' + number)), number, kBegin);
  }
  SteadyTime now = kBegin;
  for (int i = 0; i < 3; ++i) {
    const auto job = queue.Take(now);
    ASSERT_TRUE(job);
    queue.Failed(job->order, EndpointFails(now), now + milliseconds(60'000));
  }
  EXPECT_TRUE(queue.is_down());
  for (const int pause_ms : {1000, 2000, 4000, 4000}) {
    EXPECT_EQ(Take(now + milliseconds(pause_ms - 1)), "");
    EXPECT_EQ(queue.NextDue(), now + milliseconds(pause_ms));
    now += milliseconds(pause_ms);
    const auto job = queue.Take(now);
    ASSERT_TRUE(job);
    EXPECT_EQ(Take(now), "");  // One at a time.
    queue.Failed(job->order, EndpointFails(now), now + milliseconds(60'000));
  }
  now += milliseconds(4000);
  const auto job = queue.Take(now);
  ASSERT_TRUE(job);
  queue.Delivered(job->order, now);
  EXPECT_FALSE(queue.is_down());
  EXPECT_NE(Take(now), "");  // What had failed does not sit out its pause.
  EXPECT_NE(Take(now), "");
}

TEST_F(Queue, AnEndpointIsNotAskedBeforeItWants) {
  queue.Add("A", 1, kBegin);
  queue.Add("B", 2, kBegin);
  EXPECT_EQ(Take(), "A1");
  queue.Failed("A", EndpointFails(kBegin, kBegin + milliseconds(5000)), kBegin);
  EXPECT_EQ(Take(kBegin + milliseconds(4999)), "");
  EXPECT_EQ(Take(kBegin + milliseconds(5000)), "B2");
}

TEST_F(Queue, AClosedEndpointGetsNothingUntilItIsOpened) {
  queue.Add("A", 1, kBegin);
  queue.Close();
  EXPECT_EQ(Take(), "");
  EXPECT_EQ(queue.NextDue(), std::nullopt);
  queue.Open(kBegin);
  EXPECT_EQ(Take(), "A1");
}

// How the messages of an order become lanes: as they should, or, to see whether the property
// notices, each message a lane of its own.
enum class Lanes { kByOrder, kByMessage };

// Adds, sends, fails, holds and releases a hundred messages by chance. Whether all were delivered,
// none of an order before those in front of it, and never two of an order at once.
bool KeepsOrder(uint64_t seed, Lanes lanes) {
  support::Random random(seed);
  DeliveryQueue queue({.calls_in_flight_max = 3, .failures_until_down = 4});
  SteadyTime now = kBegin;
  std::map<std::string, std::vector<uint64_t>> sent;
  std::map<std::string, uint64_t> under_way;  // By lane.
  std::map<std::string, uint64_t> held;
  std::map<std::string, std::string> order_of;  // By lane.
  uint64_t added = 0;
  uint64_t delivered = 0;
  bool is_right = true;
  for (int step = 0; step < 20'000 && (added < 100 || delivered < added); ++step) {
    if (added < 100 && random.Percent(30)) {
      const std::string order = "order-" + std::to_string(random.Below(8));
      ++added;
      const std::string lane =
          lanes == Lanes::kByOrder ? order : order + "/" + std::to_string(added);
      order_of[lane] = order;
      queue.Add(lane, added, now);
    }
    if (const auto job = queue.Take(now)) {
      is_right = is_right && under_way.emplace(job->order, job->number).second;
    }
    if (!under_way.empty() && random.Percent(50)) {
      const auto [lane, number] = *under_way.begin();
      under_way.erase(under_way.begin());
      const CallFailure failure{.now = now, .is_endpoint = random.Percent(50)};
      if (random.Percent(50)) {
        ++delivered;
        sent[order_of[lane]].push_back(number);
        queue.Delivered(lane, now);
      } else if (random.Percent(10)) {
        held.emplace(lane, number);
        queue.Hold(lane, failure);
      } else {
        queue.Failed(lane, failure, now + milliseconds(random.Below(3000)));
      }
    }
    if (!held.empty() && random.Percent(20)) {
      is_right = is_right && queue.Release(held.begin()->first, held.begin()->second, false, now);
      held.erase(held.begin());
    }
    now += milliseconds(random.Below(500));
  }
  for (const auto& [order, numbers] : sent) {
    is_right = is_right && std::ranges::is_sorted(numbers);
  }
  return is_right && delivered == 100 && queue.depth() == 0;
}

TEST(QueueProperty, EveryMessageArrivesInTheOrderOfItsOrder) {
  support::ForEachSeed(200, [](uint64_t seed) { EXPECT_TRUE(KeepsOrder(seed, Lanes::kByOrder)); });
}

// The property must notice a queue that does not keep it.
TEST(QueueProperty, CanaryLanesThatSplitAnOrderAreCaught) {
  int caught = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) caught += !KeepsOrder(seed, Lanes::kByMessage);
  EXPECT_GE(caught, 15);
}

}  // namespace
}  // namespace stockd::webhook
