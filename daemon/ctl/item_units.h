// Quantities as people write them: in the item's own unit, with its decimals.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ctl/command.h"
#include "stockd/v1/reservation_service.pb.h"
#include "stockd/v1/sourcing_service.pb.h"

namespace stockd::ctl {

// Knows how many decimals items have; asks the daemon once for each. An item that the daemon does
// not know has none, and so has every item of a daemon that cannot be asked. Not thread-safe.
class ItemUnits {
 public:
  explicit ItemUnits(const Session& session) : session_(session) {}

  // Asks for these in one call, so that a table does not ask row by row.
  void Learn(const std::vector<std::string>& skus);

  // "1.500" for 1500 of an item with three decimals.
  std::string Format(const std::string& sku, int64_t quantity);

  // "SKU@LOC:QTY" with QTY of `quantity_min` or more: with a decimal point in the item's unit,
  // without in its smallest one, which is said when it makes a difference. Throws UsageError.
  v1::LineRequest ParseLine(std::string_view text, int64_t quantity_min);

  // "SKU:QTY" in the same way, QTY being more than nothing.
  v1::PlanLine ParsePlanLine(std::string_view text);

 private:
  int64_t ParseDecimalOf(const std::string& sku, std::string_view line, std::string_view quantity,
                         int64_t quantity_min);
  void NoteSmallestUnits(const std::string& sku, int64_t quantity);
  int DecimalsOf(const std::string& sku);

  const Session& session_;
  std::map<std::string, int, std::less<>> decimals_;
};

// A whole number of smallest units as a decimal number.
std::string FormatDecimal(int64_t quantity, int decimals);

}  // namespace stockd::ctl
