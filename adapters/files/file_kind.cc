#include "adapters/files/file_kind.h"

namespace stockd::files {

std::string_view NameOf(FileKind kind) {
  switch (kind) {
    case FileKind::kItems: return "items";
    case FileKind::kLocations: return "locations";
    case FileKind::kGroups: return "groups";
    case FileKind::kChannels: return "channels";
    case FileKind::kSafetyStocks: return "safety_stocks";
    case FileKind::kSupplies: return "supplies";
    case FileKind::kLevels: return "levels";
    case FileKind::kCounts: return "counts";
    case FileKind::kReceipts: return "receipts";
    case FileKind::kAdjustments: return "adjustments";
    case FileKind::kFacts: return "facts";
    case FileKind::kQuotas: return "quotas";
  }
  __builtin_unreachable();
}

std::vector<std::string> FieldsOf(FileKind kind) {
  switch (kind) {
    case FileKind::kItems:
      return {"sku",   "name",      "unit",  "scale",   "category",
              "gtins", "unit_cost", "price", "currency"};
    case FileKind::kLocations:
      return {"code", "name", "kind", "time_zone", "latitude", "longitude", "ships", "collects"};
    case FileKind::kGroups: return {"group_id", "name", "location"};
    case FileKind::kChannels: return {"channel_id", "name", "buffer", "group_id"};
    case FileKind::kSafetyStocks: return {"sku", "location", "quantity", "remove"};
    case FileKind::kSupplies: return {"supply_id", "sku", "location", "quantity", "expected_at"};
    case FileKind::kLevels: return {"sku", "location", "quantity", "as_of"};
    case FileKind::kCounts:
    case FileKind::kReceipts:
    case FileKind::kAdjustments:
    case FileKind::kFacts:
      return {"event_id",
              "kind",
              "sku",
              "location",
              "quantity",
              "occurred_at",
              "reference",
              "reservation_id",
              "channel",
              "unit_price",
              "currency",
              "supply_id",
              "device",
              "device_sequence",
              "customer_reference",
              "fulfilment_channel",
              "original_reference"};
    case FileKind::kQuotas:
      return {"quota_id", "action",      "holder", "sku",          "location",
              "quantity", "ttl_minutes", "sold",   "allow_partial"};
  }
  __builtin_unreachable();
}

bool IsFactKind(FileKind kind) { return kind >= FileKind::kCounts && kind <= FileKind::kFacts; }

std::string JournalOf(std::string_view file_name) {
  const size_t dash = file_name.find('-');
  const size_t end = dash == std::string_view::npos ? file_name.find('.') : dash;
  return std::string(file_name.substr(0, end));
}

}  // namespace stockd::files
