// Each way in which Tryton does otherwise than one would think, by name, against the real one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "adapters/tryton/json_rpc.h"
#include "tests/real_systems/tryton_shop.h"

namespace stockd::real_systems {
namespace {

using tryton::Clause;
using tryton::JsonValue;
using tryton::Repeatable;
using Verdict = ScriptedTryton::Verdict;

class TrytonTrap : public TrytonShop {};

// A count applies the difference to what was there when it began: 41, not 45.
TEST_F(TrytonTrap, TheCountRaceDoesNotHappenToUs) {
  // To one who writes levels by counts: level 40, "45" is written down, 4 are sold, it is
  // confirmed.
  const int64_t count = server_->BeginCount("SKU-1", "45", "WH");
  server_->Sell("SKU-1", "4", "WH");
  server_->ConfirmCount(count);
  ASSERT_EQ(server_->OnHand("SKU-1", "WH"), "41.0") << "Tryton does not race any more";
  Open();
  ExpectBoth("SKU-1", "WH", 41, "41.0");
  // To us: 5 come in while the level that says so is on its way and Tryton sells 4. Nobody writes
  // a level, so both arrive at 42.
  std::atomic<bool> has_raced{false};
  way_->SetScript([&](const std::string& method, const std::string& /*body*/) -> Verdict {
    if (method == "model.stock.shipment.in.create" && !has_raced.exchange(true)) {
      server_->Sell("SKU-1", "4", "WH");
    }
    return {};
  });
  TellTill(v1::FACT_KIND_RECEIPT, "SKU-1", "WH", 5);
  ExpectBoth("SKU-1", "WH", 42, "42.0");
  EXPECT_TRUE(has_raced);
  // And a count in Tryton that tills sell into is the same difference in both.
  const int64_t raced = server_->BeginCount("SKU-1", "50", "WH");
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 2);
  ExpectBoth("SKU-1", "WH", 40, "40.0");
  server_->ConfirmCount(raced);
  ExpectBoth("SKU-1", "WH", 48, "48.0");
}

// A shipment moves twice, storage to output and output to customer.
TEST_F(TrytonTrap, AShipmentOfTwoMovesCountsOnce) {
  Open();
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 3);
  ExpectBoth("SKU-1", "WH", 37, "37.0");
  // Somebody copies our shipment in Tryton, reference and all, and delivers it: that is theirs.
  const auto ours = server_->client().Search(
      "stock.shipment.out", JsonValue::List({Clause("reference", "like", "stockd-%")}), 10, {"id"});
  ASSERT_TRUE(ours.ok() && ours->size() == 1);
  const auto copied = server_->client().Call("stock.shipment.out.copy", {tryton::ToJsonList(*ours)},
                                             Repeatable::kNo);
  ASSERT_TRUE(copied.ok()) << copied.status();
  const int64_t copy = std::stoll(copied->items().at(0).text());
  for (const char* button : {"wait", "pick", "pack", "done"}) {
    const auto pressed = server_->client().Press("stock.shipment.out", button, {copy});
    ASSERT_TRUE(pressed.ok()) << pressed.status();
  }
  ExpectBoth("SKU-1", "WH", 34, "34.0");
}

// `do` and `done` ask whether moves without an origin are meant; the answer is good for one call.
TEST_F(TrytonTrap, TheQuestionAboutMovesWithoutOriginIsAnsweredEachTime) {
  Open();
  std::atomic<int> answered{0};
  way_->SetScript([&](const std::string& method, const std::string& /*body*/) -> Verdict {
    if (method == "model.res.user.warning.create") ++answered;
    return {};
  });
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 1);
  ExpectBoth("SKU-1", "WH", 39, "39.0");
  EXPECT_EQ(answered, 2) << "pack and done";
}

// A button pressed in the wrong state answers null and does nothing.
TEST_F(TrytonTrap, AButtonThatDidNothingIsNotTakenForDone) {
  Open();
  way_->SetScript([&](const std::string& method, const std::string& /*body*/) -> Verdict {
    // The step that moves the goods out answers as if it had been done.
    if (method != "model.stock.shipment.out.pack") return {};
    return {.is_forwarded = false, .status = 200, .body = R"({"id":1,"result":null})"};
  });
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 1);
  ASSERT_TRUE(support::WaitUntil(
      support::In(), [this] { return adapter_log().find("stays picked") != std::string::npos; }));
  way_->SetScript(nullptr);
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 1);  // The position changes: it is tried again.
  ExpectBoth("SKU-1", "WH", 38, "38.0");
  EXPECT_EQ(server_->ShipmentsWith("stockd-"), 2U);
}

// An idle session ends after five minutes; every call is then answered with 401.
TEST_F(TrytonTrap, ASessionThatIsOverIsOpenedAnew) {
  Open();
  std::atomic<int> refused{3};
  std::atomic<int> logins{0};
  way_->SetScript([&](const std::string& method, const std::string& /*body*/) -> Verdict {
    if (method == "common.db.login") {
      ++logins;
      return {};
    }
    if (refused.fetch_sub(1) > 0) return {.is_forwarded = false, .status = 401};
    return {};
  });
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 1);
  server_->Sell("SKU-1", "2", "WH");
  ExpectBoth("SKU-1", "WH", 37, "37.0");
  EXPECT_GE(logins, 1);
}

// A record that was changed meanwhile, a database that is locked, a server that restarts: later.
TEST_F(TrytonTrap, WhatPassesIsTriedAgain) {
  Open();
  std::atomic<int> calls{0};
  way_->SetScript([&](const std::string& method, const std::string& /*body*/) -> Verdict {
    if (method != "model.stock.shipment.out.pick") return {};
    switch (++calls) {
      case 1:
        return {.is_forwarded = false,
                .status = 200,
                .body = ErrorBody("ConcurrencyException", R"(["stale"])")};
      case 2:
        return {.is_forwarded = false,
                .status = 200,
                .body = R"({"id":1,"error":["database is locked",""]})"};
      case 3: return {.is_forwarded = false, .status = 500};
      case 4: return {.is_forwarded = false, .is_answer_lost = true};
      default: return {};
    }
  });
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 1);
  ExpectBoth("SKU-1", "WH", 39, "39.0");
  EXPECT_GE(calls, 5);
  EXPECT_EQ(server_->ShipmentsWith("stockd-"), 1U);
}

// A unit without decimals refuses 1.5, and one with two 1.255.
TEST_F(TrytonTrap, MoreDecimalsThanTheUnitHasAreRefusedWithTheirReason) {
  v1::PutItemsRequest request;
  request.add_items()->set_sku("KG-1");
  request.mutable_items(0)->set_unit("kg");
  request.mutable_items(0)->set_scale(3);  // Somebody else named the item first.
  v1::PutItemsResponse response;
  ASSERT_TRUE(
      client_
          .Call(client_.catalogue(), &support::GrpcClient::Catalogue::PutItems, request, response)
          .ok());
  Open();
  ExpectBoth("KG-1", "WH", 12250, "12.25");
  TellTill(v1::FACT_KIND_SALE, "KG-1", "WH", 1255);
  ASSERT_TRUE(support::WaitUntil(support::In(), [this] {
    v1::ListRefusedLevelsRequest ask;
    ask.set_source("erp");
    v1::ListRefusedLevelsResponse refused;
    return client_
               .Call(client_.adapter(), &support::GrpcClient::Adapter::ListRefusedLevels, ask,
                     refused)
               .ok() &&
           refused.levels_size() == 1 &&
           refused.levels(0).reason().find("more decimals") != std::string::npos;
  })) << "nobody is told";
  EXPECT_EQ(server_->OnHand("KG-1", "WH"), "12.25");
}

// A product without a code cannot be told; the move waits with its reason until it has one.
TEST_F(TrytonTrap, AMoveThatCannotBeToldIsSetAsideAndToldLater) {
  more_config_ = "[catalogue]\ninterval_s = 1\n";
  Open();
  const int64_t product = server_->IdOf("product.product", "SKU-2");
  const auto rename = [&](const JsonValue& code) {
    const auto written = server_->client().Call(
        "product.product.write",
        {JsonValue::List({product}), JsonValue::Record({{"suffix_code", code}})}, Repeatable::kNo);
    ASSERT_TRUE(written.ok()) << written.status();
  };
  const int64_t unit = server_->FieldOf("product.product", product, "default_uom");
  rename(JsonValue());
  // By hand, for the code is gone.
  const auto made = server_->client().Call(
      "stock.move.create",
      {JsonValue::List(
          {JsonValue::Record({{"product", product},
                              {"uom", unit},
                              {"quantity", 2},
                              {"from_location", server_->IdOf("stock.location", "STO")},
                              {"to_location", server_->IdOf("stock.location", "CUS")},
                              {"company", server_->client().company()},
                              {"currency", 1},
                              {"unit_price", tryton::ToJsonDecimal("1")}})})},
      Repeatable::kNo);
  ASSERT_TRUE(made.ok()) << made.status();
  // The second reading of the catalogue from now on began after the code was gone.
  std::atomic<int> readings{0};
  way_->SetScript([&](const std::string& method, const std::string& /*body*/) -> Verdict {
    if (method == "model.product.identifier.search") ++readings;
    return {};
  });
  ASSERT_TRUE(support::WaitUntil(support::In(), [&] { return readings >= 3; }));
  ASSERT_TRUE(
      server_->client().Press("stock.move", "do", {std::stoll(made->items().at(0).text())}).ok());
  ASSERT_TRUE(support::WaitUntil(
      support::In(), [this] { return adapter_log().find("move set aside") != std::string::npos; }));
  EXPECT_EQ(OnHand("SKU-2", "WH"), 20);
  rename("SKU-2");
  ExpectBoth("SKU-2", "WH", 18, "18.0");
}

// Tryton lets a level go below 0; a snapshot cannot say so.
TEST_F(TrytonTrap, ALevelBelowZeroComesInAsItIs) {
  server_->Sell("SKU-2", "23", "WH");
  Open();
  ExpectBoth("SKU-2", "WH", -3, "-3.0");
  TellTill(v1::FACT_KIND_RECEIPT, "SKU-2", "WH", 5);
  ExpectBoth("SKU-2", "WH", 2, "2.0");
}

// More is sold than Tryton thinks there is: the units have left, so the shipment is not held up.
TEST_F(TrytonTrap, WhatTrytonThinksIsNotThereIsBookedAllTheSame) {
  Open();
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "S2", 9);
  ExpectBoth("SKU-1", "S2", -2, "-2.0");
  TellTill(v1::FACT_KIND_ADJUSTMENT, "SKU-1", "S2", -1);
  ExpectBoth("SKU-1", "S2", -3, "-3.0");
}

// A cost price that is worked out anew writes old moves again: they are found again by the cursor.
TEST_F(TrytonTrap, AMoveThatIsWrittenAgainIsNotToldAgain) {
  Open();
  const int64_t move = server_->Sell("SKU-1", "4", "WH");
  ExpectBoth("SKU-1", "WH", 36, "36.0");
  const auto written = server_->client().Call(
      "stock.move.write",
      {JsonValue::List({move}), JsonValue::Record({{"unit_price", tryton::ToJsonDecimal("5.00")}})},
      Repeatable::kNo);
  ASSERT_TRUE(written.ok()) << written.status();
  StopAdapter();
  StartAdapter();
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 1);
  server_->Sell("SKU-1", "1", "WH");
  ExpectBoth("SKU-1", "WH", 34, "34.0");
}

// A draft that the adapter made, and died over, is finished by somebody who wonders about it.
TEST_F(TrytonTrap, ADraftThatSomebodyFinishedIsOursAllTheSame) {
  Open();
  std::atomic<bool> is_made{false};
  way_->SetScript([&](const std::string& method, const std::string& /*body*/) -> Verdict {
    if (is_made) return {.is_forwarded = false, .is_answer_lost = true};
    if (method != "model.stock.shipment.out.create") return {};
    return {.is_answer_lost = true, .before_answer = [&] { is_made = true; }};
  });
  TellTill(v1::FACT_KIND_SALE, "SKU-1", "WH", 1);
  ASSERT_TRUE(support::WaitUntil(support::In(), [&] { return is_made.load(); }));
  KillAdapter();
  const auto draft = server_->client().Search(
      "stock.shipment.out", JsonValue::List({Clause("reference", "like", "stockd-%")}), 10, {"id"});
  ASSERT_TRUE(draft.ok() && draft->size() == 1);
  for (const char* button : {"wait", "pick", "pack", "done"}) {
    ASSERT_TRUE(server_->client().Press("stock.shipment.out", button, *draft).ok()) << button;
  }
  way_->SetScript(nullptr);
  StartAdapter();
  server_->Sell("SKU-1", "2", "WH");
  ExpectBoth("SKU-1", "WH", 37, "37.0");
  EXPECT_EQ(server_->ShipmentsWith("stockd-"), 1U);
}

// People see it in stockd, and Tryton is not asked again and again.
TEST_F(TrytonTrap, AWrongPasswordIsTroubleThatPeopleSee) {
  way_->SetScript([](const std::string& method, const std::string& /*body*/) -> Verdict {
    if (method == "common.db.login") return {.is_forwarded = false, .status = 401};
    return {};
  });
  StartAdapter();
  ASSERT_TRUE(support::WaitUntil(support::In(), [this] {
    v1::ListSourcesResponse sources;
    if (!client_
             .Call(client_.adapter(), &support::GrpcClient::Adapter::ListSources,
                   v1::ListSourcesRequest(), sources)
             .ok()) {
      return false;
    }
    return sources.sources(0).health().trouble().find("password") != std::string::npos;
  }));
  EXPECT_EQ(adapter_log().find("counter-top"), std::string::npos) << "the password is in the log";
}

// Asked for two warehouses at once Tryton leaves out what is within them, and answers 0.
TEST_F(TrytonTrap, OneWarehouseIsAskedForAtATime) {
  std::atomic<int> pairs{0};
  way_->SetScript([&](const std::string& /*method*/, const std::string& body) -> Verdict {
    const size_t at = body.find("\"locations\":[");
    if (at != std::string::npos && body.find(',', at) < body.find(']', at)) ++pairs;
    return {};
  });
  Open();
  ExpectBoth("SKU-1", "WH", 40, "40.0");
  ExpectBoth("SKU-1", "S2", 7, "7.0");
  EXPECT_EQ(pairs, 0);
}

}  // namespace
}  // namespace stockd::real_systems
