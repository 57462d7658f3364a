#include "daemon/ctl/order_text.h"

#include <google/protobuf/descriptor.h>

#include <ostream>

#include "daemon/ctl/format.h"

namespace stockd::ctl {
namespace {

using google::protobuf::EnumDescriptor;

// The words of an enumeration: its names without what all of them begin with, in lower case, with
// dashes; the first, unspecified one is empty.
std::vector<std::string> WordsOf(const EnumDescriptor& type) {
  const size_t prefix = type.value(0)->name().size() - std::string_view("UNSPECIFIED").size();
  std::vector<std::string> words(1);
  for (int i = 1; i < type.value_count(); ++i) {
    std::string& word = words.emplace_back(type.value(i)->name().substr(prefix));
    for (char& c : word) c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }
  return words;
}

// The enumerations of the contract have no gaps.
template <typename Enum>
const std::vector<std::string>& Words() {
  static const std::vector<std::string> words =
      WordsOf(*google::protobuf::GetEnumDescriptor<Enum>());
  return words;
}

template <typename Enum>
std::string WordOf(Enum value) {
  const auto number = static_cast<size_t>(value);
  return number < Words<Enum>().size() ? Words<Enum>()[number] : "unknown";
}

template <typename Enum>
Enum ValueOf(std::string_view word) {
  for (size_t number = 1; number < Words<Enum>().size(); ++number) {
    if (Words<Enum>()[number] == word) return static_cast<Enum>(number);
  }
  return static_cast<Enum>(0);
}

template <typename Enum>
const std::vector<std::string_view>& Choices() {
  static const std::vector<std::string_view> choices(Words<Enum>().begin() + 1,
                                                     Words<Enum>().end());
  return choices;
}

// Where the units of a line are, with what is not zero only: "2 claimed, 1 picked".
std::string UnitsText(const v1::LineUnits& units) {
  std::string text;
  const auto add = [&text](int64_t quantity, std::string_view word) {
    if (quantity == 0) return;
    if (!text.empty()) text += ", ";
    text += std::to_string(quantity) + " " + std::string(word);
  };
  add(units.claimed(), "claimed");
  add(units.picked(), "picked");
  add(units.missing(), "missing");
  add(units.substituted(), "substituted");
  add(units.shipped(), "shipped");
  add(units.handed_over(), "handed over");
  add(units.delivered(), "delivered");
  add(units.lost(), "lost");
  add(units.returned(), "returned");
  add(units.cancelled(), "cancelled");
  return text;
}

void PrintLines(const Session& session, const v1::Order& order) {
  Table table({{"LINE"},
               {"SKU"},
               {"ORDERED", Align::kRight},
               {"PRICE", Align::kRight},
               {"UNITS"},
               {"NOTE"}});
  for (const v1::OrderLine& line : order.lines()) {
    std::string note;
    if (!line.substitutes().empty()) note = "instead of line " + line.substitutes();
    if (!line.bundle_sku().empty()) note = "part of " + line.bundle_sku();
    table.Add({line.line_id(), line.sku(), line.ordered(),
               line.unit_price_micros() == 0
                   ? ""
                   : FormatMoney(line.unit_price_micros(), line.currency()),
               UnitsText(line.units()), note});
  }
  table.Print(session.out, session.colours);
}

std::string PromiseText(const v1::Promise& promise, Timestamp now) {
  if (!promise.has_first_time()) return {};
  std::string text = FormatDeadline(promise.current_time(), now);
  if (ToTimestamp(promise.current_time()) != ToTimestamp(promise.first_time())) {
    text += ", first promised for " + FormatSecond(promise.first_time());
  }
  return text;
}

void PrintFulfilment(const Session& session, const v1::Fulfilment& part) {
  std::ostream& out = session.out;
  out << "Fulfilment " << part.number() << ": " << Word(part.method()) << " from "
      << Printable(part.location());
  if (!part.destination().empty()) out << " to " << Printable(part.destination());
  const Cell state = StateCell(part.state());
  out << ", " << Paint(state.text, state.colour, session.colours) << "\n";
  const auto detail = [&out](std::string_view name, const std::string& text) {
    if (!text.empty()) out << "  " << name << " " << Printable(text) << "\n";
  };
  detail("ready promised for", PromiseText(part.ready_promise(), session.now));
  detail("delivery promised for", PromiseText(part.delivery_promise(), session.now));
  if (part.state() == v1::ORDER_STATE_READY || part.state() == v1::ORDER_STATE_CUSTOMER_WAITING) {
    detail("kept in", part.holding_area());
    detail("kept until", FormatDeadline(part.deadline_time(), session.now));
  }
  for (const v1::Shipment& shipment : part.shipments()) {
    std::string text = shipment.shipment_id();
    if (!shipment.carrier().empty()) text += " by " + shipment.carrier();
    if (!shipment.service().empty()) text += " " + shipment.service();
    if (!shipment.tracking_number().empty()) text += ", " + shipment.tracking_number();
    if (shipment.attempts() > 0) text += ", attempts: " + std::to_string(shipment.attempts());
    detail("shipment", text);
  }
  std::string moves;
  for (const int move : part.allowed_moves()) {
    if (!moves.empty()) moves += ", ";
    moves += Word(static_cast<v1::OrderMove>(move));
  }
  detail("may be done:", moves);
}

}  // namespace

std::string Word(v1::OrderState state) { return WordOf(state); }
std::string Word(v1::FulfilmentMethod method) { return WordOf(method); }
std::string Word(v1::UnitReason reason) { return WordOf(reason); }
std::string Word(v1::DeliveryExceptionKind kind) { return WordOf(kind); }
std::string Word(v1::OrderEventKind kind) { return WordOf(kind); }
std::string Word(v1::OrderMove move) { return WordOf(move); }
std::string Word(v1::PickupObstacle obstacle) { return WordOf(obstacle); }

v1::OrderState StateOf(std::string_view word) { return ValueOf<v1::OrderState>(word); }
v1::FulfilmentMethod MethodOf(std::string_view word) { return ValueOf<v1::FulfilmentMethod>(word); }
v1::UnitReason ReasonOf(std::string_view word) { return ValueOf<v1::UnitReason>(word); }
v1::DeliveryExceptionKind ExceptionOf(std::string_view word) {
  return ValueOf<v1::DeliveryExceptionKind>(word);
}

const std::vector<std::string_view>& StateWords() { return Choices<v1::OrderState>(); }
const std::vector<std::string_view>& MethodWords() { return Choices<v1::FulfilmentMethod>(); }
const std::vector<std::string_view>& ReasonWords() { return Choices<v1::UnitReason>(); }
const std::vector<std::string_view>& ExceptionWords() {
  return Choices<v1::DeliveryExceptionKind>();
}

Cell StateCell(v1::OrderState state) {
  switch (state) {
    case v1::ORDER_STATE_SHORT:
    case v1::ORDER_STATE_NO_SHOW:
    case v1::ORDER_STATE_LOST: return {Word(state), Colour::kBad};
    case v1::ORDER_STATE_READY:
    case v1::ORDER_STATE_COLLECTED:
    case v1::ORDER_STATE_DELIVERED: return {Word(state), Colour::kGood};
    case v1::ORDER_STATE_CUSTOMER_WAITING: return {Word(state), Colour::kStrong};
    default: return Word(state);
  }
}

std::string LinesText(const google::protobuf::RepeatedPtrField<v1::OrderLineQuantity>& lines) {
  std::string text;
  for (const v1::OrderLineQuantity& line : lines) {
    if (!text.empty()) text += ", ";
    text += std::to_string(line.quantity()) + " of line " + line.line_id();
  }
  return text;
}

std::string EventText(const v1::OrderEvent& event) {
  std::string text = Word(event.kind());
  for (char& c : text) {
    if (c == '-') c = ' ';
  }
  const auto add = [&text](std::string_view before, const std::string& what) {
    if (!what.empty()) text += std::string(before) + what;
  };
  add(": ", LinesText(event.lines()));
  add(", ", Word(event.reason()));
  add(", ", Word(event.exception()));
  add(", shipment ", event.shipment_id());
  add(" - ", event.note());
  return text;
}

void PrintOrder(const Session& session, const v1::Order& order) {
  std::ostream& out = session.out;
  const Cell state = StateCell(order.state());
  out << Paint(Printable(order.order_id()), Colour::kStrong, session.colours) << " is "
      << Paint(state.text, state.colour, session.colours) << ", placed "
      << FormatSecond(order.place_time());
  if (!order.channel().empty()) out << ", channel " << Printable(order.channel());
  if (!order.customer_reference().empty()) {
    out << ", customer " << Printable(order.customer_reference());
  }
  if (order.rating().has_nps()) out << ", NPS " << order.rating().nps();
  if (order.rating().has_csat()) out << ", CSAT " << order.rating().csat();
  out << "\n";
  PrintLines(session, order);
  for (const v1::Fulfilment& part : order.fulfilments()) PrintFulfilment(session, part);
}

void PrintOrders(const Session& session,
                 const google::protobuf::RepeatedPtrField<v1::Order>& orders) {
  Table table({{"ORDER"},
               {"STATE"},
               {"METHOD"},
               {"LOCATION"},
               {"UNITS", Align::kRight},
               {"READY PROMISED"},
               {"CHANNEL"},
               {"CUSTOMER"},
               {"PLACED"}});
  for (const v1::Order& order : orders) {
    int64_t units = 0;
    for (const v1::OrderLine& line : order.lines()) units += line.ordered();
    std::string locations;
    std::string methods;
    for (const v1::Fulfilment& part : order.fulfilments()) {
      locations += (locations.empty() ? "" : " ") + part.location();
      const std::string method = Word(part.method());
      if (methods.find(method) == std::string::npos)
        methods += (methods.empty() ? "" : " ") + method;
    }
    const bool one = order.fulfilments_size() == 1;
    table.Add({order.order_id(), StateCell(order.state()), methods, locations, units,
               one ? FormatSecond(order.fulfilments(0).ready_promise().current_time()) : "",
               order.channel(), order.customer_reference(), FormatSecond(order.place_time())});
  }
  table.Print(session.out, session.colours);
}

void PrintEvent(const Session& session, const v1::OrderEvent& event) {
  std::string where = event.location();
  if (event.fulfilment() > 1) where += " (" + std::to_string(event.fulfilment()) + ")";
  const Cell state = StateCell(event.state());
  session.out << FormatSecond(event.occur_time()) << "  " << Printable(where)
              << std::string(where.size() < 8 ? 8 - where.size() : 0, ' ') << "  "
              << Paint(state.text, state.colour, session.colours)
              << std::string(state.text.size() < 16 ? 16 - state.text.size() : 0, ' ') << "  "
              << Printable(EventText(event)) << "\n";
}

void PrintShortOptions(const Session& session,
                       const google::protobuf::RepeatedPtrField<v1::ShortOptions>& options) {
  for (const v1::ShortOptions& option : options) {
    session.out << "For " << option.missing() << " of line " << Printable(option.line_id()) << " ("
                << Printable(option.sku()) << "):\n";
    for (const v1::PickupQuote& store : option.stores()) {
      session.out << "  collect at " << Printable(store.location());
      if (store.distance_m() > 0) session.out << ", " << FormatDistance(store.distance_m());
      session.out << ", ready " << FormatDeadline(store.slot().ready_time(), session.now) << "\n";
    }
    if (option.can_ship()) {
      session.out << "  ship from";
      for (const std::string& location : option.ship_locations()) {
        session.out << " " << Printable(location);
      }
      session.out << "\n";
    }
    for (const v1::SubstituteOption& substitute : option.substitutes()) {
      session.out << "  substitute " << Printable(substitute.sku());
      if (!substitute.name().empty()) session.out << " (" << Printable(substitute.name()) << ")";
      session.out << ", " << substitute.available() << " here";
      if (substitute.price_micros() > 0) {
        session.out << ", " << FormatMoney(substitute.price_micros(), substitute.currency());
      }
      session.out << "\n";
    }
    session.out << "  or cancel them\n";
  }
}

void PrintQuotes(const Session& session,
                 const google::protobuf::RepeatedPtrField<v1::PickupQuote>& quotes) {
  Table table({{"STORE"},
               {"AWAY", Align::kRight},
               {"POSSIBLE"},
               {"SLOT"},
               {"READY"},
               {"KEPT UNTIL"},
               {"LACKS"}});
  for (const v1::PickupQuote& quote : quotes) {
    std::string lacks;
    for (const v1::LackingItem& item : quote.lacking()) {
      if (!lacks.empty()) lacks += ", ";
      lacks += item.sku() + " (" + std::to_string(item.available()) + " of " +
               std::to_string(item.wanted()) + ")";
    }
    const Cell possible =
        quote.possible() ? Cell("yes", Colour::kGood) : Cell(Word(quote.obstacle()), Colour::kBad);
    table.Add({quote.location(), quote.distance_m() > 0 ? FormatDistance(quote.distance_m()) : "",
               possible, FormatSecond(quote.slot().slot_time()),
               FormatDeadline(quote.slot().ready_time(), session.now),
               FormatSecond(quote.slot().keep_until_time()), lacks});
    for (const v1::PickupSlot& slot : quote.slots()) {
      table.Add({"", "", "", FormatSecond(slot.slot_time()),
                 FormatDeadline(slot.ready_time(), session.now),
                 FormatSecond(slot.keep_until_time()), ""});
    }
  }
  table.Print(session.out, session.colours);
}

}  // namespace stockd::ctl
