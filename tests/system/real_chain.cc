#include "tests/system/real_chain.h"

#include <gtest/gtest.h>

#include "tests/system/reference_data.h"

namespace stockd::system_test {
namespace {

using support::In;
using support::WaitUntil;

constexpr std::chrono::seconds kFilesPatience = 3 * support::kPatience;
constexpr const char* kSaleColumns =
    "event_id,kind,sku,location,quantity,unit_price,currency,occurred_at,reference,"
    "customer_reference,channel\n";

}  // namespace

SaleLines::SaleLines() : text_(kSaleColumns) {}

void SaleLines::Add(const Line& line, int64_t quantity, int64_t sum_millionths) {
  if (quantity == 0) return;
  const int64_t price = sum_millionths / quantity;
  const int64_t rest = sum_millionths - price * quantity;
  if (rest == 0) {
    AddRow(line, "", quantity, price);
    return;
  }
  if (quantity > 1) AddRow(line, "", quantity - 1, price);
  AddRow(line, "-rest", 1, price + rest);
}

void SaleLines::AddRow(const Line& line, const std::string& suffix, int64_t quantity,
                       int64_t price) {
  text_ += Quoted(line.id + suffix) + ",sale," + Quoted(line.sku) + "," + Quoted(line.location) +
           "," + std::to_string(quantity) + "," + FromMillionths(price) + "," + line.currency +
           "," + line.at + "," + Quoted(line.order) + "," + Quoted(line.customer) + "," +
           Quoted(line.channel) + "\n";
}

RealChain::RealChain(const std::string& web_mapping)
    : daemon_({.folder = folder_.path(),
               .sources = {{.id = "erp", .kind = "erp"},
                           {.id = "web", .kind = "web"},
                           {.id = "carrier", .kind = "other"}},
               .more_config = "[facts]\nlook_back = \"36500d\"\n"}),
      erp_({.source = "erp",
            .role = "erp",
            .folder = folder_.path(),
            .daemon_address = daemon_.address(),
            .mapping = ""}),
      web_({.source = "web",
            .role = "web",
            .folder = folder_.path(),
            .daemon_address = daemon_.address(),
            .mapping = web_mapping}) {}

bool RealChain::Start() {
  if (!daemon_.Start()) {
    ADD_FAILURE() << "the daemon does not start:\n" << daemon_.log();
    return false;
  }
  client_.emplace(daemon_.address());
  erp_.Start();
  web_.Start();
  return true;
}

void RealChain::TellItems(const std::map<std::string, ErpItem>& items) {
  std::string text = "sku,name,category,unit_cost,price,currency\n";
  for (const auto& [sku, item] : items) {
    text += Quoted(sku) + "," + Quoted(sku) + "," + Quoted(item.category) + "," + item.unit_cost +
            "," + item.price + "," + item.currency + "\n";
  }
  TellErp("items.csv", text);
}

void RealChain::TellLocations(const std::set<std::string>& codes) {
  std::string text = "code,name,kind,ships\n";
  for (const std::string& code : codes) {
    text += Quoted(code) + "," + Quoted(code) + ",warehouse,true\n";
  }
  TellErp("locations.csv", text);
}

void RealChain::TellChannels(const std::set<std::string>& ids) {
  std::string text = "channel_id,name\n";
  for (const std::string& id : ids) text += Quoted(id) + "," + Quoted(id) + "\n";
  TellErp("channels.csv", text);
}

bool RealChain::WaitUntilTaken(int64_t rejected_max) {
  const bool taken = WaitUntil(In(kFilesPatience), [this] {
    return erp_.open_file_count() == 0 && web_.open_file_count() == 0;
  });
  EXPECT_TRUE(taken) << erp_.log() << web_.log() << daemon_.log();
  for (FilesAdapter* adapter : {&erp_, &web_}) {
    const FilesTotal total = adapter->Total();
    EXPECT_EQ(adapter->failed_files(), std::vector<std::string>{}) << adapter->log();
    EXPECT_LE(total.rejected_count() + total.quarantined_count(), rejected_max) << adapter->log();
  }
  return taken && !testing::Test::HasFailure();
}

}  // namespace stockd::system_test
