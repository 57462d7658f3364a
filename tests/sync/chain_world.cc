#include "tests/sync/chain_world.h"

#include <algorithm>

#include "daemon/engine/quotas.h"

namespace stockd::support {
namespace {

constexpr Quantity kCase = 6;  // Units in one of the ERP's cases.

Quantity UpTo(Random& random, Quantity most) {
  return 1 + static_cast<Quantity>(random.Below(static_cast<uint64_t>(most)));
}

}  // namespace

ChainWorld::ChainWorld(ChainFixture& daemon, uint64_t seed)
    : daemon_(daemon),
      random_(seed),
      name_("W" + std::to_string(seed)),
      shop_(daemon, kShop, kNoChannel),
      market_(daemon, kMarket, daemon.market_channel()),
      board_(daemon, kBoard, kNoChannel),
      shops_{&shop_, &market_} {
  std::vector<PositionKey> positions;
  for (const char* item : {"A", "B"}) {
    const std::string sku = name_ + item;
    items_[sku] = daemon_.PutItem(sku);
    for (const auto& [location, code] : {std::pair(LocationId{1}, "S01"), {LocationId{2}, "S02"}}) {
      const PositionKey key{.item = items_[sku], .location = location};
      places_.push_back({.key = key, .sku = sku, .location = code});
      positions.push_back(key);
    }
  }
  for (ChainShop* shop : {&shop_, &market_, &board_}) shop->Begin(positions);
}

std::string ChainWorld::Run(int steps) {
  for (int step = 0; step < steps && fault_.empty(); ++step) {
    Step();
    if (daemon_.is_dark()) RestartDaemon();
    JudgeOnTheWay();
  }
  if (fault_.empty()) ComeToRest();
  if (fault_.empty()) Judge();
  // What is on its way must not outlive the daemon.
  for (ChainShop* shop : {&shop_, &market_, &board_}) shop->Disconnect();
  return fault_;
}

void ChainWorld::Step() {
  daemon_.clock.Advance(random_.Percent(15) ? kHour * 7 : kMinute);
  constexpr uint64_t kWeights[] = {8, 8, 3, 3, 3, 8, 4, 5, 5, 3, 1, 2, 8, 6, 3, 30, 4, 2, 2, 3};
  switch (random_.Weighted(kWeights)) {
    case 0: return Receive();
    case 1: return SellAtTill();
    case 2: return TakeBack();
    case 3: return AdjustOrDamage();
    case 4: return Transfer();
    case 5: return SellInShop();
    case 6: return GrantQuota();
    case 7: return SellFromQuota();
    case 8: return FillBasket();
    case 9: return Count();
    case 10: return CountByChance();
    case 11: return LoseAFact();
    case 12: return Tell(tills_, kTill, 1 + random_.Below(5));
    case 13: return Tell(erp_, kErp, 1 + random_.Below(5));
    case 14: return TellCountSheets();
    case 15: return MoveASession();
    case 16: return BreakSomething();
    case 17: return RestartDaemon();
    case 18: return MapNames();
    default: return daemon_.CutPowerAt(UpTo(random_, 40));
  }
}

// --- what happens ------------------------------------------------------------------------------

v1::Fact& ChainWorld::Happen(SourceId source, v1::FactKind kind, const Place& place,
                             Quantity quantity) {
  Network& network = source == kErp ? erp_ : tills_;
  v1::Fact& fact = network.waiting.emplace_back();
  fact.set_event_id(NewId("f"));
  fact.set_kind(kind);
  fact.set_sku(place.sku);
  fact.set_location(place.location);
  fact.set_quantity(quantity);
  const int64_t micros = ToMicros(daemon_.clock.Now());
  fact.mutable_occurred_at()->set_seconds(micros / 1'000'000);
  fact.mutable_occurred_at()->set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1000));
  return fact;
}

void ChainWorld::HappenAtTill(v1::FactKind kind, const Place& place, Quantity quantity,
                              const std::string& reservation_id) {
  v1::Fact& fact = Happen(kTill, kind, place, quantity);
  fact.set_reservation_id(reservation_id);
  // The tills have a name of their own for everything.
  fact.set_sku("till-" + place.sku);
  const std::string device = name_ + (random_.Percent(50) ? "till-1" : "till-2");
  fact.set_device(device);
  fact.set_device_sequence(++numbers_[device]);
}

void ChainWorld::Receive() {
  Place& place = AnyPlace();
  if (random_.Percent(40)) {
    const Quantity cases = UpTo(random_, 3);
    place.there += cases * kCase;
    Happen(kErp, v1::FACT_KIND_RECEIPT, place, cases).set_sku("case-" + place.sku);
  } else {
    const Quantity quantity = UpTo(random_, 12);
    place.there += quantity;
    Happen(kErp, v1::FACT_KIND_RECEIPT, place, quantity);
  }
}

void ChainWorld::SellAtTill() {
  Place& place = AnyPlace();
  if (Free(place) <= 0) return;
  const Quantity quantity = UpTo(random_, std::min<Quantity>(3, Free(place)));
  place.there -= quantity;
  HappenAtTill(v1::FACT_KIND_SALE, place, quantity);
}

void ChainWorld::TakeBack() {
  Place& place = AnyPlace();
  place.there += 1;
  HappenAtTill(v1::FACT_KIND_RETURN, place, 1);
}

void ChainWorld::AdjustOrDamage() {
  Place& place = AnyPlace();
  if (Free(place) <= 0) return;
  place.there -= 1;
  if (random_.Percent(50)) {
    Happen(kErp, v1::FACT_KIND_DAMAGE, place, 1);
  } else {
    Happen(kErp, v1::FACT_KIND_ADJUSTMENT, place, -1);
  }
}

void ChainWorld::Transfer() {
  Place& from = AnyPlace();
  const auto to = std::ranges::find_if(places_, [&from](const Place& place) {
    return place.sku == from.sku && place.key != from.key;
  });
  if (Free(from) <= 0) return;
  const Quantity quantity = UpTo(random_, std::min<Quantity>(4, Free(from)));
  from.there -= quantity;
  to->there += quantity;
  Happen(kErp, v1::FACT_KIND_TRANSFER_OUT, from, quantity);
  Happen(kErp, v1::FACT_KIND_TRANSFER_IN, *to, quantity);
}

// A shop sells what it shows; of what is not there no unit can be sent.
void ChainWorld::SellInShop() {
  Place& place = AnyPlace();
  ChainShop& shop = *random_.Pick(shops_);
  Quantity& figure = shop.articles.at(place.key).figure;
  const Quantity most = std::min({Quantity{3}, figure, Free(place)});
  if (most <= 0) return;
  const Quantity quantity = UpTo(random_, most);
  figure -= quantity;
  place.there -= quantity;
}

void ChainWorld::GrantQuota() {
  Place& place = AnyPlace();
  // The daemon may promise units that have gone; the till that takes a quota looks at the shelf.
  const Quantity quantity = std::min(UpTo(random_, 3), Free(place));
  if (quantity <= 0) return;
  const std::string id = NewId("q");
  const auto granted = Insist([&] {
                         return daemon_.Do([&](engine::UnitOfWork& unit) {
                           return engine::GrantQuota(unit, {.id = id,
                                                            .holder = "till",
                                                            .position = place.key,
                                                            .quantity = quantity,
                                                            .ttl = kHour});
                         });
                       }).result;
  if (!std::holds_alternative<storage::QuotaStanding>(granted)) return;
  place.aside += quantity;
  quotas_.push_back({.id = id,
                     .place = static_cast<size_t>(&place - places_.data()),
                     .left = quantity,
                     .ends_at = daemon_.clock.Now() + kHour});
}

// Also when its time is over: a till that is cut off has a clock of its own.
void ChainWorld::SellFromQuota() {
  if (quotas_.empty()) return;
  Quota& quota = quotas_[random_.Below(quotas_.size())];
  if (quota.left == 0) return;
  Place& place = places_[quota.place];
  --quota.left;
  --place.aside;
  --place.there;
  HappenAtTill(v1::FACT_KIND_SALE, place, 1, quota.id);
}

void ChainWorld::FillBasket() {
  Place& place = AnyPlace();
  const std::string id = NewId("b");
  const Quantity wanted = UpTo(random_, 3);
  const Duration ttl = kMinute * UpTo(random_, 600);
  const auto held = Insist([&] { return daemon_.Reserve(id, wanted, ttl, place.key); });
  const auto* basket = std::get_if<ledger::Reservation>(&held.result);
  if (basket == nullptr || random_.Percent(50)) return;
  const Quantity quantity = basket->lines[0].granted;
  if (quantity > Free(place)) return;
  place.there -= quantity;
  HappenAtTill(v1::FACT_KIND_SALE, place, quantity, id);
}

// A person counts. What the shops sold before has to be told before, or it would be counted twice:
// nobody knows when it happened but that it was before it was told.
void ChainWorld::Count() {
  if (!TellAllShops()) return;
  daemon_.clock.Advance(kTick);
  if (random_.Percent(50)) {
    const Place& place = AnyPlace();
    Happen(kErp, v1::FACT_KIND_COUNT, place, place.there);
    return;
  }
  WriteCountSheet();
}

// Goods come whose paper comes later, as many are gone that nobody missed yet, and the count in
// between finds what the books say: it must be remembered nevertheless, or the paper adds to them.
void ChainWorld::CountByChance() {
  if (!TellAllShops()) return;
  Tell(tills_, kTill, tills_.waiting.size());
  Tell(erp_, kErp, erp_.waiting.size());
  TellCountSheets();
  Happen(kErp, v1::FACT_KIND_RECEIPT, AnyPlace(), UpTo(random_, 5));
  daemon_.clock.Advance(kTick);
  WriteCountSheet();
  TellCountSheets();
  if (random_.Percent(50)) RestartDaemon();
}

void ChainWorld::WriteCountSheet() {
  CountSheet& sheet = sheets_.emplace_back();
  sheet.id = NewId("c");
  sheet.as_of = daemon_.clock.Now();
  for (const Place& place : places_) {
    v1::SnapshotRow& row = sheet.rows.emplace_back();
    row.set_sku(place.sku);
    row.set_location(place.location);
    row.set_quantity(place.there);
  }
}

// Nobody ever tells it; the count that follows makes up for that.
void ChainWorld::LoseAFact() {
  Network& network = random_.Percent(50) ? erp_ : tills_;
  if (network.waiting.empty() || !TellAllShops()) return;
  const size_t index = random_.Below(network.waiting.size());
  const v1::Fact lost = network.waiting[index];
  // A count that is lost would have to be made again, and so would all that it made up for.
  if (lost.kind() == v1::FACT_KIND_COUNT) return;
  network.waiting.erase(network.waiting.begin() + static_cast<ptrdiff_t>(index));
  daemon_.clock.Advance(kTick);
  const auto place = std::ranges::find_if(places_, [&lost](const Place& each) {
    return lost.sku().ends_with(each.sku) && lost.location() == each.location;
  });
  Happen(kErp, v1::FACT_KIND_COUNT, *place, place->there);
}

// --- what is told ------------------------------------------------------------------------------

void ChainWorld::Tell(Network& network, SourceId source, size_t count) {
  random_.Shuffle(network.waiting);
  std::vector<v1::Fact> facts;
  for (size_t i = 0; i < count && !network.waiting.empty(); ++i) {
    const v1::Fact fact = network.waiting.back();
    network.waiting.pop_back();
    facts.push_back(fact);
    if (random_.Percent(30)) facts.push_back(fact);
    network.told.push_back(fact);
    if (fact.device_sequence() != 0) told_numbers_[fact.device()].insert(fact.device_sequence());
  }
  // Something from long ago once more.
  if (!network.told.empty() && random_.Percent(25)) facts.push_back(random_.Pick(network.told));
  while (!facts.empty() && !daemon_.TellFacts(source, facts)) RestartDaemon();
}

void ChainWorld::TellCountSheets() {
  random_.Shuffle(sheets_);
  for (const CountSheet& sheet : sheets_) {
    TellSheet(sheet);
    if (random_.Percent(30)) TellSheet(sheet);
  }
  sheets_.clear();
}

void ChainWorld::TellSheet(const CountSheet& sheet) {
  while (!daemon_.TellSnapshot(kErp, sheet.id, sheet.as_of, sheet.rows)) RestartDaemon();
}

// False when one of them cannot be reached.
bool ChainWorld::TellAllShops() {
  if (!std::ranges::all_of(shops_, &ChainShop::is_connected)) return false;
  std::vector<PositionKey> positions;
  for (const Place& place : places_) positions.push_back(place.key);
  return std::ranges::all_of(shops_, [&](ChainShop* shop) {
    return shop->Tell(NewId("s"), positions, random_.Percent(50));
  });
}

void ChainWorld::MapNames() {
  if (std::exchange(names_are_mapped_, true)) return;
  for (const auto& [sku, item] : items_) {
    while (!daemon_.MapItem(kTill, "till-" + sku, item, 1)) RestartDaemon();
    while (!daemon_.MapItem(kErp, "case-" + sku, item, kCase)) RestartDaemon();
  }
}

// --- sessions ----------------------------------------------------------------------------------

void ChainWorld::MoveASession() {
  ChainShop* const all[] = {&shop_, &market_, &board_};
  ChainShop& shop = *all[random_.Below(std::size(all))];
  if (!shop.is_connected()) {
    if (random_.Percent(20)) shop.Connect();
    return;
  }
  switch (random_.Below(4)) {
    case 0: shop.Send(); break;
    case 1: shop.Deliver([this] { return random_.Percent(10); }, NewId("s")); break;
    case 2: shop.Acknowledge(); break;
    default: {
      // A board tells nothing.
      if (&shop == &board_) break;
      const std::string id = NewId("s");
      const std::vector<PositionKey> positions{AnyPlace().key, AnyPlace().key};
      const bool forgets = random_.Percent(50);
      shop.Tell(id, positions, forgets);
      if (random_.Percent(30)) shop.Tell(id, positions, forgets);
    }
  }
}

void ChainWorld::BreakSomething() {
  ChainShop* const all[] = {&shop_, &market_, &board_};
  ChainShop& shop = *all[random_.Below(std::size(all))];
  if (random_.Percent(50)) {
    shop.Disconnect();
  } else {
    shop.Connect();
  }
}

void ChainWorld::RestartDaemon() {
  std::vector<ChainShop*> connected;
  for (ChainShop* shop : {&shop_, &market_, &board_}) {
    if (shop->is_connected()) connected.push_back(shop);
    shop->Disconnect();
  }
  if (daemon_.is_dark()) ++power_cuts_;
  daemon_.Restart(random_);
  for (ChainShop* shop : connected) shop->Connect();
}

}  // namespace stockd::support
