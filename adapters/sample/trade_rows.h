// Rows of the files that the sample's systems write.
#pragma once

#include <string>
#include <string_view>

#include "adapters/sample/assortment.h"
#include "adapters/sample/trade_event.h"
#include "adapters/sdk/timestamp_text.h"

namespace stockd::sample {

// Each ends with a line break. `at` is in UTC; tills write the time of their store's clock on the
// wall, with its offset.

[[nodiscard]] std::string TillHeader();
[[nodiscard]] std::string TillRow(const TillReceipt& receipt, size_t line, const Item& item,
                                  sdk::Timestamp at);
// A row that an adapter sets aside, or one of an article that does not exist.
[[nodiscard]] std::string MishapRow(const TillMishap& mishap, sdk::Timestamp at);

[[nodiscard]] std::string OrderHeader();
[[nodiscard]] std::string OrderRow(const OrderLine& line, const Item& item, sdk::Timestamp at);

[[nodiscard]] std::string MovementHeader();
[[nodiscard]] std::string MovementRow(const Movement& movement, const Item& item,
                                      sdk::Timestamp at);

}  // namespace stockd::sample
