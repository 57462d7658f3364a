// The recorded exports of real tills, against what was counted in them by hand. They lie beside the
// checkout; without them these tests say so and do nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "adapters/poslog/transaction_mapping.h"
#include "adapters/poslog/transaction_reader.h"
#include "adapters/poslog/transaction_scanner.h"
#include "adapters/sdk/file_window.h"

namespace stockd::poslog {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::Pair;

constexpr const char* kMissing =
    "needs the recordings; put them beside the checkout as shared, or name their folder in "
    "STOCKD_SHARED: ";

// What a recording comes to.
struct Totals {
  std::map<std::string, int64_t> fates;  // "sent", "skipped ControlTransaction" ...
  std::map<std::string, int64_t> lines_skipped;
  std::map<std::string, int64_t> by_item;           // Hundredths that were sold.
  std::map<std::string, std::set<uint64_t>> tills;  // Their numbers.
  std::set<std::string> keys;
  int64_t transactions = 0;
  int64_t facts = 0;
  int64_t sold = 0;  // Hundredths.
  int64_t voided = 0;
  int64_t priced = 0;
};

fs::path Recording(const std::string& name) {
  const fs::path near = "../shared/recordings/poslog/" + name;
  const char* shared = std::getenv("STOCKD_SHARED");
  return fs::path(shared != nullptr ? shared : "../shared") / "recordings/poslog" / name;
}

Totals Count(const fs::path& file) {
  PoslogConfig config;
  config.mapping.time_zone = "America/Los_Angeles";
  const auto mapping = TransactionMapping::Make(config, [](std::string_view) { return 2; });
  auto window = sdk::FileWindow::Open(file);
  EXPECT_TRUE(mapping.ok() && window.ok());
  TransactionScanner scanner(std::make_unique<FileBytes>(*std::move(window)), {});
  Totals totals;
  for (;;) {
    const ScanOutcome outcome = scanner.Next();
    if (outcome == ScanOutcome::kEnd) return totals;
    EXPECT_EQ(outcome, ScanOutcome::kTransaction) << scanner.problem().detail;
    if (outcome != ScanOutcome::kTransaction) return totals;
    const auto transaction = ReadTransaction(scanner.text(), scanner.scope());
    EXPECT_TRUE(transaction.ok()) << transaction.status();
    const MappedTransaction mapped = mapping->Map(*transaction, scanner.is_utf8());
    ++totals.transactions;
    ++totals
          .fates[mapped.fate == MappedTransaction::Fate::kTaken     ? "sent"
                 : mapped.fate == MappedTransaction::Fate::kSkipped ? "skipped " + mapped.reason
                                                                    : "rejected " + mapped.reason];
    totals.keys.insert(mapped.key);
    totals.tills[mapped.device].insert(mapped.device_sequence);
    totals.voided += mapped.lines_voided;
    for (const auto& [kind, count] : mapped.lines_skipped) totals.lines_skipped[kind] += count;
    for (const v1::Fact& fact : mapped.facts) {
      const int64_t sold = fact.kind() == v1::FACT_KIND_SALE ? fact.quantity() : -fact.quantity();
      ++totals.facts;
      totals.sold += sold;
      totals.by_item[fact.sku()] += sold;
      totals.priced += fact.currency() == "USD" ? 1 : 0;
    }
  }
}

TEST(PoslogRecording, TheRecordedDayComesOutAsCountedByHand) {
  const fs::path file = Recording("POSLog.xml");
  if (!fs::exists(file)) GTEST_SKIP() << kMissing << file;
  const Totals totals = Count(file);
  EXPECT_EQ(totals.transactions, 51);
  EXPECT_EQ(totals.keys.size(), 51u);
  EXPECT_THAT(totals.fates, ElementsAre(Pair("sent", 42), Pair("skipped ControlTransaction", 9)));
  // 552 sales: one is a bottle that came back, 4 are voids, and each takes one back.
  EXPECT_EQ(totals.facts, 543);
  EXPECT_EQ(totals.priced, 524);  // The others cost nothing by themselves.
  EXPECT_EQ(totals.voided, 4);
  EXPECT_EQ(totals.sold, 65'115);
  EXPECT_EQ(totals.by_item.size(), 383u);
  const auto sold = [&](const std::string& item) {
    const auto found = totals.by_item.find(item);
    return found == totals.by_item.end() ? 0 : found->second;
  };
  EXPECT_EQ(sold("00000000077033"), 2100);
  EXPECT_EQ(sold("00000000940115"), 1721);
  EXPECT_EQ(sold("00000000067591"), 256);  // By weight.
  EXPECT_EQ(sold("00000000090537"), 506);  // One of four was voided.
  EXPECT_EQ(sold("00021908501406"), 200);  // One of three was voided.
  EXPECT_EQ(sold("00000000062367"), 0);    // The only one was.
  EXPECT_EQ(sold("00000000054409"), 0);    // The bottle.
  EXPECT_THAT(
      totals.lines_skipped,
      ElementsAre(Pair("AgeRestriction", 8), Pair("CRMCustomVariable", 56),
                  Pair("ElectronicSignature", 7), Pair("ItemNotFound", 3),
                  Pair("ItemRestriction", 3), Pair("LoyaltyMembership", 4),
                  Pair("LoyaltyReward", 333), Pair("SupervisorOverride", 1), Pair("Tax", 23),
                  Pair("Tender", 51), Pair("item_type=acs:NegativeItem", 1)));
  // Seven tills of one store and day, each without a gap.
  EXPECT_EQ(totals.tills.size(), 7u);
  for (const auto& [till, numbers] : totals.tills) {
    EXPECT_EQ(*numbers.rbegin() - *numbers.begin() + 1, numbers.size()) << till;
  }
  EXPECT_EQ(*totals.tills.at("9/3/2017-10-01").begin(), 86u);
  EXPECT_EQ(totals.tills.at("9/3/2017-10-01").size(), 10u);
}

TEST(PoslogRecording, ASaleAfterMidnightBelongsToTheBusinessDayBefore) {
  const fs::path file = Recording("SMALL.xml");
  if (!fs::exists(file)) GTEST_SKIP() << kMissing << file;
  const Totals totals = Count(file);
  EXPECT_THAT(totals.fates, ElementsAre(Pair("sent", 1), Pair("skipped ControlTransaction", 1)));
  EXPECT_THAT(totals.by_item, ElementsAre(Pair("00000000067591", 42)));
  EXPECT_THAT(totals.keys, ElementsAre("9/34/2017-09-30/160", "9/34/2017-09-30/161"));
}

}  // namespace
}  // namespace stockd::poslog
