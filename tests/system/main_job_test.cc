// The main job on real input: nine months of a real shop's sales go through real tills and a web
// shop, opening stock through an ERP, while a checkout reserves; then every figure is compared with
// one that this test works out by itself from the same lines. See retail_lines.h for the rules.
#include <gtest/gtest.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <map>
#include <utility>

#include "tests/system/retail_shop.h"
#include "tests/system/seed.h"

namespace stockd::system_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The input file's own description states these.
constexpr int64_t kLineCount = 320'705;
const std::map<std::string, int64_t> kLinesByKind = {{"sale", 313'058},
                                                     {"cancellation", 5'847},
                                                     {"stock_adjustment", 1'415},
                                                     {"unpriced", 382},
                                                     {"bad_debt", 3}};
// For hundreds of thousands of rows.
constexpr std::chrono::seconds kFilesPatience = 3 * support::kPatience;
constexpr int64_t kKillsMin = 20;
constexpr int64_t kKillsMax = 40;  // Or else the work would never come to its end.

// The till's or the kind's name stays in front, as the adapters want it; what follows decides which
// file is taken first.
std::string DelayedName(const std::string& name, size_t number, support::Random& random) {
  const size_t end = std::min(name.find('-'), name.find('.'));
  return name.substr(0, end) + "-" + std::to_string(random.Below(1'000'000)) + "-" +
         std::to_string(number) + name.substr(end);
}

// All files in the order in which they come: journals in any order, some of them twice. Of the
// ERP's files locations and half of the items come first, opening stock only when a third of the
// sales are there, the other items when half of them are, deliveries and the stock-take at any
// time.
std::vector<RetailFileText> DisorderlyDelivery(const RetailData& data, support::Random& random) {
  std::vector<RetailFileText> files;
  for (RetailFileText& file : JournalFiles(data, &random)) {
    if (random.Percent(15)) files.push_back(file);
    files.push_back(std::move(file));
  }
  random.Shuffle(files);
  const auto count = static_cast<int64_t>(files.size());
  for (RetailFileText& file : ErpFiles(data)) {
    int64_t place = random.Between(0, count);
    if (file.name == "locations.csv" || file.name == "items-a.csv") place = 0;
    if (file.name == "levels-opening.csv") place = count / 3;
    if (file.name == "items-b.csv") place = count / 2;
    files.insert(files.begin() + place, std::move(file));
  }
  return files;
}

class MainJob : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (const auto path = RetailFile()) data_ = new RetailData(ReadRetailData(*path));
  }
  static void TearDownTestSuite() { delete std::exchange(data_, nullptr); }

  void SetUp() override {
    if (data_ == nullptr) {
      GTEST_SKIP() << "the real sales are not here: set STOCKD_SHARED to the folder that holds "
                      "data/online-retail-2010-12_2011-08, or put it beside the checkout as shared";
    }
    for (const RetailLine& line : data_->lines) {
      ++fates_[FateOf(line, *data_)];
      ++kinds_[line.kind];
      const std::string source = LocationOf(line) == "W1" ? "web" : "pos";
      applied_[source] += FateOf(line, *data_) == LineFate::kApplied;
      quarantined_[source] += FateOf(line, *data_) == LineFate::kQuarantined;
    }
    for (const auto& [position, on_hand] : ExpectedOnHand(*data_)) {
      levels_[position] = {.on_hand = on_hand, .available = on_hand};
      erp_facts_ += ReceivedQuantity(position).has_value() + CountedQuantity(position).has_value();
    }
    began_at_ = support::SteadyNow();
  }

  // After all files are taken: everything that must hold, however it came about.
  void ExpectTheTruth(RetailShop& shop) {
    shop.CloseCheckouts();
    for (const auto& checkout : shop.checkouts()) {
      EXPECT_EQ(checkout->surprises(), std::vector<std::string>{});
      EXPECT_GT(checkout->tally().committed, 0);
      for (const auto& [position, claimed] : checkout->Claims()) {
        EXPECT_EQ(claimed.held, 0) << position.first;
        levels_.at(position).available -= claimed.committed;
      }
    }
    for (auto& [position, row] : levels_) row.available = std::max<int64_t>(0, row.available);
    for (const char* source : {"erp", "pos", "web"}) {
      EXPECT_EQ(shop.adapter(source).failed_files(), std::vector<std::string>{}) << source;
    }
    shop.ExpectQuarantined("SKU_UNKNOWN", quarantined_);
    const std::map<std::string, int64_t> applied = shop.AppliedFacts();
    EXPECT_EQ(applied.at("pos"), applied_.at("pos"));
    EXPECT_EQ(applied.at("web"), applied_.at("web"));
    shop.ExpectLevels(levels_, kFilesPatience);
    const std::string verdict = shop.ExpectNoDrift();
    PrintSummary(shop, verdict);
    if (HasFailure()) std::printf("%s\n", shop.LogTails().c_str());
  }

  void PrintSummary(RetailShop& shop, const std::string& verdict);

  // The position of an item with the most lines of input.
  static PositionName BusiestPosition() {
    std::map<PositionName, int64_t> counts;
    for (const RetailLine& line : data_->lines) {
      if (line.is_product) ++counts[{line.sku, LocationOf(line)}];
    }
    return std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; })
        ->first;
  }

  static RetailData* data_;
  std::map<LineFate, int64_t> fates_;
  std::map<std::string, int64_t> kinds_;
  std::map<std::string, int64_t> applied_;      // By source.
  std::map<std::string, int64_t> quarantined_;  // By source.
  int64_t erp_facts_ = 0;
  LevelsByPosition levels_;  // What the level files must show in the end.
  support::SteadyTime began_at_;
};

RetailData* MainJob::data_ = nullptr;

void MainJob::PrintSummary(RetailShop& shop, const std::string& verdict) {
  const auto row = [](const std::string& name, int64_t count) {
    std::printf("  %-44s %9" PRId64 "\n", name.c_str(), count);
  };
  std::printf("\n== %s\n", testing::UnitTest::GetInstance()->current_test_info()->name());
  row("lines of the input", static_cast<int64_t>(data_->lines.size()));
  for (const auto& [kind, count] : kinds_) row("  " + kind, count);
  row("applied once, as sale, return or adjustment", fates_[LineFate::kApplied]);
  row("in quarantine with SKU_UNKNOWN (services)", fates_[LineFate::kQuarantined]);
  row("set aside with KIND_UNKNOWN (unpriced)", fates_[LineFate::kRejected]);
  row("skipped by rule (bad_debt)", fates_[LineFate::kSkipped]);
  int64_t duplicates = 0;
  for (const char* source : {"erp", "pos", "web"}) {
    const FilesTotal total = shop.adapter(source).Total();
    row(std::string(source) + ": files", total.files);
    row(std::string(source) + ": rows read", total.rows_read);
    duplicates += total.duplicates;
  }
  row("facts told again and recognised", duplicates);
  for (const auto& [victim, count] : shop.events().kills) row("kill -9 of " + victim, count);
  const ClaimWorker::Tally tally = shop.CheckoutTally();
  row("checkout: reservations granted", tally.granted);
  row("checkout: refused", tally.refused);
  row("checkout: committed", tally.committed);
  row("checkout: released", tally.released);
  row("checkout: repeated, no answer at first", tally.repeated);
  row("checkout: repeated, to get the same answer", tally.replayed);
  row("positions equal in three level files", static_cast<int64_t>(levels_.size()));
  std::printf("  %s  took %.1f s\n", verdict.c_str(),
              std::chrono::duration<double>(support::SteadyNow() - began_at_).count());
}

// The rule that says what becomes of a line covers every line, and no line twice.
TEST_F(MainJob, EveryLineOfTheInputHasOneFate) {
  EXPECT_EQ(static_cast<int64_t>(data_->lines.size()), kLineCount);
  EXPECT_EQ(kinds_, kLinesByKind);
  int64_t sum = 0;
  for (const auto& [fate, count] : fates_) sum += count;
  EXPECT_EQ(sum, kLineCount);
}

TEST_F(MainJob, InOrderEverySystemShowsTheSameCorrectStock) {
  RetailShop shop(*data_, /*seed=*/1);
  ASSERT_TRUE(shop.Start());
  for (const RetailFileText& file : ErpFiles(*data_)) shop.Drop(file, file.name);
  ASSERT_TRUE(shop.WaitUntilTaken(kFilesPatience)) << shop.LogTails();
  for (const RetailFileText& file : JournalFiles(*data_, nullptr)) shop.Drop(file, file.name);
  ASSERT_TRUE(shop.WaitUntilTaken(kFilesPatience)) << shop.LogTails();
  ExpectTheTruth(shop);

  FilesTotal sum;
  for (const char* source : {"pos", "web"}) {
    const FilesTotal total = shop.adapter(source).Total();
    EXPECT_EQ(total.applied, applied_.at(source)) << source;
    EXPECT_EQ(total.duplicates, 0) << source;
    EXPECT_EQ(total.quarantined_count(), total.quarantined.at("SKU_UNKNOWN")) << source;
    sum.rows_read += total.rows_read;
    sum.applied += total.applied;
    for (const auto& [reason, count] : total.rejected) sum.rejected[reason] += count;
    for (const auto& [rule, count] : total.skipped) sum.skipped[rule] += count;
    for (const auto& [reason, count] : total.quarantined) sum.quarantined[reason] += count;
  }
  EXPECT_EQ(sum.rows_read, kLineCount);
  EXPECT_EQ(sum.rejected,
            (std::map<std::string, int64_t>{{"KIND_UNKNOWN", kLinesByKind.at("unpriced")}}));
  EXPECT_EQ(sum.skipped,
            (std::map<std::string, int64_t>{{"kind=bad_debt", kLinesByKind.at("bad_debt")}}));
  EXPECT_EQ(sum.applied + sum.quarantined_count() + sum.rejected_count() + sum.skipped_count(),
            kLineCount);
  EXPECT_EQ(shop.adapter("erp").Total().applied, erp_facts_);
  std::printf("%s\n", shop.Explain(BusiestPosition()).c_str());
}

// Files come late, twice and in any order, lines in any order within them, the ERP says last what
// should have come first; and all the while the daemon and the adapters are killed.
TEST_F(MainJob, ShuffledDuplicatedDelayedAndKilledTheFiguresAreTheSame) {
  const uint64_t seed = AnnouncedSeed();
  support::Random random(seed);
  const std::vector<RetailFileText> files = DisorderlyDelivery(*data_, random);
  RetailShop shop(*data_, seed);
  ASSERT_TRUE(shop.Start());
  size_t next = 0;
  while (next < files.size() || shop.kill_count() < kKillsMax) {
    for (uint64_t burst = 1 + random.Below(3); burst > 0 && next < files.size(); --burst, ++next) {
      shop.Drop(files[next], DelayedName(files[next].name, next, random));
    }
    const bool is_idle = shop.WaitUntilTaken(milliseconds(random.Between(10, 1200)));
    if (is_idle && next == files.size() && shop.kill_count() >= kKillsMin) break;
    if (is_idle && next < files.size()) continue;  // Killing nobody at work proves little.
    if (shop.kill_count() == kKillsMax) continue;
    ASSERT_TRUE(shop.KillOne(random)) << shop.LogTails();
  }
  ASSERT_TRUE(shop.WaitUntilTaken(kFilesPatience)) << shop.LogTails();
  ExpectTheTruth(shop);
  for (const char* source : {"erp", "pos", "web"}) {
    EXPECT_EQ(shop.adapter(source).Total().rows_read, shop.events().rows_dropped.at(source));
  }
}

}  // namespace
}  // namespace stockd::system_test
