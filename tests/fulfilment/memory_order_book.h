#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/fulfilment/order_book.h"

namespace stockd::fulfilment {

// An OrderBook over plain maps, which keeps everything. Thread-compatible.
class MemoryOrderBook : public OrderBook {
 public:
  explicit MemoryOrderBook(const Timestamp& now);

  // Locations without a calendar are open round the clock.
  void SetCalendar(LocationId location, StoreCalendar calendar, const std::string& zone);
  // Everywhere customers collect and parcels leave, unless said otherwise.
  void DoesNotCollect(LocationId location) { no_collecting_.insert(location); }
  void DoesNotShip(LocationId location) { no_shipping_.insert(location); }

  const std::map<std::string, Order, std::less<>>& orders() const { return orders_; }
  const std::vector<OrderEvent>& events() const { return events_; }
  const std::map<std::pair<LocationId, Timestamp>, int>& booked() const { return booked_; }

  Order* FindOrder(std::string_view id) override;
  Order& AddOrder(Order order) override;
  void OrderChanged(Order& order, const Order& before) override;
  void AppendEvent(OrderEvent event) override;
  std::optional<AnsweredOrder> FindOrderRequest(std::string_view request_id) override;
  void AddOrderRequest(std::string_view request_id, AnsweredOrder request) override;
  int BookedPicks(LocationId location, const PickSlot& slot) override;
  void BookPicks(LocationId location, Timestamp slot_start, int change) override;
  const OpenTime& hours(LocationId location) override;
  bool collects(LocationId location) override { return !no_collecting_.contains(location); }
  bool ships(LocationId location) override { return !no_shipping_.contains(location); }
  SourceId own_source() override { return SourceId{77}; }
  std::string channel_name(ChannelId channel) override {
    return channel == kNoChannel ? "" : "channel-" + std::to_string(ToNumber(channel));
  }
  // Plain text instead of a secret: tests read it.
  std::string PickupCodeOf(std::string_view order_id, int fulfilment, int generation) override;
  std::string PickupCodeDigest(std::string_view order_id, int fulfilment,
                               std::string_view code) override;

 private:
  const Timestamp& now_;
  std::map<std::string, Order, std::less<>> orders_;
  std::vector<OrderEvent> events_;
  std::map<std::string, AnsweredOrder, std::less<>> requests_;
  std::map<std::pair<LocationId, Timestamp>, int> booked_;
  std::map<LocationId, std::unique_ptr<OpenTime>> hours_;
  std::set<LocationId> no_collecting_;
  std::set<LocationId> no_shipping_;
};

}  // namespace stockd::fulfilment
