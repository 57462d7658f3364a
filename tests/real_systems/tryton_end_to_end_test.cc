// The daemon, the real Tryton and the adapter: what happens in one is seen in the other, once,
// whatever is killed on the way.
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "adapters/tryton/json_value.h"
#include "tests/real_systems/tryton_shop.h"

namespace stockd::real_systems {
namespace {

using Verdict = ScriptedTryton::Verdict;

TEST_F(TrytonShop, TheCatalogueAndTheOpeningLevelsComeIn) {
  Open();
  ExpectBoth("SKU-1", "WH", 40, "40.0");
  ExpectBoth("SKU-1", "S2", 7, "7.0");
  ExpectBoth("SKU-2", "WH", 20, "20.0");
  ExpectBoth("KG-1", "WH", 1225, "12.25");
  v1::ListItemsRequest request;
  v1::ListItemsResponse items;
  const grpc::Status status =
      client_.Call(client_.catalogue(), &support::GrpcClient::Catalogue::ListItems, request, items);
  ASSERT_TRUE(status.ok()) << support::Describe(status);
  ASSERT_EQ(items.items_size(), 3);
  EXPECT_EQ(items.items(0).sku(), "KG-1");
  EXPECT_EQ(items.items(0).scale(), 2);
  EXPECT_EQ(items.items(0).unit(), "Kilogram");
  EXPECT_EQ(items.items(1).name(), "Widget");
  ASSERT_EQ(items.items(1).gtins_size(), 1);
  EXPECT_EQ(items.items(1).gtins(0), "4006381333931");
  EXPECT_EQ(items.items(1).price_micros(), 9'990'000);
  EXPECT_EQ(items.items(1).currency(), "EUR");
}

TEST_F(TrytonShop, WhatHappensInEitherIsSeenInTheOtherOnce) {
  Open();
  server_->Sell("SKU-1", "4", "WH");
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 3);
  ExpectBoth("SKU-1", "WH", 33, "33.0");
  server_->ConfirmCount(server_->BeginCount("SKU-2", "18", "WH"));
  ExpectBoth("SKU-2", "WH", 18, "18.0");
  TellTill(v1::FACT_KIND_RETURN, "SKU-2", "WH", 1);
  TellTill(v1::FACT_KIND_RECEIPT, "SKU-2", "WH", 5);
  TellTill(v1::FACT_KIND_SALE, "KG-1", "WH", 125);
  TellTill(v1::FACT_KIND_COUNT, "SKU-1", "S2", 9);
  ExpectBoth("SKU-2", "WH", 24, "24.0");
  ExpectBoth("KG-1", "WH", 1100, "11.0");
  ExpectBoth("SKU-1", "S2", 9, "9.0");
  TellTill(v1::FACT_KIND_TRANSFER_OUT, "SKU-1", "WH", 2);
  TellTill(v1::FACT_KIND_TRANSFER_IN, "SKU-1", "S2", 2);
  ExpectBoth("SKU-1", "WH", 31, "31.0");
  ExpectBoth("SKU-1", "S2", 11, "11.0");
  const int64_t storage =
      server_->FieldOf("stock.location", server_->IdOf("stock.location", "WH"), "storage_location");
  const int64_t second =
      server_->FieldOf("stock.location", server_->IdOf("stock.location", "S2"), "storage_location");
  server_->Move("SKU-1", "1", storage, second);
  ExpectBoth("SKU-1", "WH", 30, "30.0");
  ExpectBoth("SKU-1", "S2", 12, "12.0");
}

TEST_F(TrytonShop, ASaleIsBookedOnceThoughTheAdapterIsKilledAtEachStep) {
  Open();
  // Each call that writes, when Tryton has done it and the adapter has not heard of it. To the last
  // two Tryton answers with a question first.
  struct Step {
    std::string method;
    int call;
  };
  for (const Step& step : {Step{"create", 1}, Step{"wait", 1}, Step{"pick", 1}, Step{"pack", 1},
                           Step{"pack", 2}, Step{"done", 1}, Step{"done", 2}}) {
    std::atomic<int> calls{0};
    std::atomic<bool> is_killed{false};
    way_->SetScript([&](const std::string& called, const std::string& /*body*/) -> Verdict {
      // Once it was killed nothing else of it may get through.
      if (is_killed) return {.is_forwarded = false, .is_answer_lost = true};
      if (called != "model.stock.shipment.out." + step.method || ++calls != step.call) return {};
      return {.is_answer_lost = true, .before_answer = [&] { is_killed = true; }};
    });
    TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 1);
    ASSERT_TRUE(support::WaitUntil(support::In(), [&] { return is_killed.load(); })) << step.method;
    KillAdapter();
    way_->SetScript(nullptr);
    StartAdapter();
    const int64_t left = *OnHand("SKU-1", "WH");
    ExpectBoth("SKU-1", "WH", left, std::to_string(left) + ".0");
  }
  ExpectBoth("SKU-1", "WH", 33, "33.0");
  EXPECT_EQ(server_->ShipmentsWith("stockd-"), 7U);
}

TEST_F(TrytonShop, TrytonKilledAndStartedMidWayLosesNothing) {
  Open();
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 1);
  server_->Kill();
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 2);
  TellTill(v1::FACT_KIND_SALE, "SKU-2", "WH", 5);
  ASSERT_TRUE(server_->Start()) << server_->log();
  server_->Sell("SKU-1", "3", "WH");
  ExpectBoth("SKU-1", "WH", 34, "34.0");
  ExpectBoth("SKU-2", "WH", 15, "15.0");
}

TEST_F(TrytonShop, TheDaemonKilledAndStartedMidWayLosesNothing) {
  Open();
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 1);
  daemon_.Kill();
  server_->Sell("SKU-1", "3", "WH");
  StartDaemon();
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 2);
  ExpectBoth("SKU-1", "WH", 34, "34.0");
}

TEST_F(TrytonShop, WhatHappenedWhileTheAdapterWasAwayIsCaughtUp) {
  Open();
  StopAdapter();
  server_->Sell("SKU-1", "4", "WH");
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 3);
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 2);
  StartAdapter();
  ExpectBoth("SKU-1", "WH", 31, "31.0");
  EXPECT_EQ(server_->ShipmentsWith("stockd-"), 1U) << "what waits becomes one shipment";
}

}  // namespace
}  // namespace stockd::real_systems
