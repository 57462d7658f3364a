#include "tests/fulfilment/memory_order_book.h"

#include <stdexcept>

namespace stockd::fulfilment {

MemoryOrderBook::MemoryOrderBook(const Timestamp& now) : now_(now) {}

void MemoryOrderBook::SetCalendar(LocationId location, StoreCalendar calendar,
                                  const std::string& zone) {
  absl::TimeZone found;
  if (!absl::LoadTimeZone(zone, &found)) throw std::runtime_error("no time zone " + zone);
  hours_[location] = std::make_unique<OpenTime>(std::move(calendar), found);
}

Order* MemoryOrderBook::FindOrder(std::string_view id) {
  const auto found = orders_.find(id);
  return found == orders_.end() ? nullptr : &found->second;
}

Order& MemoryOrderBook::AddOrder(Order order) {
  order.number = orders_.size() + 1;
  return orders_[order.id] = std::move(order);
}

void MemoryOrderBook::OrderChanged(Order& order, const Order& before) {
  if (order.version <= before.version) throw std::logic_error("the version did not grow");
}

void MemoryOrderBook::AppendEvent(OrderEvent event) {
  event.number = events_.size() + 1;
  event.recorded_at = now_;
  events_.push_back(std::move(event));
}

std::optional<AnsweredOrder> MemoryOrderBook::FindOrderRequest(std::string_view request_id) {
  const auto found = requests_.find(request_id);
  if (found == requests_.end()) return {};
  return found->second;
}

void MemoryOrderBook::AddOrderRequest(std::string_view request_id, AnsweredOrder request) {
  requests_[std::string(request_id)] = std::move(request);
}

int MemoryOrderBook::BookedPicks(LocationId location, const PickSlot& slot) {
  int count = 0;
  for (const auto& [key, picks] : booked_) {
    if (key.first == location && key.second >= slot.start && key.second < slot.end) count += picks;
  }
  return count;
}

void MemoryOrderBook::BookPicks(LocationId location, Timestamp slot_start, int change) {
  booked_[{location, slot_start}] += change;
}

const OpenTime& MemoryOrderBook::hours(LocationId location) {
  auto& known = hours_[location];
  if (!known) known = std::make_unique<OpenTime>(RoundTheClock(), absl::UTCTimeZone());
  return *known;
}

std::string MemoryOrderBook::PickupCodeOf(std::string_view order_id, int fulfilment,
                                          int generation) {
  return std::string(order_id) + "-" + std::to_string(fulfilment) + "-" +
         std::to_string(generation);
}

std::string MemoryOrderBook::PickupCodeDigest(std::string_view order_id, int fulfilment,
                                              std::string_view code) {
  return "digest of " + std::string(code) + " for " + std::string(order_id) + "/" +
         std::to_string(fulfilment);
}

}  // namespace stockd::fulfilment
