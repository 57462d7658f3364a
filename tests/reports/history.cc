#include "tests/reports/history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace stockd::reports {
namespace {

using ledger::EntryKind;

constexpr Duration kStep = std::chrono::minutes(10);
constexpr const char* kCategories[] = {"tea", "mugs", ""};

PositionKey AnyPosition(support::Random& random) {
  return {.item = ItemId{static_cast<uint32_t>(1 + random.Below(kItemCount))},
          .location = LocationId{static_cast<uint32_t>(1 + random.Below(kLocationCount))}};
}

std::string AnyCustomer(support::Random& random) { return "c" + std::to_string(random.Below(5)); }

// On a coarse clock, up to two days ago.
Timestamp AnyPast(support::Random& random, Timestamp now) {
  return std::max(kDawn, kDawn + (now - kDawn) / kStep * kStep - kStep * random.Between(0, 288));
}

VisitsTold AnyVisits(support::Random& random, Timestamp now) {
  constexpr Duration kHour = std::chrono::hours(1);
  const Timestamp at = now - kHour * random.Between(0, 5);
  return {{.channel = random.Percent(70) ? "web" : "pos",
           .location = random.Percent(50) ? kNoLocation : AnyPosition(random).location,
           .begins_at = at - at.time_since_epoch() % kHour,
           .visits = random.Between(0, 9)}};
}

ledger::Fact AnyFact(support::Random& random, int number, Timestamp now) {
  const EntryKind kinds[] = {EntryKind::kReceipt, EntryKind::kSale,       EntryKind::kSale,
                             EntryKind::kSale,    EntryKind::kReturn,     EntryKind::kAdjustment,
                             EntryKind::kDamage,  EntryKind::kTransferIn, EntryKind::kTransferOut,
                             EntryKind::kCount,   EntryKind::kCount};
  ledger::Fact fact{.source = SourceId{static_cast<uint32_t>(1 + random.Below(2))},
                    .event_id = "e" + std::to_string(number),
                    .kind = kinds[random.Below(std::size(kinds))],
                    .position = AnyPosition(random),
                    .quantity = random.Between(1, 6)};
  // Half of the facts are told at once; the others are up to two days late, on a coarse clock.
  const int64_t late = random.Percent(50) ? 0 : random.Between(0, 288);
  fact.occurred_at = kDawn + (now - kDawn) / kStep * kStep - kStep * late;
  fact.occurred_at = std::max(fact.occurred_at, kDawn);
  if (random.Percent(5)) fact.occurred_at = now + std::chrono::minutes(3);
  if (fact.kind == EntryKind::kCount) fact.quantity = random.Between(0, 8);
  if (fact.kind == EntryKind::kReceipt) fact.quantity *= 3;
  if (fact.kind == EntryKind::kAdjustment && random.Percent(50)) fact.quantity = -fact.quantity;
  if (fact.kind == EntryKind::kSale || fact.kind == EntryKind::kReturn) {
    fact.channel = random.Percent(50) ? "web" : "pos";
    fact.fulfilment_channel = random.Percent(50) ? "counter" : "";
    fact.reference = "r" + std::to_string(random.Below(12));
    if (fact.kind == EntryKind::kReturn && random.Percent(40)) {
      fact.original_reference = "r" + std::to_string(random.Below(12));
    }
    if (random.Percent(10)) fact.reference.clear();
    if (random.Percent(70)) fact.customer_reference = AnyCustomer(random);
    if (random.Percent(80)) {
      fact.unit_price_micros = random.Between(1, 5) * 1'230'001;
      fact.currency = random.Percent(80) ? "EUR" : "PLN";
    }
  }
  return fact;
}

}  // namespace

std::vector<Told> RandomHistory(support::Random& random, const HistoryOptions& options) {
  std::vector<Told> history;
  Timestamp now = kDawn;
  for (int i = 0; i < options.length; ++i) {
    // No instant of learning is one of a fact.
    now += kStep * random.Between(0, 18) + Duration(1 + i);
    const uint64_t dice = random.Below(100);
    if (options.snapshots && dice < 12) {
      history.push_back({now, SnapshotTold{.position = AnyPosition(random),
                                           .quantity = random.Between(0, 8),
                                           .confirms = random.Percent(70),
                                           .as_of = now - kStep * random.Between(0, 30) -
                                                    Duration(500'000 + i)}});
    } else if (options.item_changes && dice < 20) {
      history.push_back(
          {now, ItemTold{.item = ItemId{static_cast<uint32_t>(1 + random.Below(kItemCount))},
                         .category = kCategories[random.Below(3)],
                         .unit_cost_micros = random.Between(0, 3) * 1'000'003,
                         .price_micros = random.Between(0, 3) * 2'500'000}});
    } else if (dice < 26) {
      history.push_back({now, ContactTold{{.customer_reference = AnyCustomer(random),
                                           .item = AnyPosition(random).item,
                                           .channel = random.Percent(50) ? "web" : "app",
                                           .occurred_at = AnyPast(random, now)}}});
    } else if (options.visits && dice < 32) {
      history.push_back({now, AnyVisits(random, now)});
    } else {
      history.push_back({now, AnyFact(random, i, now)});
    }
  }
  return history;
}

std::vector<Told> Shuffled(std::vector<Told> history, support::Random& random) {
  const size_t count = history.size();
  const Timestamp end = history.back().now + std::chrono::hours(1);
  for (size_t i = 0; i < count; ++i) {
    if (random.Percent(20)) history.push_back(history[i]);
  }
  random.Shuffle(history);
  for (Told& told : history) told.now = end;
  return history;
}

World::World() : path_((folder_.path() / "stock.sqlite").string()) {
  auto opened = storage::OpenSqlite({.path = path_});
  if (const auto* status = std::get_if<storage::Status>(&opened)) {
    ADD_FAILURE() << status->error;
    return;
  }
  database_ = std::move(std::get<storage::SqliteDatabase>(opened));
  EXPECT_TRUE(database_.store->Load({}, counters_).ok());
  memory_.changes.Start(counters_.sequence);
  unit_.emplace(*database_.store, memory_, counters_, codes_, limits_);
  Do(kDawn, [&] {
    constexpr int kScales[kItemCount] = {0, 0, 3, 6};
    for (int i = 0; i < kItemCount; ++i) {
      const storage::Item item = memory_.catalogue.PutItem({.sku = "I" + std::to_string(i + 1),
                                                            .unit = "piece",
                                                            .scale = kScales[i],
                                                            .category = kCategories[i % 2],
                                                            .unit_cost_micros = (i + 1) * 700'000,
                                                            .price_micros = (i + 1) * 1'500'000,
                                                            .currency = i == 3 ? "PLN" : "EUR"});
      database_.store->KeepItemChange(item, kDawn);
      database_.store->SaveItem(item);
    }
    for (int i = 0; i < kLocationCount; ++i) {
      database_.store->SaveLocation(
          memory_.catalogue.PutLocation({.code = "L" + std::to_string(i + 1)}));
    }
    for (const char* name : {"till", "erp"}) {
      database_.store->SaveSource(memory_.catalogue.PutSource({.name = name}));
    }
    // One location in two groups, one in none.
    database_.store->SaveGroup(memory_.catalogue.PutGroup(
        {.group_id = "north", .locations = {LocationId{1}, LocationId{2}}}));
    database_.store->SaveGroup(
        memory_.catalogue.PutGroup({.group_id = "big", .locations = {LocationId{2}}}));
  });
}

template <typename Work>
void World::Do(Timestamp now, Work&& work) {
  now_ = std::max(now_, now);
  unit_->Begin(now_);
  work();
  const storage::Status status = unit_->Commit();
  ASSERT_TRUE(status.ok()) << status.error;
  unit_->Publish();
}

std::optional<SnapshotTaken> World::Tell(const Told& told) {
  std::optional<SnapshotTaken> taken;
  Do(told.now, [&] {
    if (const auto* fact = std::get_if<ledger::Fact>(&told.what)) {
      const auto outcome = ledger::ApplyFact(*unit_, *fact, {}, ledger::LateFacts::kAccept);
      EXPECT_NE(outcome.result, ledger::FactResult::kRefused);
    } else if (const auto* row = std::get_if<SnapshotTold>(&told.what)) {
      taken = SnapshotTaken{.told = *row, .quantity = row->quantity};
      const auto known = unit_->Find(row->position);
      if (row->confirms && known) taken->quantity = std::max<Quantity>(0, known->row.on_hand);
      const ledger::Snapshot snapshot{
          .source = SourceId{2}, .id = "s" + std::to_string(++snapshots_), .as_of = row->as_of};
      const engine::AvailabilityIndex::CountedRow counted{.position = row->position,
                                                          .quantity = taken->quantity};
      const auto result = unit_->ApplySnapshot(snapshot, {&counted, 1});
      taken->confirmed = result.unchanged == 1;
      taken->recorded = result.unchanged + result.changed == 1;
    } else if (const auto* visits = std::get_if<VisitsTold>(&told.what)) {
      database_.store->KeepVisits(visits->count, now_);
    } else if (const auto* contact = std::get_if<ContactTold>(&told.what)) {
      database_.store->KeepContact(contact->contact, now_);
    } else {
      const auto& change = std::get<ItemTold>(told.what);
      storage::Item item = *memory_.catalogue.Item(memory_.catalogue.Sku(change.item));
      item.category = change.category;
      item.unit_cost_micros = change.unit_cost_micros;
      item.price_micros = change.price_micros;
      memory_.catalogue.PutItem(item);
      database_.store->KeepItemChange(item, now_);
      database_.store->SaveItem(item);
    }
  });
  return taken;
}

std::unique_ptr<storage::JournalFeed> World::OpenFeed() const {
  auto opened = storage::OpenJournalFeed(path_, 1 << 20, {});
  auto* feed = std::get_if<std::unique_ptr<storage::JournalFeed>>(&opened);
  if (feed == nullptr) {
    ADD_FAILURE() << std::get<storage::Status>(opened).error;
    return nullptr;
  }
  return std::move(*feed);
}

}  // namespace stockd::reports
