#include "tests/sync/chain_fixture.h"

#include <future>
#include <utility>

#include "daemon/sync/quarantine_replay.h"

namespace stockd::support {

void ChainFixture::SetUp() {
  vfs_name = disk_.name();
  DeviceFixture::SetUp();
  market_channel_ = Do([](engine::UnitOfWork& unit) {
                      for (const char* name : {"shop", "market", "board"}) {
                        unit.store().SaveSource(unit.catalogue().PutSource({.name = name}));
                      }
                      const storage::Channel market = unit.catalogue().PutChannel(
                          {.channel_id = "market", .buffer = kMarketBuffer});
                      unit.store().SaveChannel(market);
                      return market.id;
                    }).result;
  ConfigureRules();
  // By a rule that a person put, so that a restart has to remember it.
  PutRules(storage::AbsoluteRule::kDiff);
}

void ChainFixture::TearDown() {
  DeviceFixture::TearDown();
  Close();  // Before the disk goes away.
}

std::unique_ptr<GatedStore> ChainFixture::MakeStore(storage::Store& real) {
  return std::make_unique<BrokenStore>(real, fault_);
}

void ChainFixture::Break(Fault fault) {
  PutRules(storage::AbsoluteRule::kDiff, /*remove=*/true);  // They were put by the whole store.
  fault_ = fault;
  if (is(Fault::kLosesSyncs)) disk_.LieAboutSyncs();
  Random random(1);
  Restart(random);
  PutRules(is(Fault::kTakesDifferencesForCounts) ? storage::AbsoluteRule::kCount
                                                 : storage::AbsoluteRule::kDiff);
}

void ChainFixture::PutRules(storage::AbsoluteRule rule, bool remove) {
  for (const SourceId source : {kShop, kMarket}) {
    Do([&](engine::UnitOfWork& unit) {
      records().ChangeRule(unit, {.source = source, .absolute = rule, .channels = {}}, remove,
                           "a web shop");
      return true;
    });
  }
}

void ChainFixture::ConfigureRules() {
  records().rules.Configure({{.source = kTill},
                             {.source = kErp},
                             {.source = kBoard},
                             {.source = kShop},
                             {.source = kMarket}});
}

void ChainFixture::Restart(Random& random) {
  Close();
  disk_.ComeBack(random);
  Open();
  ConfigureRules();
}

ItemId ChainFixture::PutItem(const std::string& sku) {
  return Do([&sku](engine::UnitOfWork& unit) {
           const storage::Item put = unit.catalogue().PutItem({.sku = sku});
           unit.store().SaveItem(put);
           return put.id;
         })
      .result;
}

bool ChainFixture::MapItem(SourceId source, const std::string& code, ItemId item, int64_t units) {
  const auto put = Do([&](engine::UnitOfWork& unit) {
    const storage::SkuMapping mapping{
        .source = source, .code = code, .item = item, .numerator = units};
    unit.mappings().Put(mapping);
    unit.store().SaveSkuMapping(mapping);
    return true;
  });
  if (put.outcome != engine::CommitOutcome::kCommitted) return false;
  sync::QuarantineReplay replay(engine(), reader(), records());
  std::promise<engine::CommitOutcome> done;
  replay.ReplayAll(kNoSource, ledger::Reason::kSkuUnknown, ledger::LateFacts::kRefuse,
                   [&done](engine::CommitOutcome outcome, const sync::ReplayResult&) {
                     done.set_value(outcome);
                   });
  return done.get_future().get() == engine::CommitOutcome::kCommitted;
}

namespace {

// Waits for what a call says when it is done; nothing when it was not committed.
template <typename Result>
class Answer {
 public:
  auto callback() {
    return [this](engine::CommitOutcome outcome, Result result) {
      if (outcome == engine::CommitOutcome::kCommitted) {
        answer_.set_value(std::move(result));
      } else {
        answer_.set_value(std::nullopt);
      }
    };
  }
  std::optional<Result> Wait() { return answer_.get_future().get(); }

 private:
  std::promise<std::optional<Result>> answer_;
};

}  // namespace

std::optional<sync::IntakeResult> ChainFixture::TellFacts(SourceId source,
                                                          const std::vector<v1::Fact>& facts) {
  v1::FactBatch batch;
  batch.set_batch(++chain_batches_);
  for (const v1::Fact& fact : facts) *batch.add_facts() = fact;
  Answer<sync::IntakeResult> answer;
  sync::TakeFacts(engine(), devices(), records(), source, std::move(batch), answer.callback());
  return answer.Wait();
}

std::optional<sync::SnapshotOutcome> ChainFixture::TellSnapshot(
    SourceId source, const std::string& id, Timestamp as_of,
    const std::vector<v1::SnapshotRow>& rows) {
  auto intake = std::make_shared<sync::SnapshotIntake>(engine(), devices(), source, records(), id,
                                                       as_of, /*compare_only=*/false);
  for (const v1::SnapshotRow& row : rows) intake->Add(row);
  Answer<sync::SnapshotOutcome> answer;
  sync::SnapshotIntake::Apply(std::move(intake), answer.callback());
  return answer.Wait();
}

std::optional<std::vector<sync::SentLevel>> ChainFixture::Commit(
    SourceId source, std::vector<sync::SentLevel> levels) {
  Answer<std::vector<sync::SentLevel>> answer;
  sync::CommitLevels(engine(), records(), source, std::move(levels), answer.callback());
  return answer.Wait();
}

std::optional<std::vector<PositionKey>> ChainFixture::SettleAnswer(SourceId source, Sequence cursor,
                                                                   sync::LevelAnswer answer) {
  Answer<std::vector<PositionKey>> again;
  sync::SettleLevels(engine(), records(), source, cursor, std::move(answer), again.callback());
  return again.Wait();
}

storage::Shadow ChainFixture::ShadowOf(SourceId source, PositionKey position) {
  return Do([&](engine::UnitOfWork& unit) { return unit.store().FindShadow(source, position); })
      .result;
}

}  // namespace stockd::support
