#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/daemon_process.h"
#include "tests/support/grpc_client.h"
#include "tests/support/temp_directory.h"
#include "tests/system/files_adapter.h"

namespace stockd::system_test {

// An item as the ERP has it; amounts as decimals.
struct ErpItem {
  std::string category;
  std::string unit_cost = {};
  std::string price = {};
  std::string currency = {};
};

// Sale lines of a shop, as its file shows them.
class SaleLines {
 public:
  SaleLines();

  struct Line {
    std::string id;
    std::string sku;
    std::string location;
    std::string channel;
    std::string at;  // RFC 3339.
    std::string order;
    std::string customer;
    std::string currency;
  };
  // Units for a sum in millionths. Facts have a price of one unit: where the sum is no multiple of
  // it, the last unit is a line of its own with the rest. Nothing for no units.
  void Add(const Line& line, int64_t quantity, int64_t sum_millionths);

  const std::string& text() const { return text_; }

 private:
  void AddRow(const Line& line, const std::string& suffix, int64_t quantity, int64_t price);

  std::string text_;
};

// The daemon, the adapter of an ERP and the one of a web shop, as real processes.
class RealChain {
 public:
  // `web_mapping`: TOML, how the shop's files are read.
  explicit RealChain(const std::string& web_mapping = "");

  // False, with a failed expectation, when it does not start.
  [[nodiscard]] bool Start();

  void TellItems(const std::map<std::string, ErpItem>& items);
  void TellLocations(const std::set<std::string>& codes);
  void TellChannels(const std::set<std::string>& ids);
  // One file of the ERP, or of the shop.
  void TellErp(const std::string& name, const std::string& text) { erp_.Drop(name, text); }
  void TellShop(const std::string& name, const std::string& text) { web_.Drop(name, text); }
  // Until every file was taken; rows that were set aside fail the test, unless they are allowed.
  [[nodiscard]] bool WaitUntilTaken(int64_t rejected_max = 0);

  support::GrpcClient& client() { return *client_; }
  FilesAdapter& shop() { return web_; }

 private:
  support::TempDirectory folder_;
  support::DaemonProcess daemon_;
  FilesAdapter erp_;
  FilesAdapter web_;
  std::optional<support::GrpcClient> client_;
};

}  // namespace stockd::system_test
