// What the ERP tells when the sample begins.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "adapters/sample/assortment.h"
#include "adapters/sample/world.h"
#include "adapters/sdk/timestamp_text.h"

namespace stockd::sample {

struct NamedFile {
  std::string name;
  std::string content;
};

// Items (without the launches), locations, groups, channels, safety stocks, supplies and opening
// levels as of just before the World's instant 0, in the order in which they have to become known.
// `world` has not lived yet.
[[nodiscard]] std::vector<NamedFile> MasterFiles(const World& world, sdk::Timestamp began_at);

// A file of items.
[[nodiscard]] std::string ItemsCsv(std::span<const Item> items);

// A file of supplies.
[[nodiscard]] std::string SuppliesCsv(const World& world, std::span<const SupplyPromise> promises,
                                      sdk::Timestamp began_at);

}  // namespace stockd::sample
