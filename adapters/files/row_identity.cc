#include "adapters/files/row_identity.h"

#include <fmt/format.h>

#include <functional>

namespace stockd::files {

std::string RowIdentity::NameNext(const std::vector<std::string_view>& row) {
  for (const std::string_view field : row) {
    // With lengths, so that no two rows look alike whatever their fields hold.
    const uint32_t size = static_cast<uint32_t>(field.size());
    hash_.Add(std::string_view(reinterpret_cast<const char*>(&size), sizeof(size)));
    hash_.Add(field);
  }
  const std::string name = hash_.TakeName();
  const uint32_t occurrence = ++occurrences_[std::hash<std::string>()(name)];
  return fmt::format("{}/{}/{}", journal_, name, occurrence);
}

}  // namespace stockd::files
