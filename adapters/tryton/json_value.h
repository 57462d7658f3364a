// JSON whose numbers stay the text they came as: quantities and prices are never floating point.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stockd::tryton {

// One value. Reading a part of the wrong kind gives an empty one, so that the callers' checks are
// few; see Row for reading records with reasons.
class JsonValue {
 public:
  enum class Kind : uint8_t { kNull, kFlag, kNumber, kText, kList, kRecord };

  JsonValue() = default;  // Null.
  JsonValue(std::string text) : kind_(Kind::kText), text_(std::move(text)) {}
  JsonValue(std::string_view text) : JsonValue(std::string(text)) {}
  JsonValue(const char* text) : JsonValue(std::string(text)) {}
  JsonValue(int64_t number) : kind_(Kind::kNumber), text_(std::to_string(number)) {}
  JsonValue(int number) : JsonValue(int64_t{number}) {}
  static JsonValue Flag(bool flag);
  // `text` as it shall be written, for example "12.250". REQUIRES: it is a JSON number.
  static JsonValue Number(std::string text);
  static JsonValue List(std::vector<JsonValue> items = {});
  static JsonValue Record(std::vector<std::pair<std::string, JsonValue>> fields = {});

  // INVALID_ARGUMENT: not JSON, or nested deeper than 64.
  [[nodiscard]] static absl::StatusOr<JsonValue> Parse(std::string_view text);
  [[nodiscard]] std::string Write() const;

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  // Of a text or a number; else empty.
  const std::string& text() const { return text_; }
  // Of a flag. Tryton on SQLite writes flags as the numbers 0 and 1.
  bool is_true() const { return text_ == "true" || text_ == "1"; }
  // Of a list; of a record its values.
  const std::vector<JsonValue>& items() const { return items_; }
  // Of a record, in the order of items().
  const std::vector<std::string>& names() const { return names_; }
  // The field of a record; null when there is none.
  const JsonValue& operator[](std::string_view name) const;

  // REQUIRES: a list.
  void Append(JsonValue item) { items_.push_back(std::move(item)); }
  // Sets a field, replacing one of this name. REQUIRES: a record.
  void Set(std::string name, JsonValue value);

 private:
  void WriteTo(std::string& out) const;

  Kind kind_ = Kind::kNull;
  std::string text_;
  std::vector<std::string> names_;
  std::vector<JsonValue> items_;
};

}  // namespace stockd::tryton
