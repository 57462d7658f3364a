#pragma once

#include <absl/container/flat_hash_set.h>
#include <google/protobuf/repeated_ptr_field.h>
#include <grpcpp/support/status.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/fulfilment/order_commands.h"
#include "daemon/fulfilment/sourcing.h"
#include "daemon/rpc/order_parts.h"
#include "daemon/storage/catalogue_rows.h"
#include "stockd/v1/types.pb.h"

namespace stockd::rpc {

// What is to be sent, and who may send it.
struct PlanWish {
  std::vector<fulfilment::CartLine> cart;
  ChannelId channel = kNoChannel;
  absl::flat_hash_set<LocationId> only{};  // Empty: all that ship and are in the channel.
  absl::flat_hash_set<LocationId> exclude{};
  std::optional<v1::Coordinate> near{};  // Where the parcels go.
  absl::flat_hash_set<LocationId> has_parcel{};
  size_t parcels_max = 0;  // 0: no limit.
};

// Where to send a cart from, by what stands there now. From memory; about a millisecond for an
// ordinary cart over some hundred locations. REQUIRES: no item is a bundle.
fulfilment::SourcingPlan PlanParcels(const OrderParts& parts, const PlanWish& wish);

// Plans made for one call before it is refused: when somebody was faster, or a location has no
// picking slot left, a plan is made anew without what stood in its way.
inline constexpr int kPlansMax = 5;

// Whether another plan may succeed where this one was refused; `wish` is then for that one.
bool MayReplan(const fulfilment::OrderRefusal& refusal, PlanWish& wish);

// Why there is no plan.
grpc::Status ToStatus(const PlanWish& wish, const fulfilment::SourcingPlan& plan,
                      const engine::Catalogue& catalogue);

// Parts of requests for plans. 0 parcels mean 50.
grpc::Status ParseParcels(int asked, size_t& parcels_max);
grpc::Status FindLocations(std::string_view field,
                           const google::protobuf::RepeatedPtrField<std::string>& codes,
                           const engine::Catalogue& catalogue,
                           absl::flat_hash_set<LocationId>& locations);

// Divides what a plan takes of an item among the lines that want it, in their order.
class PlanDivider {
 public:
  // `items` are those of the lines. What is given outlives the divider.
  PlanDivider(const PlanWish& wish, const fulfilment::SourcingPlan& plan,
              std::vector<fulfilment::MoveLine> lines, std::vector<ItemId> items)
      : wish_(wish), plan_(plan), left_(std::move(lines)), items_(std::move(items)) {}

  // The lines' shares of what the location sends. Called once for each of the plan's parcels.
  std::vector<fulfilment::MoveLine> Take(LocationId location);

 private:
  const PlanWish& wish_;
  const fulfilment::SourcingPlan& plan_;
  std::vector<fulfilment::MoveLine> left_;  // What is still to be divided.
  std::vector<ItemId> items_;
};

// The locations that are going to send a parcel of the order anyway.
absl::flat_hash_set<LocationId> ParcelsOf(const fulfilment::Order& order);

std::optional<v1::Coordinate> CoordinateOf(const storage::Location& location);

}  // namespace stockd::rpc
