// Rows of catalogue files to the records they say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/files/adapter_config.h"
#include "adapters/files/column_binding.h"
#include "adapters/files/file_report.h"
#include "adapters/files/row_values.h"
#include "adapters/sdk/item_scales.h"
#include "adapters/sdk/timestamp_text.h"
#include "stockd/v1/catalogue_service.pb.h"

namespace stockd::files {

// What all tables need besides their columns; outlives them.
struct TableContext {
  const AdapterConfig& config;
  sdk::ItemScales& scales;
  const sdk::TimestampReader& times;
};

// Each table binds its columns when it is made, and then reads rows into records.

struct ItemTable {
  using Record = v1::Item;
  using Request = v1::PutItemsRequest;
  using Response = v1::PutItemsResponse;
  static constexpr std::string_view kName = "PutItems";
  static constexpr size_t kBatchMax = 1000;

  explicit ItemTable(ColumnBinding& binding);
  Record Read(const std::vector<std::string_view>& row, const TableContext& context,
              RowValues& values) const;

  static std::string Key(const Record& record) { return record.sku(); }
  static void Merge(Record& record, Record later) { record = std::move(later); }
  static void Add(Request& request, const Record& record) { *request.add_items() = record; }
  static void Count(const Response& response, int64_t sent, FileReport& report);

 private:
  FieldSource sku_, name_, unit_, scale_, category_, gtins_, unit_cost_, price_, currency_;
};

struct LocationTable {
  using Record = v1::Location;
  using Request = v1::PutLocationsRequest;
  using Response = v1::PutLocationsResponse;
  static constexpr std::string_view kName = "PutLocations";
  static constexpr size_t kBatchMax = 1000;

  explicit LocationTable(ColumnBinding& binding);
  Record Read(const std::vector<std::string_view>& row, const TableContext& context,
              RowValues& values) const;

  static std::string Key(const Record& record) { return record.code(); }
  static void Merge(Record& record, Record later) { record = std::move(later); }
  static void Add(Request& request, const Record& record) { *request.add_locations() = record; }
  static void Count(const Response& response, int64_t sent, FileReport& report);

 private:
  FieldSource code_, name_, kind_, time_zone_, latitude_, longitude_, ships_, collects_;
};

// One row for each member; the rows of a group need not follow each other.
struct GroupTable {
  using Record = v1::Group;
  using Request = v1::PutGroupsRequest;
  using Response = v1::PutGroupsResponse;
  static constexpr std::string_view kName = "PutGroups";
  static constexpr size_t kBatchMax = 1;  // 10,000 members fill a good part of a message.

  explicit GroupTable(ColumnBinding& binding);
  Record Read(const std::vector<std::string_view>& row, const TableContext& context,
              RowValues& values) const;

  static std::string Key(const Record& record) { return record.group_id(); }
  static void Merge(Record& record, const Record& later);
  static void Add(Request& request, const Record& record) { *request.add_groups() = record; }
  static void Count(const Response&, int64_t, FileReport&) {}

 private:
  FieldSource group_id_, name_, location_;
};

struct ChannelTable {
  using Record = v1::Channel;
  using Request = v1::PutChannelsRequest;
  using Response = v1::PutChannelsResponse;
  static constexpr std::string_view kName = "PutChannels";
  static constexpr size_t kBatchMax = 1000;

  explicit ChannelTable(ColumnBinding& binding);
  Record Read(const std::vector<std::string_view>& row, const TableContext& context,
              RowValues& values) const;

  static std::string Key(const Record& record) { return record.channel_id(); }
  static void Merge(Record& record, Record later) { record = std::move(later); }
  static void Add(Request& request, const Record& record) { *request.add_channels() = record; }
  static void Count(const Response&, int64_t, FileReport&) {}

 private:
  FieldSource channel_id_, name_, buffer_, group_id_;
};

struct SafetyStockTable {
  using Record = v1::SafetyStock;
  using Request = v1::PutSafetyStocksRequest;
  using Response = v1::PutSafetyStocksResponse;
  static constexpr std::string_view kName = "PutSafetyStocks";
  static constexpr size_t kBatchMax = 1000;

  explicit SafetyStockTable(ColumnBinding& binding);
  Record Read(const std::vector<std::string_view>& row, const TableContext& context,
              RowValues& values) const;

  static std::string Key(const Record& record) { return record.sku() + '\0' + record.location(); }
  static void Merge(Record& record, Record later) { record = std::move(later); }
  static void Add(Request& request, const Record& record) { *request.add_safety_stocks() = record; }
  static void Count(const Response&, int64_t, FileReport&) {}

 private:
  FieldSource sku_, location_, quantity_, remove_;
};

struct SupplyTable {
  using Record = v1::Supply;
  using Request = v1::PutSuppliesRequest;
  using Response = v1::PutSuppliesResponse;
  static constexpr std::string_view kName = "PutSupplies";
  static constexpr size_t kBatchMax = 1000;

  explicit SupplyTable(ColumnBinding& binding);
  Record Read(const std::vector<std::string_view>& row, const TableContext& context,
              RowValues& values) const;

  static std::string Key(const Record& record) { return record.supply_id(); }
  static void Merge(Record& record, Record later) { record = std::move(later); }
  static void Add(Request& request, const Record& record) { *request.add_supplies() = record; }
  static void Count(const Response&, int64_t, FileReport&) {}

 private:
  FieldSource supply_id_, sku_, location_, quantity_, expected_at_;
};

}  // namespace stockd::files
