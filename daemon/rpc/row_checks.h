// Checks of requests that are lists of rows. Each returns OK or INVALID_ARGUMENT naming the field.
#pragma once

#include <absl/container/flat_hash_set.h>
#include <absl/strings/string_view.h>
#include <grpcpp/support/status.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace stockd::rpc {

// Names the fields of one row of a request, for example "items[3].sku".
struct Path {
  std::string_view list;
  int index = 0;

  std::string Of(std::string_view field) const;
};

// The first check that fails.
grpc::Status FirstOf(std::initializer_list<grpc::Status> checks);

grpc::Status CheckRowCount(std::string_view list, int count, int max);

// From 0 to `max`.
grpc::Status CheckRange(const Path& path, std::string_view field, int64_t value, int64_t max);

// Refuses an id that an earlier row of the request has. The views live as long as the request.
class EachOnce {
 public:
  grpc::Status Check(const Path& path, std::string_view field, std::string_view id);

 private:
  absl::flat_hash_set<absl::string_view> seen_;
};

}  // namespace stockd::rpc
