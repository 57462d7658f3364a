// The goods of a transaction, and which of its lines take others back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/poslog/poslog_config.h"

namespace stockd::poslog {

// Why a transaction is set aside.
struct Flaw {
  std::string_view reason;  // UPPER_SNAKE; from a constant.
  std::string detail;       // For people.
};

// A line with its quantity in the item's smallest unit.
struct SoldLine {
  std::string number;         // Its own; may be empty.
  std::string linked_number;  // Of the line that a void takes back.
  std::string item;
  bool is_return = false;
  bool is_void = false;
  int64_t quantity = 0;  // As it is written, with its sign.
  int64_t units = 0;     // Set by ApplyVoids(): that left the store, negative: came back.
};

// Works out `units` of every line, so that they add up to what left the store: those of voids and
// of lines that voids take back as a whole become 0. A void takes back the line that it names, or
// else, of its item, the last line of the very same quantity, or else as many of the last lines as
// it covers. A flaw: a void takes back what was not sold, or may mean one thing or the other.
[[nodiscard]] std::optional<Flaw> ApplyVoids(VoidRule rule, std::vector<SoldLine>& lines);

}  // namespace stockd::poslog
