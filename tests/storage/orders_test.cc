#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "daemon/storage/order_text.h"
#include "tests/storage/database.h"
#include "tests/storage/random_order.h"
#include "tests/support/seeds.h"

namespace stockd::storage {
namespace {

using fulfilment::Order;
using fulfilment::OrderEvent;
using fulfilment::OrderState;
using support::Random;
using testing::ElementsAre;
using testing::IsEmpty;

// What the database should hold.
using Orders = std::map<uint64_t, Order>;

void Save(Store& to, Orders& orders, const Order& order) {
  const bool is_new = !orders.contains(order.number);
  orders[order.number] = order;
  if (is_new) {
    to.InsertOrder(order);
  } else {
    to.UpdateOrder(order);
  }
}

// Another order under the same number, as later moves could have left it: nothing is ever taken
// away from its fulfilments.
Order Changed(Random& random, const Order& order) {
  Order changed = RandomOrder(random, order.number);
  changed.content = order.content;
  while (changed.fulfilments.size() < order.fulfilments.size()) {
    changed.fulfilments.push_back(order.fulfilments[changed.fulfilments.size()]);
  }
  return changed;
}

// Fills a database with orders, some of which changed, also within the batch that made them.
Orders SaveRandomOrders(Database& database, Random& random, uint64_t count) {
  Orders orders;
  Write(database.store(), [&](Store& to) {
    for (uint64_t number = 1; number <= count; ++number) {
      Save(to, orders, RandomOrder(random, number));
      if (random.Percent(20)) Save(to, orders, Changed(random, orders[number]));
    }
  });
  Write(database.store(), [&](Store& to) {
    for (uint64_t left = random.Below(count); left > 0; --left) {
      const uint64_t number = 1 + random.Below(count);
      Save(to, orders, Changed(random, orders[number]));
    }
  });
  return orders;
}

std::vector<Order> OpenOnes(const Orders& orders) {
  std::vector<Order> open;
  for (const auto& [number, order] : orders) {
    if (!order.closed()) open.push_back(order);
  }
  return open;
}

// Which of the orders are not in the database exactly as they should be.
std::vector<uint64_t> Spoiled(Database& database, const Orders& orders) {
  std::vector<uint64_t> spoiled;
  for (const auto& [number, order] : orders) {
    const bool same = database.store().FindOrder(order.id) == order &&
                      database.reader().FindOrder(order.id) == order &&
                      database.reader().OrderId(number) == order.id;
    if (!same) spoiled.push_back(number);
  }
  return spoiled;
}

TEST(StorageOrders, EveryFieldComesBackAfterReopening) {
  support::ForEachSeed(30, [](uint64_t seed) {
    Random random(seed);
    Database database;
    const Orders orders = SaveRandomOrders(database, random, 20);
    EXPECT_THAT(Spoiled(database, orders), IsEmpty());
    database.Reopen();
    EXPECT_THAT(Spoiled(database, orders), IsEmpty());
    EXPECT_FALSE(database.store().FindOrder("order-99"));
    EXPECT_FALSE(database.reader().FindOrder("order-99"));
    EXPECT_FALSE(database.reader().OrderId(99));
    const Loaded loaded = LoadAll(database.store());
    EXPECT_EQ(loaded.open_orders, OpenOnes(orders));
    EXPECT_EQ(loaded.counters.order_number, 20u);
  });
}

// Proves that the comparison above sees a single spoiled field.
TEST(StorageOrdersCanary, ASpoiledFieldIsSeen) {
  for (const char* change :
       {"sales_order SET nps = ifnull(nps, 0) + 1 WHERE number = 7",
        "fulfilment SET code_wrong_tries = code_wrong_tries + 1 WHERE order_number = 7",
        "fulfilment SET remind_at = ifnull(remind_at, 0) + 1 WHERE order_number = 7"}) {
    SCOPED_TRACE(change);
    Random random(1);
    Database database;
    Orders orders = SaveRandomOrders(database, random, 20);
    Order order = orders[7];
    if (order.fulfilments.empty()) order.fulfilments.push_back({.number = 1});
    Write(database.store(), [&](Store& to) { Save(to, orders, order); });
    database.Close();
    database.Execute(std::string("UPDATE ") + change);
    database.Open();
    EXPECT_THAT(Spoiled(database, orders), ElementsAre(7));
  }
}

TEST(StorageOrders, TextOfAnOrderIsTheOrder) {
  support::ForEachSeed(200, [](uint64_t seed) {
    Random random(seed);
    Order order = RandomOrder(random, 1 + random.Below(1000));
    order.content.clear();
    const std::string text = OrderText(order);
    EXPECT_EQ(ParseOrder(text), order) << text;
    const size_t cut = random.Below(text.size());
    EXPECT_FALSE(ParseOrder(text.substr(0, cut))) << cut;
    EXPECT_FALSE(ParseOrder(text + " "));
  });
}

TEST(StorageOrders, EventsComeBackInPages) {
  support::ForEachSeed(20, [](uint64_t seed) {
    Random random(seed);
    Database database;
    std::vector<OrderEvent> events;
    Write(database.store(), [&](Store& to) {
      for (uint64_t number = 1; number <= 30; ++number) {
        events.push_back(RandomOrderEvent(random, number, 3));
        to.AppendOrderEvent(events.back());
      }
    });
    database.Reopen();
    const auto read = [&](uint64_t order, int limit) {
      std::vector<OrderEvent> all;
      uint64_t after = 0;
      while (true) {
        const auto page = database.reader().ListOrderEvents(order, after, limit);
        all.insert(all.end(), page.rows.begin(), page.rows.end());
        if (!page.more) return all;
        after = page.rows.back().number;
      }
    };
    EXPECT_EQ(read(0, 7), events);
    std::vector<OrderEvent> of_two;
    std::ranges::copy_if(events, std::back_inserter(of_two),
                         [](const OrderEvent& event) { return event.order_number == 2; });
    EXPECT_EQ(read(2, 3), of_two);
    const Counters counters = LoadAll(database.store()).counters;
    EXPECT_EQ(counters.order_event_number, 30u);
    EXPECT_EQ(counters.recorded_at, events.back().recorded_at);
  });
}

bool MatchesAt(const OrderFilter& filter, const fulfilment::Fulfilment& fulfilment) {
  if (fulfilment.location != filter.location && fulfilment.destination != filter.location) {
    return false;
  }
  if (filter.state && fulfilment.state != *filter.state) return false;
  return !filter.open_only || !fulfilment::IsClosed(fulfilment.state);
}

bool Matches(const OrderFilter& filter, const Order& order) {
  if (filter.location != kNoLocation) {
    if (std::ranges::none_of(order.fulfilments,
                             [&](const auto& each) { return MatchesAt(filter, each); })) {
      return false;
    }
  } else {
    if (filter.state && order.state() != *filter.state) return false;
    if (filter.open_only && order.closed()) return false;
  }
  if (filter.channel != kNoChannel && order.channel != filter.channel) return false;
  if (!filter.customer_reference.empty() && order.customer_reference != filter.customer_reference) {
    return false;
  }
  return order.placed_at >= filter.placed_from && order.placed_at < filter.placed_until;
}

OrderFilter RandomFilter(Random& random, const Orders& orders) {
  const auto any = [&]() -> const Order& { return orders.at(1 + random.Below(orders.size())); };
  OrderFilter filter;
  if (random.Percent(40)) filter.location = LocationId{static_cast<uint32_t>(random.Below(4))};
  if (random.Percent(30)) filter.state = static_cast<OrderState>(random.Between(1, 13));
  filter.open_only = random.Percent(30);
  if (random.Percent(20)) filter.channel = any().channel;
  if (random.Percent(20)) filter.customer_reference = any().customer_reference;
  if (random.Percent(20)) filter.placed_from = any().placed_at;
  if (random.Percent(20)) filter.placed_until = any().placed_at;
  return filter;
}

TEST(StorageOrders, ListsWhatMatchesInPages) {
  support::ForEachSeed(10, [](uint64_t seed) {
    Random random(seed);
    Database database;
    const Orders orders = SaveRandomOrders(database, random, 60);
    for (int i = 0; i < 60; ++i) {
      const OrderFilter filter = RandomFilter(random, orders);
      const auto limit = static_cast<int>(1 + random.Below(20));
      std::vector<Order> expected;
      for (const auto& [number, order] : orders) {
        if (Matches(filter, order)) expected.push_back(order);
      }
      std::vector<Order> listed;
      uint64_t after = 0;
      while (true) {
        const auto page = database.reader().ListOrders(filter, after, limit);
        listed.insert(listed.end(), page.rows.begin(), page.rows.end());
        if (!page.more) break;
        ASSERT_EQ(page.rows.size(), static_cast<size_t>(limit));
        after = page.rows.back().number;
      }
      ASSERT_EQ(listed, expected);
    }
  });
}

TEST(StorageOrders, AnswersComeBackUntilForgotten) {
  Random random(1);
  Database database;
  Orders orders = SaveRandomOrders(database, random, 1);
  const std::string content("\0 any bytes \xff", 14);
  std::vector<Order> answers;
  Write(database.store(), [&](Store& to) {
    for (int i = 0; i < 5; ++i) {
      answers.push_back(Changed(random, orders[1]));
      to.AddOrderRequest("request-" + std::to_string(i),
                         {.content = content, .answer = answers.back()},
                         kStart + std::chrono::minutes(i));
    }
  });
  database.Reopen();
  for (size_t i = 0; i < answers.size(); ++i) {
    const auto found = database.store().FindOrderRequest("request-" + std::to_string(i));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->content, content);
    EXPECT_EQ(found->answer, answers[i]);
  }
  EXPECT_FALSE(database.store().FindOrderRequest("request-5"));
  EXPECT_EQ(LoadAll(database.store()).counters.recorded_at, kStart + std::chrono::minutes(4));
  Write(database.store(),
        [](Store& to) { to.ForgetOrderRequests(kStart + std::chrono::minutes(3), 2); });
  EXPECT_FALSE(database.store().FindOrderRequest("request-1"));
  EXPECT_TRUE(database.store().FindOrderRequest("request-2"));
  Write(database.store(),
        [](Store& to) { to.ForgetOrderRequests(kStart + std::chrono::minutes(3), 100); });
  EXPECT_FALSE(database.store().FindOrderRequest("request-2"));
  EXPECT_TRUE(database.store().FindOrderRequest("request-3"));
}

// An order that is picked in this slot.
Order InSlot(uint64_t number, LocationId location, Timestamp slot_start, bool taken) {
  Order order{.number = number, .id = "slot-" + std::to_string(number)};
  order.fulfilments = {
      {.number = 1, .location = location, .slot_start = slot_start, .slot_taken = taken}};
  return order;
}

// A start has to know how full the slots to come are, however the orders in them ended.
TEST(StorageOrders, BookedPicksComeBack) {
  Database database;
  constexpr LocationId kFirst{1};
  constexpr LocationId kSecond{2};
  Write(database.store(), [&](Store& to) {
    to.InsertOrder(InSlot(1, kFirst, kStart, true));
    to.InsertOrder(InSlot(2, kFirst, kStart, true));
    Order collected = InSlot(3, kFirst, kStart, true);
    collected.fulfilments.front().state = OrderState::kCollected;
    to.InsertOrder(collected);
    to.InsertOrder(InSlot(4, kFirst, kStart, false));
    to.InsertOrder(InSlot(5, kSecond, kStart, true));
    to.InsertOrder(InSlot(6, kFirst, kStart + std::chrono::hours(1), true));
    to.InsertOrder(InSlot(7, kFirst, kStart - kSlotsKept - std::chrono::hours(1), true));
    OrderEvent event{.number = 1, .order_number = 1, .recorded_at = kStart};
    to.AppendOrderEvent(event);
  });
  database.Reopen();
  const Loaded loaded = LoadAll(database.store());
  EXPECT_THAT(loaded.booked_picks,
              ElementsAre(std::tuple(kFirst, kStart, 3), std::tuple(kSecond, kStart, 1),
                          std::tuple(kFirst, kStart + std::chrono::hours(1), 1)));
}

// A person has to be able to follow an order with sqlite3 alone.
TEST(StorageOrders, ViewsShowNames) {
  Database database;
  Write(database.store(), [&](Store& to) {
    to.SaveItem({.id = ItemId{1}, .sku = "MUG"});
    to.SaveLocation({.id = LocationId{1}, .code = "S01"});
    to.SaveLocation({.id = LocationId{2}, .code = "S02"});
    Order order{.number = 1, .id = "web-1"};
    order.lines = {{.id = "line-1", .item = ItemId{1}, .ordered = 3}};
    order.fulfilments = {{.number = 1,
                          .method = fulfilment::Method::kShipToStore,
                          .state = OrderState::kReady,
                          .location = LocationId{1},
                          .destination = LocationId{2},
                          .at_destination = true,
                          .lines = {{.line = 0, .units = {.picked = 2, .cancelled = 1}}},
                          .deadline = kStart}};
    to.InsertOrder(order);
    to.AppendOrderEvent({.number = 1,
                         .order_number = 1,
                         .fulfilment = 1,
                         .kind = fulfilment::OrderEventKind::kReady,
                         .state = OrderState::kReady,
                         .location = LocationId{2},
                         .occurred_at = kStart,
                         .recorded_at = kStart});
  });
  EXPECT_THAT(database.Query("SELECT order_id, method, state, location, destination, deadline "
                             "FROM fulfilment_view"),
              ElementsAre("web-1|ship_to_store|ready|S01|S02|2026-09-21 14:13:20"));
  EXPECT_THAT(database.Query("SELECT order_id, fulfilment, line, sku, ordered, picked, cancelled "
                             "FROM order_line_view"),
              ElementsAre("web-1|1|line-1|MUG|3|2|1"));
  EXPECT_THAT(database.Query("SELECT order_id, fulfilment, kind, state, location, occurred_at "
                             "FROM order_event_view"),
              ElementsAre("web-1|1|ready|ready|S02|2026-09-21 14:13:20"));
}

// Another program's writing must not become an answer.
TEST(StorageOrders, DamageIsSaid) {
  const auto spoil = [](const std::string& sql) {
    Random random(1);
    auto database = std::make_unique<Database>();
    Orders orders;
    Order order = RandomOrder(random, 1);
    order.fulfilments = {{.number = 1}};
    Write(database->store(), [&](Store& to) { Save(to, orders, order); });
    database->Close();
    database->Execute(sql);
    database->Open();
    return database;
  };
  for (const char* sql :
       {"UPDATE sales_order SET lines = '[{}]'", "UPDATE fulfilment SET lines = '[[1,2]]'",
        "UPDATE fulfilment SET shipments = 'null'"}) {
    SCOPED_TRACE(sql);
    const auto database = spoil(sql);
    EXPECT_THROW(database->reader().FindOrder("order-1"), ReadError);
    EXPECT_THROW(database->reader().ListOrders({}, 0, 10), ReadError);
    EXPECT_FALSE(database->store().FindOrder("order-1"));
    database->store().Begin();
    EXPECT_THAT(database->store().Commit().error, testing::HasSubstr("order \"order-1\""));
    database->Reopen();
    Counters counters;
    EXPECT_THAT(database->store().Load({}, counters).error,
                testing::HasSubstr("a row of the table"));
  }
}

}  // namespace
}  // namespace stockd::storage
