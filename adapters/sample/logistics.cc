#include "adapters/sample/logistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adapters/sample/chain.h"
#include "adapters/sample/purposes.h"

namespace stockd::sample {
namespace {

constexpr int64_t kMsPerHour = 60 * kMsPerMinute;

// The first launches are on the shelves before the ERP has told anybody what they are.
constexpr int64_t kLaunchMinute = 5;
constexpr int64_t kLaunchKnownMinute = 45;
constexpr int64_t kLaunchKnownEveryMinutes = 15;

int64_t OnEvenMs(int64_t at_ms) { return at_ms / 2 * 2; }

}  // namespace

Logistics::Logistics(WorldParts& parts, uint64_t seed)
    : parts_(parts), random_(seed, kSupplyPurpose) {
  PlanOpeningPromises();
  PlanLaunches();
}

std::string Logistics::NextId(std::string_view prefix) {
  return fmt::format("{}-{:06}", prefix, ++last_id_);
}

void Logistics::PlanOpeningPromises() {
  constexpr int kPromiseCount = 150;
  constexpr int64_t kHoursMax = 240;
  for (int i = 0; i < kPromiseCount; ++i) {
    const size_t item = parts_.demand.DrawItem(WarehouseIndex(), random_);
    if (parts_.items[item].is_launch) continue;
    const SupplyPromise promise{.id = NextId("PO"),
                                .item = item,
                                .site = WarehouseIndex(),
                                .quantity = parts_.plan.at(item, WarehouseIndex()).reorder_point,
                                .expected_ms = random_.Between(1, kHoursMax) * kMsPerHour};
    opening_promises_.push_back(promise);
    parts_.stock.Order(item, WarehouseIndex(), promise.quantity);
    PlanDelivery(promise);
  }
}

void Logistics::PlanLaunches() {
  int64_t known_minute = kLaunchKnownMinute;
  for (size_t item = 0; item < parts_.items.size(); ++item) {
    if (!parts_.items[item].is_launch) continue;
    parts_.agenda.Put(kLaunchMinute * kMsPerMinute, [this, item] {
      for (size_t site = 0; site < Sites().size(); ++site) {
        const Movement arrival{.id = NextId("LAUNCH"),
                               .kind = MovementKind::kReceipt,
                               .item = item,
                               .site = site,
                               .quantity = random_.Between(20, 60)};
        Arrive(arrival);
      }
    });
    parts_.agenda.Put(known_minute * kMsPerMinute,
                      [this, item] { parts_.Tell(LateMasterData{.item = item}); });
    known_minute += kLaunchKnownEveryMinutes;
  }
}

void Logistics::PlanMinute() {
  for (const auto& [item, site] : parts_.stock.TakeTouched()) Review(item, site);
  constexpr int64_t kLossesPerMille = 500;
  if (random_.PerMille(kLossesPerMille)) {
    parts_.agenda.Put(OnEvenMs(parts_.agenda.now_ms() + random_.Below(kMsPerMinute)),
                      [this] { LoseSomething(); });
  }
}

void Logistics::Review(size_t item, size_t site) {
  const PositionPlan& plan = parts_.plan.at(item, site);
  const int64_t covered = parts_.stock.recorded(item, site) + parts_.stock.on_order(item, site);
  if (!plan.is_ranged || covered >= plan.reorder_point) return;
  const int64_t quantity = plan.order_up_to - covered;
  parts_.stock.Order(item, site, quantity);
  if (site == WarehouseIndex()) {
    OrderFromSupplier(item, quantity);
    return;
  }
  const int64_t at_ms = parts_.agenda.now_ms() + random_.Between(15, 60) * kMsPerMinute;
  parts_.agenda.Put(at_ms, [this, item, site, quantity] { SendToStore(item, site, quantity); });
}

void Logistics::OrderFromSupplier(size_t item, int64_t quantity) {
  SupplyPromise promise{
      .id = NextId("PO"), .item = item, .site = WarehouseIndex(), .quantity = quantity};
  promise.expected_ms = OnEvenMs(parts_.agenda.now_ms() + random_.Between(6, 30) * kMsPerHour);
  parts_.Tell(promise);
  PlanDelivery(promise);
}

// Half an hour early to two hours late.
void Logistics::PlanDelivery(const SupplyPromise& promise) {
  const int64_t at_ms = promise.expected_ms + random_.Between(-30, 120) * kMsPerMinute;
  parts_.agenda.Put(std::max(at_ms, parts_.agenda.now_ms()), [this, promise] { Receive(promise); });
}

void Logistics::Receive(const SupplyPromise& promise) {
  constexpr int64_t kShortPerMille = 100;
  const bool is_short = random_.PerMille(kShortPerMille) && promise.quantity > 4;
  const int64_t quantity = is_short ? promise.quantity * 4 / 5 : promise.quantity;
  parts_.stock.Order(promise.item, promise.site, -promise.quantity);
  Arrive({.id = NextId("GR"),
          .kind = MovementKind::kReceipt,
          .item = promise.item,
          .site = promise.site,
          .quantity = quantity,
          .supply = promise.id});
  if (!is_short) return;
  SupplyPromise nothing_more = promise;
  nothing_more.quantity = 0;
  parts_.Tell(nothing_more);
}

void Logistics::SendToStore(size_t item, size_t store, int64_t quantity) {
  parts_.stock.Order(item, store, -quantity);
  const int64_t sent = parts_.stock.Take(item, WarehouseIndex(), quantity);
  if (sent == 0) return;  // Ordered again when the next unit is sold.
  parts_.stock.Order(item, store, sent);
  const std::string id = NextId("TR");
  parts_.Tell(Movement{.id = id + "-OUT",
                       .kind = MovementKind::kTransferOut,
                       .item = item,
                       .site = WarehouseIndex(),
                       .quantity = sent});
  const Movement arrival{.id = id + "-IN",
                         .kind = MovementKind::kTransferIn,
                         .item = item,
                         .site = store,
                         .quantity = sent};
  const int64_t at_ms = OnEvenMs(parts_.agenda.now_ms() + random_.Between(90, 300) * kMsPerMinute);
  parts_.agenda.Put(at_ms, [this, arrival] {
    parts_.stock.Order(arrival.item, arrival.site, -arrival.quantity);
    Arrive(arrival);
  });
}

void Logistics::Arrive(const Movement& arrival) {
  parts_.stock.Add(arrival.item, arrival.site, arrival.quantity);
  parts_.Tell(arrival);
}

// Broken, found to be missing, or stolen.
void Logistics::LoseSomething() {
  const auto site = static_cast<size_t>(random_.Below(static_cast<int64_t>(Sites().size())));
  const size_t item = parts_.demand.DrawItem(site, random_);
  const int64_t wanted =
      parts_.items[item].by_weight ? random_.Between(200, 900) : random_.Between(1, 3);
  if (parts_.items[item].is_launch) return;
  const int64_t draw = random_.Below(10);
  if (draw < 5) {
    parts_.stock.Steal(item, site, wanted);
    return;
  }
  const int64_t lost = parts_.stock.Take(item, site, wanted);
  if (lost == 0) return;
  const bool is_damage = draw < 8;
  parts_.Tell(Movement{.id = NextId(is_damage ? "DMG" : "ADJ"),
                       .kind = is_damage ? MovementKind::kDamage : MovementKind::kAdjustment,
                       .item = item,
                       .site = site,
                       .quantity = is_damage ? lost : -lost});
}

}  // namespace stockd::sample
