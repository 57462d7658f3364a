#pragma once

#include <absl/container/btree_map.h>
#include <absl/container/btree_set.h>
#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/engine/booked_picks.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/order_log.h"
#include "daemon/engine/orders.h"
#include "daemon/engine/pickup_codes.h"
#include "daemon/fulfilment/order_book.h"
#include "daemon/storage/store.h"

namespace stockd::engine {

// The source under which orders record what left and came back. No adapter may have this name.
inline constexpr std::string_view kOwnSource = "stockd";

// What the daemon keeps of orders in memory. The parts say who may touch them.
struct OrderMemory {
  Orders orders;
  BookedPicks booked;
  OrderLog log;
  std::atomic<int64_t> open_count{0};
};

// The orders' part of one batch of the writer: the rules' book over memory and the store. Orders
// that changed are written once, at the end of the batch. Belongs to the writer thread.
class OrderBatch final : public fulfilment::OrderBook {
 public:
  // Everything outlives the batch.
  OrderBatch(storage::Store& store, Catalogue& catalogue, OrderMemory& memory,
             const storage::Counters& counters, const PickupCodes& codes);

  void Begin(Timestamp now) { now_ = now; }
  // The id of an order that changed since it was last taken here; unset: there is none.
  std::optional<std::string> TakeChanged();
  // Hands what changed to the store.
  void WritePending();
  // Tells what happened, and forgets what is closed. After the commit.
  void Publish();

  // fulfilment::OrderBook
  fulfilment::Order* FindOrder(std::string_view id) override;
  fulfilment::Order& AddOrder(fulfilment::Order order) override;
  void OrderChanged(fulfilment::Order& order, const fulfilment::Order& before) override;
  void AppendEvent(fulfilment::OrderEvent event) override;
  std::optional<fulfilment::AnsweredOrder> FindOrderRequest(std::string_view request_id) override;
  void AddOrderRequest(std::string_view request_id, fulfilment::AnsweredOrder request) override;
  int BookedPicks(LocationId location, const fulfilment::PickSlot& slot) override {
    return memory_.booked.Count(location, slot);
  }
  void BookPicks(LocationId location, Timestamp slot_start, int change) override {
    memory_.booked.Add(location, slot_start, change);
  }
  const fulfilment::OpenTime& hours(LocationId location) override;
  bool collects(LocationId location) override;
  bool ships(LocationId location) override;
  SourceId own_source() override;
  std::string channel_name(ChannelId channel) override { return catalogue_.ChannelName(channel); }
  std::string PickupCodeOf(std::string_view order_id, int fulfilment, int generation) override {
    return codes_.CodeOf(order_id, fulfilment, generation);
  }
  std::string PickupCodeDigest(std::string_view order_id, int fulfilment,
                               std::string_view code) override {
    return codes_.DigestOf(order_id, fulfilment, code);
  }

 private:
  // How an order must be written.
  enum class Pending : uint8_t { kInsert, kUpdate };

  storage::Store& store_;
  Catalogue& catalogue_;
  OrderMemory& memory_;
  const PickupCodes& codes_;
  uint64_t order_number_;
  uint64_t event_number_;
  SourceId own_source_ = kNoSource;

  // State of the batch, empty between batches.
  Timestamp now_{};
  absl::btree_map<uint64_t, Pending> pending_;
  absl::btree_set<uint64_t> changed_;     // Not yet taken.
  absl::flat_hash_set<uint64_t> loaded_;  // Closed orders that were looked up.
  std::vector<fulfilment::OrderEvent> events_;
  absl::btree_map<std::string, fulfilment::AnsweredOrder> answers_;
  absl::flat_hash_map<LocationId, std::shared_ptr<const fulfilment::OpenTime>> hours_;
};

}  // namespace stockd::engine
