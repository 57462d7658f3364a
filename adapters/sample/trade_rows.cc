#include "adapters/sample/trade_rows.h"

#include <absl/time/time.h>
#include <fmt/format.h>

#include <chrono>

#include "adapters/sample/chain.h"
#include "adapters/sample/quantity_text.h"
#include "adapters/sdk/csv_writer.h"

namespace stockd::sample {
namespace {

using sdk::AppendCsvRow;

std::string WallClockText(const Site& site, sdk::Timestamp at) {
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::LoadTimeZone(std::string(site.time_zone), &zone);  // Without tzdata: in UTC, as true.
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3S%Ez",
                          absl::FromUnixMicros(at.time_since_epoch().count()), zone);
}

std::string_view TypeOf(TillLineKind kind) {
  switch (kind) {
    case TillLineKind::kSale: return "S";
    case TillLineKind::kReturn: return "R";
    case TillLineKind::kCount: return "C";
  }
  __builtin_unreachable();
}

std::string_view TypeOf(MovementKind kind) {
  switch (kind) {
    case MovementKind::kReceipt: return "GR";
    case MovementKind::kTransferOut: return "TO";
    case MovementKind::kTransferIn: return "TI";
    case MovementKind::kDamage: return "DM";
    case MovementKind::kAdjustment: return "AD";
  }
  __builtin_unreachable();
}

std::string_view StatusOf(OrderLineState state) {
  switch (state) {
    case OrderLineState::kShipped: return "shipped";
    case OrderLineState::kSentBack: return "sent_back";
    case OrderLineState::kCancelled: return "cancelled";
  }
  __builtin_unreachable();
}

struct TillRowValues {
  std::string receipt;
  size_t line = 1;
  std::string_view type;
  std::string_view sku;
  std::string quantity;
  std::string unit_price;  // Empty in counts.
};

std::string Written(const Site& store, const TillRowValues& row, sdk::Timestamp at) {
  const std::string sold_at = WallClockText(store, at);
  if (store.writes_json) {
    std::string price;
    if (!row.unit_price.empty()) price = fmt::format(R"("unit_price":{},)", row.unit_price);
    return fmt::format(R"({{"receipt":"{}","line":{},"type":"{}","store":"{}","sku":"{}",)"
                       R"("quantity":{},{}"sold_at":"{}"}})"
                       "\n",
                       row.receipt, row.line, row.type, store.code, row.sku, row.quantity, price,
                       sold_at);
  }
  std::string text;
  AppendCsvRow(text, {row.receipt, std::to_string(row.line), row.type, store.code, row.sku,
                      row.quantity, row.unit_price, sold_at});
  return text;
}

std::string ReceiptName(const Site& store, int till, int64_t number) {
  return fmt::format("{}-{:06}", TillName(store, till), number);
}

}  // namespace

std::string TillHeader() { return "receipt,line,type,store,sku,quantity,unit_price,sold_at\n"; }

std::string TillRow(const TillReceipt& receipt, size_t line, const Item& item, sdk::Timestamp at) {
  const Site& store = Sites()[receipt.site];
  const TillLine& what = receipt.lines[line];
  TillRowValues row{.receipt = ReceiptName(store, receipt.till, receipt.number),
                    .line = line + 1,
                    .type = TypeOf(what.kind),
                    .sku = item.sku,
                    .quantity = QuantityText(item, what.quantity)};
  if (what.kind != TillLineKind::kCount) row.unit_price = PriceText(item.price_cents);
  return Written(store, row, at);
}

std::string MishapRow(const TillMishap& mishap, sdk::Timestamp at) {
  const Site& store = Sites()[mishap.site];
  const bool is_garbled = mishap.kind == TillMishapKind::kGarbledRow;
  return Written(store,
                 {.receipt = ReceiptName(store, mishap.till, mishap.number),
                  .type = "S",
                  .sku = is_garbled ? "PAN-0001" : "MISC",
                  .quantity = is_garbled ? (store.writes_json ? R"("one")" : "one") : "1",
                  .unit_price = "1.00"},
                 at);
}

std::string OrderHeader() {
  return "order_id,line_no,status,sku,ships_from,quantity,unit_price,reservation_id,happened_at\n";
}

std::string OrderRow(const OrderLine& line, const Item& item, sdk::Timestamp at) {
  std::string text;
  AppendCsvRow(text, {line.order, std::to_string(line.line), StatusOf(line.state), item.sku,
                      Sites()[line.site].code, QuantityText(item, line.quantity),
                      PriceText(item.price_cents), line.reservation, sdk::FormatTimestamp(at)});
  return text;
}

std::string MovementHeader() {
  return "document,type,sku,site,quantity,unit_price,currency,purchase_order,booked_at\n";
}

std::string MovementRow(const Movement& movement, const Item& item, sdk::Timestamp at) {
  const bool is_receipt = movement.kind == MovementKind::kReceipt;
  std::string text;
  AppendCsvRow(
      text, {movement.id, TypeOf(movement.kind), item.sku, Sites()[movement.site].code,
             QuantityText(item, movement.quantity), is_receipt ? PriceText(item.cost_cents) : "",
             is_receipt ? std::string(kCurrency) : "", movement.supply, sdk::FormatTimestamp(at)});
  return text;
}

}  // namespace stockd::sample
