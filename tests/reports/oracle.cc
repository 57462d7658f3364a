#include "tests/reports/oracle.h"

#include <algorithm>
#include <sstream>

#include "tests/reports/oracle_sums.h"

namespace stockd::reports {
namespace {

using ledger::EntryKind;

Quantity Effect(const ledger::Fact& fact) {
  switch (fact.kind) {
    case EntryKind::kSale:
    case EntryKind::kDamage:
    case EntryKind::kTransferOut: return -fact.quantity;
    default: return fact.quantity;
  }
}

std::string Number(Int128 value) { return ToText({.value = value}, 0); }

}  // namespace

std::string Shown(const ReportRow& row) {
  std::ostringstream out;
  out << row.figure->key << " " << ToMicros(row.begin) << ".." << ToMicros(row.end);
  for (const std::string& value : row.group) out << " [" << value << "]";
  out << " " << row.currency << " " << ToText(row.outcome.numerator, 12) << "/"
      << (row.outcome.has_denominator ? ToText(row.outcome.denominator, 12) : "-") << " = "
      << (row.value ? std::to_string(*row.value) : "null") << " covers "
      << Number(row.outcome.covered) << "/" << Number(row.outcome.coverable);
  for (const auto& [reason, count] : row.outcome.exclusions) {
    out << " " << reason << "=" << Number(count);
  }
  for (const Percentile& percentile : row.outcome.percentiles) {
    out << " p" << percentile.percent << "=" << percentile.value;
  }
  for (const Needed needed : row.missing) out << " no " << NeededName(needed);
  return out.str();
}

bool SaysNothing(const ReportRow& row) {
  // A share is of what others did.
  const bool nothing_to_divide_by =
      row.outcome.denominator.is_zero() || row.figure->key == "sales_share";
  return row.outcome.numerator.is_zero() && nothing_to_divide_by &&
         row.outcome.exclusions.empty() && row.outcome.coverable == 0;
}

Oracle::Oracle(const World& world) : world_(world) {
  for (int i = 1; i <= kItemCount; ++i) {
    const ItemId id{static_cast<uint32_t>(i)};
    const storage::Item item = *world.catalogue().Item(world.catalogue().Sku(id));
    items_[id] = {{.from = kTimestampMin,
                   .category = item.category,
                   .currency = item.currency,
                   .unit_cost_micros = item.unit_cost_micros,
                   .price_micros = item.price_micros}};
    int64_t micro_units = 1'000'000;
    for (int32_t n = 0; n < item.scale; ++n) micro_units /= 10;
    micro_units_[id] = micro_units;
  }
}

void Oracle::Learn(const Told& told, const std::optional<SnapshotTaken>& taken) {
  if (const auto* fact = std::get_if<ledger::Fact>(&told.what)) {
    if (!known_.emplace(fact->source, fact->event_id).second) return;
    facts_.push_back({*fact, told.now, Effect(*fact)});
    Position& position = positions_[fact->position];
    if (fact->kind != EntryKind::kCount) {
      position.deltas.emplace(fact->occurred_at, Effect(*fact));
      return;
    }
    const auto [count, added] = position.counts.emplace(fact->occurred_at, fact->quantity);
    if (!added) count->second = std::min(count->second, fact->quantity);
    return;
  }
  if (const auto* row = std::get_if<SnapshotTold>(&told.what)) {
    if (!taken->recorded) return;
    Position& position = positions_[row->position];
    position.counts[row->as_of] = taken->quantity;
    if (taken->confirmed) {
      position.confirmed[row->as_of] = taken->quantity;
      latest_confirmed_ = std::max(latest_confirmed_, row->as_of);
    }
    return;
  }
  if (const auto* visits = std::get_if<VisitsTold>(&told.what)) {
    const storage::VisitCount& count = visits->count;
    visits_[{count.channel, count.location, count.begins_at}] = count.visits;
    return;
  }
  if (const auto* contact = std::get_if<ContactTold>(&told.what)) {
    contacts_.push_back(contact->contact);
    return;
  }
  const auto& change = std::get<ItemTold>(told.what);
  std::vector<ItemState>& states = items_[change.item];
  const ItemState& last = states.back();
  // The catalogue keeps no change that changes nothing; it compares with what was put last.
  if (last.category == change.category && last.unit_cost_micros == change.unit_cost_micros &&
      last.price_micros == change.price_micros) {
    return;
  }
  Timestamp from = told.now;
  for (const auto& [key, position] : positions_) {
    if (key.item != change.item) continue;
    from = std::max({from, *position.Instants().rbegin() + kTick, latest_confirmed_ + kTick});
  }
  states.push_back({.from = from,
                    .category = change.category,
                    .currency = last.currency,
                    .unit_cost_micros = change.unit_cost_micros,
                    .price_micros = change.price_micros});
}

bool Oracle::IsContacted(const ledger::Fact& sale) const {
  return std::ranges::any_of(contacts_, [&](const storage::Contact& contact) {
    return contact.customer_reference == sale.customer_reference &&
           contact.item == sale.position.item && contact.occurred_at <= sale.occurred_at &&
           contact.occurred_at + std::chrono::hours(14 * 24) >= sale.occurred_at;
  });
}

const Oracle::ItemState& Oracle::StateAt(ItemId item, Timestamp instant) const {
  const std::vector<ItemState>& states = items_.at(item);
  size_t index = states.size() - 1;
  while (index > 0 && states[index].from > instant) --index;
  return states[index];
}

std::set<Timestamp> Oracle::Position::Instants() const {
  std::set<Timestamp> instants;
  for (const auto& [at, delta] : deltas) instants.insert(at);
  for (const auto& [at, count] : counts) instants.insert(at);
  return instants;
}

Quantity Oracle::Position::At(Timestamp instant) const {
  Quantity on_hand = 0;
  Timestamp from = kTimestampMin;
  for (const auto& [at, stated] : counts) {
    if (at > instant) break;
    on_hand = stated;
    from = at;
  }
  for (const auto& [at, delta] : deltas) {
    if (at > from && at <= instant) on_hand += delta;
  }
  return on_hand;
}

Quantity Oracle::Position::Before(Timestamp count) const {
  Position without = *this;
  without.counts.erase(count);
  return without.At(count);
}

Quantity Oracle::OnHand(PositionKey key) const { return positions_.at(key).At(kTimestampMax); }

std::vector<Flip> Oracle::Flips(PositionKey key) const {
  const Position& position = positions_.at(key);
  std::vector<Flip> flips;
  for (const Timestamp at : position.Instants()) {
    const bool out = position.At(at) <= 0;
    if (out != (!flips.empty() && flips.back().out)) flips.push_back({.at = at, .out = out});
  }
  return flips;
}

Oracle::Standing Oracle::StandingOf(PositionKey key) const {
  Standing standing{.on_hand = OnHand(key), .first_at = positions_.at(key).First()};
  for (const Fact& fact : facts_) {
    if (fact.told.position != key || fact.told.kind == EntryKind::kCount) continue;
    if (fact.told.kind == EntryKind::kSale) {
      standing.last_sale_at = std::max(standing.last_sale_at, fact.told.occurred_at);
    }
    for (Quantity unit = 0; unit < fact.effect; ++unit) {
      standing.units_came.push_back(fact.told.occurred_at);
    }
  }
  std::ranges::sort(standing.units_came);
  return standing;
}

std::string Oracle::Story(PositionKey key) const {
  const Position& position = positions_.at(key);
  std::ostringstream story;
  for (const Timestamp at : position.Instants()) {
    story << ToMicros(at);
    for (auto [delta, end] = position.deltas.equal_range(at); delta != end; ++delta) {
      story << " delta " << delta->second;
    }
    if (const auto count = position.counts.find(at); count != position.counts.end()) {
      story << (position.confirmed.contains(at) ? " confirmed " : " count ") << count->second;
    }
    story << " -> " << position.At(at) << "\n";
  }
  return story.str();
}

std::vector<PositionKey> Oracle::Positions() const {
  std::vector<PositionKey> keys;
  for (const auto& [key, position] : positions_) keys.push_back(key);
  return keys;
}

std::vector<std::string> Oracle::Report(const ReportQuery& query) const {
  const std::vector<Timestamp> cuts =
      CutPeriod(query.begin, query.end, query.bucket, query.zone, kBucketsMax);
  // Every combination of values that anything has.
  std::set<std::pair<std::vector<std::string>, std::string>> groups;
  const OracleSums namer(*this, query, query.begin, query.end, {}, std::nullopt);
  const auto meet = [&](PositionKey key, const std::string& category, const Strand& strand) {
    if (namer.Matches(key, category, strand, /*all_groups=*/true) == 0) return;
    std::vector<std::string> names = {""};
    if (std::ranges::find(query.group_by, Dimension::kGroup) != query.group_by.end()) {
      names.clear();
      for (const storage::Group& group : world_.catalogue().Groups()) {
        if (Lets(query.groups, group.id) &&
            std::ranges::find(group.locations, key.location) != group.locations.end()) {
          names.push_back(group.group_id);
        }
      }
    }
    for (const std::string& name : names) {
      std::vector<std::string> values;
      for (const Dimension dimension : query.group_by) {
        values.push_back(namer.ValueOf(dimension, key, category, strand, name));
      }
      groups.emplace(values, strand.currency);
    }
  };
  for (const Fact& fact : facts_) {
    if (fact.told.kind == EntryKind::kCount) continue;
    const auto& state = StateAt(fact.told.position.item, fact.told.occurred_at);
    for (const std::string& currency : {fact.told.currency, state.currency}) {
      meet(fact.told.position, state.category,
           {.channel = fact.told.channel,
            .fulfilment = fact.told.fulfilment_channel,
            .currency = currency,
            .source = fact.told.source});
    }
  }
  // A return counts where its sale was, whatever was sold there.
  const auto orders = Orders();
  for (const Fact& fact : facts_) {
    if (fact.told.kind != EntryKind::kReturn) continue;
    const Order* sale = SaleOf(fact, orders);
    if (sale == nullptr) continue;
    const ledger::Fact& line = sale->line->told;
    meet({.item = fact.told.position.item, .location = line.position.location},
         StateAt(fact.told.position.item, fact.told.occurred_at).category,
         {.channel = line.channel,
          .fulfilment = line.fulfilment_channel,
          .currency = line.currency,
          .source = line.source});
  }
  for (const auto& [key, position] : positions_) {
    for (const ItemState& state : items_.at(key.item)) {
      meet(key, state.category, {.currency = state.currency});
    }
  }
  for (const auto& [key, count] : visits_) {
    const auto& [channel, location, begins_at] = key;
    meet({.item = kNoItem, .location = location}, "", {.channel = channel});
  }
  std::vector<std::string> rows;
  for (const Figure* figure : query.figures) {
    if (figure->kind == FigureKind::kSums) continue;
    for (std::string& row : CustomerRows(query, *figure)) rows.push_back(std::move(row));
  }
  for (const Figure* figure : query.figures) {
    if (figure->kind != FigureKind::kSums) continue;
    std::set<std::pair<std::vector<std::string>, std::string>> keys;
    for (const auto& [values, currency] : groups) {
      keys.emplace(values, figure->by_currency ? currency : "");
    }
    for (size_t bucket = 0; bucket + 1 < cuts.size(); ++bucket) {
      for (const auto& [values, currency] : keys) {
        const OracleSums sums(*this, query, cuts[bucket], cuts[bucket + 1], values,
                              figure->by_currency ? std::optional(currency) : std::nullopt);
        ReportRow row{.figure = figure,
                      .begin = cuts[bucket],
                      .end = cuts[bucket + 1],
                      .group = values,
                      .currency = currency};
        figure->evaluate(sums, row.outcome);
        row.value =
            row.outcome.has_denominator
                ? Quotient(row.outcome.numerator, row.outcome.denominator, row.outcome.factor)
                : static_cast<double>(row.outcome.numerator.Approximate());
        if (!SaysNothing(row)) rows.push_back(Shown(row));
      }
    }
  }
  return rows;
}

}  // namespace stockd::reports
