#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/fulfilment/answered_order.h"
#include "daemon/fulfilment/order.h"
#include "daemon/fulfilment/order_event.h"
#include "daemon/fulfilment/pick_slots.h"

namespace stockd::fulfilment {

// What the rules of orders read and change beside the ledger's state, in the same batch. The engine
// implements it over memory and the database, tests over plain maps. Thread-compatible.
class OrderBook {
 public:
  virtual ~OrderBook() = default;

  // The order with this id, open or closed; null when there is none. Valid until the end of the
  // batch.
  virtual Order* FindOrder(std::string_view id) = 0;
  // Gives the order its number.
  virtual Order& AddOrder(Order order) = 0;
  // Must be called after an order changed, with what it was before: the implementation keeps its
  // indexes (claims, reminders) in step and writes the order at the end of the batch.
  virtual void OrderChanged(Order& order, const Order& before) = 0;
  // Fills in the event's number and recorded_at.
  virtual void AppendEvent(OrderEvent event) = 0;

  virtual std::optional<AnsweredOrder> FindOrderRequest(std::string_view request_id) = 0;
  virtual void AddOrderRequest(std::string_view request_id, AnsweredOrder request) = 0;

  // Orders whose slot at the location began in [slot.start, slot.end).
  virtual int BookedPicks(LocationId location, const PickSlot& slot) = 0;
  virtual void BookPicks(LocationId location, Timestamp slot_start, int change) = 0;

  // Opening hours and pick capacity. Valid until the end of the batch.
  virtual const OpenTime& hours(LocationId location) = 0;
  // Whether customers collect there; whether parcels leave from there.
  virtual bool collects(LocationId location) = 0;
  virtual bool ships(LocationId location) = 0;

  // The source under which orders record what left and came back.
  virtual SourceId own_source() = 0;
  virtual std::string channel_name(ChannelId channel) = 0;

  // The code of the customer for this fulfilment, a function of a secret and the arguments: it can
  // be told again, and only its digest is kept.
  virtual std::string PickupCodeOf(std::string_view order_id, int fulfilment, int generation) = 0;
  // Hexadecimal digest of a code that somebody typed.
  virtual std::string PickupCodeDigest(std::string_view order_id, int fulfilment,
                                       std::string_view code) = 0;
};

}  // namespace stockd::fulfilment
