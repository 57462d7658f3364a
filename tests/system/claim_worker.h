#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/grpc_client.h"
#include "tests/support/random.h"

namespace stockd::system_test {

// A caller that reserves, commits and releases without a pause, and keeps the daemon to its word:
//   - every call is repeated with the same ids until it is answered;
//   - a call that was answered is now and then made again, and must get the first answer;
//   - the version of a position never goes back, and a granted claim is seen by the next read.
// Works on a thread of its own, with a connection of its own.
class ClaimWorker {
 public:
  struct Options {
    std::string address;
    std::string name;                                            // Begins all its ids.
    std::vector<std::pair<std::string, std::string>> positions;  // SKU, location.
    uint64_t seed = 1;
    int64_t quantity_max = 3;
    // Whether a SKU or location may be unknown still; else that is a surprise.
    bool names_may_be_unknown = false;
  };

  struct Tally {
    int64_t granted = 0;
    int64_t refused = 0;  // For want of stock, or of a name.
    int64_t committed = 0;
    int64_t released = 0;
    int64_t replayed = 0;  // Calls made again although they were answered.
    int64_t repeated = 0;  // Calls made again because they were not answered.
  };

  // Units that are claimed at one position.
  struct Claimed {
    int64_t held = 0;
    int64_t committed = 0;
  };

  explicit ClaimWorker(Options options);
  ~ClaimWorker();

  // Finishes the reservation it is at. Idempotent.
  void Stop();

  // Below: only when it does not work.

  // Gives back what is held and not committed.
  void ReleaseHeld();
  // Every reservation as it was last answered, by id.
  const std::map<std::string, v1::Reservation>& reservations() const { return reservations_; }
  // The sum of all open claims.
  std::map<std::pair<std::string, std::string>, Claimed> Claims() const;
  const Tally& tally() const { return tally_; }
  // All that should not have happened.
  const std::vector<std::string>& surprises() const { return surprises_; }

  // Changes that were answered so far, while it works too.
  int64_t answered_count() const { return answered_count_.load(); }
  // A copy of the reservations whose last call was answered, while it works.
  std::map<std::string, v1::Reservation> SettledReservations() const;
  // A reservation all of whose units are committed; the worker leaves it alone from then on.
  std::optional<v1::Reservation> TakeCommitted();

 private:
  void Run(const std::stop_token& stop);
  void DoOne();
  bool Create(const std::string& id);
  void Follow(const std::string& id);
  void Commit(const std::string& id, bool in_parts);
  void Release(const std::string& id);
  void Extend(const std::string& id);
  void CheckRead(const v1::Reservation& reservation);
  void Keep(const v1::Reservation& reservation);
  void Surprise(const std::string& what);

  // Makes the call until it is answered; keeps the reservation that comes back.
  template <typename Request, typename Response>
  grpc::Status Change(grpc::Status (support::GrpcClient::Reservation::*method)(grpc::ClientContext*,
                                                                               const Request&,
                                                                               Response*),
                      const Request& request);

  const Options options_;
  support::GrpcClient client_;
  support::Random random_;
  int64_t count_ = 0;
  std::map<std::pair<std::string, std::string>, uint64_t> versions_;
  Tally tally_;
  std::vector<std::string> surprises_;
  std::atomic<int64_t> answered_count_ = 0;

  mutable std::mutex mutex_;
  std::map<std::string, v1::Reservation> reservations_;
  std::string busy_with_;  // The reservation whose next answer is on its way.
  std::vector<std::string> committed_;

  std::jthread thread_;  // Last: it uses all of the above.
};

}  // namespace stockd::system_test
