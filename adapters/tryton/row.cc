#include "adapters/tryton/row.h"

#include <absl/strings/numbers.h>
#include <fmt/format.h>

#include "adapters/tryton/json_rpc.h"

namespace stockd::tryton {

void Row::Refuse(std::string_view name, std::string_view expected) {
  if (!status_.ok()) return;
  status_ = absl::DataLossError(fmt::format("Tryton, {} {}: the field {} is not {}", model_,
                                            record_["id"].text(), name, expected));
}

int64_t Row::Integer(std::string_view name) {
  const JsonValue& value = record_[name];
  if (value.is_null()) return 0;
  int64_t number = 0;
  if (value.kind() != JsonValue::Kind::kNumber || !absl::SimpleAtoi(value.text(), &number)) {
    Refuse(name, "a whole number");
  }
  return number;
}

std::string Row::Text(std::string_view name) {
  const JsonValue& value = record_[name];
  if (!value.is_null() && value.kind() != JsonValue::Kind::kText) Refuse(name, "text");
  return value.kind() == JsonValue::Kind::kText ? value.text() : std::string();
}

bool Row::Flag(std::string_view name) { return record_[name].is_true(); }

std::string Row::Number(std::string_view name) {
  const JsonValue& value = record_[name];
  if (value.kind() != JsonValue::Kind::kNumber) Refuse(name, "a number");
  return value.text();
}

std::string Row::Decimal(std::string_view name) {
  const JsonValue& value = record_[name];
  if (value.is_null()) return {};
  if (value["__class__"].text() != "Decimal") Refuse(name, "a decimal");
  return value["decimal"].text();
}

std::optional<sdk::Timestamp> Row::Instant(std::string_view name) {
  const JsonValue& value = record_[name];
  if (value.is_null()) return std::nullopt;
  const std::optional<sdk::Timestamp> instant = FromJsonInstant(value);
  if (!instant) Refuse(name, "an instant");
  return instant;
}

std::vector<int64_t> Row::Ids(std::string_view name) {
  std::vector<int64_t> ids;
  for (const JsonValue& item : record_[name].items()) {
    int64_t id = 0;
    if (!absl::SimpleAtoi(item.text(), &id)) Refuse(name, "a list of records");
    ids.push_back(id);
  }
  return ids;
}

const JsonValue& Row::Related(std::string_view name, std::string_view field) const {
  return record_[fmt::format("{}.", name)][field];
}

}  // namespace stockd::tryton
