#include "tests/sync/web_shop.h"

#include <utility>

namespace stockd::support {

bool WebShop::Sell(Quantity quantity) {
  if (quantity > figure) return false;
  figure -= quantity;
  sold += quantity;
  return true;
}

std::optional<sync::LevelProblem> WebShop::Write(const sync::SentLevel& sent) {
  if (sent.level.version <= version) return std::nullopt;  // Written before.
  if (sent.expected && *sent.expected != figure) {
    return sync::LevelProblem{.position = sent.level.position,
                              .version = sent.level.version,
                              .outcome = v1::LEVEL_OUTCOME_CONFLICT,
                              .found = figure};
  }
  figure = sent.level.available;
  version = sent.level.version;
  return std::nullopt;
}

void WebShopFixture::SetUp() {
  DeviceFixture::SetUp();
  Configure(storage::AbsoluteRule::kDiff);
  Connect();
}

void WebShopFixture::TearDown() {
  delivery_.reset();
  DeviceFixture::TearDown();
}

void WebShopFixture::Configure(storage::AbsoluteRule absolute, bool echoes) {
  absolute_ = absolute;
  echoes_ = echoes;
  records().rules.Configure({{.source = kTill, .absolute = absolute, .echoes = echoes}});
}

void WebShopFixture::Connect() {
  on_its_way.reset();
  delivered = false;
  problems_.clear();
  const auto scope = [position = position_] {
    sync::FeedScope only;
    only.items.insert(position.item);
    only.locations.insert(position.location);
    return only;
  };
  delivery_.emplace(engine(), records(), kTill, scope, shop.cursor, /*updates_max=*/4);
}

void WebShopFixture::Restart() {
  delivery_.reset();
  Reopen();
  Configure(absolute_, echoes_);
  Connect();
}

bool WebShopFixture::Send() {
  if (on_its_way) return false;
  auto update = delivery_->Next(clock.Now());
  if (!update) return false;
  if (update->tracked) {
    std::promise<std::vector<sync::SentLevel>> committed;
    sync::CommitLevels(
        engine(), records(), kTill, std::exchange(update->levels, {}),
        [&committed](engine::CommitOutcome outcome, std::vector<sync::SentLevel>&& levels) {
          EXPECT_EQ(outcome, engine::CommitOutcome::kCommitted);
          committed.set_value(std::move(levels));
        });
    update->levels = committed.get_future().get();
  }
  delivery_->Sent(*update);
  on_its_way = std::move(update);
  delivered = false;
  return true;
}

void WebShopFixture::Deliver(const std::function<std::optional<sync::LevelProblem>()>& refuse) {
  if (!on_its_way || delivered) return;
  problems_.clear();
  for (const sync::SentLevel& sent : on_its_way->levels) {
    auto problem = refuse ? refuse() : std::nullopt;
    if (problem) {
      problem->position = sent.level.position;
      problem->version = sent.level.version;
    } else {
      problem = shop.Write(sent);
    }
    if (problem) problems_.push_back(*problem);
  }
  shop.cursor = std::max(shop.cursor, on_its_way->cursor);
  delivered = true;
}

bool WebShopFixture::InDoubt() const {
  if (!delivered || problems_.empty()) return false;
  return on_its_way->levels.front().again &&
         problems_.front().outcome == v1::LEVEL_OUTCOME_CONFLICT;
}

void WebShopFixture::Acknowledge() {
  if (!on_its_way || !delivered) return;
  const Sequence cursor = on_its_way->cursor;
  on_its_way.reset();
  auto acknowledged = delivery_->Acknowledge(cursor);
  ASSERT_TRUE(acknowledged.has_value());
  acknowledged->answer.problems = std::exchange(problems_, {});
  std::promise<std::vector<PositionKey>> settled;
  sync::SettleLevels(engine(), records(), kTill, cursor, std::move(acknowledged->answer),
                     [&settled](engine::CommitOutcome outcome, std::vector<PositionKey>&& again) {
                       EXPECT_EQ(outcome, engine::CommitOutcome::kCommitted);
                       settled.set_value(std::move(again));
                     });
  delivery_->SendAgain(settled.get_future().get());
}

void WebShopFixture::Settle() {
  for (int round = 0; round < 100; ++round) {
    const bool sent = Send();
    const bool waits = on_its_way.has_value();
    Deliver();
    Acknowledge();
    if (!sent && !waits) return;
  }
  ADD_FAILURE() << "levels are sent without end";
}

sync::SnapshotOutcome WebShopFixture::TellSnapshot(const std::string& id, Quantity quantity,
                                                   Sequence version) {
  auto intake = std::make_shared<sync::SnapshotIntake>(engine(), devices(), kTill, records(), id,
                                                       clock.Now(), /*compare_only=*/false);
  v1::SnapshotRow row;
  row.set_sku(sku_);
  row.set_location("S01");
  row.set_quantity(quantity);
  row.set_level_version(version);
  intake->Add(row);
  std::promise<sync::SnapshotOutcome> done;
  sync::SnapshotIntake::Apply(std::move(intake), [&done](engine::CommitOutcome outcome,
                                                         const sync::SnapshotOutcome& result) {
    EXPECT_EQ(outcome, engine::CommitOutcome::kCommitted);
    done.set_value(result);
  });
  return done.get_future().get();
}

v1::Fact WebShopFixture::FactOf(const std::string& id, v1::FactKind kind, Quantity quantity,
                                Sequence version) {
  v1::Fact fact = DeviceFixture::FactOf(id, "", 0);
  fact.set_sku(sku_);
  fact.set_kind(kind);
  fact.set_quantity(quantity);
  fact.set_level_version(version);
  return fact;
}

sync::IntakeResult WebShopFixture::TellCount(const std::string& id, Quantity quantity,
                                             Sequence version) {
  return Take({FactOf(id, v1::FACT_KIND_COUNT, quantity, version)});
}

sync::IntakeResult WebShopFixture::TellDelta(const std::string& id, v1::FactKind kind,
                                             Quantity quantity, Sequence version) {
  return Take({FactOf(id, kind, quantity, version)});
}

void WebShopFixture::Elsewhere(ledger::EntryKind kind, Quantity quantity) {
  const ledger::Fact fact{.source = kErp,
                          .event_id = sku_ + "-elsewhere-" + std::to_string(++elsewhere_),
                          .kind = kind,
                          .position = position_,
                          .quantity = quantity,
                          .occurred_at = clock.Now()};
  ASSERT_EQ(Tell(fact).result, ledger::FactResult::kApplied);
}

storage::Shadow WebShopFixture::Shadow() {
  return Do([this](engine::UnitOfWork& unit) { return unit.store().FindShadow(kTill, position_); })
      .result;
}

void WebShopFixture::BeginWith(const std::string& sku) {
  const ItemId item = Do([&sku](engine::UnitOfWork& unit) {
                        const storage::Item put = unit.catalogue().PutItem({.sku = sku});
                        unit.store().SaveItem(put);
                        return put.id;
                      }).result;
  sku_ = sku;
  position_ = {.item = item, .location = kHere.location};
  shop = {};
  elsewhere_ = 0;
  Connect();
}

}  // namespace stockd::support
