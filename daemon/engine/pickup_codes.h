#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace stockd::engine {

// The one-time codes that customers show at the counter: functions of a secret, so that a code can
// be told again though only its digest is kept. Safe from any thread.
class PickupCodes {
 public:
  static constexpr size_t kKeyBytes = 32;
  using Key = std::array<uint8_t, kKeyBytes>;

  explicit PickupCodes(const Key& key) : key_(key) {}

  // Six decimal digits.
  std::string CodeOf(std::string_view order_id, int fulfilment, int generation) const;
  // 64 hexadecimal digits.
  std::string DigestOf(std::string_view order_id, int fulfilment, std::string_view code) const;

 private:
  Key key_;
};

}  // namespace stockd::engine
