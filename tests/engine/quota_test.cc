#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "daemon/engine/quotas.h"
#include "daemon/ledger/reservation_changes.h"
#include "tests/engine/engine_fixture.h"
#include "tests/support/random.h"
#include "tests/support/seeds.h"

namespace stockd::support {
namespace {

using engine::QuotaCommand;
using engine::QuotaResult;
using ledger::EntryKind;
using ledger::Reason;

class Quotas : public EngineFixture {
 protected:
  QuotaResult Grant(const QuotaCommand& command) {
    return Do([&](engine::UnitOfWork& unit) { return engine::GrantQuota(unit, command); }).result;
  }
  QuotaResult Grant(std::string_view id, Quantity quantity, bool allow_partial = false) {
    return Grant({.id = std::string(id),
                  .holder = "pos/till-1",
                  .position = kHere,
                  .quantity = quantity,
                  .ttl = kHour,
                  .allow_partial = allow_partial});
  }
  QuotaResult Settle(std::string_view id, Quantity sold, bool force = false) {
    return Do([&](engine::UnitOfWork& unit) { return engine::SettleQuota(unit, id, sold, force); })
        .result;
  }
  // The till sold out of the quota.
  void Sell(std::string_view id, Quantity quantity) {
    ledger::Fact sale = NewFact(EntryKind::kSale, quantity, clock.Now());
    sale.reservation_id = id;
    EXPECT_EQ(Tell(sale).result, ledger::FactResult::kApplied);
  }

  static const storage::QuotaStanding& Granted(const QuotaResult& result) {
    return std::get<storage::QuotaStanding>(result);
  }
  void RunTrade(uint64_t seed);

  static Reason Refused(const QuotaResult& result) {
    const auto* refusal = std::get_if<ledger::Refusal>(&result);
    return refusal == nullptr ? Reason::kNone : refusal->reason;
  }
};

TEST_F(Quotas, NobodyElseIsPromisedTheUnitsOfAQuotaHoweverLongItIsSilent) {
  Stock(10);
  EXPECT_EQ(Granted(Grant("q", 6)).remaining, 6);
  EXPECT_EQ(available(), 4);
  clock.Advance(10 * 24 * kHour);
  engine().Wake();
  EXPECT_EQ(available(), 4) << "a till that is cut off may have sold them";
  EXPECT_TRUE(std::holds_alternative<ledger::Refusal>(Reserve("basket", 5).result));
  Reopen();
  EXPECT_EQ(available(), 4);
}

TEST_F(Quotas, SalesConsumeItAndTheRestReturnsWhenItIsSettled) {
  Stock(10);
  Grant("q", 6);
  Sell("q", 4);
  EXPECT_EQ(available(), 4);
  EXPECT_EQ(Refused(Settle("q", 5)), Reason::kQuotaSalesMissing) << "one sale is still on its way";
  const auto settled = Settle("q", 4);
  EXPECT_EQ(Granted(settled).sold, 4);
  EXPECT_EQ(Granted(settled).remaining, 0);
  EXPECT_EQ(available(), 6);
  EXPECT_EQ(Granted(Settle("q", 4)).sold, 4) << "repeated";
  EXPECT_EQ(available(), 6);
}

TEST_F(Quotas, TheSameGrantAgainIsTheSameQuotaAlsoAfterARestart) {
  Stock(10);
  Grant("q", 6);
  Reopen();
  EXPECT_EQ(Granted(Grant("q", 6)).remaining, 6);
  EXPECT_EQ(available(), 4);
  EXPECT_EQ(Refused(Grant("q", 5)), Reason::kQuotaDiffers);
  EXPECT_EQ(Refused(Settle("unknown", 0)), Reason::kQuotaUnknown);
}

TEST_F(Quotas, WhatIsNotThereIsNotGranted) {
  Stock(3);
  EXPECT_EQ(Refused(Grant("q", 4)), Reason::kInsufficientStock);
  EXPECT_EQ(Granted(Grant("partly", 4, true)).quota.quantity, 3);
  EXPECT_EQ(available(), 0);
}

TEST_F(Quotas, AReservationsIdIsNoQuotasId) {
  Stock(10);
  Reserve("basket", 2);
  EXPECT_EQ(Refused(Grant("basket", 2)), Reason::kReservationDiffers);
  EXPECT_EQ(available(), 8);
}

TEST_F(Quotas, ALostTillIsSettledByForceAndItsLateSalesStillCount) {
  Stock(10);
  Grant("q", 6);
  EXPECT_EQ(Granted(Settle("q", 6, true)).sold, 0);
  EXPECT_EQ(available(), 10);
  Sell("q", 6);
  EXPECT_EQ(available(), 4);
}

TEST_F(Quotas, AreListedUntilNothingIsClaimed) {
  Stock(10);
  Grant("sold-out", 2);
  Grant("settled", 2);
  Grant("open", 2);
  Sell("sold-out", 2);
  Settle("settled", 0);
  const auto open = reader().ListQuotas("", false, 0, 10);
  ASSERT_EQ(open.rows.size(), 1U);
  EXPECT_EQ(open.rows[0].quota.id, "open");
  EXPECT_EQ(open.rows[0].remaining, 2);
  EXPECT_EQ(reader().ListQuotas("", true, 0, 10).rows.size(), 3U);
  EXPECT_EQ(reader().ListQuotas("nobody", true, 0, 10).rows.size(), 0U);
  EXPECT_TRUE(reader().ListQuotas("", true, 0, 2).more);
}

// Tills that are cut off sell up to their quotas while others buy what is free; their sales arrive
// days later, shuffled and repeated. More than there ever was is never sold.
void Quotas::RunTrade(uint64_t seed) {
  Random random(seed);
  const auto below = [&](Quantity limit) {
    return static_cast<Quantity>(random.Below(static_cast<uint64_t>(limit)));
  };
  const std::string prefix = "s" + std::to_string(seed) + "-";
  // Whatever an earlier seed left is counted away.
  const Quantity stock = 5 + below(40);
  clock.Advance(kHour);
  Tell(NewFact(EntryKind::kCount, stock, clock.Now()));
  ASSERT_EQ(available(), stock);

  Quantity sold = 0;
  std::vector<std::pair<std::string, Quantity>> tills;
  std::vector<ledger::Fact> on_the_way;
  for (int step = 0; step < 40; ++step) {
    clock.Advance(kMinute);
    const std::string id = prefix + std::to_string(step);
    switch (below(3)) {
      case 0: {
        const QuotaResult granted = Grant(id, 1 + below(8), true);
        if (Refused(granted) == Reason::kNone) {
          tills.emplace_back(id, Granted(granted).quota.quantity);
        }
        break;
      }
      case 1: {  // The web shop, at once.
        const auto bought = Reserve(id, 1 + below(4));
        if (const auto* held = std::get_if<ledger::Reservation>(&bought.result)) {
          Sell(id, held->lines[0].held);
          sold += held->lines[0].granted;
        }
        break;
      }
      default: {  // A till that is cut off.
        if (tills.empty()) break;
        auto& [quota, left] = tills[static_cast<size_t>(below(std::ssize(tills)))];
        if (left == 0) break;
        const Quantity quantity = 1 + below(left);
        left -= quantity;
        sold += quantity;
        ledger::Fact sale = NewFact(EntryKind::kSale, quantity, clock.Now());
        sale.reservation_id = quota;
        on_the_way.push_back(sale);
        if (below(3) == 0) on_the_way.push_back(sale);
      }
    }
    ASSERT_LE(sold, stock) << "oversold";
  }
  clock.Advance(3 * 24 * kHour);
  random.Shuffle(on_the_way);
  for (const ledger::Fact& sale : on_the_way) {
    ASSERT_NE(Tell(sale).result, ledger::FactResult::kRefused);
  }
  for (const auto& [quota, left] : tills) {
    const auto settled = Settle(quota, Granted(Settle(quota, 0)).sold);
    ASSERT_EQ(Refused(settled), Reason::kNone);
  }
  ASSERT_EQ(LevelAt().on_hand, stock - sold);
  ASSERT_EQ(available(), stock - sold);
}

TEST_F(Quotas, TillsThatAreCutOffNeverOversellWithTheWebShop) {
  ForEachSeed(20, [&](uint64_t seed) { RunTrade(seed); });
}

}  // namespace
}  // namespace stockd::support
