// Invariant 1: on hand is a function of the set of facts. A day of facts of several sources is
// applied in order, backwards, shuffled, delayed and with repetitions; every way ends with the same
// figures, and they are those of FactBook.
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "daemon/ledger/facts.h"
#include "daemon/ledger/reservation_changes.h"
#include "tests/property/canaries.h"
#include "tests/property/fact_book.h"
#include "tests/property/property.h"
#include "tests/support/random.h"

namespace stockd::property {
namespace {

using ledger::Bucket;
using ledger::EntryKind;
using ledger::Fact;
using support::Random;

constexpr Timestamp kOpening =
    std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + std::chrono::hours(8);
constexpr Duration kDay = std::chrono::hours(12);

struct Told {
  Fact fact;
  bool in_snapshot = false;  // A count that came as a row of a snapshot.
};

struct Day {
  std::vector<PositionKey> positions;
  std::vector<Told> told;  // By the instant of what happened.
};

// What happens before the first fact of the day arrives, the same in every run: two claims.
constexpr Quantity kOpeningStock = 50;

Fact OpeningReceipt(PositionKey position) {
  return {.source = SourceId{9},
          .event_id = "opening",
          .kind = EntryKind::kReceipt,
          .position = position,
          .quantity = kOpeningStock,
          .occurred_at = kOpening - std::chrono::hours(1)};
}

EntryKind DrawKind(Random& random, const std::vector<uint64_t>& weights) {
  return static_cast<EntryKind>(1 + random.Weighted(weights));
}

Quantity DrawQuantity(Random& random, EntryKind kind) {
  static const std::vector<Quantity> edges = {1, 1, 2, 3, 5, 10, 49, 50, 51, 1000, kQuantityMax};
  if (kind == EntryKind::kCount && random.Percent(20)) return 0;
  const Quantity quantity = random.Pick(edges);
  return kind == EntryKind::kAdjustment && random.Percent(50) ? -quantity : quantity;
}

Day DrawDay(Random& random) {
  Day day;
  for (int64_t i = random.Between(1, 3); i > 0; --i) {
    day.positions.push_back({.item = ItemId{1}, .location = LocationId{static_cast<uint32_t>(i)}});
  }
  // Swarm: some kinds do not occur, others often. Few instants, so that many things coincide.
  std::vector<uint64_t> weights;
  for (int kind = 0; kind < 8; ++kind)
    weights.push_back(random.Percent(30) ? 0 : 1 + random.Below(9));
  weights[7] += 1;
  const int64_t instants = random.Between(2, 12);
  const int64_t facts = random.Between(1, 40);
  for (int64_t i = 0; i < facts; ++i) {
    Told told;
    told.fact.source = SourceId{static_cast<uint32_t>(random.Between(1, 3))};
    told.fact.event_id = std::to_string(i);
    told.fact.kind = DrawKind(random, weights);
    told.fact.position = random.Pick(day.positions);
    told.fact.quantity = DrawQuantity(random, told.fact.kind);
    told.fact.occurred_at = kOpening + random.Between(0, instants - 1) * (kDay / instants) +
                            Duration(random.Percent(20) ? random.Between(-1, 1) : 0);
    if (told.fact.kind == EntryKind::kSale && random.Percent(40)) {
      told.fact.reservation_id = random.Percent(50) ? "held" : "ordered";
    }
    told.in_snapshot = told.fact.kind == EntryKind::kCount && random.Percent(40);
    day.told.push_back(std::move(told));
  }
  std::ranges::sort(day.told, {}, [](const Told& told) {
    return std::pair(told.fact.occurred_at, told.fact.event_id);
  });
  return day;
}

struct Delivery {
  size_t index;  // Into Day::told.
  Timestamp at;
};

// Each fact once, by its own time, all at the end of the day.
std::vector<Delivery> InOrder(const Day& day) {
  std::vector<Delivery> deliveries;
  for (size_t i = 0; i < day.told.size(); ++i) deliveries.push_back({i, kOpening + 2 * kDay});
  return deliveries;
}

void Repeat(std::vector<Delivery>& deliveries, Random& random) {
  const size_t once = deliveries.size();
  for (size_t i = 0; i < once; ++i) {
    while (random.Percent(30)) deliveries.push_back(deliveries[i]);
  }
}

// As the lines between shops and daemon would have it: each fact when it comes, some much later.
std::vector<Delivery> Delayed(const Day& day, Random& random) {
  std::vector<Delivery> deliveries = InOrder(day);
  Repeat(deliveries, random);
  for (Delivery& delivery : deliveries) {
    const Timestamp happened = std::max(kOpening, day.told[delivery.index].fact.occurred_at);
    delivery.at =
        happened + (random.Percent(50) ? Duration(0) : Duration(random.Between(0, kDay.count())));
  }
  std::ranges::sort(deliveries, {}, [](const Delivery& delivery) {
    return std::pair(delivery.at, delivery.index);
  });
  return deliveries;
}

void Open(ledger::State& state, PositionKey position) {
  ledger::ApplyFact(state, OpeningReceipt(position), {}, ledger::LateFacts::kRefuse);
  for (const char* id : {"held", "ordered"}) {
    ledger::CreateReservation(state, {.id = id + std::string(),
                                      .channel = kNoChannel,
                                      .lines = {{position, 5}},
                                      .ttl = kDay / 2,
                                      .allow_partial = false,
                                      .owner_reference = ""});
  }
  ledger::CommitReservation(state, {.reservation_id = "ordered", .request_id = "q", .content = ""},
                            "order", {{position, 3}}, ledger::Remainder::kKeep);
}

void Deliver(ledger::State& state, const Told& told) {
  const Fact& fact = told.fact;
  if (!told.in_snapshot) {
    ledger::ApplyFact(state, fact, {}, ledger::LateFacts::kRefuse);
    return;
  }
  const ledger::Snapshot snapshot{
      .source = fact.source, .id = "snapshot-" + fact.event_id, .as_of = fact.occurred_at};
  ledger::ApplySnapshotRow(state, snapshot, fact.position, fact.quantity);
}

Violation Compare(const ledger::MemoryState& memory, const FactBook& book, PositionKey position) {
  Balances balances;
  for (const ledger::JournalEntry& entry : memory.journal()) AddTo(balances, entry);
  const auto at = "position " + std::to_string(ToNumber(position.location)) + ": ";
  const auto differs = [&](const std::string& what, Quantity is, Quantity expected) {
    return at + what + " is " + std::to_string(is) + ", the facts say " + std::to_string(expected);
  };
  const ledger::Position& row = memory.positions().at(position).row;
  if (row.on_hand != book.OnHand(position)) {
    return differs("on hand", row.on_hand, book.OnHand(position));
  }
  const Quantity unsellable = book.Balance(position, Bucket::kUnsellable);
  if (row.unsellable != unsellable) return differs("unsellable", row.unsellable, unsellable);
  for (const Bucket bucket : {Bucket::kSupplier, Bucket::kCustomer, Bucket::kAdjustment,
                              Bucket::kTransit, Bucket::kCorrection}) {
    const Quantity is = balances[position][bucket];
    const Quantity expected = book.Balance(position, bucket);
    if (is != expected) return differs(std::string(BucketName(bucket)), is, expected);
  }
  return std::nullopt;
}

Violation Run(const Day& day, const std::vector<Delivery>& deliveries, const FactBook& book,
              const Wrap& wrap) {
  ledger::MemoryState memory(kOpening);
  const auto state = wrap(memory);
  for (const PositionKey position : day.positions) state->position(position);
  Open(*state, day.positions.front());
  for (const Delivery& delivery : deliveries) {
    memory.SetNow(std::max(memory.now(), delivery.at));
    Deliver(*state, day.told[delivery.index]);
  }
  for (const PositionKey position : day.positions) {
    if (Violation violation = Compare(memory, book, position)) return violation;
  }
  return std::nullopt;
}

Violation OrderDoesNotMatter(uint64_t seed, const Wrap& wrap) {
  Random random(seed);
  const Day day = DrawDay(random);
  FactBook book;
  book.Add(OpeningReceipt(day.positions.front()));
  for (const Told& told : day.told) book.Add(told.fact);

  const auto judged = [&](const char* way, const std::vector<Delivery>& deliveries) -> Violation {
    Violation violation = Run(day, deliveries, book, wrap);
    if (violation) *violation = std::string(way) + ", " + *violation;
    return violation;
  };
  std::vector<Delivery> deliveries = InOrder(day);
  if (Violation violation = judged("in order", deliveries)) return violation;
  std::ranges::reverse(deliveries);
  if (Violation violation = judged("backwards", deliveries)) return violation;
  for (int i = 0; i < 4; ++i) {
    random.Shuffle(deliveries);
    if (Violation violation = judged("shuffled", deliveries)) return violation;
  }
  for (int i = 0; i < 2; ++i) {
    if (Violation violation = judged("delayed", Delayed(day, random))) return violation;
  }
  Repeat(deliveries, random);
  random.Shuffle(deliveries);
  return judged("repeated", deliveries);
}

TEST(OrderDoesNotMatter, Holds) { ExpectHolds(OrderDoesNotMatter, 5000); }

TEST(OrderDoesNotMatter, CatchesADeltaAddedToTheCountThatSawIt) {
  ExpectCatches(OrderDoesNotMatter, WrappedIn<AddsDeltasOfTheCountsInstant>(), 50);
}

TEST(OrderDoesNotMatter, CatchesARepetitionThatCounts) {
  ExpectCatches(OrderDoesNotMatter, WrappedIn<ForgetsFacts>(), 50);
}

TEST(OrderDoesNotMatter, CatchesARebaseThatIsLost) {
  ExpectCatches(OrderDoesNotMatter, WrappedIn<Loses<EntryKind::kRebase>>(), 50);
}

TEST(OrderDoesNotMatter, CatchesPositionsThatAreNotWrittenBack) {
  ExpectCatches(OrderDoesNotMatter, WrappedIn<HandsOutCopies>(), 50);
}

}  // namespace
}  // namespace stockd::property
