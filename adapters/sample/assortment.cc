#include "adapters/sample/assortment.h"

#include <fmt/format.h>

#include <array>
#include <numeric>
#include <span>
#include <unordered_set>
#include <utility>

#include "adapters/sample/category_words.h"
#include "adapters/sample/gtin.h"
#include "adapters/sample/purposes.h"
#include "adapters/sample/seeded_random.h"

namespace stockd::sample {
namespace {

// Popularity falls with the rank in the category, as 1 / (rank + kRankShift).
constexpr int64_t kRankShift = 12;
constexpr int64_t kPopularityUnit = 1'000'000;
// The price of what sells in pieces ends in these cents.
constexpr std::array<int64_t, 4> kPriceEndings = {9, 49, 79, 99};

class AssortmentMaker {
 public:
  explicit AssortmentMaker(uint64_t seed) : random_(seed, kAssortmentPurpose) {}

  std::vector<Item> Make() {
    const size_t regular_count = kItemCount - kLaunchCount;
    size_t hundredths = 0;
    for (const Category& category : Categories()) {
      // By the running total, so that rounding loses no item.
      hundredths += static_cast<size_t>(category.share);
      const size_t end = regular_count * hundredths / 100;
      for (int64_t rank = 0; items_.size() < end; ++rank) AddItem(category, rank);
    }
    AddLaunches();
    return std::move(items_);
  }

 private:
  void AddItem(const Category& category, int64_t rank) {
    Item item;
    item.sku = fmt::format("{}-{:04}", category.prefix, rank + 1);
    item.name = NewName(category);
    item.category = category.path;
    item.by_weight = category.by_weight;
    item.gtin = NewGtin();
    item.price_cents = NewPrice(category);
    item.cost_cents = item.price_cents * random_.Between(48, 74) / 100;
    item.popularity = category.demand * kPopularityUnit / (rank + kRankShift);
    items_.push_back(std::move(item));
  }

  void AddLaunches() {
    const Category& kitchen = Categories()[8];
    for (size_t number = 1; number <= kLaunchCount; ++number) {
      AddItem(kitchen, kRankShift);
      Item& item = items_.back();
      item.sku = fmt::format("NEW-{:04}", number);
      item.is_launch = true;
    }
  }

  std::string NewName(const Category& category) {
    for (;;) {
      std::string name =
          fmt::format("{} {} {}", random_.Pick(category.brands), random_.Pick(category.qualities),
                      random_.Pick(category.things));
      if (!category.sizes.empty()) name += fmt::format(", {}", random_.Pick(category.sizes));
      if (names_.insert(name).second) return name;
    }
  }

  std::string NewGtin() {
    for (;;) {
      std::string gtin = OwnUseGtin(random_.Below(10'000'000'000));
      if (gtins_.insert(gtin).second) return gtin;
    }
  }

  int64_t NewPrice(const Category& category) {
    // The product of two draws makes low prices more frequent than high ones.
    const int64_t width = category.price_high_cents - category.price_low_cents;
    const int64_t price = category.price_low_cents +
                          width * random_.Between(0, 100) * random_.Between(0, 100) / 10'000;
    if (category.by_weight) return price;
    return price / 100 * 100 + random_.Pick(std::span<const int64_t>(kPriceEndings));
  }

  SeededRandom random_;
  std::vector<Item> items_;
  std::unordered_set<std::string> names_;
  std::unordered_set<std::string> gtins_;
};

}  // namespace

std::vector<Item> MakeAssortment(uint64_t seed) { return AssortmentMaker(seed).Make(); }

}  // namespace stockd::sample
