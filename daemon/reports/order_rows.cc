#include "daemon/reports/order_rows.h"

#include <utility>

#include "daemon/reports/rollup_file.h"
#include "daemon/storage/error_text.h"
#include "daemon/storage/position_list.h"

namespace stockd::reports {
namespace {

using storage::ResetGuard;
using storage::Statement;

OrderRow ReadOrder(const Statement& row, int column) {
  return {.first_at = FromMicros(row.integer(column)),
          .unpriced = row.integer(column + 1) != 0,
          .location = LocationId{static_cast<uint32_t>(row.integer(column + 2))},
          .strand = static_cast<StrandId>(row.integer(column + 3)),
          .customer = static_cast<CustomerId>(row.integer(column + 4))};
}

}  // namespace

std::string EncodeActive(const ActiveCounts& counts) {
  // The encoding of cells, with customers in the place of measures.
  Cell cell;
  for (const auto& [customer, count] : counts) cell.AddLast(customer, count);
  return cell.Encode();
}

bool AddActive(std::string_view encoded, ActiveCounts& counts) {
  return ForEachKey(encoded, [&counts](uint64_t customer, Int128 count) {
    counts[static_cast<CustomerId>(customer)] += static_cast<int64_t>(count);
  });
}

struct OrderRows::Statements {
  Statement find_order, save_order, orders_with;
  Statement add_return, returns_of;
  Statement find_customer, save_customer, last_customer, customer_reference;
  Statement find_active, save_active, delete_active;
};

OrderRows::OrderRows(storage::Connection& connection, std::string path)
    : connection_(connection), path_(std::move(path)), statements_(std::make_unique<Statements>()) {
  Statements& s = *statements_;
  const std::pair<Statement*, const char*> all[] = {
      {&s.find_order,
       "SELECT first_at, unpriced, location, strand, customer FROM sale_order WHERE "
       "reference = ? AND source_id = ?"},
      {&s.save_order,
       "REPLACE INTO sale_order (reference, source_id, first_at, unpriced, location, strand, "
       "customer) VALUES (?, ?, ?, ?, ?, ?, ?)"},
      {&s.orders_with,
       "SELECT source_id, first_at, unpriced, location, strand, customer FROM sale_order WHERE "
       "reference = ? ORDER BY source_id"},
      {&s.add_return, "INSERT INTO sale_return VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
      {&s.returns_of,
       "SELECT sequence, source_id, occurred_at, position, strand, micro_units, "
       "unit_price_micros FROM sale_return WHERE sale_reference = ? ORDER BY sequence"},
      {&s.find_customer, "SELECT id, first_at, sums FROM customer WHERE reference = ?"},
      {&s.save_customer,
       "INSERT INTO customer VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
       "first_at = excluded.first_at, sums = excluded.sums"},
      {&s.last_customer, "SELECT coalesce(max(id), 0) FROM customer"},
      {&s.customer_reference, "SELECT reference FROM customer WHERE id = ?"},
      {&s.find_active,
       "SELECT customers FROM active WHERE location = ? AND day = ? AND strand = ?"},
      {&s.save_active, "REPLACE INTO active VALUES (?, ?, ?, ?)"},
      {&s.delete_active, "DELETE FROM active WHERE location = ? AND day = ? AND strand = ?"}};
  for (const auto& [statement, sql] : all) {
    if (statement->Prepare(connection_, sql) != SQLITE_OK) Fail("prepare the roll-ups");
  }
}

OrderRows::~OrderRows() = default;

void OrderRows::Fail(const char* doing) {
  throw RollupError(storage::ErrorText(path_, doing, connection_));
}

void OrderRows::Run(Statement& statement) {
  if (statement.Run() != SQLITE_DONE) Fail("write the roll-ups");
}

bool OrderRows::Step(Statement& statement) {
  const int code = statement.Step();
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  Fail("read the roll-ups");
}

OrderRow OrderRows::FindOrder(SourceId source, std::string_view reference) {
  Statement& find = statements_->find_order;
  const ResetGuard reset(find);
  find.Text(reference).Number(ToNumber(source));
  return Step(find) ? ReadOrder(find, 0) : OrderRow{};
}

void OrderRows::SaveOrder(SourceId source, std::string_view reference, const OrderRow& order) {
  Run(statements_->save_order.Text(reference)
          .Number(ToNumber(source))
          .Integer(ToMicros(order.first_at))
          .Integer(static_cast<int>(order.unpriced))
          .Number(ToNumber(order.location))
          .Integer(order.strand)
          .Integer(order.customer));
}

std::vector<std::pair<SourceId, OrderRow>> OrderRows::OrdersWith(std::string_view reference) {
  std::vector<std::pair<SourceId, OrderRow>> orders;
  Statement& list = statements_->orders_with;
  const ResetGuard reset(list);
  list.Text(reference);
  while (Step(list)) {
    orders.emplace_back(SourceId{static_cast<uint32_t>(list.integer(0))}, ReadOrder(list, 1));
  }
  return orders;
}

void OrderRows::AddReturn(const ReturnRow& row) {
  Run(statements_->add_return.Number(row.sequence)
          .Text(row.sale_reference)
          .Number(ToNumber(row.source))
          .Integer(ToMicros(row.occurred_at))
          .Integer(storage::StoredKey(row.position))
          .Integer(row.strand)
          .Integer(row.micro_units)
          .Integer(row.unit_price_micros));
}

std::vector<ReturnRow> OrderRows::ReturnsOf(std::string_view sale_reference) {
  std::vector<ReturnRow> returns;
  Statement& list = statements_->returns_of;
  const ResetGuard reset(list);
  list.Text(sale_reference);
  while (Step(list)) {
    returns.push_back({.sequence = list.number(0),
                       .sale_reference = std::string(sale_reference),
                       .source = SourceId{static_cast<uint32_t>(list.integer(1))},
                       .occurred_at = FromMicros(list.integer(2)),
                       .position = storage::KeyFromStored(list.integer(3)),
                       .strand = static_cast<StrandId>(list.integer(4)),
                       .micro_units = list.integer(5),
                       .unit_price_micros = list.integer(6)});
  }
  return returns;
}

CustomerRow OrderRows::FindCustomer(std::string_view reference) {
  CustomerRow customer{.reference = std::string(reference)};
  Statement& find = statements_->find_customer;
  const ResetGuard reset(find);
  find.Text(reference);
  if (!Step(find)) return customer;
  customer.id = static_cast<CustomerId>(find.integer(0));
  customer.first_at = FromMicros(find.integer(1));
  if (!customer.sums.Merge(find.text(2))) {
    throw RollupError("The roll-ups \"" + path_ + "\" are damaged.");
  }
  return customer;
}

void OrderRows::SaveCustomer(CustomerRow& customer) {
  const std::string sums = customer.sums.Encode();
  Run(statements_->save_customer.Integer(customer.id)
          .Text(customer.reference)
          .Integer(ToMicros(customer.first_at))
          .Blob(sums));
}

CustomerId OrderRows::LastCustomer() {
  Statement& last = statements_->last_customer;
  const ResetGuard reset(last);
  return Step(last) ? static_cast<CustomerId>(last.integer(0)) : 0;
}

std::string OrderRows::CustomerReference(CustomerId id) {
  Statement& find = statements_->customer_reference;
  const ResetGuard reset(find);
  find.Integer(id);
  return Step(find) ? std::string(find.text(0)) : std::string();
}

std::string OrderRows::FindActive(const ActiveKey& key) {
  Statement& find = statements_->find_active;
  const ResetGuard reset(find);
  find.Integer(key.location).Integer(key.day).Integer(key.strand);
  return Step(find) ? std::string(find.text(0)) : std::string();
}

void OrderRows::SaveActive(const ActiveKey& key, std::string_view customers) {
  Statement& change = customers.empty() ? statements_->delete_active : statements_->save_active;
  change.Integer(key.location).Integer(key.day).Integer(key.strand);
  if (!customers.empty()) change.Blob(customers);
  Run(change);
}

}  // namespace stockd::reports
