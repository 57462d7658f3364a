// Tryton's products and warehouses, and how they get into stockd.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "adapters/sdk/backoff.h"
#include "adapters/sdk/catalogue_client.h"
#include "adapters/tryton/product_book.h"
#include "adapters/tryton/stock_places.h"
#include "adapters/tryton/tryton_client.h"

namespace stockd::tryton {

class CatalogueReader {
 public:
  struct Options {
    std::map<std::string, std::string> locations;  // As StockPlaces::Make().
    bool are_locations_put = true;                 // Whether warehouses are made known to stockd.
    bool are_items_put = true;                     // Whether products are.
    sdk::Backoff::Options retry;
  };

  // All outlive it.
  CatalogueReader(Options options, TrytonClient* client, sdk::CatalogueClient* catalogue,
                  ProductBook* book)
      : options_(std::move(options)), client_(*client), catalogue_(*catalogue), book_(*book) {}

  // Reads everything anew, puts what has changed into stockd, and fills the book. One product that
  // stockd refuses is logged and left out of the book.
  [[nodiscard]] absl::StatusOr<std::shared_ptr<const StockPlaces>> Refresh(std::stop_token stop);

 private:
  absl::StatusOr<std::shared_ptr<const StockPlaces>> ReadPlaces();
  absl::StatusOr<std::map<std::string, Product, std::less<>>> ReadProducts();
  absl::Status ReadScales(std::map<std::string, Product, std::less<>>& products,
                          const std::stop_token& stop);
  absl::Status PutPlaces(const StockPlaces& places, const std::stop_token& stop);
  absl::Status PutItems(std::map<std::string, Product, std::less<>>& products,
                        const std::stop_token& stop);

  const Options options_;
  TrytonClient& client_;
  sdk::CatalogueClient& catalogue_;
  ProductBook& book_;
  std::string currency_;
  std::map<std::string, std::string> put_;  // What stockd was told last, by SKU.
};

}  // namespace stockd::tryton
