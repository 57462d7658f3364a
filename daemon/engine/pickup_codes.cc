#include "daemon/engine/pickup_codes.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "daemon/base/check.h"

namespace stockd::engine {
namespace {

constexpr uint64_t kCodes = 1'000'000;

using Digest = std::array<uint8_t, 32>;

// The parts with their lengths, so that no two lists of parts give the same bytes.
std::string Message(std::string_view purpose, std::string_view order_id, int fulfilment,
                    std::string_view last) {
  std::string message;
  const auto append = [&message](std::string_view part) {
    message += std::to_string(part.size());
    message += ':';
    message += part;
  };
  append(purpose);
  append(order_id);
  append(std::to_string(fulfilment));
  append(last);
  return message;
}

Digest Hmac(const PickupCodes::Key& key, const std::string& message) {
  Digest digest{};
  unsigned int size = 0;
  const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                          // OpenSSL reads bytes as unsigned ones.
                          reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                          digest.data(), &size);
  STOCKD_CHECK(made != nullptr && size == digest.size());
  return digest;
}

}  // namespace

std::string PickupCodes::CodeOf(std::string_view order_id, int fulfilment, int generation) const {
  const Digest digest =
      Hmac(key_, Message("code", order_id, fulfilment, std::to_string(generation)));
  // 64 bits are so many more than there are codes that each is as likely as the others.
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof number; ++i) number = (number << 8) | digest[i];
  std::string code = std::to_string(number % kCodes);
  code.insert(0, 6 - code.size(), '0');
  return code;
}

std::string PickupCodes::DigestOf(std::string_view order_id, int fulfilment,
                                  std::string_view code) const {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : Hmac(key_, Message("digest", order_id, fulfilment, code))) {
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

}  // namespace stockd::engine
