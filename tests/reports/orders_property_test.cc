// Figures about orders are a function of what happened to them: they say what a plain recount of
// the orders says, whatever pieces the events came in.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "daemon/reports/explain_orders.h"
#include "daemon/reports/order_life.h"
#include "daemon/reports/rollup.h"
#include "tests/reports/history.h"
#include "tests/reports/order_histories.h"
#include "tests/reports/rollup_dump.h"
#include "tests/support/seeds.h"

namespace stockd::reports {
namespace {

using fulfilment::ExceptionKind;
using fulfilment::Fulfilment;
using fulfilment::OrderEvent;
using fulfilment::OrderEventKind;
using fulfilment::OrderState;
using fulfilment::UnitReason;
using storage::OrderStory;
using support::ForEachSeed;
using support::Random;

constexpr Duration kDay = std::chrono::hours(24);
const Timestamp kBegin = std::chrono::floor<std::chrono::days>(kDawn);
const Timestamp kEnd = kBegin + 400 * kDay;

// Numerator and denominator.
using Share = std::pair<int64_t, int64_t>;
// By group.
using Shares = std::map<std::string, Share>;

// --- a plain recount, by the definitions and nothing of the daemon's -----------------------------

bool HasEvent(const OrderStory& story, int part, OrderEventKind kind) {
  return std::ranges::any_of(story.events, [&](const OrderEvent& event) {
    return event.kind == kind && event.fulfilment == part;
  });
}

bool IsGone(const Fulfilment& part) {
  return part.state == OrderState::kDelivered || part.state == OrderState::kCollected;
}

bool IsIgnored(const OrderStory& story) {
  return std::ranges::all_of(story.order.fulfilments, [](const Fulfilment& part) {
    return part.state == OrderState::kCancelled && !part.picking_at;
  });
}

std::string CarrierOf(const Fulfilment& part) {
  return part.shipments.empty() ? "" : part.shipments.front().carrier;
}

// Calls `each(story, part)` for every part that figures look at.
void ForParts(const std::vector<OrderStory>& stories,
              const std::function<void(const OrderStory&, const Fulfilment&)>& each) {
  for (const OrderStory& story : stories) {
    if (IsIgnored(story)) continue;
    for (const Fulfilment& part : story.order.fulfilments) {
      if (part.state != OrderState::kCancelled) each(story, part);
    }
  }
}

Shares OnTimeByCarrier(const std::vector<OrderStory>& stories) {
  Shares shares;
  ForParts(stories, [&](const OrderStory&, const Fulfilment& part) {
    if (IsCollected(part.method) || !part.delivery.first) return;
    Share& share = shares[CarrierOf(part)];
    ++share.second;
    share.first += part.state == OrderState::kDelivered && *part.closed_at <= *part.delivery.first;
  });
  return shares;
}

Shares ErrorsByChannel(const std::vector<OrderStory>& stories) {
  Shares shares;
  ForParts(stories, [&](const OrderStory& story, const Fulfilment& part) {
    if (!IsGone(part) && part.state != OrderState::kLost) return;
    Share& share = shares[story.channel];
    ++share.second;
    share.first += HasEvent(story, part.number, OrderEventKind::kException);
  });
  return shares;
}

// In microseconds.
Shares CycleByMethod(const std::vector<OrderStory>& stories) {
  Shares shares;
  ForParts(stories, [&](const OrderStory& story, const Fulfilment& part) {
    if (!IsGone(part)) return;
    Share& share = shares[std::string(fulfilment::MethodName(part.method))];
    ++share.second;
    share.first += (*part.closed_at - story.order.placed_at).count();
  });
  return shares;
}

Shares NoShowsByChannel(const std::vector<OrderStory>& stories) {
  Shares shares;
  ForParts(stories, [&](const OrderStory& story, const Fulfilment& part) {
    if (!part.ready_at || !IsCollected(part.method)) return;
    Share& share = shares[story.channel];
    ++share.second;
    share.first += part.state == OrderState::kNoShow;
  });
  return shares;
}

// Lines, each of which is one part here.
Shares LineFillByChannel(const std::vector<OrderStory>& stories) {
  Shares shares;
  for (const OrderStory& story : stories) {
    if (IsIgnored(story)) continue;
    const bool open = std::ranges::any_of(story.order.fulfilments, [](const Fulfilment& part) {
      return part.lines.front().units.claimed > 0;
    });
    if (open) continue;
    for (const Fulfilment& part : story.order.fulfilments) {
      const bool given_up = std::ranges::any_of(story.events, [&](const OrderEvent& event) {
        return event.kind == OrderEventKind::kCancelled && event.fulfilment == part.number &&
               event.reason == UnitReason::kCustomer;
      });
      if (given_up) continue;
      Quantity missing = 0;
      for (const OrderEvent& event : story.events) {
        if (event.fulfilment != part.number) continue;
        if (event.kind == OrderEventKind::kMissing) missing += event.lines.front().quantity;
        if (event.kind == OrderEventKind::kFound) missing -= event.lines.front().quantity;
      }
      Share& share = shares[story.channel];
      ++share.second;
      const bool let_down = std::ranges::any_of(story.events, [&](const OrderEvent& event) {
        return event.kind == OrderEventKind::kCancelled && event.fulfilment == part.number;
      });
      share.first += missing == 0 && !let_down;
    }
  }
  return shares;
}

Shares PromotersByChannel(const std::vector<OrderStory>& stories) {
  Shares shares;
  for (const OrderStory& story : stories) {
    if (IsIgnored(story) || !story.order.rating.nps) continue;
    Share& share = shares[story.channel];
    ++share.second;
    share.first += *story.order.rating.nps >= 9 ? 1 : *story.order.rating.nps <= 6 ? -1 : 0;
  }
  return shares;
}

struct Question {
  const char* figure;
  Dimension by;
  Shares (*recount)(const std::vector<OrderStory>& stories);
  int64_t unit;  // Of the numerator, as the report shows it: how many make 1.
};

constexpr Question kQuestions[] = {{"on_time_delivery", Dimension::kCarrier, OnTimeByCarrier, 1},
                                   {"delivery_error_rate", Dimension::kChannel, ErrorsByChannel, 1},
                                   {"cycle_time", Dimension::kFulfilment, CycleByMethod, 1'000'000},
                                   {"no_show_rate", Dimension::kChannel, NoShowsByChannel, 1},
                                   {"line_fill_rate", Dimension::kChannel, LineFillByChannel, 1},
                                   {"nps", Dimension::kChannel, PromotersByChannel, 1}};

// --- the daemon's -------------------------------------------------------------------------------

// A roll-up of a history in a file of its own.
struct Kept {
  Kept(const World& world, const std::string& name, std::unique_ptr<OrderHistoryFeed> given)
      : path(world.PathOf(name).string()),
        feed(std::move(given)),
        file(path, "UTC", 1 << 20),
        rollup(file, *feed, absl::UTCTimeZone()) {}

  void Follow(uint64_t until) {
    feed->TellUntil(until);
    while (rollup.Advance(100)) {
    }
  }

  const std::string path;
  std::unique_ptr<OrderHistoryFeed> feed;
  RollupFile file;
  Rollup rollup;
};

ReportQuery QueryOf(const Question& question) {
  return {.figures = {FindFigure(question.figure)},
          .begin = kBegin,
          .end = kEnd,
          .zone = absl::UTCTimeZone(),
          .group_by = {question.by}};
}

std::string Shown(const std::string& group, const Exact& numerator, const Exact& denominator) {
  return group + ": " + ToText(numerator, 12) + "/" + ToText(denominator, 12) + "\n";
}

std::string Told(const ReportQuery& query, const World& world, const std::string& path) {
  RollupReader reader(path, 1 << 20);
  const RollupReader::Lease view = reader.Borrow();
  std::string text;
  RunReport(query, TimeGrid(absl::UTCTimeZone()), world.catalogue(), *view, [&](ReportRow&& row) {
    if (!row.outcome.denominator.is_zero()) {
      text += Shown(row.group.front(), row.outcome.numerator, row.outcome.denominator);
    }
    return true;
  });
  return text;
}

std::string Recounted(const Question& question, const std::vector<OrderStory>& stories) {
  std::string text;
  for (const auto& [group, share] : question.recount(stories)) {
    const int decimals = question.unit == 1 ? 0 : 6;
    text += Shown(group, {.value = share.first, .decimals = decimals}, {.value = share.second});
  }
  return text;
}

// Follows a history in pieces, and says which figure is told wrongly; empty: none.
template <typename Feed = OrderHistoryFeed>
std::string FirstDifference(uint64_t seed) {
  Random random(seed);
  const OrderHistories histories(random);
  World world;
  Kept kept(world, "reports", std::make_unique<Feed>(world.OpenFeed(), histories));
  for (uint64_t event = 1; event <= histories.event_count(); ++event) {
    if (random.Percent(25)) kept.Follow(event);
  }
  kept.Follow(histories.event_count());
  const auto stories = histories.Finally();
  for (const Question& question : kQuestions) {
    const std::string told = Told(QueryOf(question), world, kept.path);
    const std::string right = Recounted(question, stories);
    if (told != right) return std::string(question.figure) + " told\n" + told + "right\n" + right;
  }
  return {};
}

TEST(OrdersProperty, ReportsSayWhatAPlainRecountSays) {
  ForEachSeed(20, [](uint64_t seed) { EXPECT_EQ(FirstDifference(seed), ""); });
}

// Numbers are given to names as they come, so it is the sums by name that are the same.
TEST(OrdersProperty, MadeAnewAllSumsAreTheSame) {
  ForEachSeed(10, [](uint64_t seed) {
    Random random(seed);
    const OrderHistories histories(random);
    World world;
    Kept kept(world, "followed", std::make_unique<OrderHistoryFeed>(world.OpenFeed(), histories));
    for (uint64_t event = 1; event <= histories.event_count(); ++event) {
      if (random.Percent(25)) kept.Follow(event);
    }
    kept.Follow(histories.event_count());
    Kept anew(world, "anew", std::make_unique<OrderHistoryFeed>(world.OpenFeed(), histories));
    anew.Follow(histories.event_count());
    EXPECT_EQ(NamedDump(kept.path, world.catalogue()), NamedDump(anew.path, world.catalogue()));
  });
}

// The orders behind a figure add up to it, and come once each however the pages are cut.
TEST(OrdersProperty, OrdersBehindAFigureAddUpToIt) {
  ForEachSeed(10, [](uint64_t seed) {
    Random random(seed);
    const OrderHistories histories(random);
    World world;
    Kept kept(world, "reports", std::make_unique<OrderHistoryFeed>(world.OpenFeed(), histories));
    kept.Follow(histories.event_count());
    RollupReader reader(kept.path, 1 << 20);
    const RollupReader::Lease view = reader.Borrow();
    for (const Question& question : kQuestions) {
      ReportQuery query = QueryOf(question);
      Share sum;
      std::map<std::string, int> met;
      FactCursor after;
      for (bool more = true; more;) {
        const OrderPage page = ExplainOrders(query, TimeGrid(absl::UTCTimeZone()),
                                             world.catalogue(), *view, *kept.feed, OrderShare::kAll,
                                             after, static_cast<size_t>(random.Between(1, 4)));
        for (const OrderBehind& order : page.orders) {
          ++met[order.story.order.id];
          sum.first += static_cast<int64_t>(order.outcome.numerator.value);
          sum.second += static_cast<int64_t>(order.outcome.denominator.value);
        }
        after = page.next;
        more = page.more;
      }
      for (const auto& [id, times] : met) EXPECT_EQ(times, 1) << question.figure << " " << id;
      Share right;
      for (const auto& [group, share] : question.recount(histories.Finally())) {
        right.first += share.first;
        right.second += share.second;
      }
      EXPECT_EQ(sum, right) << question.figure;
    }
  });
}

// What happens to an order changes the days that it is about, and no others.
TEST(OrdersProperty, ALateEventRestatesOnlyTheDaysOfItsOrder) {
  ForEachSeed(10, [](uint64_t seed) {
    Random random(seed);
    const OrderHistories histories(random);
    World world;
    Kept kept(world, "reports", std::make_unique<OrderHistoryFeed>(world.OpenFeed(), histories));
    const uint64_t last = histories.event_count();
    kept.Follow(last - 1);
    const auto days = [&] {
      std::map<int64_t, std::string> found;
      RollupView view(kept.path, 1 << 20);
      view.ScanA(MakeSpace(Family::kFlow, Cuboid::kTotal, Level::kDay), INT64_MIN, INT64_MAX,
                 [&](const CellKey& key, std::string_view sums) { found[BucketOf(key)] = sums; });
      return found;
    };
    const auto before = days();
    const auto old_story = histories.At(histories.OrderOf(last), last - 1);
    kept.Follow(last);
    const auto after = days();
    std::set<int64_t> about;
    for (const auto& story : {old_story, histories.At(histories.OrderOf(last), last)}) {
      if (!story) continue;
      for (const LifeSums& part : LifeOf(*story, [](ItemId) { return 1; })) {
        about.insert(TimeGrid(absl::UTCTimeZone()).BucketAt(Level::kDay, part.at));
      }
    }
    for (const auto& [day, sums] : before) {
      if (!about.contains(day)) EXPECT_EQ(sums, after.at(day)) << day;
    }
    for (const auto& [day, sums] : after) {
      if (!about.contains(day)) EXPECT_TRUE(before.contains(day)) << day;
    }
  });
}

// --- canaries ------------------------------------------------------------------------------------

// Tells orders as they were before their last event.
class ForgetsTheLastEvent final : public OrderHistoryFeed {
 public:
  using OrderHistoryFeed::OrderHistoryFeed;
  std::optional<OrderStory> Order(uint64_t number) override {
    return histories().At(number, told() - 1);
  }
};

// Measures by the promise as it was revised.
class MovesPromises final : public OrderHistoryFeed {
 public:
  using OrderHistoryFeed::OrderHistoryFeed;
  std::optional<OrderStory> Order(uint64_t number) override {
    auto story = OrderHistoryFeed::Order(number);
    if (!story) return story;
    for (Fulfilment& part : story->order.fulfilments) {
      if (part.delivery.first) *part.delivery.first += 9 * kDay;
    }
    return story;
  }
};

// Does not listen to what customers find.
class HearsNoComplaint final : public OrderHistoryFeed {
 public:
  using OrderHistoryFeed::OrderHistoryFeed;
  std::optional<OrderStory> Order(uint64_t number) override {
    auto story = OrderHistoryFeed::Order(number);
    if (!story) return story;
    std::erase_if(story->events, [](const OrderEvent& event) {
      return event.kind == OrderEventKind::kException && event.exception != ExceptionKind::kLost;
    });
    return story;
  }
};

template <typename Canary>
bool IsNoticed() {
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    if (!FirstDifference<Canary>(seed).empty()) return true;
  }
  return false;
}

TEST(OrdersProperty, EachBrokenRuleIsNoticed) {
  EXPECT_TRUE(IsNoticed<ForgetsTheLastEvent>());
  EXPECT_TRUE(IsNoticed<MovesPromises>());
  EXPECT_TRUE(IsNoticed<HearsNoComplaint>());
}

}  // namespace
}  // namespace stockd::reports
