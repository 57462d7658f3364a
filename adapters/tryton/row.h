// Reads the fields of one record, and remembers what was not as expected.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/timestamp_text.h"
#include "adapters/tryton/json_value.h"

namespace stockd::tryton {

// A field of another type than asked for gives an empty value and a status() that names it.
class Row {
 public:
  // `record` outlives it. `model` is for messages.
  Row(const JsonValue& record, std::string_view model) : record_(record), model_(model) {}

  int64_t Id() { return Integer("id"); }
  // Of a number, or of a reference to another record; 0: empty.
  int64_t Integer(std::string_view name);
  std::string Text(std::string_view name);
  bool Flag(std::string_view name);
  // The text of a number.
  std::string Number(std::string_view name);
  // The text of a decimal; empty: none.
  std::string Decimal(std::string_view name);
  std::optional<sdk::Timestamp> Instant(std::string_view name);
  std::vector<int64_t> Ids(std::string_view name);
  // A field of a record that is referred to, read as "name.field"; null when there is none.
  const JsonValue& Related(std::string_view name, std::string_view field) const;

  // DATA_LOSS with the first field that was not as expected.
  const absl::Status& status() const { return status_; }

 private:
  void Refuse(std::string_view name, std::string_view expected);

  const JsonValue& record_;
  const std::string model_;
  absl::Status status_;
};

}  // namespace stockd::tryton
