#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>
#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <string_view>

#include "daemon/rpc/call_meter.h"

namespace stockd::http {

// A method of the contract, as far as a gateway needs to know it.
struct Method {
  std::string path;  // "/stockd.v1.AvailabilityService/GetAvailability"
  const google::protobuf::Message* request = nullptr;  // Prototypes; they live for ever.
  const google::protobuf::Message* response = nullptr;
  bool client_streams = false;
  bool server_streams = false;
  bool has_side_effects = true;
  rpc::CallMeter::Row* row = nullptr;  // Of its calls over HTTP.
};

// Every method of every service in the contract, by path, looked up in the descriptors that are
// linked in: a service that is added needs no line here. Thread-safe.
class Methods {
 public:
  // Calls are noted in `meter`, which outlives this; null: nowhere.
  explicit Methods(rpc::CallMeter* meter = nullptr) : meter_(meter) {}

  // Null when there is none. The pointer stays valid.
  const Method* Find(std::string_view path);

 private:
  rpc::CallMeter* const meter_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::unique_ptr<Method>> known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::http
