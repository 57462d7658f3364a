// Devices and reconciliations in the database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/storage/database.h"

namespace stockd::storage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr SourceId kTill{1};
constexpr SourceId kErp{2};

struct LoadedDevices {
  std::vector<Device> devices;
  std::map<std::string, std::vector<DeviceGap>> gaps;  // By device.
};

LoadedDevices LoadDevices(Store& store) {
  LoadedDevices loaded;
  LoadVisitor visitor;
  visitor.device = [&](const Device& device) { loaded.devices.push_back(device); };
  visitor.device_gap = [&](SourceId, std::string_view device, const DeviceGap& gap) {
    loaded.gaps[std::string(device)].push_back(gap);
  };
  Counters counters;
  const Status status = store.Load(visitor, counters);
  EXPECT_TRUE(status.ok()) << status.error;
  return loaded;
}

TEST(DeviceRows, ComeBackAfterReopening) {
  Database database;
  const Device till{.source = kTill, .device = "till-1", .first = 7, .newest = uint64_t{1} << 62};
  const Device moved{.source = kTill, .device = "till-1", .first = 3, .newest = 90};
  Write(database.store(), [&](Store& to) {
    to.SaveDevice(till);
    to.SaveDevice(moved);
    to.SaveDeviceGap(kTill, "till-1", {.first = 10, .last = 20, .noticed_at = kStart});
    to.SaveDeviceGap(kTill, "till-1", {.first = 10, .last = 12, .noticed_at = kStart});
    to.SaveDeviceGap(kTill, "till-1", {.first = 30, .last = 30, .noticed_at = kStart});
    to.DeleteDeviceGap(kTill, "till-1", 30);
    to.DeleteDeviceGap(kTill, "till-1", 31);
  });
  database.Reopen();
  const LoadedDevices loaded = LoadDevices(database.store());
  EXPECT_THAT(loaded.devices, ElementsAre(moved));
  EXPECT_THAT(loaded.gaps.at("till-1"),
              ElementsAre(DeviceGap{.first = 10, .last = 12, .noticed_at = kStart}));
}

// A reconciliation of 8 - 10 and 12 - 10 units, and one unit too many elsewhere.
int64_t SaveReconciliation(Store& to, const std::string& id, SourceId source = kErp) {
  const int64_t number = to.BeginReconciliation(
      {.source = source, .snapshot_id = id, .as_of = kStart, .made_at = kStart});
  to.SaveDrift(number, {.position = {.item = ItemId{1}, .location = LocationId{1}},
                        .expected = 10,
                        .stated = 8,
                        .cause = DriftCause::kUnknown});
  to.SaveDrift(number, {.position = {.item = ItemId{1}, .location = LocationId{2}},
                        .expected = 10,
                        .stated = 12,
                        .cause = DriftCause::kLateFacts});
  to.SaveDrift(number, {.position = {.item = ItemId{2}, .location = LocationId{1}},
                        .expected = 0,
                        .stated = 1,
                        .cause = DriftCause::kUnknown,
                        .repaired = true});
  to.EndReconciliation(number, 5);
  return number;
}

TEST(ReconciliationRows, AddUpTheirDifferences) {
  Database database;
  Write(database.store(), [](Store& to) { SaveReconciliation(to, "s-1"); });
  database.Reopen();
  const auto found = database.reader().FindReconciliation(kErp, "s-1");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->reconciliation.position_count, 5);
  EXPECT_EQ(found->reconciliation.as_of, kStart);
  EXPECT_EQ(found->drift_positions, 3);
  EXPECT_EQ(found->drift, 5);
  EXPECT_EQ(found->repaired, 1);
  EXPECT_FALSE(database.reader().FindReconciliation(kTill, "s-1").has_value());
}

TEST(ReconciliationRows, DifferencesComeLargestFirstInPages) {
  Database database;
  int64_t number = 0;
  Write(database.store(), [&](Store& to) { number = SaveReconciliation(to, "s-1"); });
  const auto first = database.reader().ListDrifts(number, {}, 2);
  EXPECT_TRUE(first.more);
  ASSERT_EQ(first.rows.size(), 2u);
  EXPECT_EQ(first.rows[0].position.location, LocationId{1});
  EXPECT_EQ(first.rows[1].position.location, LocationId{2});
  const auto rest =
      database.reader().ListDrifts(number, {.size = 2, .position = first.rows[1].position}, 2);
  EXPECT_FALSE(rest.more);
  ASSERT_EQ(rest.rows.size(), 1u);
  EXPECT_EQ(rest.rows[0].stated, 1);
  EXPECT_TRUE(rest.rows[0].repaired);
}

TEST(ReconciliationRows, WhatIsToRepairHasTheCauseAndWasNotRepaired) {
  Database database;
  int64_t number = 0;
  Write(database.store(), [&](Store& to) { number = SaveReconciliation(to, "s-1"); });
  const auto unknown = database.reader().DriftsToRepair(number, DriftCause::kUnknown, {}, 10);
  ASSERT_EQ(unknown.rows.size(), 1u);
  EXPECT_EQ(unknown.rows[0].stated, 8);
  EXPECT_THAT(database.reader()
                  .DriftsToRepair(number, DriftCause::kUnknown, unknown.rows[0].position, 10)
                  .rows,
              IsEmpty());
  EXPECT_EQ(database.reader().FindDrift(number, kShirtThere)->cause, DriftCause::kLateFacts);
}

TEST(ReconciliationRows, AreListedNewestFirstForOneSourceOrAll) {
  Database database;
  Write(database.store(), [](Store& to) {
    SaveReconciliation(to, "s-1");
    SaveReconciliation(to, "s-2");
    SaveReconciliation(to, "t-1", kTill);
  });
  const auto all = database.reader().ListReconciliations(kNoSource, INT64_MAX, 2);
  ASSERT_EQ(all.rows.size(), 2u);
  EXPECT_TRUE(all.more);
  EXPECT_EQ(all.rows[0].reconciliation.snapshot_id, "t-1");
  const auto rest =
      database.reader().ListReconciliations(kNoSource, all.rows[1].reconciliation.number, 2);
  ASSERT_EQ(rest.rows.size(), 1u);
  EXPECT_EQ(rest.rows[0].reconciliation.snapshot_id, "s-1");
  EXPECT_EQ(database.reader().ListReconciliations(kErp, INT64_MAX, 9).rows.size(), 2u);
}

// A daemon that stopped in the middle of a comparison: the source sends its snapshot again.
TEST(ReconciliationRows, AnUnfinishedOneIsInvisibleAndForgottenWhenItBeginsAnew) {
  Database database;
  Write(database.store(), [](Store& to) {
    const int64_t number = to.BeginReconciliation({.source = kErp, .snapshot_id = "s-1"});
    to.SaveDrift(number, {.position = kShirtHere, .expected = 1, .stated = 2});
  });
  database.Reopen();
  EXPECT_FALSE(database.reader().FindReconciliation(kErp, "s-1").has_value());
  EXPECT_THAT(database.reader().ListReconciliations(kErp, INT64_MAX, 9).rows, IsEmpty());
  Write(database.store(), [](Store& to) {
    to.EndReconciliation(to.BeginReconciliation({.source = kErp, .snapshot_id = "s-1"}), 1);
  });
  EXPECT_EQ(database.reader().FindReconciliation(kErp, "s-1")->drift_positions, 0);
  EXPECT_THAT(database.Query("SELECT count(*) FROM drift"), ElementsAre("0"));
}

TEST(ReconciliationRows, AreWorthWhatTheirItemsCost) {
  Database database;
  int64_t number = 0;
  Write(database.store(), [&](Store& to) {
    to.SaveItem({.id = ItemId{1}, .sku = "A", .unit_cost_micros = 500, .currency = "EUR"});
    to.SaveItem({.id = ItemId{2}, .sku = "B"});
    number = SaveReconciliation(to, "s-1");
  });
  const auto drifts = database.reader().ItemDrifts(number);
  ASSERT_EQ(drifts.size(), 2u);
  EXPECT_EQ(drifts[0].unit_cost_micros, 500);
  EXPECT_EQ(drifts[0].difference, 0);  // Two missing, two too many.
  EXPECT_EQ(drifts[1].difference, 1);
}

TEST(OnHandAsOf, AddsUpFromTheLatestCountBefore) {
  Database database;
  Sequence sequence = 0;
  const auto append = [&](Store& to, ledger::EntryKind kind, Quantity stated, int minutes) {
    ledger::JournalEntry entry;
    entry.sequence = ++sequence;
    entry.previous = sequence - 1;
    entry.position = kShirtHere;
    entry.kind = kind;
    entry.stated = stated;
    entry.occurred_at = kStart + std::chrono::minutes(minutes);
    entry.recorded_at = kStart;
    entry.source = kErp;
    entry.event_id = "e" + std::to_string(sequence);
    to.AppendJournal(entry);
  };
  Write(database.store(), [&](Store& to) {
    append(to, ledger::EntryKind::kReceipt, 4, 1);
    append(to, ledger::EntryKind::kCount, 20, 2);
    append(to, ledger::EntryKind::kCount, 18, 2);  // Of the same instant: the lower stands.
    append(to, ledger::EntryKind::kSale, -3, 3);
    append(to, ledger::EntryKind::kCount, 9, 4);
    append(to, ledger::EntryKind::kSale, -1, 5);
  });
  const auto at = [&](int minutes) {
    return database.store().OnHandAsOf(kShirtHere, kStart + std::chrono::minutes(minutes));
  };
  EXPECT_EQ(at(0), 0);
  EXPECT_EQ(at(1), 4);
  EXPECT_EQ(at(2), 18);
  EXPECT_EQ(at(3), 15);
  EXPECT_EQ(at(4), 9);
  EXPECT_EQ(at(5), 8);
  std::vector<Sequence> walked;
  database.store().WalkBack(kShirtHere, sequence, [&](const ledger::JournalEntry& entry) {
    walked.push_back(entry.sequence);
    return walked.size() < 3;
  });
  EXPECT_THAT(walked, ElementsAre(6u, 5u, 4u));
}

}  // namespace
}  // namespace stockd::storage
