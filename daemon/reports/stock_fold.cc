#include "daemon/reports/stock_fold.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "daemon/reports/distribution.h"

namespace stockd::reports {
namespace {

constexpr Duration kTick{1};  // Nothing happens between two neighbouring instants.

}  // namespace

void StockFold::Start(int64_t confirmed_id) {
  confirmed_id_ = confirmed_id;
  latest_confirmed_ = feed_.LatestConfirmedCount(confirmed_id);
  last_delta_ = {};
}

CellPlace StockFold::PlaceOf(PositionKey key, const ItemState& state) const {
  return {
      .location = ToNumber(key.location), .category = state.category, .item = ToNumber(key.item)};
}

void StockFold::Emit(PositionKey key, const ItemState& state, Timestamp at,
                     const Standing& standing, int sign) {
  const Int128 units = standing.on_hand_micro_units * sign;
  const Step steps[] = {{Measure::kOnHandStep, Measure::kOnHandMoment, units},
                        {Measure::kCostStep, Measure::kCostMoment, units * state.unit_cost_micros},
                        {Measure::kRetailStep, Measure::kRetailMoment, units * state.price_micros},
                        {Measure::kRangedStep, Measure::kRangedMoment, standing.ranged * sign},
                        {Measure::kOutStep, Measure::kOutMoment, standing.out * sign}};
  work_.AddSteps(at, PlaceOf(key, state), state.currency, steps);
}

// What stands is valued anew whenever its item changes, so a step echoes at each later change.
void StockFold::AddStanding(PositionKey key, Timestamp at, const Standing& standing) {
  const auto states = work_.items().StatesOf(key.item);
  size_t index = ItemBook::IndexAt(states, at);
  Emit(key, states[index], at, standing, 1);
  for (++index; index < states.size(); ++index) {
    Emit(key, states[index - 1], states[index].from, standing, -1);
    Emit(key, states[index], states[index].from, standing, 1);
  }
}

void StockFold::AddUnits(PositionKey key, Timestamp at, Quantity change) {
  if (change == 0) return;
  AddStanding(key, at,
              {.on_hand_micro_units = Int128{change} * work_.items().MicroUnits(key.item)});
}

// With the facts at the instant itself.
Quantity StockFold::OnHandAt(PositionKey key, const StandingPosition& position, Timestamp at,
                             Sequence known_until) {
  if (position.last_at <= at) return position.on_hand;
  if (position.last_count_at > at) {
    if (const auto next = work_.file().NextCount(key, at + kTick)) {
      return next->book - feed_.DeltaBetween(key, at, next->as_of, known_until);
    }
  }
  return position.on_hand - feed_.DeltaBetween(key, at, kTimestampMax, known_until);
}

std::optional<CountRow> StockFold::NextCount(PositionKey key, const StandingPosition& position,
                                             Timestamp from, Sequence known_until) {
  std::optional<CountRow> next;
  if (position.last_count_at >= from) next = work_.file().NextCount(key, from);
  if (latest_confirmed_ < from) return next;
  const auto confirmed = feed_.NextConfirmedCount(key, from, confirmed_id_);
  if (!confirmed || (next && next->as_of <= *confirmed)) return next;
  // The books were right then: what follows makes them wrong, which needs a row.
  const Quantity book = OnHandAt(key, position, *confirmed, known_until);
  const CountRow row{
      .as_of = *confirmed, .stated = book, .book = book, .first = position.first_at >= *confirmed};
  work_.file().SaveCount(key, row);
  StandingPosition& standing = work_.Position(key);
  standing.last_count_at = std::max(standing.last_count_at, *confirmed);
  standing.last_at = std::max(standing.last_at, *confirmed);
  return row;
}

// What a count says about the books, at its instant.
void StockFold::CheckCount(PositionKey key, const CountRow& count, int sign) {
  const ItemState& state = work_.items().At(key.item, count.as_of);
  const CellPlace place = PlaceOf(key, state);
  if (count.first) {
    const Amount amounts[] = {{Measure::kFirstCountLines, sign}};
    work_.AddFlow(count.as_of, place, state.currency, amounts);
    return;
  }
  const Int128 unit = work_.items().MicroUnits(key.item) * sign;
  const Quantity surplus = count.stated - count.book;
  const Amount amounts[] = {{Measure::kCountedLines, sign},
                            {Measure::kAccurateLines, surplus == 0 ? sign : 0},
                            {Measure::kBookUnits, std::abs(count.book) * unit},
                            {Measure::kCountErrorUnits, std::abs(surplus) * unit},
                            {Measure::kCountSurplusUnits, surplus * unit},
                            {Measure::kShrinkageCost, -surplus * unit * state.unit_cost_micros}};
  work_.AddFlow(count.as_of, place, state.currency, amounts);
}

void StockFold::MoveBook(PositionKey key, CountRow count, Quantity change) {
  CheckCount(key, count, -1);
  count.book += change;
  CheckCount(key, count, 1);
  work_.file().SaveCount(key, count);
}

void StockFold::SeenAt(PositionKey key, StandingPosition& position, Timestamp at) {
  if (!position.known()) {
    AddStanding(key, at, {.ranged = 1});
    position.first_at = position.last_at = at;
    return;
  }
  position.last_at = std::max(position.last_at, at);
  if (at >= position.first_at) return;
  AddStanding(key, position.first_at, {.ranged = -1});
  AddStanding(key, at, {.ranged = 1});
  const Timestamp first_at = std::exchange(position.first_at, at);
  // A count that was the first of all facts was no check; now it is.
  auto count = work_.file().NextCount(key, first_at);
  if (!count || count->as_of != first_at || !count->first) return;
  CheckCount(key, *count, -1);
  count->first = false;
  CheckCount(key, *count, 1);
  work_.file().SaveCount(key, *count);
}

void StockFold::AddDelta(PositionKey key, Timestamp at, Quantity change, Known known) {
  StandingPosition& position = work_.Position(key);
  const bool known_before = position.first_at < at;
  const auto next = position.known() ? NextCount(key, position, at, known.before) : std::nullopt;
  const bool is_last = !position.known() || at > position.last_at;
  SeenAt(key, position, at);
  AddUnits(key, at, change);
  last_delta_ = {.key = key, .change = change, .counted = next.has_value()};
  if (next) {
    AddUnits(key, next->as_of, -change);
    // SeenAt() may have changed the row.
    MoveBook(key, *work_.file().NextCount(key, next->as_of), change);
  } else {
    position.on_hand += change;
  }
  if (is_last) {
    FlipAtEnd(key, position, at);
  } else {
    FindFlips(key, position, at, next ? next->as_of : kTimestampMax, known_before, known.with);
  }
}

void StockFold::AddCount(PositionKey key, Timestamp at, Quantity stated, Known known) {
  StandingPosition& position = work_.Position(key);
  const bool known_before = position.first_at < at;
  std::optional<CountRow> same;
  if (position.known()) same = NextCount(key, position, at, known.before);
  if (same && same->as_of != at) same.reset();
  Quantity shift = 0;
  if (same) {
    shift = std::min<Quantity>(0, stated - same->stated);
    if (shift == 0) return;
  }
  const auto next =
      position.known() ? NextCount(key, position, at + kTick, known.before) : std::nullopt;
  // After the search, which may have found a later count that only confirmed.
  const bool is_last = !position.known() || at > position.last_at;
  CountRow row{.as_of = at, .stated = stated};
  if (same) {
    row = *same;
    CheckCount(key, row, -1);
    row.stated += shift;
  } else {
    row.book = position.known() ? OnHandAt(key, position, at, known.before) : 0;
    row.first = !known_before;
    shift = stated - row.book;
  }
  SeenAt(key, position, at);
  CheckCount(key, row, 1);
  work_.file().SaveCount(key, row);
  position.last_count_at = std::max(position.last_count_at, at);
  AddUnits(key, at, shift);
  if (next) {
    AddUnits(key, next->as_of, -shift);
    MoveBook(key, *work_.file().NextCount(key, next->as_of), shift);
  } else {
    position.on_hand += shift;
  }
  if (is_last) {
    FlipAtEnd(key, position, at);
  } else {
    FindFlips(key, position, at, next ? next->as_of : kTimestampMax, known_before, known.with);
  }
}

void StockFold::TakeBack(PositionKey key, Timestamp recorded_at) {
  if (last_delta_.counted || last_delta_.key != key) return;
  // The daemon knew of a later count that only confirmed the books and was forgotten since. When it
  // was is not known any more: now at the latest.
  StandingPosition& position = work_.Position(key);
  const Timestamp at = std::max(recorded_at, position.last_at + kTick);
  const CountRow row{.as_of = at,
                     .stated = position.on_hand - last_delta_.change,
                     .book = position.on_hand,
                     .first = true};
  CheckCount(key, row, 1);
  work_.file().SaveCount(key, row);
  AddUnits(key, at, -last_delta_.change);
  position.on_hand -= last_delta_.change;
  position.last_at = position.last_count_at = at;
  FlipAtEnd(key, position, at);
}

void StockFold::AddConfirmed(const storage::ConfirmedCount& confirmed, Sequence after) {
  const Timestamp as_of = confirmed.coverage.as_of;
  for (const PositionKey key : confirmed.coverage.positions) {
    const StandingPosition& position = work_.Position(key);
    if (as_of < position.first_at) {
      // Nothing is known from before it: it is the first that anybody said of the position.
      AddCount(key, as_of, position.known() ? OnHandAt(key, position, as_of, after) : 0,
               {.before = after, .with = after});
      continue;
    }
    // Two sources may count at one instant: that is one count.
    if (position.last_count_at >= as_of) {
      const auto row = work_.file().NextCount(key, as_of);
      if (row && row->as_of == as_of) continue;
    }
    const Quantity book = OnHandAt(key, position, as_of, after);
    CheckCount(key,
               {.as_of = as_of, .stated = book, .book = book, .first = position.first_at >= as_of},
               1);
  }
  confirmed_id_ = confirmed.id;
  latest_confirmed_ = std::max(latest_confirmed_, as_of);
}

void StockFold::AddItemChange(const storage::ItemChange& change) {
  const std::vector<PositionKey> positions = work_.PositionsOf(change.item);
  // What is known already was valued by the state before: the change takes effect behind it.
  Timestamp from = change.changed_at;
  for (const PositionKey key : positions) {
    from = std::max(from, work_.Position(key).last_at + kTick);
  }
  if (!positions.empty()) from = std::max(from, latest_confirmed_ + kTick);
  const ItemState old = work_.items().StatesOf(change.item).back();
  const ItemState state{.from = from,
                        .category = work_.InternCategory(change.category),
                        .currency = work_.Intern({.currency = change.currency}),
                        .unit_cost_micros = change.unit_cost_micros,
                        .price_micros = change.price_micros};
  work_.AddItemState(change.item, change.scale, state);
  for (const PositionKey key : positions) {
    const StandingPosition& position = work_.Position(key);
    const Standing standing{
        .on_hand_micro_units = Int128{position.on_hand} * work_.items().MicroUnits(change.item),
        .ranged = 1,
        .out = static_cast<int>(position.out)};
    Emit(key, old, from, standing, -1);
    Emit(key, state, from, standing, 1);
  }
}

// The position's latest fact is at `at`.
void StockFold::FlipAtEnd(PositionKey key, StandingPosition& position, Timestamp at) {
  const bool out = position.on_hand <= 0;
  if (out == position.out) return;
  position.out = out;
  const auto begin = out ? std::nullopt : work_.file().LastFlipBefore(key, at);
  const Flip flip{.at = at, .out = out};
  work_.file().AddFlip(key, flip);
  AddStanding(key, at, {.out = out ? 1 : -1});
  if (out) {
    AddStockOuts(key, {&flip, 1}, 1);
  } else if (begin) {
    AddStockOuts(key, {&*begin, 1}, -1);
    const Flip flips[] = {*begin, flip};
    AddStockOuts(key, flips, 1);
  }
}

// Works the flips of [from, until] out anew, where `until` is a count or the end of time.
void StockFold::FindFlips(PositionKey key, StandingPosition& position, Timestamp from,
                          Timestamp until, bool known_before, Sequence known_until) {
  RollupFile& file = work_.file();
  Quantity on_hand = OnHandAt(key, position, from - kTick, known_until);
  bool out = known_before && on_hand <= 0;
  std::vector<Flip> fresh;
  const auto facts = feed_.FactsBetween(key, from, until, known_until);
  // A count that had only confirmed is no fact of its own, at either end.
  const auto meet_count = [&](Timestamp at) {
    const auto count = file.NextCount(key, at);
    if (!count || count->as_of != at) return;
    on_hand = count->stated;
    if (out != (on_hand <= 0)) fresh.push_back({.at = at, .out = out = !out});
  };
  if (facts.empty() || facts.front().occurred_at != from) meet_count(from);
  for (size_t i = 0; i < facts.size();) {
    const Timestamp at = facts[i].occurred_at;
    for (; i < facts.size() && facts[i].occurred_at == at; ++i) {
      if (facts[i].kind != ledger::EntryKind::kCount) on_hand += facts[i].stated;
    }
    if (at == from || at == until) {
      if (const auto count = file.NextCount(key, at); count && count->as_of == at) {
        on_hand = count->stated;
      }
    }
    if (out != (on_hand <= 0)) fresh.push_back({.at = at, .out = out = !out});
  }
  if (until != kTimestampMax && (facts.empty() || facts.back().occurred_at != until)) {
    meet_count(until);
  }
  const std::vector<Flip> stale = file.Flips(key, from, until);
  if (until == kTimestampMax) position.out = out;
  if (stale == fresh) return;

  const auto before = file.LastFlipBefore(key, from);
  const auto behind = until == kTimestampMax ? std::nullopt : file.FirstFlipAfter(key, until);
  const auto with_neighbours = [&](const std::vector<Flip>& flips) {
    std::vector<Flip> all;
    if (before) all.push_back(*before);
    all.insert(all.end(), flips.begin(), flips.end());
    if (behind) all.push_back(*behind);
    return all;
  };
  AddStockOuts(key, with_neighbours(stale), -1);
  AddStockOuts(key, with_neighbours(fresh), 1);
  for (const Flip& flip : stale) AddStanding(key, flip.at, {.out = flip.out ? -1 : 1});
  for (const Flip& flip : fresh) AddStanding(key, flip.at, {.out = flip.out ? 1 : -1});
  file.DeleteFlips(key, from, until);
  for (const Flip& flip : fresh) file.AddFlip(key, flip);
}

// The times without stock that begin with these flips; the last may still run.
void StockFold::AddStockOuts(PositionKey key, std::span<const Flip> flips, int sign) {
  for (size_t i = 0; i < flips.size(); ++i) {
    if (!flips[i].out) continue;
    const ItemState& state = work_.items().At(key.item, flips[i].at);
    const CellPlace place = PlaceOf(key, state);
    if (i + 1 == flips.size()) {
      const Amount amounts[] = {{Measure::kStockOuts, sign}};
      work_.AddFlow(flips[i].at, place, state.currency, amounts);
      continue;
    }
    const int64_t micros = (flips[i + 1].at - flips[i].at).count();
    const Amount amounts[] = {{Measure::kStockOuts, sign},
                              {Measure::kStockOutsEnded, sign},
                              {Measure::kStockOutMicros, Int128{micros} * sign},
                              {BinMeasure(Distribution::kStockOutMicros, BinOf(micros)), sign}};
    work_.AddFlow(flips[i].at, place, state.currency, amounts);
  }
}

}  // namespace stockd::reports
