#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/config/config.h"
#include "daemon/daemon.h"
#include "tests/support/grpc_client.h"
#include "tests/support/grpc_client_stream.h"
#include "tests/support/temp_directory.h"

namespace stockd::support {

// The whole daemon in this process, on a free port, over a database of its own, with a clock that
// stands still unless the test moves it, and by which facts are dated. Items MUG and TEA (pieces)
// and HAM (kg, scale 3), locations S01, S02 and W01, the group "stores" (S01, S02), the channel
// "app" (no buffer, everywhere) and the channel "web" (buffer 1, group "stores") exist; the sources
// "erp", "till" and "shop" may connect.
class DaemonFixture : public testing::Test {
 protected:
  DaemonFixture();
  void SetUp() override;
  void TearDown() override { Stop(); }

  // Takes effect with the next Start().
  config::Config config;
  // The disk of the next Start(); empty: the real one.
  std::string vfs_name;

  void Start();
  void Stop();
  void Restart() {
    Stop();
    Start();
  }

  GrpcClient& client() { return *client_; }
  Daemon& daemon() { return *daemon_; }
  const std::filesystem::path& folder() const { return folder_.path(); }

  // Units that arrive now, told by the till.
  void Stock(const std::string& sku, const std::string& location, int64_t quantity);
  // Holds units for ten minutes. REQUIRES: they are granted.
  v1::Reservation Reserve(const std::string& id, const std::string& sku,
                          const std::string& location, int64_t quantity);
  // For the channel, or none.
  v1::Availability Available(const std::string& sku, const std::string& location,
                             const std::string& channel = "");
  v1::GetStatusResponse Status();

  // Everything a refused call could have changed, as text.
  std::string Fingerprint();

  ManualClock clock;
  FactsDatedBy facts_dated_by_clock{clock};

 private:
  void PutNames();

  TempDirectory folder_;
  std::unique_ptr<Daemon> daemon_;
  std::unique_ptr<GrpcClient> client_;
  int batches_ = 0;
};

v1::LineRequest LineOf(const std::string& sku, const std::string& location, int64_t quantity);
v1::CreateReservationRequest CreateOf(const std::string& id, const std::string& sku,
                                      const std::string& location, int64_t quantity);

}  // namespace stockd::support
