// The calls that bring an order forward.
#pragma once

#include <absl/status/status.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "stockd/v1/order_types.pb.h"

namespace stockd::sample {

struct OrderedLine {
  std::string sku;
  int64_t quantity = 0;
  int64_t price_cents = 0;
};

struct OrderToPlace {
  std::string id;
  std::string channel;
  std::string customer;
  v1::FulfilmentMethod method = v1::FULFILMENT_METHOD_PICKUP;
  std::string location;
  std::string destination;
  std::vector<OrderedLine> lines;
};

// stockd's OrderService, as the shop, the store and the carrier call it. Every call has a request
// id of its own making, so that nothing happens twice. Thread-compatible.
class OrderCalls {
 public:
  virtual ~OrderCalls() = default;

  virtual absl::Status Place(const OrderToPlace& order) = 0;
  virtual absl::Status StartPicking(const std::string& order) = 0;
  // All that is still to be picked; `missing` units of its last line are not found.
  virtual absl::Status PickAll(const std::string& order, int64_t missing) = 0;
  virtual absl::Status CancelMissing(const std::string& order) = 0;
  virtual absl::Status SubstituteMissing(const std::string& order, const OrderedLine& by) = 0;
  virtual absl::Status FinishPicking(const std::string& order, const std::string& area) = 0;
  virtual absl::Status Arrive(const std::string& order) = 0;
  // With the code that the customer was sent.
  virtual absl::Status HandOver(const std::string& order) = 0;
  virtual absl::Status Ship(const std::string& order, const std::string& carrier,
                            const std::string& service) = 0;
  virtual absl::Status ReceiveAtStore(const std::string& order, const std::string& area) = 0;
  virtual absl::Status Attempt(const std::string& order) = 0;
  virtual absl::Status Deliver(const std::string& order) = 0;
  virtual absl::Status TellException(const std::string& order, v1::DeliveryExceptionKind kind) = 0;
  virtual absl::Status Cancel(const std::string& order) = 0;
  virtual absl::Status Return(const std::string& order, const std::string& location) = 0;
  virtual absl::Status Rate(const std::string& order, int nps, int csat) = 0;
};

[[nodiscard]] std::unique_ptr<OrderCalls> MakeOrderCalls(const std::string& address);

}  // namespace stockd::sample
