#include "tests/engine/engine_fixture.h"

#include <variant>

namespace stockd::support {

void EngineFixture::Open() {
  // Rows are written late, but within what a test writes.
  auto opened = storage::OpenSqlite(
      {.path = database_path(), .position_lag_entries = 16, .vfs_name = vfs_name});
  if (const auto* status = std::get_if<storage::Status>(&opened)) FAIL() << status->error;
  database_ = std::move(std::get<storage::SqliteDatabase>(opened));
  store_ = MakeStore(*database_.store);
  engine_.emplace(*store_, clock, options);
  const storage::Status loaded = engine_->Load(OthersToLoad());
  ASSERT_TRUE(loaded.ok()) << loaded.error;
  engine_->Start();
  if (engine_->catalogue().item_count() == 0) AddNames();
}

void EngineFixture::Close() {
  if (!engine_) return;
  store_->Open();
  (void)engine_->Stop();
  engine_.reset();
  store_.reset();
  database_ = {};
}

void EngineFixture::AddNames() {
  const auto done = Do([](engine::UnitOfWork& unit) {
    for (const char* sku : {"MUG", "TEA"}) {
      unit.store().SaveItem(unit.catalogue().PutItem({.sku = sku, .unit = "piece"}));
    }
    for (const char* code : {"S01", "S02", "S03"}) {
      unit.store().SaveLocation(unit.catalogue().PutLocation({.code = code, .time_zone = "UTC"}));
    }
    unit.store().SaveSource(unit.catalogue().PutSource({.name = "till"}));
    unit.store().SaveSource(unit.catalogue().PutSource({.name = "erp"}));
    unit.store().SaveChannel(unit.catalogue().PutChannel({.channel_id = "web"}));
    return true;
  });
  ASSERT_EQ(done.outcome, engine::CommitOutcome::kCommitted);
}

ledger::Fact EngineFixture::NewFact(ledger::EntryKind kind, Quantity quantity, Timestamp at,
                                    PositionKey position) {
  return {.source = kTill,
          .event_id = "e" + std::to_string(++events_),
          .kind = kind,
          .position = position,
          .quantity = quantity,
          .occurred_at = at};
}

ledger::FactOutcome EngineFixture::Tell(const ledger::Fact& fact) {
  return Do([&](engine::UnitOfWork& unit) {
           return ledger::ApplyFact(unit, fact, options.fact_limits, ledger::LateFacts::kRefuse);
         })
      .result;
}

void EngineFixture::Stock(Quantity quantity, PositionKey position) {
  ASSERT_EQ(
      Tell(NewFact(ledger::EntryKind::kReceipt, quantity, clock.Now() - kHour, position)).result,
      ledger::FactResult::kApplied);
}

Done<ledger::ReservationResult> EngineFixture::Reserve(std::string_view id, Quantity quantity,
                                                       Duration ttl, PositionKey position) {
  ledger::CreateCommand command = CreateOf(id, quantity, position);
  command.ttl = ttl;
  return Do([&](engine::UnitOfWork& unit) { return ledger::CreateReservation(unit, command); });
}

engine::UnitOfWork::SnapshotResult EngineFixture::TakeSnapshot(std::string_view id, Timestamp as_of,
                                                               Quantity quantity,
                                                               PositionKey position) {
  const ledger::Snapshot snapshot{.source = kErp, .id = std::string(id), .as_of = as_of};
  const engine::AvailabilityIndex::CountedRow row{.position = position, .quantity = quantity};
  return Do([&](engine::UnitOfWork& unit) { return unit.ApplySnapshot(snapshot, {&row, 1}); })
      .result;
}

engine::Level EngineFixture::LevelAt(PositionKey position) const {
  return engine::LevelOf(engine(), position, kNoChannel, engine().Now());
}

}  // namespace stockd::support
