#include "daemon/ctl/csv_rows.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <optional>

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "daemon/base/time_text.h"
#include "daemon/config/nearest_name.h"
#include "daemon/config/values.h"
#include "daemon/ctl/calendar_words.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/csv_reader.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/parse_line.h"
#include "daemon/ctl/text_width.h"
#include "stockd/v1/catalogue_service.pb.h"
#include "stockd/v1/types.pb.h"

namespace stockd::ctl {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::string_view kMicros = "_micros";

// A cell cannot be read; the text says what it must be.
using Problem = std::optional<std::string>;

// Sets what one column holds.
struct CsvColumn {
  std::string name;
  const FieldDescriptor* field = nullptr;
  bool decimal_money = false;             // A decimal that becomes millionths.
  const FieldDescriptor* part = nullptr;  // Of a coordinate: latitude or longitude.
};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<bool> ParseBool(std::string_view text) {
  const std::string lower = Lower(text);
  if (lower == "true" || lower == "yes" || lower == "1") return true;
  if (lower == "false" || lower == "no" || lower == "0") return false;
  return std::nullopt;
}

// The words of an enumeration without their common prefix, the unspecified one left out.
std::map<std::string, int> EnumWords(const google::protobuf::EnumDescriptor& type) {
  const std::string unspecified = type.value(0)->name();
  const size_t prefix = unspecified.size() - std::string_view("UNSPECIFIED").size();
  std::map<std::string, int> words;
  for (int i = 1; i < type.value_count(); ++i) {
    words[Lower(type.value(i)->name().substr(prefix))] = type.value(i)->number();
  }
  return words;
}

Problem SetEnum(Message& message, const FieldDescriptor& field, std::string_view text) {
  const std::map<std::string, int> words = EnumWords(*field.enum_type());
  std::string word = Lower(text);
  std::replace(word.begin(), word.end(), ' ', '_');
  const auto found = words.find(word);
  if (found != words.end()) {
    message.GetReflection()->SetEnumValue(&message, &field, found->second);
    return std::nullopt;
  }
  std::string known;
  for (const auto& [name, number] : words) known += (known.empty() ? "" : ", ") + name;
  return "is not one of " + known;
}

// Adds one element of a list.
Problem AddElement(Message& message, const FieldDescriptor& field, std::string_view text) {
  // Of all records only a calendar has lists of more than texts.
  if (auto* calendar = google::protobuf::DynamicCastToGenerated<v1::StoreCalendar>(&message)) {
    if (field.message_type() == v1::WeeklyHours::descriptor()) {
      if (AddWeeklyHours(text, *calendar->mutable_weekly_hours())) return std::nullopt;
      return "is not like " + std::string(kWeeklyHoursForm);
    }
    if (field.message_type() == v1::SpecialDay::descriptor()) {
      if (AddSpecialDay(text, *calendar->mutable_special_days())) return std::nullopt;
      return "is not like " + std::string(kSpecialDayForm);
    }
  }
  message.GetReflection()->AddString(&message, &field, std::string(text));
  return std::nullopt;
}

Problem SetList(Message& message, const FieldDescriptor& field, std::string_view text) {
  while (true) {
    const size_t bar = std::min(text.find('|'), text.size());
    if (bar > 0) {
      if (Problem problem = AddElement(message, field, text.substr(0, bar))) return problem;
    }
    if (bar == text.size()) return std::nullopt;
    text.remove_prefix(bar + 1);
  }
}

Problem SetInstant(Message& message, const FieldDescriptor& field, std::string_view text) {
  const std::optional<Timestamp> instant = ParseTimestamp(text);
  if (!instant) return "is not an instant such as 2026-11-22T14:30:00Z";
  message.GetReflection()->MutableMessage(&message, &field)->CopyFrom(ToProto(*instant));
  return std::nullopt;
}

Problem SetDuration(Message& message, const FieldDescriptor& field, std::string_view text) {
  const std::optional<Duration> duration = config::ParseDuration(text);
  if (!duration) return "is not a duration such as 90m, 1h30m or 2d";
  message.GetReflection()->MutableMessage(&message, &field)->CopyFrom(ToProto(*duration));
  return std::nullopt;
}

Problem SetWhole(Message& message, const FieldDescriptor& field, std::string_view text) {
  const bool small = field.cpp_type() == FieldDescriptor::CPPTYPE_INT32;
  const std::optional<int64_t> number = ParseNumber<int64_t>(text);
  const bool fits = number && (!small || (*number >= std::numeric_limits<int32_t>::min() &&
                                          *number <= std::numeric_limits<int32_t>::max()));
  if (!fits) return "is not a whole number in range";
  if (small) {
    message.GetReflection()->SetInt32(&message, &field, static_cast<int32_t>(*number));
  } else {
    message.GetReflection()->SetInt64(&message, &field, *number);
  }
  return std::nullopt;
}

Problem SetCell(Message& message, const CsvColumn& column, std::string_view text) {
  const FieldDescriptor& field = *column.field;
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (column.part != nullptr) {
    const std::optional<double> degrees = ParseNumber<double>(text);
    if (!degrees) return "is not a number of degrees";
    Message* coordinate = reflection.MutableMessage(&message, &field);
    coordinate->GetReflection()->SetDouble(coordinate, column.part, *degrees);
    return std::nullopt;
  }
  if (column.decimal_money) {
    const std::optional<int64_t> micros = ParseMicros(text);
    if (!micros) return "is not an amount such as 12.50";
    reflection.SetInt64(&message, &field, *micros);
    return std::nullopt;
  }
  if (field.is_repeated()) return SetList(message, field, text);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      reflection.SetString(&message, &field, std::string(text));
      return std::nullopt;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64: return SetWhole(message, field, text);
    case FieldDescriptor::CPPTYPE_ENUM: return SetEnum(message, field, text);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return field.message_type() == google::protobuf::Duration::descriptor()
                 ? SetDuration(message, field, text)
                 : SetInstant(message, field, text);
    case FieldDescriptor::CPPTYPE_BOOL: {
      const std::optional<bool> value = ParseBool(text);
      if (!value) return "is not yes or no";
      reflection.SetBool(&message, &field, *value);
      return std::nullopt;
    }
    default: return "is of a kind that cannot be imported";
  }
}

// All columns that a file of this message may have.
std::vector<CsvColumn> KnownColumns(const google::protobuf::Descriptor& type) {
  std::vector<CsvColumn> columns;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (field->message_type() == v1::Coordinate::descriptor()) {
      for (const char* part : {"latitude", "longitude"}) {
        columns.push_back(
            {.name = part, .field = field, .part = field->message_type()->FindFieldByName(part)});
      }
      continue;
    }
    columns.push_back({.name = field->name(), .field = field});
    if (field->name().ends_with(kMicros)) {
      columns.push_back({.name = field->name().substr(0, field->name().size() - kMicros.size()),
                         .field = field,
                         .decimal_money = true});
    }
  }
  return columns;
}

const CsvColumn& FindColumn(const std::vector<CsvColumn>& known, const std::string& name) {
  std::vector<std::string_view> names;
  std::string all;
  for (const CsvColumn& column : known) {
    if (column.name == name) return column;
    names.push_back(column.name);
    all += (all.empty() ? "" : ", ") + column.name;
  }
  const std::string nearest = config::NearestName(name, names);
  throw UsageError("there is no column \"" + name + "\"" +
                   (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?") +
                   " The columns are: " + all);
}

std::vector<CsvColumn> ReadHeader(CsvReader& reader, const Message& prototype,
                                  const std::vector<std::string_view>& key_fields) {
  CsvRecord header;
  if (!reader.Read(header)) throw UsageError("the file is empty; its first line names the columns");
  const std::vector<CsvColumn> known = KnownColumns(*prototype.GetDescriptor());
  std::vector<CsvColumn> columns;
  for (const std::string& name : header.fields) {
    const CsvColumn& column = FindColumn(known, name);
    for (const CsvColumn& before : columns) {
      if (before.field == column.field && before.part == column.part) {
        throw UsageError("the column \"" + name + "\" repeats \"" + before.name + "\"");
      }
    }
    columns.push_back(column);
  }
  for (const std::string_view key : key_fields) {
    const bool found = std::any_of(columns.begin(), columns.end(),
                                   [key](const CsvColumn& c) { return c.name == key; });
    if (!found) throw UsageError("the column \"" + std::string(key) + "\" is missing");
  }
  return columns;
}

// Fills `message`, or says what is wrong with the row.
Problem FillRow(const CsvRecord& record, const std::vector<CsvColumn>& columns, Message& message) {
  if (record.fields.size() != columns.size()) {
    return "has " + std::to_string(record.fields.size()) + " fields, the header has " +
           std::to_string(columns.size());
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    const std::string& cell = record.fields[i];
    if (cell.empty()) continue;
    if (!IsUtf8(cell)) return columns[i].name + " is not UTF-8 text";
    const Problem problem = SetCell(message, columns[i], cell);
    if (problem) return columns[i].name + " \"" + cell + "\" " + *problem;
  }
  return std::nullopt;
}

// What identifies a row. Fields are set apart by a byte that UTF-8 never has.
std::string KeyOf(const Message& message, const std::vector<std::string_view>& key_fields) {
  std::string key;
  for (const std::string_view name : key_fields) {
    const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(std::string(name));
    key += message.GetReflection()->GetString(message, field) + '\xff';
  }
  return key;
}

void ReadAll(CsvReader& reader, const Message& prototype,
             const std::vector<std::string_view>& key_fields, ImportedFile& file) {
  const std::vector<CsvColumn> columns = ReadHeader(reader, prototype, key_fields);
  std::map<std::string, int64_t> lines_by_key;
  CsvRecord record;
  while (reader.Read(record)) {
    std::unique_ptr<Message> message(prototype.New());
    const Problem problem = FillRow(record, columns, *message);
    if (problem) {
      file.bad_rows.push_back({record.line, *problem});
      continue;
    }
    const auto [before, is_new] = lines_by_key.emplace(KeyOf(*message, key_fields), record.line);
    if (!is_new) {
      file.bad_rows.push_back({record.line, "repeats line " + std::to_string(before->second)});
      continue;
    }
    file.rows.push_back({record.line, std::move(message)});
  }
}

}  // namespace

ImportedFile ReadRows(std::istream& input, const Message& prototype,
                      const std::vector<std::string_view>& key_fields) {
  try {
    CsvReader reader(input);
    ImportedFile file;
    ReadAll(reader, prototype, key_fields, file);
    return file;
  } catch (const CsvError& error) {
    throw UsageError("line " + std::to_string(error.line) + ": " + error.what());
  }
}

}  // namespace stockd::ctl
