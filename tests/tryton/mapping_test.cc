// What moves of Tryton tell, and what stockd's journal becomes there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>

#include "adapters/tryton/bookings.h"
#include "adapters/tryton/id_ranges.h"
#include "adapters/tryton/move_facts.h"
#include "tests/support/random.h"

namespace stockd::tryton {
namespace {

using std::chrono::seconds;

constexpr int64_t kWarehouse = 5;
constexpr int64_t kStorage = 3;
constexpr int64_t kOutput = 2;
constexpr int64_t kShelf = 20;  // Within the storage zone.
constexpr int64_t kSecond = 12;
constexpr int64_t kSecondStorage = 9;
constexpr int64_t kCustomer = 7;
constexpr int64_t kSupplier = 6;
constexpr int64_t kLost = 4;
constexpr int64_t kTransit = 8;

JsonValue Place(int64_t id, const char* type, int64_t parent, const char* code = "") {
  return JsonValue::Record(
      {{"id", id},
       {"code", code},
       {"name", code},
       {"type", type},
       {"parent", parent == 0 ? JsonValue() : JsonValue(parent)},
       {"active", 1},
       {"storage_location", parent == 0 && id == kWarehouse ? JsonValue(kStorage) : JsonValue()}});
}

std::vector<JsonValue> Records() {
  return {Place(kWarehouse, "warehouse", 0, "WH"), Place(kStorage, "storage", kWarehouse),
          Place(kOutput, "storage", kWarehouse),   Place(kShelf, "storage", kStorage),
          Place(kSecond, "warehouse", 0, "S2"),    Place(kSecondStorage, "storage", kSecond),
          Place(kCustomer, "customer", 0),         Place(kSupplier, "supplier", 0),
          Place(kLost, "lost_found", 0),           Place(kTransit, "storage", 0)};
}

class Moves : public testing::Test {
 protected:
  Moves() : places_(*StockPlaces::Make(Records(), {}, kTransit)) {
    products_.by_sku["KG-1"] = {.id = 1, .sku = "KG-1", .unit_digits = 2, .scale = 2};
    products_.sku_of[1] = "KG-1";
  }

  MoveTelling Tell(int64_t from, int64_t to, std::string quantity = "1.5", int64_t product = 1) {
    return TellMove({.id = 77,
                     .product = product,
                     .product_code = "",
                     .quantity = std::move(quantity),
                     .from = from,
                     .to = to,
                     .booked_at = sdk::Timestamp(seconds(1000)),
                     .shipment = "stock.shipment.out,3",
                     .origin = {}},
                    places_, products_, not_before_);
  }

  // "KIND location quantity" of each.
  static std::vector<std::string> Short(const MoveTelling& telling) {
    std::vector<std::string> all;
    for (const v1::Fact& fact : telling.facts) {
      all.push_back(v1::FactKind_Name(fact.kind()).substr(10) + " " + fact.location() + " " +
                    std::to_string(fact.quantity()) + " " + fact.event_id());
    }
    return all;
  }

  const StockPlaces places_;
  ProductBook::Products products_;
  sdk::Timestamp not_before_{};
};

TEST_F(Moves, EachIsNettedPerWarehouse) {
  using testing::ElementsAre;
  EXPECT_THAT(Short(Tell(kOutput, kCustomer)), ElementsAre("SALE WH 150 move-77"));
  EXPECT_THAT(Short(Tell(kSupplier, kStorage)), ElementsAre("RECEIPT WH 150 move-77"));
  EXPECT_THAT(Short(Tell(kCustomer, kShelf)), ElementsAre("RETURN WH 150 move-77"));
  EXPECT_THAT(Short(Tell(kLost, kStorage)), ElementsAre("ADJUSTMENT WH 150 move-77"));
  EXPECT_THAT(Short(Tell(kShelf, kLost)), ElementsAre("ADJUSTMENT WH -150 move-77"));
  EXPECT_THAT(Short(Tell(kStorage, kSupplier)), ElementsAre("ADJUSTMENT WH -150 move-77"));
  EXPECT_THAT(Short(Tell(kStorage, kSecondStorage)),
              ElementsAre("TRANSFER_OUT WH 150 move-77-out", "TRANSFER_IN S2 150 move-77-in"));
  EXPECT_THAT(Short(Tell(kStorage, kTransit)), ElementsAre("TRANSFER_OUT WH 150 move-77"));
  EXPECT_THAT(Short(Tell(kTransit, kSecondStorage)), ElementsAre("TRANSFER_IN S2 150 move-77"));
}

TEST_F(Moves, WithinAWarehouseOrOutsideOfAllTellNothing) {
  EXPECT_TRUE(Tell(kStorage, kOutput).facts.empty()) << "the first half of a shipment";
  EXPECT_TRUE(Tell(kShelf, kStorage).facts.empty());
  EXPECT_TRUE(Tell(kSupplier, kCustomer).facts.empty()) << "a drop shipment";
  EXPECT_TRUE(Tell(kStorage, kCustomer, "0.0").facts.empty());
  EXPECT_TRUE(Tell(kStorage, kOutput).set_aside.empty());
}

TEST_F(Moves, OneThatCannotBeToldSaysWhy) {
  EXPECT_EQ(Tell(kStorage, kCustomer, "1.255").set_aside,
            "KG-1: 1.255 does not fit into 2 decimals");
  EXPECT_EQ(Tell(kStorage, kCustomer, "1", 99).set_aside, "product 99 has no code");
}

TEST_F(Moves, BookedBeforeTheOpeningAndShownAfterItCountAfterIt) {
  not_before_ = sdk::Timestamp(seconds(2000));
  const MoveTelling telling = Tell(kStorage, kCustomer);
  EXPECT_EQ(sdk::FromProto(telling.facts.front().occurred_at()), not_before_);
}

TEST(Places, AWarehouseWithoutLostAndFoundGetsOne) {
  const auto places = StockPlaces::Make(Records(), {}, 0);
  ASSERT_TRUE(places.ok()) << places.status();
  for (const Warehouse& warehouse : places->warehouses()) EXPECT_EQ(warehouse.lost_found, kLost);
}

TEST(Places, OnlyMappedWarehousesTakePart) {
  const auto places = StockPlaces::Make(Records(), {{"S2", "STORE-2"}}, 0);
  ASSERT_TRUE(places.ok()) << places.status();
  EXPECT_EQ(places->WarehouseOf(kStorage), nullptr);
  EXPECT_EQ(places->WarehouseOf(kSecondStorage)->location, "STORE-2");
  EXPECT_FALSE(StockPlaces::Make(Records(), {{"NOPE", "X"}}, 0).ok());
}

v1::JournalEntry Entry(uint64_t sequence, std::string kind, std::string from, std::string to,
                       int64_t quantity, std::string source, int64_t stated = 0,
                       int64_t occurred_s = 5000) {
  v1::JournalEntry entry;
  entry.set_sequence(sequence);
  entry.set_kind(std::move(kind));
  entry.set_from_bucket(std::move(from));
  entry.set_to_bucket(std::move(to));
  entry.set_quantity(quantity);
  entry.set_source(std::move(source));
  entry.set_stated_quantity(stated);
  entry.mutable_occurred_at()->set_seconds(occurred_s);
  return entry;
}

std::string Name(BookingKind kind) {
  constexpr const char* kNames[] = {"sale", "return", "receipt", "gain", "loss", "out", "in"};
  return kNames[static_cast<size_t>(kind)];
}

std::vector<std::string> Book(const std::vector<v1::JournalEntry>& entries,
                              BookingProgress progress = {.booked = 0, .planned = 1000},
                              const Opening& opening = {}) {
  std::vector<std::string> all;
  for (const Booking& booking : BookingsOf(entries, progress, "erp", opening, "stockd-")) {
    all.push_back(std::to_string(booking.sequence) + " " + Name(booking.kind) + " " +
                  std::to_string(booking.quantity));
  }
  return all;
}

TEST(Bookings, OnlyWhatMovedAndTrytonDidNotTell) {
  EXPECT_THAT(
      Book({Entry(1, "receipt", "supplier", "free", 10, "erp"),
            Entry(2, "reserve", "free", "reserved", 2, ""),
            Entry(3, "sale", "free", "customer", 1, "till", -1),
            Entry(4, "release", "reserved", "free", 2, ""),
            Entry(5, "return", "customer", "free", 1, "web", 1),
            Entry(6, "damage", "free", "unsellable", 1, "till", -1),
            Entry(7, "adjustment", "adjustment", "free", 3, "till", 3),
            Entry(8, "transfer_out", "free", "transit", 2, "wms", -2),
            Entry(9, "transfer_in", "transit", "free", 2, "wms", 2),
            Entry(10, "count", "free", "correction", 4, "till", 5),
            Entry(11, "count", "none", "none", 0, "till", 5)}),
      testing::ElementsAre("3 sale 1", "5 return 1", "7 gain 3", "10 loss 5", "8 out 2", "9 in 2"));
}

TEST(Bookings, WhatIsPlannedStaysTheSameWhateverComesAfterIt) {
  std::vector<v1::JournalEntry> entries = {Entry(3, "sale", "free", "customer", 1, "till", -1),
                                           Entry(5, "sale", "free", "customer", 2, "till", -2)};
  const BookingProgress planned{.booked = 0, .planned = 5};
  const std::string key = BookingsOf(entries, planned, "erp", {}, "stockd-").front().key;
  entries.push_back(Entry(8, "sale", "free", "customer", 4, "till", -4));
  EXPECT_EQ(BookingsOf(entries, planned, "erp", {}, "stockd-").front().key, key);
  EXPECT_THAT(Book(entries, planned), testing::ElementsAre("5 sale 3"));
  EXPECT_THAT(Book(entries, {.booked = 5, .planned = 8}), testing::ElementsAre("8 sale 4"));
}

TEST(Bookings, ASaleOutOfAClaimAndFreeUnitsIsOne) {
  EXPECT_THAT(Book({Entry(3, "sale", "committed", "customer", 1, "stockd", -3),
                    Entry(4, "sale_rest", "free", "customer", 2, "")}),
              testing::ElementsAre("3 sale 3"));
}

TEST(Bookings, ALateSaleIsBookedTogetherWithWhatTheCountHadSeen) {
  EXPECT_THAT(Book({Entry(3, "sale", "free", "customer", 2, "till", -2),
                    Entry(4, "rebase", "correction", "free", 2, "")}),
              testing::ElementsAre("3 sale 2", "4 gain 2"));
  EXPECT_THAT(Book({Entry(3, "sale", "free", "customer", 2, "erp", -2),
                    Entry(4, "rebase", "correction", "free", 2, "")}),
              testing::ElementsAre("4 gain 2"))
      << "Tryton has its own sale, and does not know of the count's view";
}

TEST(Bookings, WhatTheOpeningHoldsIsNotBookedAgain) {
  const Opening opening{.snapshot_id = "o",
                        .as_of = sdk::Timestamp(seconds(6000)),
                        .sequence_before = 2,
                        .sequence_after = 5};
  EXPECT_THAT(Book({Entry(2, "sale", "free", "customer", 1, "till", -1, 7000),
                    Entry(3, "sale", "free", "customer", 1, "till", -1, 5999),
                    Entry(4, "count", "free", "correction", 9, "erp", 1, 6000),
                    Entry(5, "sale", "free", "customer", 1, "till", -1, 6001),
                    Entry(6, "sale", "free", "customer", 2, "till", -2, 5998),
                    Entry(7, "rebase", "correction", "free", 2, "", 0, 5998)},
                   {.booked = 0, .planned = 1000}, opening),
              testing::ElementsAre("6 sale 3", "7 gain 2"));
}

TEST(Bookings, KeysNameTheEntryAndItsContent) {
  const auto key = [](const v1::JournalEntry& entry) {
    return BookingsOf({entry}, {.booked = 0, .planned = 9}, "erp", {}, "stockd-").front().key;
  };
  const v1::JournalEntry sale = Entry(3, "sale", "free", "customer", 2, "till", -2);
  EXPECT_EQ(key(sale), key(sale));
  EXPECT_TRUE(key(sale).starts_with("stockd-3-"));
  EXPECT_NE(key(sale), key(Entry(3, "sale", "free", "customer", 2, "web", -2)))
      << "the journal was put back from a backup and went on otherwise";
}

TEST(IdRanges, HoldWhatWasAddedInAnyOrder) {
  for (uint64_t run = 0; run < 50; ++run) {
    support::Random random(run);
    IdRanges ranges;
    std::set<int64_t> expected;
    std::map<int64_t, int64_t> kept;  // As a table would.
    for (int i = 0; i < 200; ++i) {
      const int64_t first = random.Between(0, 299);
      const int64_t last = first + random.Between(0, 3);
      const IdRanges::Change change = ranges.Add(first, last);
      for (const int64_t removed : change.removed) kept.erase(removed);
      kept[change.first] = change.last;
      for (int64_t id = first; id <= last; ++id) expected.insert(id);
    }
    for (int64_t id = -1; id < 310; ++id) {
      ASSERT_EQ(ranges.Contains(id), expected.contains(id)) << "run " << run << " id " << id;
    }
    EXPECT_EQ(kept, ranges.ranges());
  }
}

}  // namespace
}  // namespace stockd::tryton
