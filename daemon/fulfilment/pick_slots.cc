#include "daemon/fulfilment/pick_slots.h"

#include <algorithm>

#include "daemon/base/check.h"

namespace stockd::fulfilment {
namespace {

// The slot of the opening in which `at` lies. REQUIRES: at < opening.close; earlier than the
// opening counts as its beginning.
PickSlot SlotOf(const Opening& opening, Duration slot_length, Timestamp at) {
  const int64_t index = at <= opening.open ? 0 : (at - opening.open) / slot_length;
  const Timestamp start = opening.open + index * slot_length;
  return {.start = start, .end = std::min(start + slot_length, opening.close)};
}

bool HasPick(const StoreCalendar& calendar, const PickSlot& slot, Booked booked) {
  return calendar.picks_per_slot == 0 || booked(slot) < calendar.picks_per_slot;
}

// Calls `each` for the slots that take orders at `now`, until it answers false.
void ForEachSlot(const OpenTime& open_time, Timestamp now,
                 absl::FunctionRef<bool(const PickSlot&)> each) {
  const StoreCalendar& calendar = open_time.calendar();
  const Timestamp ends_after = now + calendar.order_cutoff;
  std::optional<Timestamp> horizon;
  open_time.ForEachOpening(ends_after, now + kOpeningHorizon, [&](const Opening& opening) {
    PickSlot slot = SlotOf(opening, calendar.slot_length, ends_after);
    if (!horizon) horizon = slot.start + kCapacityHorizon;
    while (slot.start < *horizon && each(slot)) {
      if (slot.end == opening.close) return true;
      slot = {.start = slot.end, .end = std::min(slot.end + calendar.slot_length, opening.close)};
    }
    return false;
  });
}

Quote Promise(const OpenTime& open_time, const PickSlot& slot, Timestamp now) {
  const StoreCalendar& calendar = open_time.calendar();
  const auto lead_ends = open_time.AddOpenTime(now, calendar.ready_lead);
  if (!lead_ends) return {.obstacle = PickupObstacle::kClosed};
  const Timestamp ready_at = std::max(slot.end, *lead_ends);
  const auto deadline = open_time.HoldDeadline(ready_at, calendar.hold_open_days);
  if (!deadline) return {.obstacle = PickupObstacle::kClosed};
  return {.slot = slot, .ready_at = ready_at, .pickup_deadline = *deadline};
}

}  // namespace

std::optional<PickSlot> SlotAt(const OpenTime& open_time, Timestamp at) {
  std::optional<PickSlot> slot;
  open_time.ForEachOpening(at, at + Duration(1), [&](const Opening& opening) {
    slot = SlotOf(opening, open_time.calendar().slot_length, at);
    return false;
  });
  return slot;
}

std::vector<PickSlot> FreeSlots(const OpenTime& open_time, Timestamp now, Booked booked,
                                size_t limit) {
  std::vector<PickSlot> slots;
  if (limit == 0) return slots;
  ForEachSlot(open_time, now, [&](const PickSlot& slot) {
    if (HasPick(open_time.calendar(), slot, booked)) slots.push_back(slot);
    return slots.size() < limit;
  });
  return slots;
}

Quote QuotePromise(const OpenTime& open_time, Timestamp now, Booked booked) {
  Quote quote{.obstacle = PickupObstacle::kClosed};
  ForEachSlot(open_time, now, [&](const PickSlot& slot) {
    if (!HasPick(open_time.calendar(), slot, booked)) {
      quote.obstacle = PickupObstacle::kNoCapacity;
      return true;
    }
    quote = Promise(open_time, slot, now);
    return false;
  });
  return quote;
}

Quote QuoteSlot(const OpenTime& open_time, Timestamp slot_start, Timestamp now, Booked booked) {
  const auto slot = SlotAt(open_time, slot_start);
  if (!slot || slot->start != slot_start) return {.obstacle = PickupObstacle::kNoSuchSlot};
  if (now >= slot->end - open_time.calendar().order_cutoff) {
    return {.obstacle = PickupObstacle::kCutOff};
  }
  if (!HasPick(open_time.calendar(), *slot, booked)) {
    return {.obstacle = PickupObstacle::kNoCapacity};
  }
  return Promise(open_time, *slot, now);
}

}  // namespace stockd::fulfilment
