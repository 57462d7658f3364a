#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "stockd/v1/order_service.grpc.pb.h"
#include "tests/support/grpc_client.h"
#include "tests/support/random.h"

namespace stockd::system_test {

// A store's staff who take orders and bring them to an end of some kind without a pause:
//   - every call is repeated with the same ids until it is answered;
//   - a call that was answered is now and then made again, and must get the first answer.
// Works on a thread of its own, with a connection of its own.
class OrderWorker {
 public:
  struct Options {
    std::string address;
    std::string name;                    // Begins all its ids.
    std::vector<std::string> skus;       // At least two.
    std::vector<std::string> locations;  // They ship, and customers collect there.
    uint64_t seed = 1;
  };

  struct Tally {
    int64_t placed = 0;
    int64_t refused = 0;  // For want of stock.
    int64_t collected = 0;
    int64_t shipped = 0;
    int64_t cancelled = 0;
    int64_t returned = 0;
    int64_t missing = 0;   // Orders with units that nobody found.
    int64_t replayed = 0;  // Calls made again although they were answered.
    int64_t repeated = 0;  // Calls made again because they were not answered.
  };

  explicit OrderWorker(Options options);
  ~OrderWorker();

  // Finishes the order it is at. Idempotent.
  void Stop();

  // Below: only when it does not work.

  // Every order as it was last answered, by id.
  const std::map<std::string, v1::Order>& orders() const { return orders_; }
  const Tally& tally() const { return tally_; }
  // All that should not have happened.
  const std::vector<std::string>& surprises() const { return surprises_; }

  // Changes that were answered so far, while it works too.
  int64_t answered_count() const { return answered_count_.load(); }
  // A copy of the orders whose last call was answered, while it works.
  std::map<std::string, v1::Order> SettledOrders() const;

 private:
  using Stub = v1::OrderService::Stub;

  void Run(const std::stop_token& stop);
  void DoOne();
  bool Place(const std::string& id);
  void Follow(const std::string& id);
  // Returns whether anything was picked.
  bool Pick(const std::string& id);
  void Collect(const std::string& id);
  std::string CodeOf(const std::string& id);
  void Ship(const std::string& id);
  void Cancel(const std::string& id);
  void Return(const std::string& id, int64_t quantity);

  // A move of the order's only fulfilment, with a request id of its own.
  template <typename Request>
  Request MoveOf(const std::string& id);
  // Makes the call until it is answered, and keeps the order that comes back. Returns whether it
  // was done; a refusal that `refusal` does not name is a surprise.
  template <typename Request, typename Response>
  bool Change(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
              const Request& request, const std::string& refusal = "");
  void Surprise(const std::string& what);

  const Options options_;
  support::GrpcClient client_;
  Stub stub_;
  support::Random random_;
  int64_t count_ = 0;
  int64_t requests_ = 0;
  Tally tally_;
  std::vector<std::string> surprises_;
  std::atomic<int64_t> answered_count_ = 0;

  mutable std::mutex mutex_;
  std::map<std::string, v1::Order> orders_;
  std::string busy_with_;  // The order whose next answer is on its way.

  std::jthread thread_;  // Last: it uses all of the above.
};

}  // namespace stockd::system_test
