#include "daemon/reports/life_sums.h"

namespace stockd::reports {
namespace {

// Instants of orders are within the years 1 to 9999.
constexpr int64_t kFirstInstant = -62'135'596'800'000'000;

}  // namespace

// Each part as instant, location, strand, number of amounts, amounts.
std::string EncodeLife(const std::vector<LifePart>& parts) {
  std::string bytes;
  for (const LifePart& part : parts) {
    if (part.amounts.empty()) continue;
    AppendVarint(bytes, static_cast<uint64_t>(ToMicros(part.at) - kFirstInstant));
    AppendVarint(bytes, part.location);
    AppendVarint(bytes, part.strand);
    AppendVarint(bytes, part.amounts.size());
    for (const Amount& amount : part.amounts) {
      AppendVarint(bytes, static_cast<uint64_t>(amount.measure));
      AppendVarint(bytes, static_cast<unsigned __int128>(amount.amount));
    }
  }
  return bytes;
}

bool DecodeLife(std::string_view encoded, std::vector<LifePart>& parts) {
  size_t at = 0;
  const auto read = [&](auto& number) {
    unsigned __int128 value = 0;
    if (!cell_internal::ReadVarint(encoded, at, value)) return false;
    number = static_cast<std::remove_reference_t<decltype(number)>>(value);
    return true;
  };
  while (at < encoded.size()) {
    LifePart& part = parts.emplace_back();
    uint64_t micros = 0;
    uint64_t count = 0;
    if (!read(micros) || !read(part.location) || !read(part.strand) || !read(count)) return false;
    part.at = FromMicros(static_cast<int64_t>(micros) + kFirstInstant);
    for (; count > 0; --count) {
      Amount& amount = part.amounts.emplace_back();
      uint16_t measure = 0;
      if (!read(measure) || !read(amount.amount)) return false;
      amount.measure = static_cast<Measure>(measure);
    }
  }
  return true;
}

}  // namespace stockd::reports
