#include "daemon/storage/order_rows.h"

#include <concepts>
#include <type_traits>
#include <utility>

#include "daemon/storage/order_fields.h"
#include "daemon/storage/order_text.h"
#include "daemon/storage/rows.h"

namespace stockd::storage {
namespace {

using fulfilment::Fulfilment;
using fulfilment::Order;
using fulfilment::OrderEvent;

template <typename Value>
concept Enumeration = std::is_enum_v<Value>;

// Binds fields to the next parameters. What is not there is NULL: no channel, no location, no text,
// never.
class Binder {
 public:
  explicit Binder(Statement& statement) : statement_(statement) {}

  template <std::integral Value>
  void operator()(std::string_view, Value value) {
    statement_.Integer(static_cast<int64_t>(value));
  }
  template <Enumeration Value>
  void operator()(std::string_view, Value value) {
    statement_.NumberOrNull(static_cast<uint32_t>(value));
  }
  void operator()(std::string_view, const std::string& value) { statement_.TextOrNull(value); }
  void operator()(std::string_view, Timestamp value) { BindInstant(statement_, value); }
  template <typename Value>
  void operator()(std::string_view name, const std::optional<Value>& value) {
    if (value) {
      (*this)(name, *value);
    } else {
      statement_.Null();
    }
  }
  template <typename Value>
  void operator()(std::string_view, const std::vector<Value>& values) {
    statement_.CopyOfText(ColumnText(values));
  }

 private:
  Statement& statement_;
};

// Reads fields from the columns from `column` on.
class ColumnReader {
 public:
  ColumnReader(const Statement& row, int column) : row_(row), column_(column) {}

  template <std::integral Value>
  void operator()(std::string_view, Value& value) {
    value = static_cast<Value>(row_.integer(column_++));
  }
  template <Enumeration Value>
  void operator()(std::string_view, Value& value) {
    value = static_cast<Value>(row_.integer(column_++));
  }
  void operator()(std::string_view, std::string& value) { value = row_.text(column_++); }
  void operator()(std::string_view, Timestamp& value) { value = ReadInstant(row_, column_++); }
  template <typename Value>
  void operator()(std::string_view name, std::optional<Value>& value) {
    value.reset();
    if (row_.is_null(column_)) {
      ++column_;
    } else {
      (*this)(name, value.emplace());
    }
  }
  template <typename Value>
  void operator()(std::string_view, std::vector<Value>& values) {
    whole_ = ParseColumn(row_.text(column_++), values) && whole_;
  }

  bool whole() const { return whole_; }
  int next_column() const { return column_; }

 private:
  const Statement& row_;
  int column_;
  bool whole_ = true;
};

std::vector<std::string> NamesOf(const auto& visit_fields) {
  std::vector<std::string> names;
  visit_fields([&](std::string_view name, const auto&) { names.emplace_back(name); });
  return names;
}

std::vector<std::string> OrderFieldNames() {
  return NamesOf([](auto visit) {
    const Order order;
    VisitOrder(order, visit);
  });
}

std::vector<std::string> FulfilmentFieldNames() {
  return NamesOf([](auto visit) {
    const Fulfilment fulfilment;
    VisitFulfilment(fulfilment, visit);
  });
}

std::string Joined(const std::vector<std::string>& names, std::string_view after_each = {}) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += ", ";
    text += name;
    text += after_each;
  }
  return text;
}

std::string Placeholders(size_t count) { return Joined(std::vector<std::string>(count, "?")); }

}  // namespace

const std::string& OrderColumns() {
  static const std::string columns = Joined(OrderFieldNames()) + ", content";
  return columns;
}

bool ReadOrder(const Statement& row, Order& order) {
  ColumnReader reader(row, 0);
  VisitOrder(order, reader);
  order.content = row.text(reader.next_column());
  return reader.whole();
}

const std::string& FulfilmentColumns() {
  static const std::string columns = "order_number, " + Joined(FulfilmentFieldNames());
  return columns;
}

bool ReadFulfilment(const Statement& row, Fulfilment& fulfilment) {
  ColumnReader reader(row, 1);
  VisitFulfilment(fulfilment, reader);
  return reader.whole();
}

std::string FindFulfilmentsSql() {
  return "SELECT " + FulfilmentColumns() +
         " FROM fulfilment WHERE order_number = ? ORDER BY number";
}

std::string InsertOrderSql() {
  return "INSERT INTO sales_order (" + OrderColumns() + ", state) VALUES (" +
         Placeholders(OrderFieldNames().size() + 2) + ")";
}

void BindNewOrder(Statement& statement, const Order& order) {
  VisitOrder(order, Binder(statement));
  statement.Blob(order.content).Integer(static_cast<int>(order.state()));
}

std::string UpdateOrderSql() {
  return "UPDATE sales_order SET " + Joined(OrderFieldNames(), " = ?") +
         ", state = ? WHERE number = ?";
}

void BindChangedOrder(Statement& statement, const Order& order) {
  VisitOrder(order, Binder(statement));
  statement.Integer(static_cast<int>(order.state())).Number(order.number);
}

// Not REPLACE, which would write every index anew.
std::string SaveFulfilmentSql() {
  std::string changes;
  for (const std::string& name : FulfilmentFieldNames()) {
    if (!changes.empty()) changes += ", ";
    changes += name + " = excluded." + name;
  }
  return "INSERT INTO fulfilment (" + FulfilmentColumns() + ") VALUES (" +
         Placeholders(FulfilmentFieldNames().size() + 1) + ") ON CONFLICT DO UPDATE SET " + changes;
}

void BindFulfilment(Statement& statement, uint64_t order_number, const Fulfilment& fulfilment) {
  statement.Number(order_number);
  VisitFulfilment(fulfilment, Binder(statement));
}

bool ReadOrderEvent(const Statement& row, OrderEvent& event) {
  event.number = row.number(0);
  event.order_number = row.number(1);
  event.fulfilment = static_cast<int>(row.integer(2));
  event.kind = static_cast<fulfilment::OrderEventKind>(row.integer(3));
  event.state = static_cast<fulfilment::OrderState>(row.integer(4));
  event.location = LocationId{static_cast<uint32_t>(row.integer(5))};
  event.occurred_at = FromMicros(row.integer(6));
  event.recorded_at = FromMicros(row.integer(7));
  event.reason = static_cast<fulfilment::UnitReason>(row.integer(8));
  event.exception = static_cast<fulfilment::ExceptionKind>(row.integer(9));
  event.shipment_id = row.text(10);
  event.note = row.text(11);
  return ParseColumn(row.text(12), event.lines);
}

void BindOrderEvent(Statement& statement, const OrderEvent& event) {
  statement.Number(event.number)
      .Number(event.order_number)
      .Integer(event.fulfilment)
      .Integer(static_cast<int>(event.kind))
      .Integer(static_cast<int>(event.state))
      .NumberOrNull(ToNumber(event.location))
      .Integer(ToMicros(event.occurred_at))
      .Integer(ToMicros(event.recorded_at))
      .NumberOrNull(static_cast<uint32_t>(event.reason))
      .NumberOrNull(static_cast<uint32_t>(event.exception))
      .TextOrNull(event.shipment_id)
      .TextOrNull(event.note)
      .CopyOfText(ColumnText(event.lines));
}

}  // namespace stockd::storage
