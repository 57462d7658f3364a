// How a chain comes to rest, and what must hold then.
#include <algorithm>

#include "daemon/engine/quotas.h"
#include "tests/sync/chain_world.h"

namespace stockd::support {
namespace {

// Levels that may be sent to one system while it comes to rest, for each position: what is new,
// what it sold since, and what follows from that.
constexpr int kLevelsAtRestMax = 12;

}  // namespace

void ChainWorld::Fail(const std::string& what) {
  if (fault_.empty()) fault_ = what;
}

// A last try before the daemon ends: what was refused is behind the cursor then.
void ChainWorld::RefuseSome(ChainShop& shop) {
  constexpr int kUpdatesMax = 20;
  for (int update = 0; update < kUpdatesMax && shop.Send(); ++update) {
    shop.Deliver([this] { return random_.Percent(30); }, NewId("s"));
    shop.Acknowledge();
  }
}

// The networks are back, everything is told, in any order; holds lapse and quotas are settled.
void ChainWorld::ComeToRest() {
  RestartDaemon();
  for (ChainShop* shop : {&shop_, &market_, &board_}) {
    if (!shop->is_connected()) shop->Connect();
  }
  TellAllShops();
  Tell(tills_, kTill, tills_.waiting.size());
  MapNames();
  Tell(erp_, kErp, erp_.waiting.size());
  TellCountSheets();
  for (const Quota& quota : quotas_) {
    daemon_.Do([&](engine::UnitOfWork& unit) {
      return engine::SettleQuota(unit, quota.id, 0, /*force=*/true);
    });
  }
  daemon_.clock.Advance(24 * kHour);
  daemon_.Do([](engine::UnitOfWork&) { return true; });  // Clears the holds.
  for (ChainShop* shop : {&shop_, &market_, &board_}) RefuseSome(*shop);
  RestartDaemon();
  // Twice: what was refused waits its pause, and what a conflict found makes a new level.
  for (int round = 0; round < 2; ++round) {
    daemon_.clock.Advance(24 * kHour);
    for (ChainShop* shop : {&shop_, &market_, &board_}) {
      levels_at_rest_ += std::min(1'000'000, shop->Settle(NewId("s")));
    }
    TellAllShops();
  }
  for (ChainShop* shop : {&shop_, &market_, &board_}) {
    levels_at_rest_ += std::min(1'000'000, shop->Settle(NewId("s")));
  }
}

void ChainWorld::JudgePlace(const Place& place) {
  const std::string where = place.sku + "@" + place.location;
  const engine::Level level =
      engine::LevelOf(daemon_.engine(), place.key, kNoChannel, daemon_.engine().Now());
  const auto is = [&](const char* what, Quantity actual, Quantity expected) {
    if (actual == expected) return;
    Fail(where + ": " + what + " " + std::to_string(actual) + " instead of " +
         std::to_string(expected));
  };
  is("on hand is", level.on_hand, place.there);
  is("available is", level.available, place.there);
  is("the shop shows", shop_.articles.at(place.key).figure, std::max<Quantity>(0, place.there));
  is("the market shows", market_.articles.at(place.key).figure,
     std::max<Quantity>(0, place.there - kMarketBuffer));
  is("the board shows available", board_.articles.at(place.key).figure,
     std::max<Quantity>(0, place.there));
  is("the board shows on hand", board_.articles.at(place.key).on_hand, place.there);
}

// A till's numbers are complete but for those of facts that were lost.
void ChainWorld::JudgeNumbers() {
  uint64_t missing = 0;
  for (const auto& [device, numbers] : told_numbers_) {
    missing += *numbers.rbegin() - *numbers.begin() + 1 - numbers.size();
  }
  uint64_t known = 0;
  for (const sync::DeviceStatus& device : daemon_.devices().List(kTill, false, 100'000, 0)) {
    if (told_numbers_.contains(device.device)) known += device.missing;
  }
  if (known != missing) {
    Fail(std::to_string(known) + " numbers are known to be missing instead of " +
         std::to_string(missing));
  }
}

void ChainWorld::JudgeOnTheWay() {
  if (++judged_ % 10 == 0) JudgeNumbers();
  if (daemon_.is(Fault::kReturnsQuotasUnasked)) {
    for (const Quota& quota : quotas_) {
      if (quota.ends_at > daemon_.clock.Now()) continue;
      daemon_.Do([&](engine::UnitOfWork& unit) {
        return engine::SettleQuota(unit, quota.id, 0, /*force=*/true);
      });
    }
  }
  // Nobody else is promised what a till may still sell.
  for (const Place& place : places_) {
    const auto level = daemon_.engine().index().Find(place.key, daemon_.engine().Now());
    const Quantity committed = level ? level->row.committed : 0;
    if (committed < place.aside) {
      Fail(place.sku + ": " + std::to_string(committed) + " units are kept for quotas of " +
           std::to_string(place.aside));
    }
  }
}

void ChainWorld::Judge() {
  for (const Place& place : places_) JudgePlace(place);
  JudgeNumbers();
  for (ChainShop* shop : {&shop_, &market_, &board_}) {
    if (shop->Send()) Fail("a message follows although nothing happens any more");
  }
  const int levels_max = kLevelsAtRestMax * 3 * static_cast<int>(places_.size());
  if (levels_at_rest_ > levels_max) {
    Fail(std::to_string(levels_at_rest_) + " levels were sent to come to rest");
  }
  for (const SourceId source : {kTill, kErp}) {
    if (daemon_.reader().CountQuarantined(source) != 0) Fail("facts wait for nothing");
  }
  if (!fault_.empty()) return;
  // Nothing was lost: every fact is known, and changes nothing when it is told again.
  for (const auto& [network, source] : {std::pair(&erp_, kErp), {&tills_, kTill}}) {
    if (network->told.empty()) continue;
    const sync::IntakeResult again = daemon_.TellFacts(source, network->told).value();
    if (again.applied != 0 || !again.set_aside.empty()) {
      Fail(std::to_string(again.applied) + " facts were applied again");
    }
  }
  for (const Place& place : places_) JudgePlace(place);
}

}  // namespace stockd::support
