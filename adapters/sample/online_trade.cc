#include "adapters/sample/online_trade.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "adapters/sample/chain.h"
#include "adapters/sample/purposes.h"

namespace stockd::sample {
namespace {

constexpr int64_t kBasketsPerMinute = 3;
constexpr int64_t kMarketplaceOrdersPerMinute = 2;
constexpr int64_t kLastUnitsPerMille = 350;  // Of all minutes.

// Of a hundred baskets.
constexpr int64_t kForgotten = 15;
constexpr int64_t kAbandoned = 20;
constexpr int64_t kCancelled = 8;

// Online customers only find what there is plenty of, so that a hold is refused when the sample
// means it, and hardly ever because a till's journal is late.
constexpr int64_t kPlenty = 20;

}  // namespace

OnlineTrade::OnlineTrade(WorldParts& parts, uint64_t seed)
    : parts_(parts), random_(seed, kOnlinePurpose) {
  for (size_t site = 0; site < Sites().size(); ++site) {
    if (Sites()[site].ships) shipping_sites_.push_back(site);
  }
}

int64_t OnlineTrade::After(int64_t minutes_min, int64_t minutes_max) {
  return parts_.agenda.now_ms() +
         2 * random_.Between(minutes_min * kMsPerMinute / 2, minutes_max * kMsPerMinute / 2);
}

void OnlineTrade::PlanMinute() {
  const int64_t rush = Demand::Rush(parts_.agenda.now_ms() / kMsPerMinute);
  for (int64_t i = 0; i < 2 * kBasketsPerMinute; ++i) {
    if (random_.PerMille(rush / 2)) parts_.agenda.Put(After(0, 1), [this] { OpenBasket(); });
  }
  for (int64_t i = 0; i < 2 * kMarketplaceOrdersPerMinute; ++i) {
    if (random_.PerMille(rush / 2)) {
      parts_.agenda.Put(After(0, 1), [this] { OrderAtMarketplace(); });
    }
  }
  if (random_.PerMille(kLastUnitsPerMille)) {
    parts_.agenda.Put(After(0, 1), [this] { ChaseLastUnit(); });
  }
}

size_t OnlineTrade::DrawSite() {
  constexpr int64_t kWarehousePerMille = 600;
  if (random_.PerMille(kWarehousePerMille)) return WarehouseIndex();
  return random_.Pick(std::span<const size_t>(shipping_sites_));
}

std::vector<BasketLine> OnlineTrade::DrawLines(size_t site) {
  std::vector<BasketLine> lines;
  const int64_t count = random_.Between(1, 4);
  for (int64_t i = 0; i < count; ++i) {
    const size_t item = parts_.demand.DrawItem(site, random_);
    const int64_t quantity = parts_.demand.DrawQuantity(item, random_);
    const bool is_repeated =
        std::ranges::any_of(lines, [item](const BasketLine& line) { return line.item == item; });
    const bool is_plenty = parts_.stock.shelf(item, site) >= kPlenty * quantity;
    if (is_repeated || !is_plenty || parts_.items[item].is_launch) continue;
    lines.push_back({.item = item, .quantity = quantity});
  }
  return lines;
}

void OnlineTrade::PutStep(const BasketStep& hold, BasketStepKind kind, int64_t minutes) {
  BasketStep step{.basket = hold.basket, .kind = kind, .site = hold.site};
  parts_.agenda.Put(After(minutes, minutes + 3), [this, step] { parts_.Tell(step); });
}

void OnlineTrade::OpenBasket() {
  BasketStep hold{.kind = BasketStepKind::kHold, .site = DrawSite()};
  hold.lines = DrawLines(hold.site);
  if (hold.lines.empty()) return;
  hold.basket = fmt::format("basket-{:06}", ++last_basket_);
  hold.from_app = random_.PerMille(300);
  const int64_t fate = random_.Below(100);
  hold.is_forgotten = fate < kForgotten;
  parts_.Tell(hold);
  if (hold.is_forgotten) return;
  if (fate < kForgotten + kAbandoned) {
    PutStep(hold, BasketStepKind::kRelease, 2);
  } else {
    CommitLater(hold);
  }
}

void OnlineTrade::CommitLater(const BasketStep& hold) {
  PutStep(hold, BasketStepKind::kCommit, 1);
  const bool is_cancelled = random_.PerMille(kCancelled * 10);
  const int64_t at_ms = After(15, 75);
  if (!is_cancelled) {
    parts_.agenda.Put(at_ms, [this, hold] { Ship(hold); });
    return;
  }
  parts_.agenda.Put(at_ms, [this, hold] {
    parts_.Tell(
        BasketStep{.basket = hold.basket, .kind = BasketStepKind::kRelease, .site = hold.site});
    int line = 0;
    for (const BasketLine& wanted : hold.lines) {
      parts_.Tell(OrderLine{.order = hold.basket,
                            .line = ++line,
                            .state = OrderLineState::kCancelled,
                            .item = wanted.item,
                            .site = hold.site,
                            .quantity = wanted.quantity,
                            .reservation = hold.basket});
    }
  });
}

void OnlineTrade::Ship(const BasketStep& hold) {
  int line = 0;
  for (const BasketLine& wanted : hold.lines) {
    const int64_t taken = parts_.stock.Take(wanted.item, hold.site, wanted.quantity);
    if (taken == 0) continue;
    parts_.Tell(OrderLine{.order = hold.basket,
                          .line = ++line,
                          .item = wanted.item,
                          .site = hold.site,
                          .quantity = taken,
                          .reservation = hold.basket});
  }
}

void OnlineTrade::OrderAtMarketplace() {
  const size_t site = DrawSite();
  const std::vector<BasketLine> lines = DrawLines(site);
  if (lines.empty()) return;
  const std::string order = fmt::format("market-{:06}", ++last_order_);
  constexpr int64_t kSentBackPerMille = 80;
  const bool is_sent_back = random_.PerMille(kSentBackPerMille);
  for (size_t i = 0; i < lines.size(); ++i) {
    OrderLine line{.order = order, .line = static_cast<int>(i) + 1, .item = lines[i].item};
    line.site = site;
    line.quantity = parts_.stock.Take(line.item, site, lines[i].quantity);
    parts_.Tell(line);
    if (!is_sent_back) continue;
    line.state = OrderLineState::kSentBack;
    parts_.agenda.Put(After(15, 120), [this, line] {
      parts_.stock.Add(line.item, line.site, line.quantity);
      parts_.Tell(line);
    });
  }
}

// Three customers want what is about to run out somewhere: not all of them can have it, and none
// buys it in the end.
void OnlineTrade::ChaseLastUnit() {
  const size_t site = random_.Pick(std::span<const size_t>(shipping_sites_));
  constexpr int kTriesMax = 50;
  constexpr int64_t kFew = 7;  // More than the web shop's buffer, or nobody would get any.
  for (int i = 0; i < kTriesMax; ++i) {
    const size_t item = parts_.demand.DrawItem(site, random_);
    const int64_t shelf = parts_.stock.shelf(item, site);
    if (shelf < 3 || shelf > kFew || parts_.items[item].is_launch) continue;
    for (int customer = 0; customer < 3; ++customer) {
      const BasketStep hold{.basket = fmt::format("basket-{:06}", ++last_basket_),
                            .kind = BasketStepKind::kHold,
                            .site = site,
                            .is_forgotten = true,
                            .lines = {{.item = item, .quantity = 1 + shelf / 2}}};
      parts_.agenda.Put(parts_.agenda.now_ms() + 2 * int64_t{customer},
                        [this, hold] { parts_.Tell(hold); });
    }
    return;
  }
}

}  // namespace stockd::sample
