#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/support/grpc_client.h"

namespace stockd::system_test {

// A part of an order that a carrier brought. Instants as RFC 3339.
struct RealParcel {
  std::string location;
  std::string carrier;
  std::string service;
  std::string promised_at;
  std::string delivered_at;  // Empty: not yet.
};

struct RealOrder {
  std::string id;
  std::string channel;
  std::string placed_at;
  bool is_cancelled = false;  // By the customer, before anybody picked.
  std::vector<RealParcel> parcels;
};

// SKU of what the orders consist of: one unit for each parcel.
inline constexpr const char* kParcelSku = "PARCEL";

// Places the orders by OrderService, over several connections, and tells what became of them as the
// source "carrier" by the adapters' stream: picked, shipped, delivered. Failures fail the test.
void TellOrders(support::GrpcClient& client, const std::vector<RealOrder>& orders);

}  // namespace stockd::system_test
