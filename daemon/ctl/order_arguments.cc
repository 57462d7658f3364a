#include "daemon/ctl/order_arguments.h"

#include <charconv>
#include <optional>
#include <ostream>

#include "daemon/base/time_text.h"
#include "daemon/ctl/parse_line.h"

namespace stockd::ctl {
namespace {

std::optional<int64_t> ParseUnits(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

}  // namespace

Argument OrderOperand() { return Operand("id", "ORDER", "The order."); }

Argument MoveLinesOperand(std::string_view help) {
  return OptionalOperands("lines", "LINE:UNITS", help);
}

Argument ReasonOption(std::string_view help) {
  Argument reason = Option("reason", "REASON", help);
  reason.choices = ReasonWords();
  return reason;
}

std::vector<Argument> MoveArguments(std::vector<Argument> own) {
  own.push_back(Option("fulfilment", "N", "Which one, if the order has several."));
  own.push_back(Option("at", "INSTANT",
                       "When it happened, for example 2026-11-22T14:30:00Z; "
                       "default: now."));
  own.push_back(Option("note", "TEXT", "For people."));
  own.push_back(
      Option("request-id", "ID", "Repeats a call that timed out; default: a new id, printed."));
  return own;
}

v1::OrderLineQuantity ParseMoveLine(std::string_view text) {
  const size_t colon = text.rfind(':');
  v1::OrderLineQuantity line;
  line.set_line_id(std::string(text.substr(0, colon)));
  line.set_quantity(1);
  if (colon != std::string_view::npos) {
    const std::optional<int64_t> units = ParseUnits(text.substr(colon + 1));
    if (!units) {
      throw UsageError("\"" + std::string(text) +
                       "\" has no units of at least 1 behind the colon; write LINE:UNITS");
    }
    line.set_quantity(*units);
  }
  if (line.line_id().empty()) {
    throw UsageError("\"" + std::string(text) + "\" names no line; write LINE:UNITS");
  }
  return line;
}

v1::OrderLineRequest ParseOrderLine(std::string_view text, int number, std::string_view currency) {
  const std::string shown = "\"" + std::string(text) + "\"";
  v1::OrderLineRequest line;
  line.set_line_id(std::to_string(number));
  if (const size_t equals = text.find('='); equals != std::string_view::npos) {
    line.set_line_id(std::string(text.substr(0, equals)));
    text.remove_prefix(equals + 1);
  }
  const size_t colon = text.rfind(':');
  const size_t star = text.rfind('*');
  const bool priced =
      star != std::string_view::npos && colon != std::string_view::npos && star > colon;
  if (priced) {
    const std::optional<int64_t> price = ParseMicros(text.substr(star + 1));
    if (!price) throw UsageError(shown + " has no price such as 12.50 behind the star");
    line.set_unit_price_micros(*price);
    line.set_currency(std::string(currency));
    text = text.substr(0, star);
  }
  const std::optional<int64_t> units =
      colon == std::string_view::npos ? std::nullopt : ParseUnits(text.substr(colon + 1));
  if (!units || colon == 0 || line.line_id().empty()) {
    throw UsageError(shown +
                     " is not a line; write SKU:UNITS, for example MUG-1:2 or "
                     "MUG-1:2*12.50");
  }
  line.set_sku(std::string(text.substr(0, colon)));
  line.set_quantity(*units);
  return line;
}

google::protobuf::Timestamp ParseInstant(std::string_view name, std::string_view text) {
  const std::optional<Timestamp> instant = ParseTimestamp(text);
  if (!instant) {
    throw UsageError("\"" + std::string(text) +
                     "\" is not an instant such as "
                     "2026-11-22T14:30:00Z (for " +
                     std::string(name) + ")");
  }
  return ToProto(*instant);
}

}  // namespace stockd::ctl
