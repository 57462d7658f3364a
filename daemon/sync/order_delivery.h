#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "daemon/engine/engine.h"
#include "daemon/fulfilment/order.h"
#include "daemon/storage/reader.h"
#include "daemon/sync/order_feed.h"

namespace stockd::sync {

// The orders of one session: what is sent next and what was sent and is not answered yet, at most
// `updates_max`. A source that begins anew gets every open order as it stands first; what happens
// meanwhile follows. Thread-compatible.
class OrderDelivery {
 public:
  // Updates above `cursor`; empty: all open orders first. `scope` is asked again at each look:
  // locations and rules may change.
  OrderDelivery(engine::Engine& engine, storage::Reader& reader, std::function<OrderScope()> scope,
                std::optional<uint64_t> cursor, size_t updates_max);

  struct Update {
    uint64_t cursor = 0;
    std::optional<fulfilment::OrderEvent> event;
    fulfilment::Order order;
  };
  // The next updates, at most `limit` and as many as may be on their way; they count as sent.
  // Returns whether there may be more at once. Throws storage::ReadError; the session must then
  // end, for what was read is lost to it.
  bool Next(size_t limit, std::vector<Update>& updates);

  // An acknowledgement arrived: of the first update with this cursor and of all before it. Empty
  // when the cursor was not sent; else whether it is above all acknowledged so far.
  std::optional<bool> Acknowledge(uint64_t cursor);

 private:
  // How many more updates may be on their way.
  size_t room() const { return updates_max_ - on_their_way_.size(); }
  // Open orders that the source has not been told of yet.
  bool NextOpen(size_t limit, std::vector<Update>& updates);
  bool NextEvents(size_t limit, std::vector<Update>& updates);
  void Send(Update update, std::vector<Update>& updates);

  engine::Engine& engine_;
  storage::Reader& reader_;
  const std::function<OrderScope()> scope_;
  const size_t updates_max_;
  OrderFeed feed_;
  // While open orders are told: behind which number, and the one that may be the last.
  bool telling_open_;
  uint64_t open_after_ = 0;
  std::optional<fulfilment::Order> last_open_;
  std::deque<uint64_t> on_their_way_;
  uint64_t sent_;
  uint64_t acknowledged_;
};

}  // namespace stockd::sync
