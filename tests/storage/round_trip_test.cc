#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/storage/database.h"

namespace stockd::storage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(StorageRoundTrip, NewDatabaseIsEmpty) {
  Database database;
  const Loaded loaded = LoadAll(database.store());
  EXPECT_THAT(loaded.items, IsEmpty());
  EXPECT_THAT(loaded.positions, IsEmpty());
  EXPECT_EQ(loaded.counters.sequence, 0u);
  EXPECT_EQ(loaded.counters.reservation_number, 0u);
  EXPECT_EQ(loaded.counters.quarantine_id, 0);
  EXPECT_EQ(loaded.counters.recorded_at, kTimestampMin);
}

TEST(StorageRoundTrip, CatalogueComesBackAfterReopening) {
  Database database;
  const Item shirt{.id = ItemId{7},
                   .sku = "SHIRT-M",
                   .name = "Hemd \"M\" \\",
                   .unit = "kg",
                   .scale = 3,
                   .category = "a/b",
                   .gtins = {"4006381333931", "x\"y\\\n"},
                   .unit_cost_micros = 1,
                   .price_micros = kQuantityMax,
                   .currency = "EUR"};
  const Item bare{.id = ItemId{8}, .sku = "BARE"};
  const Location store{.id = LocationId{1},
                       .code = "S1",
                       .name = "Store",
                       .kind = LocationKind::kDarkStore,
                       .time_zone = "Europe/Berlin",
                       .has_coordinate = true,
                       .latitude = 52.5,
                       .longitude = -13.25,
                       .ships = true,
                       .collects = true};
  const Location depot{.id = LocationId{2}, .code = "W1", .kind = LocationKind::kWarehouse};
  const Group group{.id = GroupId{5},
                    .group_id = "north",
                    .name = "North",
                    .locations = {LocationId{2}, LocationId{1}}};
  const Group empty{.id = GroupId{6}, .group_id = "none", .name = "", .locations = {}};
  const Channel web{
      .id = ChannelId{1}, .channel_id = "web", .name = "Web", .buffer = 2, .group = GroupId{5}};
  const Channel app{.id = ChannelId{2}, .channel_id = "app"};
  const SafetyStock rule{.item = kNoItem, .location = LocationId{1}, .quantity = 3};
  const Source till{.id = SourceId{1},
                    .name = "till",
                    .batch_acknowledged = std::numeric_limits<uint64_t>::max(),
                    .level_cursor = 12,
                    .facts_applied = 99};
  Write(database.store(), [&](Store& to) {
    to.SaveItem(shirt);
    to.SaveItem(bare);
    to.SaveLocation(store);
    to.SaveLocation(depot);
    to.SaveGroup(group);
    to.SaveGroup(empty);
    to.SaveChannel(web);
    to.SaveChannel(app);
    to.SaveSafetyStock(rule);
    to.SaveSource(till);
  });
  database.Reopen();
  const Loaded loaded = LoadAll(database.store());
  EXPECT_THAT(loaded.items, ElementsAre(shirt, bare));
  EXPECT_THAT(loaded.locations, ElementsAre(store, depot));
  EXPECT_THAT(loaded.groups, ElementsAre(group, empty));
  EXPECT_THAT(loaded.channels, ElementsAre(web, app));
  EXPECT_THAT(loaded.safety_stocks, ElementsAre(rule));
  EXPECT_THAT(loaded.sources, ElementsAre(till));
}

TEST(StorageRoundTrip, SavingTheCatalogueAgainReplaces) {
  Database database;
  const auto save = [](Store& to, const std::string& suffix, std::vector<LocationId> members) {
    to.SaveItem({.id = ItemId{1}, .sku = "SKU" + suffix});
    to.SaveLocation({.id = LocationId{1}, .code = "L1" + suffix});
    to.SaveLocation({.id = LocationId{2}, .code = "L2" + suffix});
    to.SaveGroup(
        {.id = GroupId{1}, .group_id = "g" + suffix, .name = "", .locations = std::move(members)});
    to.SaveChannel({.id = ChannelId{1}, .channel_id = "c" + suffix, .group = GroupId{1}});
    to.SaveSafetyStock({.item = ItemId{1}, .quantity = static_cast<Quantity>(suffix.size())});
    to.SaveSource({.id = SourceId{1}, .name = "s" + suffix});
  };
  Write(database.store(), [&](Store& to) { save(to, "", {LocationId{1}, LocationId{2}}); });
  Write(database.store(), [&](Store& to) { save(to, "-b", {LocationId{2}}); });
  Loaded loaded = LoadAll(database.store());
  EXPECT_THAT(loaded.items, ElementsAre(Item{.id = ItemId{1}, .sku = "SKU-b"}));
  EXPECT_EQ(loaded.locations.at(1).code, "L2-b");
  EXPECT_THAT(loaded.groups.at(0).locations, ElementsAre(LocationId{2}));
  EXPECT_EQ(loaded.channels.at(0).channel_id, "c-b");
  EXPECT_EQ(loaded.safety_stocks.at(0).quantity, 2);
  EXPECT_EQ(loaded.sources.at(0).name, "s-b");
  Write(database.store(), [](Store& to) { to.DeleteSafetyStock(ItemId{1}, kNoLocation); });
  loaded = LoadAll(database.store());
  EXPECT_THAT(loaded.safety_stocks, IsEmpty());
}

TEST(StorageRoundTrip, PositionsKeepTheLimitsOfEveryField) {
  Database database;
  const ledger::Position full{.on_hand = -kFigureMax,
                              .reserved = kFigureMax,
                              .committed = 3,
                              .unsellable = 4,
                              .counted_at = kStart,
                              .last_delta_at = kTimestampMax,
                              .version = 17};
  const PositionKey last{.item = ItemId{0xffffffff}, .location = LocationId{0xffffffff}};
  Write(database.store(), [&](Store& to) {
    to.SavePosition(kShirtHere, {});
    to.SavePosition(kShirtHere, full);
    to.SavePosition(last, {});
  });
  database.Reopen();
  EXPECT_THAT(
      LoadAll(database.store()).positions,
      testing::UnorderedElementsAre(Pair(kShirtHere, full), Pair(last, ledger::Position{})));
}

TEST(StorageRoundTrip, JournalEntriesComeBackWhole) {
  Database database;
  const ledger::JournalEntry fact = FullFact(1);
  ledger::JournalEntry hold;
  hold.sequence = 2;
  hold.previous = 1;
  hold.position = kShirtHere;
  hold.kind = ledger::EntryKind::kReserve;
  hold.from = ledger::Bucket::kFree;
  hold.to = ledger::Bucket::kReserved;
  hold.quantity = 1;
  hold.occurred_at = hold.recorded_at = kStart + Duration(1);
  hold.reservation_number = 4;
  ledger::JournalEntry count = FullFact(3);
  count.kind = ledger::EntryKind::kCount;
  count.from = count.to = ledger::Bucket::kNone;
  count.quantity = 0;
  count.stated = 0;
  count.event_id.clear();  // A fact without an event of its own.
  Write(database.store(), [&](Store& to) {
    to.AppendJournal(fact);
    to.AppendJournal(hold);
    to.AppendJournal(count);
  });
  database.Reopen();
  const auto history = database.reader().History(kShirtHere, 3, 10);
  ASSERT_EQ(history.size(), 3u);
  EXPECT_EQ(Shown(history[0]), Shown(count));
  EXPECT_EQ(Shown(history[1]), Shown(hold));
  EXPECT_EQ(Shown(history[2]), Shown(fact));
  const auto found = database.store().FindFact(SourceId{2}, "ticket-1");
  ASSERT_TRUE(found);
  EXPECT_EQ(Shown(*found), Shown(fact));
  EXPECT_FALSE(database.store().FindFact(SourceId{3}, "ticket-1"));
  EXPECT_FALSE(database.store().FindFact(SourceId{2}, ""));
  const Counters counters = LoadAll(database.store()).counters;
  EXPECT_EQ(counters.sequence, 3u);
  EXPECT_EQ(counters.recorded_at, kStart);
}

TEST(StorageRoundTrip, ReservationsComeBackWithTheirFirstAnswer) {
  Database database;
  const ledger::Reservation granted = FullReservation(1);
  const ledger::Reservation other = FullReservation(2);
  ledger::Reservation changed = granted;
  changed.state = ledger::ReservationState::kCommitted;
  changed.expires_at += std::chrono::hours(1);
  changed.order_id = "order-2";
  changed.owner_reference.clear();
  changed.version = 200;
  changed.lines[0].held = 0;
  changed.original = std::make_shared<const ledger::Reservation>(granted);
  ledger::Reservation ended = other;
  ended.state = ledger::ReservationState::kReleased;
  Write(database.store(), [&](Store& to) {
    to.InsertReservation(granted);
    to.InsertReservation(other);
  });
  EXPECT_EQ(Shown(database.store().FindReservation("basket-1").value()), Shown(granted));
  Write(database.store(), [&](Store& to) {
    to.UpdateReservation(changed);
    to.UpdateReservation(ended);
  });
  database.Reopen();
  EXPECT_EQ(Shown(database.store().FindReservation("basket-1").value()), Shown(changed));
  EXPECT_EQ(Shown(database.reader().FindReservation("basket-1").value()), Shown(changed));
  EXPECT_FALSE(database.store().FindReservation("basket-3"));
  EXPECT_FALSE(database.reader().FindReservation("basket-3"));
  EXPECT_EQ(database.reader().ReservationId(2), "basket-2");
  EXPECT_FALSE(database.reader().ReservationId(3));
  const Loaded loaded = LoadAll(database.store());
  ASSERT_EQ(loaded.open_reservations.size(), 1u);
  EXPECT_EQ(Shown(loaded.open_reservations[0]), Shown(changed));
  EXPECT_EQ(loaded.counters.reservation_number, 2u);
  EXPECT_EQ(loaded.counters.recorded_at, kStart);
}

TEST(StorageRoundTrip, AnswersOfRequestsComeBackUntilForgotten) {
  Database database;
  const std::string content("\0 any bytes \xff", 14);
  Write(database.store(), [&](Store& to) {
    for (int i = 0; i < 5; ++i) {
      to.AddRequest("request-" + std::to_string(i),
                    {.content = content, .answer = FullReservation(3)},
                    kStart + std::chrono::minutes(i));
    }
  });
  database.Reopen();
  const auto found = database.store().FindRequest("request-0");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->content, content);
  EXPECT_EQ(Shown(found->answer), Shown(FullReservation(3)));
  EXPECT_EQ(LoadAll(database.store()).counters.recorded_at, kStart + std::chrono::minutes(4));
  Write(database.store(),
        [](Store& to) { to.ForgetRequests(kStart + std::chrono::minutes(3), 2); });
  EXPECT_FALSE(database.store().FindRequest("request-1"));
  EXPECT_TRUE(database.store().FindRequest("request-2"));
  Write(database.store(),
        [](Store& to) { to.ForgetRequests(kStart + std::chrono::minutes(3), 100); });
  EXPECT_FALSE(database.store().FindRequest("request-2"));
  EXPECT_TRUE(database.store().FindRequest("request-3"));
}

TEST(StorageRoundTrip, SupplyComesBackWhileSomeIsExpected) {
  Database database;
  ledger::Supply supply{.id = "po-1", .position = kShirtHere, .quantity = 5, .expected_at = kStart};
  Write(database.store(), [&](Store& to) { to.SaveSupply(supply); });
  supply.quantity = 3;
  supply.expected_at += std::chrono::hours(24);
  Write(database.store(), [&](Store& to) { to.SaveSupply(supply); });
  database.Reopen();
  EXPECT_THAT(LoadAll(database.store()).supplies, ElementsAre(supply));
  supply.quantity = 0;
  Write(database.store(), [&](Store& to) { to.SaveSupply(supply); });
  EXPECT_THAT(LoadAll(database.store()).supplies, IsEmpty());
}

TEST(StorageRoundTrip, CoveragesComeBackSortedUntilForgotten) {
  Database database;
  const PositionKey large{.item = ItemId{0xffffffff}, .location = LocationId{9}};
  Write(database.store(), [&](Store& to) {
    for (int i = 0; i < 3; ++i) {
      to.AddCoverage({.source = SourceId{2},
                      .snapshot_id = "night-" + std::to_string(i),
                      .as_of = kStart + std::chrono::hours(i),
                      .recorded_at = kStart + std::chrono::hours(i + 1),
                      .positions = {kShirtThere, large, kShirtHere, kShirtThere}});
    }
    to.AddSnapshot(SourceId{2}, "night-0", kStart, kStart);
    to.AddSnapshot(SourceId{2}, "night-0", kStart, kStart);
  });
  database.Reopen();
  EXPECT_TRUE(database.store().SnapshotKnown(SourceId{2}, "night-0"));
  EXPECT_FALSE(database.store().SnapshotKnown(SourceId{1}, "night-0"));
  EXPECT_FALSE(database.store().SnapshotKnown(SourceId{2}, "night-1"));
  Loaded loaded = LoadAll(database.store());
  ASSERT_EQ(loaded.coverages.size(), 3u);
  EXPECT_EQ(loaded.coverages[1].source, SourceId{2});
  EXPECT_EQ(loaded.coverages[1].snapshot_id, "night-1");
  EXPECT_EQ(loaded.coverages[1].as_of, kStart + std::chrono::hours(1));
  EXPECT_EQ(loaded.coverages[1].recorded_at, kStart + std::chrono::hours(2));
  EXPECT_THAT(loaded.coverages[1].positions,
              testing::UnorderedElementsAre(kShirtHere, kShirtThere, large));
  EXPECT_EQ(loaded.counters.recorded_at, kStart + std::chrono::hours(3));
  Write(database.store(), [](Store& to) { to.ForgetCoverages(kStart + std::chrono::hours(2), 1); });
  EXPECT_EQ(LoadAll(database.store()).coverages.size(), 2u);
  Write(database.store(),
        [](Store& to) { to.ForgetCoverages(kStart + std::chrono::hours(2), 100); });
  loaded = LoadAll(database.store());
  ASSERT_EQ(loaded.coverages.size(), 1u);
  EXPECT_EQ(loaded.coverages[0].snapshot_id, "night-2");
}

TEST(StorageRoundTrip, QuarantineNeverGivesANumberTwice) {
  Database database;
  QuarantinedFact changed = FullQuarantined(2);
  changed.attempts = 3;
  changed.reason = ledger::Reason::kLocationUnknown;
  Write(database.store(), [&](Store& to) {
    for (int64_t id = 1; id <= 4; ++id) to.SaveQuarantined(FullQuarantined(id));
    to.SaveQuarantined(changed);
    to.DeleteQuarantined(4);
  });
  database.Reopen();
  EXPECT_EQ(Shown(database.store().FindQuarantined(2).value()), Shown(changed));
  EXPECT_EQ(Shown(database.reader().FindQuarantined(3).value()), Shown(FullQuarantined(3)));
  EXPECT_FALSE(database.store().FindQuarantined(4));
  EXPECT_FALSE(database.reader().FindQuarantined(4));
  const Counters counters = LoadAll(database.store()).counters;
  EXPECT_EQ(counters.quarantine_id, 4);
  EXPECT_EQ(counters.quarantine_count, 3);
}

TEST(StorageRoundTrip, QuarantineRecognisesARepeatedFact) {
  Database database;
  const QuarantinedFact fact = FullQuarantined(1);
  Write(database.store(), [&](Store& to) { to.SaveQuarantined(fact); });
  Store& store = database.store();
  EXPECT_TRUE(store.QuarantineHolds(fact.source, fact.event_id, fact.fact));
  EXPECT_FALSE(store.QuarantineHolds(fact.source, fact.event_id, fact.fact + "x"));
  EXPECT_FALSE(store.QuarantineHolds(fact.source, "other", fact.fact));
  EXPECT_FALSE(store.QuarantineHolds(SourceId{9}, fact.event_id, fact.fact));
}

TEST(StorageRoundTrip, QuarantineIsListedByWhatItWaitsFor) {
  Database database;
  Write(database.store(), [&](Store& to) {
    for (int64_t id = 1; id <= 12; ++id) to.SaveQuarantined(FullQuarantined(id));
  });
  const auto ids = [&](std::string_view sku, std::string_view location, int64_t after, int limit) {
    std::vector<int64_t> found;
    for (const auto& fact : database.store().ListQuarantined(sku, location, after, limit)) {
      found.push_back(fact.id);
    }
    return found;
  };
  EXPECT_THAT(ids("SHIRT-0", "", 0, 100), ElementsAre(3, 6, 9, 12));
  EXPECT_THAT(ids("SHIRT-0", "S0", 0, 100), ElementsAre(6, 12));
  EXPECT_THAT(ids("", "S1", 4, 2), ElementsAre(5, 7));
  EXPECT_THAT(ids("", "", 10, 100), ElementsAre(11, 12));
  EXPECT_THAT(ids("SHIRT-9", "", 0, 100), IsEmpty());
}

}  // namespace
}  // namespace stockd::storage
