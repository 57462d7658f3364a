// Slots and what they promise, by example.
#include "daemon/fulfilment/pick_slots.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/fulfilment/calendar_words.h"

namespace stockd::fulfilment {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr auto kNoneBooked = [](const PickSlot&) { return 0; };

std::string Text(const PickSlot& slot, const OpenTime& store) {
  return WallClock(slot.start, store.zone()) + " for " +
         std::to_string((slot.end - slot.start) / minutes(1)) + " min";
}

std::string Text(const std::optional<PickSlot>& slot, const OpenTime& store) {
  return slot ? Text(*slot, store) : "none";
}

// Open from 09:00 to 17:30 in Warsaw, three picks an hour.
StoreCalendar Shop() {
  StoreCalendar calendar = Daily({Hours(900, 1730)});
  calendar.picks_per_slot = 3;
  return calendar;
}

OpenTime InWarsaw(StoreCalendar calendar) {
  return OpenTime(std::move(calendar), Zone("Europe/Warsaw"));
}

TEST(PickSlots, CutTheOpenHours) {
  const OpenTime shop = InWarsaw(Shop());
  EXPECT_EQ(Text(SlotAt(shop, Instant("2026-06-01 09:00:00 +0200")), shop),
            "2026-06-01 09:00:00 +0200 for 60 min");
  EXPECT_EQ(Text(SlotAt(shop, Instant("2026-06-01 09:59:59 +0200")), shop),
            "2026-06-01 09:00:00 +0200 for 60 min");
  EXPECT_EQ(Text(SlotAt(shop, Instant("2026-06-01 17:29:00 +0200")), shop),
            "2026-06-01 17:00:00 +0200 for 30 min");
  EXPECT_EQ(SlotAt(shop, Instant("2026-06-01 17:30:00 +0200")), std::nullopt);
}

TEST(PickSlots, KeepTheirLengthThroughAClockChange) {
  StoreCalendar calendar = Daily({Hours(100, 500)});
  calendar.slot_length = minutes(90);
  const OpenTime shop = InWarsaw(calendar);
  const auto slots = FreeSlots(shop, Instant("2026-10-25 01:00:00 +0200"), kNoneBooked, 4);
  ASSERT_EQ(slots.size(), 4u);
  EXPECT_EQ(Text(slots[0], shop), "2026-10-25 01:00:00 +0200 for 90 min");
  EXPECT_EQ(Text(slots[1], shop), "2026-10-25 02:30:00 +0200 for 90 min");
  EXPECT_EQ(Text(slots[2], shop), "2026-10-25 03:00:00 +0100 for 90 min");
  EXPECT_EQ(Text(slots[3], shop), "2026-10-25 04:30:00 +0100 for 30 min");
}

TEST(PickSlots, FullOnesArePassedOver) {
  const OpenTime shop = InWarsaw(Shop());
  std::map<Timestamp, int> booked{{Instant("2026-06-01 10:00:00 +0200"), 3},
                                  {Instant("2026-06-01 11:00:00 +0200"), 2},
                                  {Instant("2026-06-01 12:00:00 +0200"), 4}};
  const auto slots = FreeSlots(
      shop, Instant("2026-06-01 10:10:00 +0200"),
      [&](const PickSlot& slot) { return booked[slot.start]; }, 2);
  ASSERT_EQ(slots.size(), 2u);
  EXPECT_EQ(Text(slots[0], shop), "2026-06-01 11:00:00 +0200 for 60 min");
  EXPECT_EQ(Text(slots[1], shop), "2026-06-01 13:00:00 +0200 for 60 min");
}

TEST(PickupQuotes, PromiseTheEndOfTheSlotOrTheLead) {
  const OpenTime shop = InWarsaw(Shop());
  const auto ready = [&](const std::string& now) {
    const Quote quote = QuotePromise(shop, Instant(now), kNoneBooked);
    EXPECT_EQ(quote.obstacle, PickupObstacle::kNone);
    return Text(quote.slot, shop) + ", ready " + WallClock(quote.ready_at, shop.zone()) +
           ", kept until " + WallClock(quote.pickup_deadline, shop.zone());
  };
  EXPECT_EQ(ready("2026-06-01 10:10:00 +0200"),
            "2026-06-01 10:00:00 +0200 for 60 min, ready 2026-06-01 12:10:00 +0200, "
            "kept until 2026-06-04 17:30:00 +0200");
  // The lead is open time: an hour today, an hour tomorrow.
  EXPECT_EQ(ready("2026-06-01 16:30:00 +0200"),
            "2026-06-01 16:00:00 +0200 for 60 min, ready 2026-06-02 10:00:00 +0200, "
            "kept until 2026-06-05 17:30:00 +0200");
  EXPECT_EQ(ready("2026-06-01 20:00:00 +0200"),
            "2026-06-02 09:00:00 +0200 for 60 min, ready 2026-06-02 11:00:00 +0200, "
            "kept until 2026-06-05 17:30:00 +0200");
}

TEST(PickupQuotes, ALaterSlotMovesThePromise) {
  StoreCalendar calendar = Shop();
  calendar.ready_lead = Duration(0);
  const OpenTime shop = InWarsaw(calendar);
  const Timestamp now = Instant("2026-06-01 09:10:00 +0200");
  const Quote quote = QuotePromise(shop, now, [&](const PickSlot& slot) {
    return slot.start < Instant("2026-06-01 12:00:00 +0200") ? 3 : 0;
  });
  EXPECT_EQ(quote.obstacle, PickupObstacle::kNone);
  EXPECT_EQ(WallClock(quote.ready_at, shop.zone()), "2026-06-01 13:00:00 +0200");
}

TEST(PickupQuotes, ASlotTakesOrdersUntilItsCutOff) {
  StoreCalendar calendar = Shop();
  calendar.order_cutoff = minutes(15);
  const OpenTime shop = InWarsaw(calendar);
  const Timestamp nine = Instant("2026-06-01 09:00:00 +0200");
  EXPECT_EQ(QuotePromise(shop, nine + minutes(45) - Duration(1), kNoneBooked).slot.start, nine);
  EXPECT_EQ(QuotePromise(shop, nine + minutes(45), kNoneBooked).slot.start, nine + hours(1));
  EXPECT_EQ(QuoteSlot(shop, nine, nine + minutes(45) - Duration(1), kNoneBooked),
            QuotePromise(shop, nine + minutes(45) - Duration(1), kNoneBooked));
  EXPECT_EQ(QuoteSlot(shop, nine, nine + minutes(45), kNoneBooked).obstacle,
            PickupObstacle::kCutOff);
}

TEST(PickupQuotes, SayWhyNot) {
  const Timestamp now = Instant("2026-06-01 10:10:00 +0200");
  const auto full = [](const PickSlot&) { return 3; };
  const OpenTime shop = InWarsaw(Shop());
  EXPECT_EQ(QuotePromise(shop, now, full).obstacle, PickupObstacle::kNoCapacity);
  EXPECT_EQ(QuotePromise(InWarsaw(StoreCalendar()), now, kNoneBooked).obstacle,
            PickupObstacle::kClosed);
  // Open today for the last time: nobody could come for it in the coming days.
  StoreCalendar last_day;
  last_day.special_days = {{.date = absl::CivilDay(2026, 6, 1), .hours = {Hours(900, 1700)}}};
  EXPECT_EQ(QuotePromise(InWarsaw(last_day), now, kNoneBooked).obstacle, PickupObstacle::kClosed);
  // A slot that was quoted before the calendar changed.
  EXPECT_EQ(QuoteSlot(shop, now, now, kNoneBooked).obstacle, PickupObstacle::kNoSuchSlot);
  EXPECT_EQ(QuoteSlot(shop, Instant("2026-06-01 03:00:00 +0200"), now, kNoneBooked).obstacle,
            PickupObstacle::kNoSuchSlot);
  EXPECT_EQ(QuoteSlot(shop, Instant("2026-06-01 11:00:00 +0200"), now, full).obstacle,
            PickupObstacle::kNoCapacity);
}

// Holidays are not a want of capacity: the search begins with the first slot after them.
TEST(PickupQuotes, AfterLongHolidaysTheFirstSlotIsPromised) {
  StoreCalendar calendar = Shop();
  for (int i = 0; i < 30; ++i) {
    calendar.special_days.push_back({.date = absl::CivilDay(2026, 7, 1) + i, .hours = {}});
  }
  const OpenTime shop = InWarsaw(calendar);
  const Timestamp now = Instant("2026-06-30 18:00:00 +0200");
  const Quote quote = QuotePromise(shop, now, kNoneBooked);
  EXPECT_EQ(quote.obstacle, PickupObstacle::kNone);
  EXPECT_EQ(WallClock(quote.slot.start, shop.zone()), "2026-07-31 09:00:00 +0200");
  // And ends fourteen days later.
  EXPECT_EQ(FreeSlots(shop, now, kNoneBooked, 10'000).size(), 14u * 9);
}

TEST(PickupQuotes, WithoutACalendarAnyTimeAndAnyNumber) {
  const OpenTime open(RoundTheClock(), Zone("Europe/Istanbul"));
  const Timestamp now = Instant("2026-11-28 23:30:00 +0300");
  const Quote quote = QuotePromise(open, now, [](const PickSlot&) -> int {
    ADD_FAILURE() << "asked although nothing bounds the picks";
    return 0;
  });
  EXPECT_EQ(quote.obstacle, PickupObstacle::kNone);
  EXPECT_EQ(quote.ready_at, now + hours(2));
  EXPECT_EQ(WallClock(quote.pickup_deadline, open.zone()), "2026-12-03 00:00:00 +0300");
}

}  // namespace
}  // namespace stockd::fulfilment
