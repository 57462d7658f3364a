// A till, an ERP and a web shop do their worst: they repeat, reorder, drop, delay for days, echo
// what they were told, lose connections and sell offline out of quotas, while baskets reserve, the
// daemon restarts and people count. Once all is quiet the daemon's figure is what is physically
// there, and the shop shows the daemon's figure.
#include <algorithm>
#include <utility>

#include "daemon/engine/quotas.h"
#include "tests/support/random.h"
#include "tests/support/seeds.h"
#include "tests/sync/web_shop.h"

namespace stockd::support {
namespace {

using ledger::EntryKind;

class Quiescence : public WebShopFixture {
 protected:
  void RunWorld(uint64_t seed);

 private:
  int Below(int limit) { return static_cast<int>(random_.Next() % static_cast<uint64_t>(limit)); }
  std::string NewId(const char* what) { return name_ + what + std::to_string(++ids_); }

  // Something that happened at the till or the ERP, which will tell it later, perhaps twice.
  void Happen(v1::FactKind kind, Quantity quantity, const std::string& reservation_id = {}) {
    v1::Fact fact;
    fact.set_event_id(NewId("f"));
    fact.set_kind(kind);
    fact.set_sku(name_);
    fact.set_location("S01");
    fact.set_quantity(quantity);
    const int64_t micros = ToMicros(clock.Now());
    fact.mutable_occurred_at()->set_seconds(micros / 1'000'000);
    fact.mutable_occurred_at()->set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1000));
    fact.set_reservation_id(reservation_id);
    fact.set_device("till");
    fact.set_device_sequence(++device_sequence_);
    untold_.push_back(std::move(fact));
  }

  void TellSome(size_t count) {
    random_.Shuffle(untold_);
    v1::FactBatch batch;
    batch.set_batch(++batches_);
    for (size_t i = 0; i < count && !untold_.empty(); ++i) {
      *batch.add_facts() = untold_.back();
      if (Below(3) == 0) *batch.add_facts() = untold_.back();
      told_.push_back(std::move(untold_.back()));
      untold_.pop_back();
    }
    // Something from long ago once more.
    if (!told_.empty() && Below(4) == 0) {
      *batch.add_facts() = told_[static_cast<size_t>(Below(static_cast<int>(told_.size())))];
    }
    if (batch.facts_size() == 0) return;
    std::promise<sync::IntakeResult> taken;
    sync::TakeFacts(engine(), devices(), records(), kErp, std::move(batch),
                    [&taken](engine::CommitOutcome, const sync::IntakeResult& result) {
                      taken.set_value(result);
                    });
    EXPECT_TRUE(taken.get_future().get().set_aside.empty());
  }

  void TellShop() {
    const std::string id = NewId("s");
    // An adapter that lost its notes does not know which level it wrote. While one is on its way no
    // figure could then be told for sure: it has to say.
    const Sequence version = Below(2) == 0 || Shadow().pending ? shop.version : 0;
    if (Below(2) == 0) {
      TellSnapshot(id, shop.figure, version);
      if (Below(3) == 0) TellSnapshot(id, shop.figure, version);
    } else {
      TellCount(id, shop.figure, version);
    }
  }

  // A person counts: what is told before and what is told after must agree with it.
  void CountAll() {
    TellShop();
    clock.Advance(kTick);
    Happen(v1::FACT_KIND_COUNT, there_);
  }

  // Units of quotas are set aside in the till, which sells them: nobody else can take them.
  Quantity OnShelf() const {
    Quantity aside = 0;
    for (const auto& [id, left] : quotas_) aside += left;
    return there_ - aside;
  }

  void Step();

  Random random_{0};
  std::string name_;
  int ids_ = 0;
  uint64_t device_sequence_ = 0;
  uint64_t batches_ = 0;
  Quantity there_ = 0;  // What is physically there and not sold in the shop: the oracle.
  std::vector<v1::Fact> untold_;
  std::vector<v1::Fact> told_;
  std::vector<std::pair<std::string, Quantity>> quotas_;  // What the till may still sell of each.
};

void Quiescence::Step() {
  clock.Advance(Below(5) == 0 ? std::chrono::hours(7) : kMinute);
  switch (Below(16)) {
    case 0:
    case 1: {
      const Quantity quantity = 1 + Below(12);
      there_ += quantity;
      return Happen(v1::FACT_KIND_RECEIPT, quantity);
    }
    case 2:
    case 3: {
      if (OnShelf() <= 0) return;
      const Quantity quantity = 1 + Below(static_cast<int>(std::min<Quantity>(3, OnShelf())));
      there_ -= quantity;
      return Happen(v1::FACT_KIND_SALE, quantity);
    }
    case 4: {
      if (there_ == 0) return;
      there_ += 1;
      return Happen(v1::FACT_KIND_RETURN, 1);
    }
    case 5: return TellSome(1 + static_cast<size_t>(Below(6)));
    case 6: return TellSome(untold_.size());
    case 7: {
      if (shop.figure <= 0) return;
      const Quantity quantity = 1 + Below(static_cast<int>(std::min<Quantity>(3, shop.figure)));
      // A shop sells what it shows; what is physically there may be less: no unit can be sent then.
      if (quantity > OnShelf() || !shop.Sell(quantity)) return;
      there_ -= quantity;
      return;
    }
    case 8: {
      Send();
      return;
    }
    case 9: {
      Deliver();
      // What a conflict found is told with its version, so that it is certain which level it is.
      TellSnapshot(NewId("s"), shop.figure, shop.version);
      return;
    }
    case 10: return Acknowledge();
    case 11: return TellShop();
    case 12: return Below(3) == 0 ? Restart() : Connect();
    case 13: {
      // The daemon may know of units that have gone; the till that takes a quota looks at the
      // shelf.
      const Quantity quantity = std::min<Quantity>(1 + Below(3), OnShelf());
      if (quantity <= 0) return;
      const std::string id = NewId("q");
      const auto granted = Do([&](engine::UnitOfWork& unit) {
                             return engine::GrantQuota(unit, {.id = id,
                                                              .holder = "till",
                                                              .position = position(),
                                                              .quantity = quantity,
                                                              .ttl = kHour});
                           }).result;
      if (std::holds_alternative<storage::QuotaStanding>(granted))
        quotas_.emplace_back(id, quantity);
      return;
    }
    case 14: {
      if (quotas_.empty()) return;
      auto& [id, left] = quotas_[static_cast<size_t>(Below(static_cast<int>(quotas_.size())))];
      if (left == 0) return;
      --left;
      --there_;
      return Happen(v1::FACT_KIND_SALE, 1, id);
    }
    default: {
      const std::string id = NewId("b");
      const auto held = Reserve(id, 1 + Below(3), kMinute * (1 + Below(600)), position());
      const auto* basket = std::get_if<ledger::Reservation>(&held.result);
      if (basket == nullptr || Below(2) == 0) return;
      const Quantity quantity = basket->lines[0].granted;
      if (quantity > OnShelf()) return;
      there_ -= quantity;
      return Happen(v1::FACT_KIND_SALE, quantity, id);
    }
  }
}

void Quiescence::RunWorld(uint64_t seed) {
  random_ = Random(seed);
  name_ = "W" + std::to_string(seed);
  ids_ = 0;
  there_ = 0;
  untold_.clear();
  told_.clear();
  quotas_.clear();
  BeginWith(name_);
  Settle();
  for (int step = 0; step < 80; ++step) {
    ASSERT_NO_FATAL_FAILURE(Step());
    // Now and then facts are lost for good; the next count makes up for that.
    if (!untold_.empty() && Below(60) == 0) {
      untold_.pop_back();
      CountAll();
    }
  }
  // All becomes quiet: the network is back, everything is told, holds lapse, quotas are settled.
  Connect();
  TellSnapshot(NewId("s"), shop.figure, shop.version);
  Settle();
  TellShop();
  TellSome(untold_.size());
  for (const auto& [id, left] : quotas_) {
    const std::string quota = id;
    Do([&](engine::UnitOfWork& unit) { return engine::SettleQuota(unit, quota, 0, true); });
  }
  clock.Advance(24 * kHour);
  Do([](engine::UnitOfWork&) { return true; });
  Settle();
  TellShop();
  Settle();
  EXPECT_EQ(LevelAt(position()).on_hand, there_);
  EXPECT_EQ(LevelAt(position()).available, there_) << "nothing is claimed any more";
  EXPECT_EQ(shop.figure, there_);
  EXPECT_FALSE(Send()) << "no message follows";
  EXPECT_EQ(reader().CountQuarantined(kErp), 0);
}

TEST_F(Quiescence, EverySourceShowsWhatIsThereOnceAllIsQuiet) {
  ForEachSeed(40, [&](uint64_t seed) { RunWorld(seed); });
  EXPECT_EQ(reader().Verify(10).drift_count, 0);
}

}  // namespace
}  // namespace stockd::support
