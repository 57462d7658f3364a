#include "daemon/ctl/calendar_words.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace stockd::ctl {
namespace {

using Times = std::pair<std::string_view, std::string_view>;  // Opens, closes.

constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 7> kLowerDays = {"mon", "tue", "wed", "thu",
                                                        "fri", "sat", "sun"};

// The text up to the separator, which is taken off with it; all of it when there is none.
std::string_view TakeUntil(std::string_view& text, char separator) {
  const size_t end = std::min(text.find(separator), text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

bool IsTime(std::string_view text) {
  const auto digit = [&](size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  return text.size() == 5 && text[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4);
}

// "10:00-13:00,14:00-18:00".
std::optional<std::vector<Times>> ParseTimes(std::string_view text) {
  std::vector<Times> all;
  while (!text.empty()) {
    std::string_view closes = TakeUntil(text, ',');
    const std::string_view opens = TakeUntil(closes, '-');
    if (!IsTime(opens) || !IsTime(closes)) return std::nullopt;
    all.emplace_back(opens, closes);
  }
  if (all.empty()) return std::nullopt;
  return all;
}

// The place of the day in the week, from 0; -1 for no day.
int DayOf(std::string_view word) {
  const auto found = std::ranges::find(kLowerDays, word);
  return found == kLowerDays.end() ? -1 : static_cast<int>(found - kLowerDays.begin());
}

// "mon-fri", "sat,sun", "fri-mon", "daily"; each day at most once.
std::optional<std::vector<int>> ParseDays(std::string_view text) {
  if (text == "daily") text = "mon-sun";
  std::vector<int> days;
  while (!text.empty()) {
    std::string_view last_word = TakeUntil(text, ',');
    const std::string_view first_word = TakeUntil(last_word, '-');
    const int first = DayOf(first_word);
    const int last = last_word.empty() ? first : DayOf(last_word);
    if (first < 0 || last < 0) return std::nullopt;
    for (int day = first;; day = (day + 1) % 7) {
      if (std::ranges::find(days, day) != days.end()) return std::nullopt;
      days.push_back(day);
      if (day == last) break;
    }
  }
  if (days.empty()) return std::nullopt;
  return days;
}

}  // namespace

bool AddWeeklyHours(std::string_view text, WeeklyHoursList& hours) {
  const auto days = ParseDays(TakeUntil(text, ' '));
  const auto times = ParseTimes(text);
  if (!days || !times) return false;
  for (const int day : *days) {
    for (const auto& [opens, closes] : *times) {
      v1::WeeklyHours& row = *hours.Add();
      row.set_weekday(static_cast<v1::Weekday>(day + 1));
      row.set_opens(std::string(opens));
      row.set_closes(std::string(closes));
    }
  }
  return true;
}

bool AddSpecialDay(std::string_view text, SpecialDayList& days) {
  v1::SpecialDay day;
  day.set_date(std::string(TakeUntil(text, ' ')));
  const std::string_view times_text = TakeUntil(text, ' ');
  day.set_name(std::string(text));
  if (times_text != "closed") {
    const auto times = ParseTimes(times_text);
    if (!times) return false;
    for (const auto& [opens, closes] : *times) {
      v1::OpenHours& row = *day.add_hours();
      row.set_opens(std::string(opens));
      row.set_closes(std::string(closes));
    }
  }
  *days.Add() = std::move(day);
  return true;
}

std::string WeekWords(const WeeklyHoursList& hours) {
  std::array<std::string, 7> days;
  for (const v1::WeeklyHours& row : hours) {
    if (row.weekday() < v1::WEEKDAY_MONDAY || row.weekday() > v1::WEEKDAY_SUNDAY) continue;
    std::string& day = days[static_cast<size_t>(row.weekday()) - 1];
    if (!day.empty()) day += ',';
    day += row.opens() + "-" + row.closes();
  }
  std::string words;
  for (size_t first = 0; first < days.size();) {
    size_t last = first;
    while (last + 1 < days.size() && days[last + 1] == days[first]) ++last;
    if (!days[first].empty()) {
      if (!words.empty()) words += "; ";
      words += kDays[first];
      if (last > first) words += "-" + std::string(kDays[last]);
      words += " " + days[first];
    }
    first = last + 1;
  }
  return words.empty() ? "closed" : words;
}

std::string_view WeekdayWord(v1::Weekday weekday) {
  if (weekday < v1::WEEKDAY_MONDAY || weekday > v1::WEEKDAY_SUNDAY) return "?";
  return kDays[static_cast<size_t>(weekday) - 1];
}

}  // namespace stockd::ctl
