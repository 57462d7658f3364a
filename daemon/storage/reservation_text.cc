#include "daemon/storage/reservation_text.h"

#include "daemon/storage/json_cursor.h"

namespace stockd::storage {
namespace {

using ledger::Reservation;
using ledger::ReservationLine;

std::vector<ReservationLine> ReadLines(JsonCursor& cursor) {
  std::vector<ReservationLine> lines;
  cursor.Expect("[");
  if (cursor.Accept(']')) return lines;
  do {
    ReservationLine& line = lines.emplace_back();
    cursor.Expect("[");
    line.position.item = ItemId{static_cast<uint32_t>(cursor.Number())};
    cursor.Expect(",");
    line.position.location = LocationId{static_cast<uint32_t>(cursor.Number())};
    for (Quantity* figure :
         {&line.requested, &line.granted, &line.held, &line.committed, &line.consumed}) {
      cursor.Expect(",");
      *figure = cursor.Integer();
    }
    cursor.Expect("]");
  } while (cursor.Accept(','));
  cursor.Expect("]");
  return lines;
}

}  // namespace

void AppendLines(std::string& text, const std::vector<ReservationLine>& lines) {
  text += '[';
  bool first = true;
  for (const ReservationLine& line : lines) {
    text += first ? "[" : ",[";
    first = false;
    AppendNumber(text, ToNumber(line.position.item));
    text += ',';
    AppendNumber(text, ToNumber(line.position.location));
    for (const Quantity figure :
         {line.requested, line.granted, line.held, line.committed, line.consumed}) {
      text += ',';
      AppendNumber(text, figure);
    }
    text += ']';
  }
  text += ']';
}

bool ParseLines(std::string_view text, std::vector<ReservationLine>& lines) {
  JsonCursor cursor(text);
  lines = ReadLines(cursor);
  return cursor.Finished();
}

std::string ReservationText(const Reservation& reservation) {
  std::string text = "{\"number\":";
  AppendNumber(text, reservation.number);
  text += ",\"id\":";
  AppendQuoted(text, reservation.id);
  text += ",\"state\":";
  AppendNumber(text, static_cast<int>(reservation.state));
  text += ",\"allow_partial\":";
  AppendNumber(text, static_cast<int>(reservation.allow_partial));
  text += ",\"channel_id\":";
  AppendNumber(text, ToNumber(reservation.channel));
  text += ",\"created_at\":";
  AppendNumber(text, ToMicros(reservation.created_at));
  text += ",\"expires_at\":";
  AppendNumber(text, ToMicros(reservation.expires_at));
  text += ",\"owner_reference\":";
  AppendQuoted(text, reservation.owner_reference);
  text += ",\"order_id\":";
  AppendQuoted(text, reservation.order_id);
  text += ",\"version\":";
  AppendNumber(text, reservation.version);
  text += ",\"lines\":";
  AppendLines(text, reservation.lines);
  text += '}';
  return text;
}

std::optional<Reservation> ParseReservation(std::string_view text) {
  JsonCursor cursor(text);
  Reservation reservation;
  cursor.Expect("{\"number\":");
  reservation.number = cursor.Number();
  cursor.Expect(",\"id\":");
  reservation.id = cursor.Text();
  cursor.Expect(",\"state\":");
  reservation.state = static_cast<ledger::ReservationState>(cursor.Integer());
  cursor.Expect(",\"allow_partial\":");
  reservation.allow_partial = cursor.Integer() != 0;
  cursor.Expect(",\"channel_id\":");
  reservation.channel = ChannelId{static_cast<uint32_t>(cursor.Number())};
  cursor.Expect(",\"created_at\":");
  reservation.created_at = FromMicros(cursor.Integer());
  cursor.Expect(",\"expires_at\":");
  reservation.expires_at = FromMicros(cursor.Integer());
  cursor.Expect(",\"owner_reference\":");
  reservation.owner_reference = cursor.Text();
  cursor.Expect(",\"order_id\":");
  reservation.order_id = cursor.Text();
  cursor.Expect(",\"version\":");
  reservation.version = cursor.Number();
  cursor.Expect(",\"lines\":");
  reservation.lines = ReadLines(cursor);
  cursor.Expect("}");
  if (!cursor.Finished()) return std::nullopt;
  return reservation;
}

std::string TextArray(const std::vector<std::string>& values) {
  std::string text = "[";
  for (const std::string& value : values) {
    if (text.size() > 1) text += ',';
    AppendQuoted(text, value);
  }
  text += ']';
  return text;
}

std::optional<std::vector<std::string>> ParseTextArray(std::string_view text) {
  JsonCursor cursor(text);
  std::vector<std::string> values;
  cursor.Expect("[");
  if (!cursor.Accept(']')) {
    do {
      values.push_back(cursor.Text());
    } while (cursor.Accept(','));
    cursor.Expect("]");
  }
  if (!cursor.Finished()) return std::nullopt;
  return values;
}

}  // namespace stockd::storage
