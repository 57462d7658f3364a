// The real Tryton, from Debian's packages, with a small shop in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "adapters/http_client/http_client.h"
#include "adapters/tryton/tryton_client.h"
#include "tests/support/process.h"

namespace stockd::real_systems {

// The shop: warehouses WH (SKU-1 40, SKU-2 20, KG-1 12.25) and S2 (SKU-1 7); SKU-1 has the barcode
// 4006381333931, KG-1 is counted in kilograms with two decimals; parties COUNTER and SUNDRY.
class TrytonServer {
 public:
  // Makes the database that servers start from, which takes a minute the first time in a build
  // folder. Not empty: why there is no Tryton here, for GTEST_SKIP.
  static std::string Prepare();

  // A database of its own in `folder`, on a port that stays the same over restarts.
  explicit TrytonServer(std::filesystem::path folder);

  // Waits until it answers; false: it did not, see log().
  [[nodiscard]] bool Start();
  void Kill() { process_.reset(); }

  int port() const { return port_; }
  std::string log() const;

  // Calls as the administrator, as people at their screens cause them.
  tryton::TrytonClient& client() { return *client_; }

  // What Tryton shows on hand, as it writes it, for example "12.25"; empty when it does not answer.
  std::string OnHand(const std::string& sku, const std::string& warehouse);
  // The id of the first record with this code.
  int64_t IdOf(const std::string& model, const std::string& code);
  int64_t FieldOf(const std::string& model, int64_t id, const std::string& field);
  // A move made and done by hand: its id.
  int64_t Move(const std::string& sku, const std::string& quantity, int64_t from, int64_t to);
  // A sale over the counter of a warehouse, by hand.
  int64_t Sell(const std::string& sku, const std::string& quantity, const std::string& warehouse);
  // A count begins: what was counted is written down; its id. What it was before is frozen now.
  int64_t BeginCount(const std::string& sku, const std::string& quantity,
                     const std::string& warehouse);
  void ConfirmCount(int64_t count);
  // How many shipments carry a reference that begins so.
  size_t ShipmentsWith(const std::string& prefix);

 private:
  const std::filesystem::path folder_;
  const int port_;
  std::unique_ptr<http_client::HttpClient> http_;
  std::optional<tryton::TrytonClient> client_;
  std::optional<support::Process> process_;
};

}  // namespace stockd::real_systems
