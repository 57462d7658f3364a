#include "daemon/ctl/request_id.h"

namespace stockd::ctl {

std::string MakeUuid7(Timestamp now, const std::array<uint8_t, 10>& chance) {
  std::array<uint8_t, 16> bytes{};
  const auto millis = static_cast<uint64_t>(ToMicros(now) / 1000);
  for (size_t i = 0; i < 6; ++i) bytes[i] = static_cast<uint8_t>(millis >> (8 * (5 - i)));
  for (size_t i = 0; i < 10; ++i) bytes[6 + i] = chance[i];
  bytes[6] = static_cast<uint8_t>(0x70 | (bytes[6] & 0x0f));  // Version 7.
  bytes[8] = static_cast<uint8_t>(0x80 | (bytes[8] & 0x3f));  // The RFC's variant.

  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 0x0f];
  }
  return text;
}

}  // namespace stockd::ctl
