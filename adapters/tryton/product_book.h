// The products of Tryton that are items of stockd.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stockd::tryton {

// One product, with what is needed to speak of it in both systems.
struct Product {
  int64_t id = 0;
  std::string sku;  // Its code.
  std::string name;
  int64_t unit = 0;
  std::string unit_name;
  int unit_digits = 0;     // Decimals that Tryton allows.
  int scale = 0;           // Decimals of the item in stockd, which never change.
  std::string list_price;  // Decimal text; may be empty.
  std::string cost_price;
  std::vector<std::string> gtins;
};

// Whole replacement at each reading of the catalogue; readers keep the one they have. Thread-safe.
class ProductBook {
 public:
  struct Products {
    std::map<std::string, Product, std::less<>> by_sku;
    absl::flat_hash_map<int64_t, std::string> sku_of;
  };

  std::shared_ptr<const Products> Get() const {
    const std::scoped_lock lock(mutex_);
    return products_;
  }
  void Set(std::shared_ptr<const Products> products) {
    const std::scoped_lock lock(mutex_);
    products_ = std::move(products);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Products> products_ = std::make_shared<Products>();
};

}  // namespace stockd::tryton
