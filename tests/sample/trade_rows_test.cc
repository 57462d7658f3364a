#include "adapters/sample/trade_rows.h"

#include <gtest/gtest.h>

#include <chrono>

#include "adapters/sample/chain.h"

namespace stockd::sample {
namespace {

constexpr size_t kKadikoy = 0;
constexpr size_t kWarsaw = 4;
constexpr sdk::Timestamp kAt{std::chrono::milliseconds(1'767'225'600'250)};  // 2026-01-01.

Item Figs() { return {.sku = "PRO-0001", .name = "Figs", .by_weight = true, .price_cents = 809}; }

TEST(TradeRows, TillsOfTurkishStoresWriteCsvInTheirOwnTime) {
  ASSERT_EQ(Sites()[kKadikoy].code, "TR01");
  const TillReceipt receipt{.site = kKadikoy,
                            .till = 2,
                            .number = 17,
                            .lines = {{.kind = TillLineKind::kReturn, .quantity = 734}}};
  EXPECT_EQ(TillRow(receipt, 0, Figs(), kAt),
            "TR01T2-000017,1,R,TR01,PRO-0001,0.734,8.09,2026-01-01T03:00:00.250+03:00\n");
}

TEST(TradeRows, TillsOfPolishStoresWriteJsonLines) {
  ASSERT_EQ(Sites()[kWarsaw].code, "PL01");
  const TillReceipt receipt{
      .site = kWarsaw, .number = 3, .lines = {{.kind = TillLineKind::kCount, .quantity = 1250}}};
  EXPECT_EQ(TillRow(receipt, 0, Figs(), kAt),
            R"({"receipt":"PL01T1-000003","line":1,"type":"C","store":"PL01","sku":"PRO-0001",)"
            R"("quantity":1.250,"sold_at":"2026-01-01T01:00:00.250+01:00"})"
            "\n");
}

TEST(TradeRows, OrderOfAMarketplaceNamesNoReservation) {
  const OrderLine line{
      .order = "market-1", .state = OrderLineState::kSentBack, .site = kWarsaw, .quantity = 500};
  EXPECT_EQ(OrderRow(line, Figs(), kAt),
            "market-1,1,sent_back,PRO-0001,PL01,0.500,8.09,,2026-01-01T00:00:00.250000Z\n");
}

TEST(TradeRows, CorrectionsCarryTheirSign) {
  const Movement movement{
      .id = "ADJ-1", .kind = MovementKind::kAdjustment, .site = kKadikoy, .quantity = -5};
  EXPECT_EQ(MovementRow(movement, Figs(), kAt),
            "ADJ-1,AD,PRO-0001,TR01,-0.005,,,,2026-01-01T00:00:00.250000Z\n");
}

}  // namespace
}  // namespace stockd::sample
