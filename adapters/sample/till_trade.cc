#include "adapters/sample/till_trade.h"

#include <utility>

#include "adapters/sample/chain.h"
#include "adapters/sample/purposes.h"

namespace stockd::sample {
namespace {

constexpr int64_t kMinutesPerDay = int64_t{24} * 60;
constexpr int64_t kReturnsPerMille = 40;  // Of all receipts.
constexpr int64_t kCountsPerMille = 80;   // Of all minutes.

}  // namespace

TillTrade::TillTrade(WorldParts& parts, uint64_t seed)
    : parts_(parts), random_(seed, kCustomerPurpose) {
  for (const Site& store : Stores()) last_numbers_.emplace_back(store.tills);
}

int64_t TillTrade::NextNumber(size_t site, int till) {
  return ++last_numbers_[site][static_cast<size_t>(till - 1)];
}

// Sales happen at even milliseconds and counts at odd ones: never at the same instant, where a sale
// would be part of the count.
int64_t TillTrade::DrawInstant() {
  return parts_.agenda.now_ms() + 2 * random_.Below(kMsPerMinute / 2);
}

void TillTrade::PlanMinute() {
  const int64_t minute = parts_.agenda.now_ms() / kMsPerMinute;
  // Two chances a minute.
  const int64_t chance = kReceiptsPerTillAndDay * Demand::Rush(minute) / kMinutesPerDay / 2;
  for (size_t site = 0; site < Stores().size(); ++site) {
    for (int till = 1; till <= Stores()[site].tills; ++till) {
      for (int i = 0; i < 2; ++i) {
        if (!random_.PerMille(chance)) continue;
        parts_.agenda.Put(DrawInstant(), [this, site, till] { Sell(site, till); });
      }
    }
  }
  if (random_.PerMille(kCountsPerMille)) {
    const auto site = static_cast<size_t>(random_.Below(static_cast<int64_t>(Stores().size())));
    parts_.agenda.Put(DrawInstant() + 1, [this, site] { CountShelf(site); });
  }
}

void TillTrade::Sell(size_t site, int till) {
  TillReceipt receipt{.site = site, .till = till};
  const int64_t line_count = 1 + random_.Below(3) + random_.Below(3) * random_.Below(2);
  for (int64_t i = 0; i < line_count; ++i) {
    const size_t item = parts_.demand.DrawItem(site, random_);
    const int64_t wanted = parts_.demand.DrawQuantity(item, random_);
    const int64_t taken = parts_.stock.Take(item, site, wanted);
    if (taken > 0) {
      receipt.lines.push_back({.item = item, .kind = TillLineKind::kSale, .quantity = taken});
    }
  }
  if (receipt.lines.empty()) return;  // Nothing left of what they came for.
  receipt.number = NextNumber(site, till);
  if (random_.PerMille(kReturnsPerMille)) {
    const TillLine line{.item = receipt.lines[0].item,
                        .kind = TillLineKind::kReturn,
                        .quantity = receipt.lines[0].quantity};
    const int64_t delay_ms = random_.Between(20, 480) * kMsPerMinute;
    parts_.agenda.Put(parts_.agenda.now_ms() + delay_ms,
                      [this, site, till, line] { TakeBack(site, till, line); });
  }
  parts_.Tell(std::move(receipt));
}

void TillTrade::TakeBack(size_t site, int till, TillLine line) {
  parts_.stock.Add(line.item, site, line.quantity);
  parts_.Tell(
      TillReceipt{.site = site, .till = till, .number = NextNumber(site, till), .lines = {line}});
}

// A few neighbours on a shelf, with whatever was stolen from there.
void TillTrade::CountShelf(size_t site) {
  constexpr size_t kShelfLength = 30;
  TillReceipt receipt{.site = site, .till = 1, .number = NextNumber(site, 1)};
  const size_t first = parts_.demand.DrawItem(site, random_);
  for (size_t item = first; item < first + kShelfLength && item < parts_.items.size(); ++item) {
    if (!parts_.plan.at(item, site).is_ranged || !random_.PerMille(300)) continue;
    receipt.lines.push_back(
        {.item = item, .kind = TillLineKind::kCount, .quantity = parts_.stock.Count(item, site)});
  }
  if (!receipt.lines.empty()) parts_.Tell(std::move(receipt));
}

}  // namespace stockd::sample
