// What the oracle says of orders and customers.
#include <algorithm>
#include <tuple>

#include "tests/reports/oracle_sums.h"

namespace stockd::reports {

using ledger::EntryKind;

std::map<std::pair<std::string, SourceId>, Oracle::Order> Oracle::Orders() const {
  const auto key = [](const Fact& fact) {
    const ledger::Fact& told = fact.told;
    return std::make_tuple(told.occurred_at, told.unit_price_micros == 0, told.position.location,
                           told.channel, told.fulfilment_channel, told.currency);
  };
  std::map<std::pair<std::string, SourceId>, Order> orders;
  for (const Fact& fact : facts_) {
    if (fact.told.kind != EntryKind::kSale || fact.told.reference.empty()) continue;
    Order& order = orders[{fact.told.reference, fact.told.source}];
    if (order.line == nullptr || key(fact) < key(*order.line)) order.line = &fact;
    const std::string& customer = fact.told.customer_reference;
    if (!customer.empty() && (order.customer.empty() || customer < order.customer)) {
      order.customer = customer;
    }
  }
  return orders;
}

const Oracle::Order* Oracle::SaleOf(
    const Fact& fact, const std::map<std::pair<std::string, SourceId>, Order>& orders) const {
  const std::string& reference =
      fact.told.original_reference.empty() ? fact.told.reference : fact.told.original_reference;
  if (reference.empty()) return nullptr;
  if (const auto own = orders.find({reference, fact.told.source}); own != orders.end()) {
    return &own->second;
  }
  const auto any = orders.lower_bound({reference, kNoSource});
  return any != orders.end() && any->first.first == reference ? &any->second : nullptr;
}

std::vector<std::string> Oracle::CustomerRows(const ReportQuery& query,
                                              const Figure& figure) const {
  const std::vector<Timestamp> cuts =
      CutPeriod(query.begin, query.end, query.bucket, query.zone, kBucketsMax);
  std::vector<std::string> rows;
  const auto add = [&](size_t bucket, const std::vector<std::string>& group,
                       const std::string& currency, const CustomerSums& sums, Int128 covered,
                       Int128 coverable) {
    ReportRow row{.figure = &figure,
                  .begin = cuts[bucket],
                  .end = cuts[bucket + 1],
                  .group = group,
                  .currency = currency};
    figure.evaluate_customers(sums, row.outcome);
    row.outcome.covered += covered;
    row.outcome.coverable += coverable;
    row.value = row.outcome.has_denominator
                    ? Quotient(row.outcome.numerator, row.outcome.denominator, row.outcome.factor)
                    : static_cast<double>(row.outcome.numerator.Approximate());
    if (!SaysNothing(row)) rows.push_back(Shown(row));
  };
  if (figure.kind == FigureKind::kSpent) {
    std::map<std::string, Timestamp> first;
    std::map<std::pair<std::string, std::string>, Int128> spent;  // By currency and customer.
    for (const Fact& fact : facts_) {
      const ledger::Fact& told = fact.told;
      const bool sale = told.kind == EntryKind::kSale;
      if (told.customer_reference.empty() || (!sale && told.kind != EntryKind::kReturn)) continue;
      const Int128 value =
          Int128{told.quantity} * micro_units_.at(told.position.item) * told.unit_price_micros;
      if (value != 0) {
        spent[{told.currency, told.customer_reference}] += sale ? value : -value;
      }
      if (!sale) continue;
      const auto [found, added] = first.emplace(told.customer_reference, told.occurred_at);
      if (!added) found->second = std::min(found->second, told.occurred_at);
    }
    for (size_t bucket = 0; bucket + 1 < cuts.size(); ++bucket) {
      std::map<std::string, CustomerSums> by_currency;
      for (const auto& [key, value] : spent) {
        const auto found = first.find(key.second);
        if (found == first.end() || found->second < cuts[bucket] ||
            found->second >= cuts[bucket + 1] || !Lets(query.currencies, key.first)) {
          continue;
        }
        by_currency[key.first].spent.push_back(value);
      }
      for (auto& [currency, sums] : by_currency) {
        std::ranges::sort(sums.spent);
        add(bucket, {}, currency, sums, 0, 0);
      }
    }
    return rows;
  }
  // Who ordered how often, by group and instant.
  const auto orders = Orders();
  std::set<std::vector<std::string>> groups;
  const auto active = [&](Timestamp begin, Timestamp end, const std::vector<std::string>* group) {
    std::map<std::string, int64_t> counts;
    for (const auto& [key, order] : orders) {
      const ledger::Fact& line = order.line->told;
      if (order.customer.empty() || line.occurred_at < begin || line.occurred_at >= end) continue;
      const Strand strand{.channel = line.channel,
                          .fulfilment = line.fulfilment_channel,
                          .currency = line.currency,
                          .source = line.source};
      const OracleSums namer(*this, query, begin, end,
                             group == nullptr ? std::vector<std::string>{} : *group, std::nullopt);
      const int times = namer.Matches(line.position, "", strand, group == nullptr);
      if (times > 0) counts[order.customer] += times;
      if (times == 0 || group != nullptr) continue;
      std::vector<std::string> names = {""};
      if (std::ranges::find(query.group_by, Dimension::kGroup) != query.group_by.end()) {
        names.clear();
        for (const storage::Group& named : world_.catalogue().Groups()) {
          if (Lets(query.groups, named.id) &&
              std::ranges::find(named.locations, line.position.location) != named.locations.end()) {
            names.push_back(named.group_id);
          }
        }
      }
      for (const std::string& name : names) {
        std::vector<std::string> values;
        for (const Dimension dimension : query.group_by) {
          values.push_back(namer.ValueOf(dimension, line.position, "", strand, name));
        }
        groups.insert(values);
      }
    }
    return counts;
  };
  active(kTimestampMin, kTimestampMax, nullptr);
  if (query.group_by.empty()) groups.insert(std::vector<std::string>{});
  for (size_t bucket = 0; bucket + 1 < cuts.size(); ++bucket) {
    // Buckets of the tests are whole or days.
    const Timestamp before = query.bucket == Bucket::kWhole
                                 ? query.begin - (query.end - query.begin)
                             : bucket == 0 ? CutPeriod(query.begin - std::chrono::hours(60),
                                                       query.begin, query.bucket, query.zone, 99)
                                                 .end()[-2]
                                           : cuts[bucket - 1];
    for (const auto& group : groups) {
      const auto then = active(before, cuts[bucket], &group);
      const auto now = active(cuts[bucket], cuts[bucket + 1], &group);
      CustomerSums sums{.active = static_cast<int64_t>(now.size()),
                        .active_before = static_cast<int64_t>(then.size())};
      for (const auto& [customer, count] : now) {
        sums.repeated += count > 1;
        sums.orders_known += count;
        sums.retained += then.contains(customer);
      }
      const OracleSums flows(*this, query, cuts[bucket], cuts[bucket + 1], group, std::nullopt);
      add(bucket, group, "", sums, flows.Flow(Measure::kOrdersWithCustomer),
          flows.Flow(Measure::kOrders));
    }
  }
  return rows;
}

}  // namespace stockd::reports
