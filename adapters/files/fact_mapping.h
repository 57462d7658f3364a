// Rows to facts.
#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/files/adapter_config.h"
#include "adapters/files/column_binding.h"
#include "adapters/files/row_identity.h"
#include "adapters/files/row_reader.h"
#include "adapters/files/row_values.h"
#include "adapters/sdk/item_scales.h"
#include "adapters/sdk/timestamp_text.h"
#include "stockd/v1/types.pb.h"

namespace stockd::files {

// The mapping of one file, bound to its columns. For one thread.
class FactMapping {
 public:
  // INVALID_ARGUMENT when columns are missing. `scales` must outlive the mapping.
  [[nodiscard]] static absl::StatusOr<FactMapping> Bind(const AdapterConfig& config, FileKind kind,
                                                        std::string_view file_name,
                                                        const RowReader& reader,
                                                        const sdk::ItemScales* scales);

  // Fills `fact` when the row is taken. Must see every readable row of the file once, in order.
  [[nodiscard]] RowVerdict Map(const std::vector<std::string_view>& row, v1::Fact* fact);

  // Whether Map() must have seen the rows before, because ids are made from what rows say.
  bool counts_rows() const { return identity_.has_value(); }
  // Counts a row that was sent earlier.
  void CountRow(const std::vector<std::string_view>& row);

 private:
  struct Kind {
    v1::FactKind kind = v1::FACT_KIND_UNSPECIFIED;
    bool is_skipped = false;
  };

  FactMapping(const AdapterConfig& config, FileKind kind, sdk::TimestampReader times,
              const sdk::ItemScales* scales);

  absl::Status BindColumns(std::string_view file_name, const RowReader& reader);
  std::string EventId(const std::vector<std::string_view>& row, RowValues& values) const;
  Kind KindOf(const std::vector<std::string_view>& row, RowValues& values) const;
  void FillQuantity(std::string_view text, v1::Fact* fact, RowValues& values) const;
  void FillOptional(const std::vector<std::string_view>& row, v1::Fact* fact,
                    RowValues& values) const;
  void FillDevice(const std::vector<std::string_view>& row, v1::Fact* fact,
                  RowValues& values) const;

  QuantityRules quantity_rules_;
  TableMapping mapping_;
  sdk::TimestampReader times_;
  const sdk::ItemScales* scales_;

  std::vector<SkipRule> skip_rules_;
  FieldSource event_id_;
  FieldSource kind_;
  FieldSource sku_;
  FieldSource location_;
  FieldSource quantity_;
  FieldSource occurred_at_;
  FieldSource reference_;
  FieldSource reservation_id_;
  FieldSource channel_;
  FieldSource unit_price_;
  FieldSource currency_;
  FieldSource supply_id_;
  FieldSource customer_reference_;
  FieldSource fulfilment_channel_;
  FieldSource original_reference_;
  FieldSource device_;
  FieldSource device_sequence_;
  std::optional<RowIdentity> identity_;
};

}  // namespace stockd::files
