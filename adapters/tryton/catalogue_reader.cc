#include "adapters/tryton/catalogue_reader.h"

#include <absl/strings/numbers.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "adapters/sdk/decimal.h"
#include "adapters/sdk/log.h"
#include "adapters/sdk/retry.h"
#include "adapters/tryton/json_rpc.h"
#include "adapters/tryton/row.h"

namespace stockd::tryton {
namespace {

using Products = std::map<std::string, Product, std::less<>>;

constexpr int kScaleMax = 6;      // As in Item.scale.
constexpr size_t kGtinsMax = 32;  // As in Item.gtins.
constexpr size_t kGtinDigitsMax = 14;
constexpr int kItemsInACall = 1000;
// Tryton allows more digits in prices than money has here.
constexpr int kPriceDigits = 6;

// Prices are for reports, so what is beyond the sixth decimal is cut off rather than refused.
int64_t Micros(std::string_view decimal) {
  const size_t point = decimal.find('.');
  if (point != std::string_view::npos) decimal = decimal.substr(0, point + 1 + kPriceDigits);
  return std::max<int64_t>(0, sdk::ParseMicros(decimal, '.').value_or(0));
}

v1::Item ToItem(const Product& product, const std::string& currency) {
  v1::Item item;
  item.set_sku(product.sku);
  item.set_name(product.name);
  item.set_unit(product.unit_name);
  item.set_scale(product.scale);
  for (const std::string& gtin : product.gtins) item.add_gtins(gtin);
  if (currency.empty()) return item;
  item.set_price_micros(Micros(product.list_price));
  item.set_unit_cost_micros(Micros(product.cost_price));
  item.set_currency(currency);
  return item;
}

bool IsGtin(std::string_view type, std::string_view code) {
  return type == "ean" && !code.empty() && code.size() <= kGtinDigitsMax &&
         std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

absl::StatusOr<std::shared_ptr<const StockPlaces>> CatalogueReader::ReadPlaces() {
  // Closed locations too: old moves name them.
  const JsonValue all = JsonValue::List(
      {Clause("active", "in", JsonValue::List({JsonValue::Flag(true), JsonValue::Flag(false)}))});
  const absl::StatusOr<std::vector<JsonValue>> records =
      client_.ReadAll("stock.location", all, StockPlaces::Fields());
  if (!records.ok()) return records.status();
  const absl::StatusOr<std::vector<JsonValue>> transit = client_.ReadAll(
      "ir.model.data",
      JsonValue::List({Clause("module", "=", "stock"), Clause("fs_id", "=", "location_transit")}),
      {"id", "db_id"});
  // A user without the right to look there cannot book transfers, and all else.
  int64_t transit_id = 0;
  if (transit.ok() && !transit->empty()) {
    transit_id = Row(transit->front(), "ir.model.data").Integer("db_id");
  }
  absl::StatusOr<StockPlaces> places = StockPlaces::Make(*records, options_.locations, transit_id);
  if (!places.ok()) return places.status();
  return std::make_shared<const StockPlaces>(*std::move(places));
}

absl::StatusOr<Products> CatalogueReader::ReadProducts() {
  const JsonValue domain = JsonValue::List(
      {Clause("type", "in", JsonValue::List({"goods", "assets"})),
       Clause("active", "in", JsonValue::List({JsonValue::Flag(true), JsonValue::Flag(false)}))});
  const absl::StatusOr<std::vector<JsonValue>> records =
      client_.ReadAll("product.product", domain,
                      {"id", "code", "template.name", "active", "default_uom", "default_uom.digits",
                       "default_uom.name", "list_price", "cost_price"});
  if (!records.ok()) return records.status();
  Products products;
  for (const JsonValue& record : *records) {
    Row row(record, "product.product");
    Product product{.id = row.Id(),
                    .sku = row.Text("code"),
                    .name = row.Related("template", "name").text(),
                    .unit = row.Integer("default_uom"),
                    .unit_name = row.Related("default_uom", "name").text(),
                    .list_price = row.Decimal("list_price"),
                    .cost_price = row.Decimal("cost_price")};
    const bool is_active = row.Flag("active");
    if (!row.status().ok()) return row.status();
    if (!absl::SimpleAtoi(row.Related("default_uom", "digits").text(), &product.unit_digits)) {
      product.unit_digits = 0;
    }
    product.scale = std::min(product.unit_digits, kScaleMax);
    if (product.sku.empty()) continue;
    const auto [known, is_new] = products.try_emplace(product.sku, product);
    if (is_new) continue;
    spdlog::warn("two products of Tryton have one code sku={} products={},{}",
                 sdk::LogValue(product.sku), known->second.id, product.id);
    if (is_active) known->second = std::move(product);  // The older one is usually put away.
  }
  const absl::StatusOr<std::vector<JsonValue>> identifiers =
      client_.ReadAll("product.identifier", JsonValue::List(), {"id", "product", "type", "code"});
  // A user may lack the right; items without barcodes are better than none.
  if (!identifiers.ok()) {
    if (IsPassing(identifiers.status())) return identifiers.status();
    spdlog::warn("barcodes cannot be read reason={}",
                 sdk::LogValue(std::string(identifiers.status().message())));
    return products;
  }
  std::map<int64_t, std::vector<std::string>> gtins;
  for (const JsonValue& record : *identifiers) {
    Row row(record, "product.identifier");
    const std::string code = row.Text("code");
    std::vector<std::string>& of_product = gtins[row.Integer("product")];
    if (row.status().ok() && IsGtin(row.Text("type"), code) && of_product.size() < kGtinsMax) {
      of_product.push_back(code);
    }
  }
  for (auto& [sku, product] : products) {
    if (const auto found = gtins.find(product.id); found != gtins.end()) {
      product.gtins = found->second;
    }
  }
  return products;
}

absl::Status CatalogueReader::ReadScales(Products& products, const std::stop_token& stop) {
  v1::ListItemsRequest request;
  request.set_page_size(kItemsInACall);
  do {
    v1::ListItemsResponse response;
    absl::Status status = sdk::Retry("ListItems", options_.retry, stop, [&] {
      response.Clear();
      return catalogue_.ListItems(request, &response);
    });
    if (!status.ok()) return status;
    for (const v1::Item& item : response.items()) {
      if (const auto found = products.find(item.sku()); found != products.end()) {
        found->second.scale = item.scale();
      }
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status CatalogueReader::PutPlaces(const StockPlaces& places, const std::stop_token& stop) {
  v1::PutLocationsRequest request;
  std::string all;
  for (const Warehouse& warehouse : places.warehouses()) {
    v1::Location& location = *request.add_locations();
    location.set_code(warehouse.location);
    location.set_name(warehouse.name);
    location.set_ships(true);
    location.set_collects(true);
    all += location.SerializeAsString();
  }
  if (put_["\nplaces"] == all) return absl::OkStatus();
  v1::PutLocationsResponse response;
  absl::Status status = sdk::Retry("PutLocations", options_.retry, stop,
                                   [&] { return catalogue_.Put(request, &response); });
  if (status.ok()) put_["\nplaces"] = all;
  return status;
}

absl::Status CatalogueReader::PutItems(Products& products, const std::stop_token& stop) {
  std::vector<const Product*> changed;
  for (const auto& [sku, product] : products) {
    if (put_[sku] != ToItem(product, currency_).SerializeAsString()) changed.push_back(&product);
  }
  std::set<std::string> refused;
  for (size_t begin = 0; begin < changed.size(); begin += kItemsInACall) {
    const size_t end = std::min(changed.size(), begin + kItemsInACall);
    v1::PutItemsRequest request;
    for (size_t i = begin; i < end; ++i) *request.add_items() = ToItem(*changed[i], currency_);
    v1::PutItemsResponse response;
    const auto put = [&](const v1::PutItemsRequest& some) {
      return sdk::Retry("PutItems", options_.retry, stop,
                        [&] { return catalogue_.Put(some, &response); });
    };
    absl::Status status = put(request);
    if (absl::IsCancelled(status)) return status;
    // All or none: one that is refused is found by putting each by itself.
    for (const v1::Item& item : request.items()) {
      if (!status.ok()) {
        v1::PutItemsRequest one;
        *one.add_items() = item;
        const absl::Status each = put(one);
        if (absl::IsCancelled(each)) return each;
        if (!each.ok()) {
          refused.insert(item.sku());
          spdlog::error("product left out sku={} reason={}", sdk::LogValue(item.sku()),
                        sdk::LogValue(std::string(each.message())));
          continue;
        }
      }
      put_[item.sku()] = item.SerializeAsString();
    }
  }
  for (const std::string& sku : refused) products.erase(sku);
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const StockPlaces>> CatalogueReader::Refresh(std::stop_token stop) {
  absl::StatusOr<std::shared_ptr<const StockPlaces>> places = ReadPlaces();
  if (!places.ok()) return places.status();
  absl::StatusOr<Products> products = ReadProducts();
  if (!products.ok()) return products.status();
  if (currency_.empty() && client_.company() != 0) {
    const auto company =
        client_.Read("company.company", {client_.company()}, {"id", "currency.code"});
    if (company.ok() && !company->empty()) {
      currency_ = Row(company->front(), "company.company").Related("currency", "code").text();
    }
  }
  if (absl::Status status = ReadScales(*products, stop); !status.ok()) return status;
  if (options_.are_locations_put) {
    if (absl::Status status = PutPlaces(**places, stop); !status.ok()) return status;
  }
  if (options_.are_items_put) {
    if (absl::Status status = PutItems(*products, stop); !status.ok()) return status;
  }
  auto book = std::make_shared<ProductBook::Products>();
  for (auto& [sku, product] : *products) book->sku_of[product.id] = sku;
  book->by_sku = *std::move(products);
  book_.Set(std::move(book));
  return places;
}

}  // namespace stockd::tryton
