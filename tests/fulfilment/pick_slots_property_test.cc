// Slots and promises agree with the slots that somebody cuts who walks the open minutes.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "daemon/fulfilment/pick_slots.h"
#include "tests/fulfilment/calendar_words.h"
#include "tests/fulfilment/minute_walk.h"
#include "tests/fulfilment/random_calendar.h"
#include "tests/support/random.h"
#include "tests/support/seeds.h"

namespace stockd::fulfilment {
namespace {

using support::Random;
using Violation = std::optional<std::string>;
// What is judged: QuotePromise itself, or one with a rule broken.
using QuoteRule = std::function<Quote(const OpenTime&, Timestamp now, Booked booked)>;

constexpr int kDaysAfter = 60;

std::string Text(const Quote& quote, absl::TimeZone zone) {
  if (quote.obstacle != PickupObstacle::kNone) {
    return "obstacle " + std::to_string(static_cast<int>(quote.obstacle));
  }
  return "slot " + WallClock(quote.slot.start, zone) + " to " + WallClock(quote.slot.end, zone) +
         ", ready " + WallClock(quote.ready_at, zone) + ", kept until " +
         WallClock(quote.pickup_deadline, zone);
}

// The world of one seed: a store, its walk, and how many orders each slot has.
struct Store {
  explicit Store(Random& random)
      : zone(Zone(random.Pick(ZoneNames()))),
        around(NearAChange(random, zone)),
        calendar(RandomCalendar(
            random, absl::CivilDay(zone.At(absl::FromUnixMicros(ToMicros(around))).cs))),
        open_time(calendar, zone),
        walk(calendar, zone, around, 6, kDaysAfter),
        slots(walk.Slots(calendar.slot_length)) {
    const uint64_t full = random.Percent(20) ? 100 : random.Below(100);
    for (const PickSlot& slot : slots) {
      booked[slot.start] = random.Percent(full)
                               ? calendar.picks_per_slot
                               : static_cast<int>(random.Below(calendar.picks_per_slot + 1u));
    }
  }

  int Count(const PickSlot& slot) const {
    const auto found = booked.find(slot.start);
    return found == booked.end() ? 0 : found->second;
  }
  bool Free(const PickSlot& slot) const {
    return calendar.picks_per_slot == 0 || Count(slot) < calendar.picks_per_slot;
  }

  // What must be promised; empty when the walk does not reach far enough to tell.
  std::optional<Quote> Expected(Timestamp now) const {
    const auto first = std::ranges::find_if(
        slots, [&](const PickSlot& slot) { return now + calendar.order_cutoff < slot.end; });
    if (first == slots.end()) return std::nullopt;
    const Timestamp horizon = first->start + kCapacityHorizon;
    if (horizon > walk.end()) return std::nullopt;
    for (auto slot = first; slot != slots.end() && slot->start < horizon; ++slot) {
      if (!Free(*slot)) continue;
      const auto lead = walk.AddOpenTime(now, calendar.ready_lead);
      if (!lead) return std::nullopt;
      const Timestamp ready_at = std::max(*lead, slot->end);
      if (ready_at >= walk.end()) return std::nullopt;
      const auto deadline = walk.HoldDeadline(ready_at, calendar.hold_open_days);
      if (!deadline || *deadline >= walk.end()) return std::nullopt;
      return Quote{.slot = *slot, .ready_at = ready_at, .pickup_deadline = *deadline};
    }
    return Quote{.obstacle = PickupObstacle::kNoCapacity};
  }

  absl::TimeZone zone;
  Timestamp around;
  StoreCalendar calendar;
  OpenTime open_time;
  MinuteWalk walk;
  std::vector<PickSlot> slots;
  std::map<Timestamp, int> booked;
};

Violation PromisesAgree(uint64_t seed, const QuoteRule& quote_promise) {
  Random random(seed);
  const Store store(random);
  const auto count = [&](const PickSlot& slot) { return store.Count(slot); };
  for (int i = 0; i < 40; ++i) {
    Timestamp now = store.walk.begin() + std::chrono::days(3) +
                    Duration(random.Between(0, 12 * 86'400'000'000));
    if (random.Percent(30) && !store.slots.empty()) {
      now = random.Pick(store.slots).end - store.calendar.order_cutoff +
            Duration(random.Between(-1, 1));
      if (now > store.walk.end() - std::chrono::days(30)) continue;
      now = std::max(now, store.walk.begin() + std::chrono::days(3));
    }
    const auto expected = store.Expected(now);
    if (!expected) continue;
    const Quote seen = quote_promise(store.open_time, now, count);
    if (seen != *expected) {
      return "at " + WallClock(now, store.zone) + " in " + store.zone.name() + ": " +
             Text(seen, store.zone) + ", expected " + Text(*expected, store.zone);
    }
    // The slot that was quoted is the slot that is taken.
    if (seen.obstacle == PickupObstacle::kNone &&
        QuoteSlot(store.open_time, seen.slot.start, now, count) != seen) {
      return "at " + WallClock(now, store.zone) + ": the slot that was quoted is not granted";
    }
  }
  return std::nullopt;
}

void ExpectCatches(const QuoteRule& quote_promise, uint64_t seeds) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    if (PromisesAgree(seed, quote_promise)) return;
  }
  ADD_FAILURE() << "no seed up to " << seeds << " catches the broken rule";
}

TEST(PromisesAgree, OnRandomCalendars) {
  support::ForEachSeed(200, [](uint64_t seed) {
    const Violation violation = PromisesAgree(seed, QuotePromise);
    EXPECT_FALSE(violation) << *violation;
  });
}

// Every open instant lies in exactly one slot, and slots touch nothing that is closed.
TEST(SlotsCutTheOpenHours, OnRandomCalendars) {
  support::ForEachSeed(100, [](uint64_t seed) {
    Random random(seed);
    const Store store(random);
    for (const PickSlot& slot : store.slots) {
      if (slot.end >= store.walk.end() - std::chrono::days(2)) break;
      for (const Timestamp at : {slot.start, slot.end - Duration(1)}) {
        ASSERT_EQ(SlotAt(store.open_time, at), slot)
            << WallClock(at, store.zone) << " in " << store.zone.name();
      }
    }
    for (int i = 0; i < 100; ++i) {
      const Timestamp at = store.walk.begin() + std::chrono::days(3) +
                           Duration(random.Between(0, 30 * 86'400'000'000));
      ASSERT_EQ(SlotAt(store.open_time, at).has_value(), store.walk.IsOpen(at))
          << WallClock(at, store.zone) << " in " << store.zone.name();
    }
  });
}

// --- Canaries: each breaks one rule, and a seed must notice.
// --------------------------------------

TEST(PromisesAgree, CatchesASlotThatIsOverbooked) {
  ExpectCatches(
      [](const OpenTime& open_time, Timestamp now, Booked booked) {
        return QuotePromise(open_time, now,
                            [&](const PickSlot& slot) { return std::max(0, booked(slot) - 1); });
      },
      20);
}

TEST(PromisesAgree, CatchesACutOffThatIsForgotten) {
  ExpectCatches(
      [](const OpenTime& open_time, Timestamp now, Booked booked) {
        StoreCalendar calendar = open_time.calendar();
        calendar.order_cutoff = Duration(0);
        return QuotePromise(OpenTime(calendar, open_time.zone()), now, booked);
      },
      20);
}

TEST(PromisesAgree, CatchesACutOffOneTickLate) {
  ExpectCatches([](const OpenTime& open_time, Timestamp now,
                   Booked booked) { return QuotePromise(open_time, now - Duration(1), booked); },
                20);
}

TEST(PromisesAgree, CatchesALeadThatRunsWhileClosed) {
  ExpectCatches(
      [](const OpenTime& open_time, Timestamp now, Booked booked) {
        Quote quote = QuotePromise(open_time, now, booked);
        if (quote.obstacle == PickupObstacle::kNone) {
          quote.ready_at = std::max(quote.slot.end, now + open_time.calendar().ready_lead);
        }
        return quote;
      },
      20);
}

TEST(PromisesAgree, CatchesADeadlineThatCountsClosedDays) {
  ExpectCatches(
      [](const OpenTime& open_time, Timestamp now, Booked booked) {
        Quote quote = QuotePromise(open_time, now, booked);
        if (quote.obstacle == PickupObstacle::kNone) {
          const auto date = open_time.LocalDate(quote.ready_at);
          quote.pickup_deadline = open_time.LastClose(date + open_time.calendar().hold_open_days)
                                      .value_or(quote.pickup_deadline);
        }
        return quote;
      },
      20);
}

}  // namespace
}  // namespace stockd::fulfilment
