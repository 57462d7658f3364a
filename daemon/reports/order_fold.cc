#include "daemon/reports/order_fold.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>
#include <tuple>

namespace stockd::reports {
namespace {

using enum Measure;

// Whether a line is to stand for the order rather than what stands for it now. A rule on what the
// lines say needs no order of arrival.
bool StandsBefore(const OrderRow& line, const OrderRow& order, const Workspace& work) {
  const auto key = [&work](const OrderRow& row) {
    const Strand& strand = work.StrandOf(row.strand);
    return std::make_tuple(row.first_at, row.unpriced, ToNumber(row.location),
                           std::cref(strand.channel), std::cref(strand.fulfilment),
                           std::cref(strand.currency));
  };
  return !order.known() || key(line) < key(order);
}

}  // namespace

void OrderFold::Start() {
  orders_.clear();
  customers_.clear();
  active_.clear();
  returns_.clear();
  last_customer_ = rows_.LastCustomer();
}

CustomerRow& OrderFold::Customer(const std::string& reference) {
  auto& customer = customers_[reference];
  if (!customer) {
    customer = std::make_unique<CustomerRow>(rows_.FindCustomer(reference));
    if (customer->id == 0) customer->id = ++last_customer_;
  }
  return *customer;
}

std::string OrderFold::NameOf(CustomerId id) {
  for (const auto& [reference, customer] : customers_) {
    if (customer->id == id) return reference;
  }
  return rows_.CustomerReference(id);
}

void OrderFold::AddSale(const ledger::JournalEntry& sale, StrandId strand) {
  const Int128 value = Int128{std::abs(sale.stated)} *
                       work_.items().MicroUnits(sale.position.item) * sale.unit_price_micros;
  CustomerRow* customer = nullptr;
  if (!sale.customer_reference.empty()) {
    customer = &Customer(sale.customer_reference);
    customer->first_at = std::min(customer->first_at, sale.occurred_at);
    customer->sums.Add(work_.Intern({.currency = sale.currency}), kSaleValue, value);
  }
  if (sale.reference.empty()) return;
  const auto [found, added] = orders_.try_emplace({sale.reference, sale.source});
  if (added)
    found->second.before = found->second.now = rows_.FindOrder(sale.source, sale.reference);
  OrderRow& order = found->second.now;
  OrderRow line{.first_at = sale.occurred_at,
                .unpriced = sale.unit_price_micros == 0,
                .location = sale.position.location,
                .strand = strand};
  // Any line may name the customer; of several names the lowest stands.
  line.customer = order.customer;
  if (customer != nullptr && customer->id != order.customer &&
      (order.customer == 0 || customer->reference < NameOf(order.customer))) {
    line.customer = customer->id;
  }
  if (StandsBefore(line, order, work_)) {
    order = line;
  } else {
    order.customer = line.customer;
  }
}

void OrderFold::AddReturn(const ledger::JournalEntry& given_back, StrandId strand) {
  const int64_t micro_units =
      std::abs(given_back.stated) * work_.items().MicroUnits(given_back.position.item);
  if (!given_back.customer_reference.empty()) {
    CustomerRow& customer = Customer(given_back.customer_reference);
    customer.sums.Add(work_.Intern({.currency = given_back.currency}), kReturnValue,
                      Int128{micro_units} * given_back.unit_price_micros);
  }
  const std::string& reference =
      given_back.original_reference.empty() ? given_back.reference : given_back.original_reference;
  returns_.push_back({.sequence = given_back.sequence,
                      .sale_reference = reference,
                      .source = given_back.source,
                      .occurred_at = given_back.occurred_at,
                      .position = given_back.position,
                      .strand = strand,
                      .micro_units = micro_units,
                      .unit_price_micros = given_back.unit_price_micros});
}

void OrderFold::AddOrder(const OrderRow& order, int sign) {
  if (!order.known()) return;
  const Amount amounts[] = {{kOrders, sign}, {kOrdersWithCustomer, order.customer == 0 ? 0 : sign}};
  work_.AddPlaceFlow(order.first_at, ToNumber(order.location), order.strand, amounts);
  if (order.customer == 0) return;
  const int64_t day = work_.DayOf(order.first_at);
  for (const uint32_t location : {0U, ToNumber(order.location)}) {
    active_[{.location = location, .day = day, .strand = order.strand}][order.customer] += sign;
  }
}

void OrderFold::AddReturnWhereItBelongs(const ReturnRow& row, int sign) {
  const auto orders = row.sale_reference.empty() ? std::vector<std::pair<SourceId, OrderRow>>{}
                                                 : rows_.OrdersWith(row.sale_reference);
  const auto own = std::ranges::find(orders, row.source, &std::pair<SourceId, OrderRow>::first);
  const OrderRow* sale = own != orders.end() ? &own->second
                         : orders.empty()    ? nullptr
                                             : &orders.front().second;
  const Timestamp at = sale == nullptr ? row.occurred_at : sale->first_at;
  const LocationId location = sale == nullptr ? row.position.location : sale->location;
  // Of the return's own time: what held then never changes.
  const ItemState& state = work_.items().At(row.position.item, row.occurred_at);
  const CellPlace place{.location = ToNumber(location),
                        .category = state.category,
                        .item = ToNumber(row.position.item)};
  if (sale == nullptr) {
    const Amount amounts[] = {{kReturnUnmatchedLines, sign}};
    work_.AddFlow(at, place, row.strand, amounts);
    return;
  }
  const Int128 units = Int128{row.micro_units} * sign;
  const bool elsewhere = row.position.location != location;
  const bool one_currency =
      work_.StrandOf(row.strand).currency == work_.StrandOf(sale->strand).currency;
  const Amount amounts[] = {{kCohortReturnUnits, units},
                            {kCohortReturnValue, one_currency ? units * row.unit_price_micros : 0},
                            {kCohortReturnLines, sign},
                            {kCrossReturnUnits, elsewhere ? units : 0}};
  work_.AddFlow(at, place, sale->strand, amounts);
}

void OrderFold::Flush() {
  // Returns of orders that changed are taken out while the file says what it said when they were
  // put in.
  std::set<std::string> changed;
  for (const auto& [key, order] : orders_) {
    if (order.now == order.before) continue;
    changed.insert(key.first);
    AddOrder(order.before, -1);
    AddOrder(order.now, 1);
  }
  for (const std::string& reference : changed) {
    for (const ReturnRow& row : rows_.ReturnsOf(reference)) AddReturnWhereItBelongs(row, -1);
  }
  for (const auto& [key, order] : orders_) {
    if (order.now != order.before) rows_.SaveOrder(key.second, key.first, order.now);
  }
  for (const std::string& reference : changed) {
    for (const ReturnRow& row : rows_.ReturnsOf(reference)) AddReturnWhereItBelongs(row, 1);
  }
  for (const ReturnRow& row : returns_) {
    AddReturnWhereItBelongs(row, 1);
    if (!row.sale_reference.empty()) rows_.AddReturn(row);
  }
  // In the order of numbers, so that the file grows at its end.
  std::vector<CustomerRow*> customers;
  for (auto& [reference, customer] : customers_) customers.push_back(customer.get());
  std::ranges::sort(customers, {}, &CustomerRow::id);
  for (CustomerRow* customer : customers) rows_.SaveCustomer(*customer);
  for (auto& [key, counts] : active_) {
    if (!AddActive(rows_.FindActive(key), counts)) {
      throw RollupError("The roll-ups \"" + work_.file().path() + "\" are damaged.");
    }
    rows_.SaveActive(key, EncodeActive(counts));
  }
  orders_.clear();
  customers_.clear();
  active_.clear();
  returns_.clear();
}

}  // namespace stockd::reports
