#include "adapters/files/fact_kind.h"

#include <array>
#include <utility>

namespace stockd::files {
namespace {

constexpr std::array<std::pair<std::string_view, v1::FactKind>, 8> kNames = {{
    {"receipt", v1::FACT_KIND_RECEIPT},
    {"sale", v1::FACT_KIND_SALE},
    {"return", v1::FACT_KIND_RETURN},
    {"adjustment", v1::FACT_KIND_ADJUSTMENT},
    {"damage", v1::FACT_KIND_DAMAGE},
    {"transfer_out", v1::FACT_KIND_TRANSFER_OUT},
    {"transfer_in", v1::FACT_KIND_TRANSFER_IN},
    {"count", v1::FACT_KIND_COUNT},
}};

}  // namespace

std::optional<v1::FactKind> FactKindFromName(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (const auto& [known, kind] : kNames) {
    if (lower == known) return kind;
  }
  return std::nullopt;
}

std::vector<std::string> FactKindNames() {
  std::vector<std::string> names;
  names.reserve(kNames.size());
  for (const auto& [name, kind] : kNames) names.emplace_back(name);
  return names;
}

}  // namespace stockd::files
