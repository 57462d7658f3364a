#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/daemon_process.h"
#include "tests/support/grpc_client_stream.h"
#include "tests/support/temp_directory.h"

namespace stockd::system_test {

using PositionName = std::pair<std::string, std::string>;  // SKU, location.

// A daemon of its own for each test, with the sources "erp" and "till", and a caller.
class DaemonFixture : public testing::Test {
 protected:
  // `database` empty: in the test's own folder.
  explicit DaemonFixture(std::string more_config = "", std::filesystem::path database = {});

  // Starts the daemon; on failure the test fails with the daemon's log.
  void StartDaemon();
  void StopDaemon();

  // SKU-0, SKU-1 ... at L0, L1 ...: makes them known, and gives their positions.
  std::vector<PositionName> PutNames(int sku_count, int location_count);
  // Delivers so many units to each of the positions.
  void Deliver(const std::vector<PositionName>& positions, int64_t quantity);

  // Each of these calls until it is answered, and fails the test when the answer is not OK.
  v1::Availability Read(const PositionName& position);
  std::vector<v1::Availability> ReadAll();
  v1::GetStatusResponse DaemonStatus();

  static v1::CreateReservationRequest Wish(const std::string& id, const PositionName& position,
                                           int64_t quantity, std::chrono::milliseconds ttl);
  // Calls once.
  grpc::Status Reserve(const v1::CreateReservationRequest& request,
                       v1::Reservation* reservation = nullptr);
  // Calls until it is answered.
  grpc::Status Get(const std::string& id, v1::Reservation& reservation);

  // `stockctl verify` must find nothing.
  void ExpectNoDrift();

  support::TempDirectory folder_;
  support::DaemonProcess daemon_;
  support::GrpcClient client_;

 private:
  int64_t deliveries_ = 0;
  int64_t repeated_ = 0;
};

}  // namespace stockd::system_test
