#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/grpc_client_stream.h"
#include "tests/support/random.h"

namespace stockd::system_test {

// A source that tells facts without a pause: deliveries to random positions, and sales of what was
// committed. A batch is told again, after any number of crashes of the daemon, until it is
// acknowledged; now and then one that was acknowledged is told again. Works on a thread of its own.
class FactWorker {
 public:
  using PositionName = std::pair<std::string, std::string>;  // SKU, location.

  struct Options {
    std::string address;
    std::string source;  // As the daemon is configured; also begins all event ids.
    std::vector<PositionName> positions;
    uint64_t seed = 1;
    // Asked for reservations whose units leave now; empty when there is none.
    std::function<std::optional<v1::Reservation>()> next_sale = {};
  };

  explicit FactWorker(Options options);
  ~FactWorker();

  // Finishes the batch it is at. Idempotent.
  void Stop();

  // Below: only when it does not work.

  // Units delivered less units sold, by acknowledged facts.
  const std::map<PositionName, int64_t>& moved() const { return moved_; }
  // Reservations all of whose units were sold.
  const std::vector<std::string>& sold() const { return sold_; }
  int64_t fact_count() const { return fact_count_; }
  int64_t repeated_count() const { return repeated_count_; }
  const std::vector<std::string>& surprises() const { return surprises_; }

 private:
  void Run(const std::stop_token& stop);
  std::vector<v1::Fact> NextBatch();
  void AddSales(const v1::Reservation& reservation, std::vector<v1::Fact>& facts);
  // Until it is acknowledged; unset, with a surprise, after a minute.
  std::optional<v1::BatchAck> Tell(const std::vector<v1::Fact>& facts);
  std::string NextId();

  const Options options_;
  support::GrpcClient client_;
  support::Random random_;
  std::unique_ptr<support::AdapterStream> stream_;
  uint64_t batch_ = 0;
  int64_t fact_count_ = 0;
  int64_t repeated_count_ = 0;
  std::map<PositionName, int64_t> moved_;
  std::vector<std::string> sold_;
  std::vector<std::string> surprises_;

  std::jthread thread_;  // Last: it uses all of the above.
};

}  // namespace stockd::system_test
