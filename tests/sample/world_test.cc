#include "adapters/sample/world.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "adapters/sample/chain.h"

namespace stockd::sample {
namespace {

constexpr int kDayMinutes = 24 * 60;

std::vector<TradeEvent> Live(World& world, int minutes) {
  std::vector<TradeEvent> events;
  for (int minute = 0; minute < minutes; ++minute) {
    for (TradeEvent& event : world.NextMinute()) events.push_back(std::move(event));
  }
  return events;
}

// The second opinion: what somebody knows who only reads the files.
class Reader {
 public:
  explicit Reader(const World& world) {
    for (size_t item = 0; item < world.items().size(); ++item) {
      for (size_t site = 0; site < Sites().size(); ++site) {
        on_hand_[{item, site}] = world.plan().at(item, site).opening;
      }
    }
  }

  void Read(const TradeEvent& event) {
    std::visit([this](const auto& what) { Read(what); }, event.what);
  }

  int64_t on_hand(size_t item, size_t site) { return on_hand_[{item, site}]; }

 private:
  void Read(const TillReceipt& receipt) {
    for (const TillLine& line : receipt.lines) {
      int64_t& level = on_hand_[{line.item, receipt.site}];
      if (line.kind == TillLineKind::kSale) level -= line.quantity;
      if (line.kind == TillLineKind::kReturn) level += line.quantity;
      if (line.kind == TillLineKind::kCount) level = line.quantity;
    }
  }
  void Read(const OrderLine& line) {
    int64_t& level = on_hand_[{line.item, line.site}];
    if (line.state == OrderLineState::kShipped) level -= line.quantity;
    if (line.state == OrderLineState::kSentBack) level += line.quantity;
  }
  void Read(const Movement& movement) {
    const bool is_out =
        movement.kind == MovementKind::kTransferOut || movement.kind == MovementKind::kDamage;
    on_hand_[{movement.item, movement.site}] += is_out ? -movement.quantity : movement.quantity;
  }
  template <typename Other>
  void Read(const Other&) {}

  std::map<std::pair<size_t, size_t>, int64_t> on_hand_;
};

TEST(SampleWorld, FilesAloneLeadToTheRecordedLevels) {
  World world(1);
  Reader reader(world);
  for (const TradeEvent& event : Live(world, kDayMinutes)) reader.Read(event);
  for (size_t item = 0; item < world.items().size(); ++item) {
    for (size_t site = 0; site < Sites().size(); ++site) {
      ASSERT_EQ(reader.on_hand(item, site), world.recorded(item, site))
          << world.items()[item].sku << "@" << Sites()[site].code;
      ASSERT_GE(world.recorded(item, site), 0);
    }
  }
}

TEST(SampleWorld, SameSeedLivesTheSameLifeAndAnotherSeedAnother) {
  World world(7);
  World twin(7);
  World stranger(8);
  const std::vector<TradeEvent> events = Live(world, 180);
  EXPECT_TRUE(events == Live(twin, 180));
  EXPECT_FALSE(events == Live(stranger, 180));
}

TEST(SampleWorld, EventsComeInOrderOfTimeWithinTheirMinute) {
  World world(2);
  int64_t last_ms = 0;
  for (int minute = 0; minute < 240; ++minute) {
    for (const TradeEvent& event : world.NextMinute()) {
      EXPECT_GE(event.at_ms, last_ms);
      EXPECT_GE(event.at_ms, minute * kMsPerMinute);
      EXPECT_LT(event.at_ms, (minute + 1) * kMsPerMinute);
      last_ms = event.at_ms;
    }
  }
}

// stockd takes what happens at the very instant of a count for a part of it.
TEST(SampleWorld, NothingElseHappensAtTheInstantOfACount) {
  World world(3);
  int counts = 0;
  for (const TradeEvent& event : Live(world, kDayMinutes)) {
    const auto* receipt = std::get_if<TillReceipt>(&event.what);
    const bool is_count = receipt != nullptr && receipt->lines.front().kind == TillLineKind::kCount;
    EXPECT_EQ(event.at_ms % 2, is_count ? 1 : 0);
    counts += is_count ? 1 : 0;
  }
  EXPECT_GT(counts, 20);
}

// A source's facts are recognised by their ids for ever.
TEST(SampleWorld, EveryFactHasAnIdOfItsOwn) {
  World world(4);
  std::set<std::string> ids;
  for (const TradeEvent& event : Live(world, kDayMinutes)) {
    if (const auto* receipt = std::get_if<TillReceipt>(&event.what)) {
      const std::string till = TillName(Sites()[receipt->site], receipt->till);
      EXPECT_TRUE(ids.insert(fmt::format("{} {}", till, receipt->number)).second);
      EXPECT_FALSE(receipt->lines.empty());
    } else if (const auto* line = std::get_if<OrderLine>(&event.what)) {
      EXPECT_TRUE(ids.insert(fmt::format("{} {} {}", line->order, line->line,
                                         static_cast<int>(line->state)))
                      .second);
    } else if (const auto* movement = std::get_if<Movement>(&event.what)) {
      EXPECT_TRUE(ids.insert(movement->id).second);
    }
  }
}

TEST(SampleWorld, SomeLaunchIsSoldBeforeTheErpTellsAboutIt) {
  World world(1);
  std::set<size_t> known;
  int sold_unknown = 0;
  for (const TradeEvent& event : Live(world, kDayMinutes)) {
    if (const auto* data = std::get_if<LateMasterData>(&event.what)) known.insert(data->item);
    const auto* receipt = std::get_if<TillReceipt>(&event.what);
    for (const TillLine& line : receipt ? receipt->lines : std::vector<TillLine>()) {
      const bool is_unknown = world.items()[line.item].is_launch && !known.contains(line.item);
      sold_unknown += is_unknown ? 1 : 0;
    }
  }
  EXPECT_GT(sold_unknown, 0);
  EXPECT_EQ(known.size(), kLaunchCount);
}

TEST(SampleWorld, ABasketIsHeldBeforeItIsCommittedOrReleased) {
  World world(5);
  std::set<std::string> held;
  std::map<BasketStepKind, int> steps;
  for (const TradeEvent& event : Live(world, 300)) {
    const auto* step = std::get_if<BasketStep>(&event.what);
    if (step == nullptr) continue;
    ++steps[step->kind];
    if (step->kind == BasketStepKind::kHold) {
      EXPECT_TRUE(held.insert(step->basket).second);
      EXPECT_FALSE(step->lines.empty());
    } else {
      EXPECT_TRUE(held.contains(step->basket));
    }
  }
  EXPECT_EQ(steps.size(), 3U);
}

// Whoever leaves the sample running finds goods on the shelves next week too.
TEST(SampleWorld, ShelvesStayFilledForAWeek) {
  World world(6);
  Live(world, 7 * kDayMinutes);
  int kept = 0;
  int empty = 0;
  for (size_t item = 0; item < world.items().size(); ++item) {
    for (size_t site = 0; site < Sites().size(); ++site) {
      if (!world.plan().at(item, site).is_ranged) continue;
      ++kept;
      empty += world.recorded(item, site) == 0 ? 1 : 0;
    }
  }
  EXPECT_LT(empty * 20, kept);
}

}  // namespace
}  // namespace stockd::sample
