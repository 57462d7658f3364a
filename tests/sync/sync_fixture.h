#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/sync/device_book.h"
#include "daemon/sync/fact_intake.h"
#include "daemon/sync/snapshot_intake.h"
#include "daemon/sync/source_records.h"
#include "tests/engine/engine_fixture.h"

namespace stockd::support {

// One row of a snapshot.
struct StatedRow {
  std::string sku;
  std::string location;
  Quantity quantity = 0;
};

// A running engine with a device book, which comes back with it after a restart.
class DeviceFixture : public EngineFixture {
 protected:
  storage::LoadVisitor OthersToLoad() override {
    devices_.emplace();
    records_.emplace();
    records_->Load(reader());
    devices_->OnAlarm([this](const sync::DeviceAlarm& alarm) { alarms.push_back(alarm); });
    storage::LoadVisitor visitor;
    visitor.device = [this](const storage::Device& device) { devices_->Load(device); };
    visitor.device_gap = [this](SourceId source, std::string_view device,
                                const storage::DeviceGap& gap) {
      devices_->LoadGap(source, device, gap);
    };
    return visitor;
  }
  void TearDown() override {
    EngineFixture::TearDown();
    devices_.reset();
  }

  // A fact of the till about MUG at S01 that happened now.
  v1::Fact FactOf(const std::string& event_id, const std::string& device, uint64_t number) {
    v1::Fact fact;
    fact.set_event_id(event_id);
    fact.set_kind(v1::FACT_KIND_SALE);
    fact.set_sku("MUG");
    fact.set_location("S01");
    fact.set_quantity(1);
    fact.mutable_occurred_at()->set_seconds(ToMicros(clock.Now()) / 1'000'000);
    fact.set_device(device);
    fact.set_device_sequence(number);
    return fact;
  }

  // Takes a batch and waits until it is on disk.
  sync::IntakeResult Take(const std::vector<v1::Fact>& facts) {
    v1::FactBatch batch;
    batch.set_batch(++batches_);
    for (const v1::Fact& fact : facts) *batch.add_facts() = fact;
    std::promise<sync::IntakeResult> taken;
    sync::TakeFacts(engine(), devices(), records(), kTill, std::move(batch),
                    [&taken](engine::CommitOutcome outcome, const sync::IntakeResult& result) {
                      EXPECT_EQ(outcome, engine::CommitOutcome::kCommitted);
                      taken.set_value(result);
                    });
    return taken.get_future().get();
  }

  // Compares a snapshot of `source` and waits until the reconciliation is there.
  sync::SnapshotOutcome Compare(SourceId source, const std::string& id, Timestamp as_of,
                                const std::vector<StatedRow>& rows) {
    auto intake =
        std::make_shared<sync::SnapshotIntake>(engine(), devices(), source, records(), id, as_of,
                                               /*compare_only=*/true);
    for (const StatedRow& row : rows) {
      v1::SnapshotRow told;
      told.set_sku(row.sku);
      told.set_location(row.location);
      told.set_quantity(row.quantity);
      intake->Add(told);
    }
    std::promise<sync::SnapshotOutcome> done;
    sync::SnapshotIntake::Apply(std::move(intake), [&done](engine::CommitOutcome outcome,
                                                           const sync::SnapshotOutcome& result) {
      EXPECT_EQ(outcome, engine::CommitOutcome::kCommitted);
      done.set_value(result);
    });
    return done.get_future().get();
  }

  sync::DeviceBook& devices() { return *devices_; }
  sync::SourceRecords& records() { return *records_; }

  std::vector<sync::DeviceAlarm> alarms;  // Of all batches so far.

 private:
  std::optional<sync::DeviceBook> devices_;
  std::optional<sync::SourceRecords> records_;
  uint64_t batches_ = 0;
};

}  // namespace stockd::support
