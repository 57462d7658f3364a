#include "daemon/storage/order_text.h"

#include <concepts>
#include <type_traits>

#include "daemon/storage/json_cursor.h"
#include "daemon/storage/order_fields.h"

namespace stockd::storage {
namespace {

using fulfilment::EventLine;
using fulfilment::Fulfilment;
using fulfilment::FulfilmentLine;
using fulfilment::Order;
using fulfilment::OrderLine;
using fulfilment::Shipment;

template <typename Value>
concept Enumeration = std::is_enum_v<Value>;

class TextWriter {
 public:
  // One member of an object, with its comma.
  template <typename Value>
  void operator()(std::string_view name, const Value& value) {
    text_ += text_.ends_with('{') ? "\"" : ",\"";
    text_ += name;
    text_ += "\":";
    Put(value);
  }

  template <std::integral Value>
  void Put(Value value) {
    AppendNumber(text_, value);
  }
  void Put(bool value) { text_ += value ? '1' : '0'; }
  template <Enumeration Value>
  void Put(Value value) {
    AppendNumber(text_, static_cast<uint32_t>(value));
  }
  void Put(const std::string& value) { AppendQuoted(text_, value); }
  void Put(Timestamp value) { AppendNumber(text_, ToMicros(value)); }
  template <typename Value>
  void Put(const std::optional<Value>& value) {
    if (value) {
      Put(*value);
    } else {
      text_ += "null";
    }
  }
  template <typename Value>
  void Put(const std::vector<Value>& values) {
    text_ += '[';
    bool first = true;
    for (const Value& value : values) {
      if (!first) text_ += ',';
      first = false;
      Put(value);
    }
    text_ += ']';
  }
  void Put(const OrderLine& line) {
    text_ += '{';
    VisitOrderLine(line, *this);
    text_ += '}';
  }
  void Put(const FulfilmentLine& line) {
    text_ += '[';
    VisitFulfilmentLine(line, [this](auto number) {
      if (!text_.ends_with('[')) text_ += ',';
      Put(number);
    });
    text_ += ']';
  }
  void Put(const Shipment& shipment) {
    text_ += '{';
    VisitShipment(shipment, *this);
    text_ += '}';
  }
  void Put(const Fulfilment& fulfilment) {
    text_ += '{';
    VisitFulfilment(fulfilment, *this);
    text_ += '}';
  }
  void Put(const Order& order) {
    text_ += '{';
    VisitOrder(order, *this);
    (*this)("fulfilments", order.fulfilments);
    text_ += '}';
  }
  void Put(const EventLine& line) {
    text_ += '[';
    Put(line.line);
    text_ += ',';
    Put(line.quantity);
    text_ += ']';
  }

  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

class TextReader {
 public:
  explicit TextReader(std::string_view text) : cursor_(text) {}

  template <typename Value>
  void operator()(std::string_view name, Value& value) {
    if (!first_) cursor_.Expect(",");
    first_ = false;
    cursor_.Expect("\"");
    cursor_.Expect(name);
    cursor_.Expect("\":");
    Get(value);
  }

  template <std::signed_integral Value>
  void Get(Value& value) {
    value = static_cast<Value>(cursor_.Integer());
  }
  void Get(uint64_t& value) { value = cursor_.Number(); }
  void Get(bool& value) { value = cursor_.Integer() != 0; }
  template <Enumeration Value>
  void Get(Value& value) {
    value = static_cast<Value>(cursor_.Number());
  }
  void Get(std::string& value) { value = cursor_.Text(); }
  void Get(Timestamp& value) { value = FromMicros(cursor_.Integer()); }
  template <typename Value>
  void Get(std::optional<Value>& value) {
    value.reset();
    if (cursor_.Accept('n')) {
      cursor_.Expect("ull");
    } else {
      Get(value.emplace());
    }
  }
  template <typename Value>
  void Get(std::vector<Value>& values) {
    values.clear();
    cursor_.Expect("[");
    if (cursor_.Accept(']')) return;
    do {
      Get(values.emplace_back());
    } while (cursor_.Accept(','));
    cursor_.Expect("]");
  }
  void Get(OrderLine& line) {
    Object([&] { VisitOrderLine(line, *this); });
  }
  void Get(FulfilmentLine& line) {
    char before = '[';
    VisitFulfilmentLine(line, [&](auto& number) {
      cursor_.Expect({&before, 1});
      before = ',';
      Get(number);
    });
    cursor_.Expect("]");
  }
  void Get(Shipment& shipment) {
    Object([&] { VisitShipment(shipment, *this); });
  }
  void Get(Fulfilment& fulfilment) {
    Object([&] { VisitFulfilment(fulfilment, *this); });
  }
  void Get(Order& order) {
    Object([&] {
      VisitOrder(order, *this);
      (*this)("fulfilments", order.fulfilments);
    });
  }
  void Get(EventLine& line) {
    cursor_.Expect("[");
    Get(line.line);
    cursor_.Expect(",");
    Get(line.quantity);
    cursor_.Expect("]");
  }

  bool Finished() const { return cursor_.Finished(); }

 private:
  template <typename Members>
  void Object(Members members) {
    cursor_.Expect("{");
    first_ = true;
    members();
    first_ = false;
    cursor_.Expect("}");
  }

  JsonCursor cursor_;
  bool first_ = true;  // The next member is the first of its object.
};

template <typename Value>
std::string Text(const Value& value) {
  TextWriter writer;
  writer.Put(value);
  return writer.Take();
}

template <typename Value>
bool Parse(std::string_view text, Value& value) {
  TextReader reader(text);
  reader.Get(value);
  return reader.Finished();
}

}  // namespace

std::string OrderText(const Order& order) { return Text(order); }

std::optional<Order> ParseOrder(std::string_view text) {
  Order order;
  if (!Parse(text, order)) return std::nullopt;
  return order;
}

std::string ColumnText(const std::vector<OrderLine>& lines) { return Text(lines); }
std::string ColumnText(const std::vector<FulfilmentLine>& lines) { return Text(lines); }
std::string ColumnText(const std::vector<Shipment>& shipments) { return Text(shipments); }
std::string ColumnText(const std::vector<EventLine>& lines) { return Text(lines); }

bool ParseColumn(std::string_view text, std::vector<OrderLine>& lines) {
  return Parse(text, lines);
}
bool ParseColumn(std::string_view text, std::vector<FulfilmentLine>& lines) {
  return Parse(text, lines);
}
bool ParseColumn(std::string_view text, std::vector<Shipment>& shipments) {
  return Parse(text, shipments);
}
bool ParseColumn(std::string_view text, std::vector<EventLine>& lines) {
  return Parse(text, lines);
}

}  // namespace stockd::storage
