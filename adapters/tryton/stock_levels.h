// What Tryton shows on hand.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/sdk/session.h"
#include "adapters/tryton/product_book.h"
#include "adapters/tryton/stock_places.h"
#include "adapters/tryton/tryton_client.h"

namespace stockd::tryton {

// The figure of one product in one warehouse; below 0 where more was booked out than in.
struct StockLevel {
  std::string sku;
  std::string location;
  int64_t quantity = 0;
};

// What one reading found.
struct StockReading {
  std::vector<StockLevel> levels;
  std::vector<std::string> unreadable;  // Figures that fit no item, with the reason.
};

// Reads the figures of all products in these warehouses, one warehouse a call: asked for several,
// Tryton leaves out the zones within them and answers 0.
[[nodiscard]] absl::StatusOr<StockReading> ReadStock(TrytonClient& client,
                                                     const std::vector<Warehouse>& warehouses,
                                                     const ProductBook::Products& products);

// The rows of a snapshot, which cannot say less than 0.
class LevelRows final : public sdk::SnapshotRows {
 public:
  explicit LevelRows(std::vector<StockLevel> levels) : levels_(std::move(levels)) {}

  absl::Status Rewind() override {
    next_ = 0;
    return absl::OkStatus();
  }
  absl::StatusOr<bool> Next(v1::SnapshotRow* row) override;

 private:
  const std::vector<StockLevel> levels_;
  size_t next_ = 0;
};

}  // namespace stockd::tryton
