#include "daemon/storage/calendar_json.h"

#include "daemon/fulfilment/calendar_text.h"
#include "daemon/storage/json_cursor.h"

namespace stockd::storage {
namespace {

using fulfilment::OpenHours;
using fulfilment::SpecialDay;

void AppendHours(std::string& text, const std::vector<OpenHours>& hours) {
  text += '[';
  for (size_t i = 0; i < hours.size(); ++i) {
    if (i > 0) text += ',';
    AppendQuoted(text, fulfilment::HoursText(hours[i]));
  }
  text += ']';
}

// Whether the text before the closing bracket was hours.
bool ReadHours(JsonCursor& cursor, std::vector<OpenHours>& hours) {
  cursor.Expect("[");
  if (cursor.Accept(']')) return true;
  do {
    const auto parsed = fulfilment::ParseHours(cursor.Text());
    if (!parsed) return false;
    hours.push_back(*parsed);
  } while (cursor.Accept(','));
  cursor.Expect("]");
  return cursor.ok();
}

bool ReadSpecialDay(JsonCursor& cursor, SpecialDay& day) {
  cursor.Expect("[");
  const auto date = fulfilment::ParseDate(cursor.Text());
  if (!date) return false;
  day.date = *date;
  cursor.Expect(",");
  day.name = cursor.Text();
  cursor.Expect(",");
  if (!ReadHours(cursor, day.hours)) return false;
  cursor.Expect("]");
  return cursor.ok();
}

}  // namespace

std::string WeeklyText(const WeeklyHours& weekly) {
  std::string text = "[";
  for (const std::vector<OpenHours>& day : weekly) {
    if (text.size() > 1) text += ',';
    AppendHours(text, day);
  }
  return text + ']';
}

bool ParseWeekly(std::string_view text, WeeklyHours& weekly) {
  JsonCursor cursor(text);
  cursor.Expect("[");
  for (size_t i = 0; i < weekly.size(); ++i) {
    if (i > 0) cursor.Expect(",");
    if (!ReadHours(cursor, weekly[i])) return false;
  }
  cursor.Expect("]");
  return cursor.Finished();
}

std::string SpecialDaysText(const std::vector<SpecialDay>& days) {
  std::string text = "[";
  for (const SpecialDay& day : days) {
    text += text.size() > 1 ? ",[" : "[";
    AppendQuoted(text, fulfilment::DateText(day.date));
    text += ',';
    AppendQuoted(text, day.name);
    text += ',';
    AppendHours(text, day.hours);
    text += ']';
  }
  return text + ']';
}

bool ParseSpecialDays(std::string_view text, std::vector<SpecialDay>& days) {
  JsonCursor cursor(text);
  cursor.Expect("[");
  if (!cursor.Accept(']')) {
    do {
      if (!ReadSpecialDay(cursor, days.emplace_back())) return false;
    } while (cursor.Accept(','));
    cursor.Expect("]");
  }
  return cursor.Finished();
}

}  // namespace stockd::storage
