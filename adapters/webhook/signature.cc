#include "adapters/webhook/signature.h"

#include <absl/status/status.h>
#include <absl/strings/escaping.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace stockd::webhook {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr size_t kKeyBytesMin = 16;

}  // namespace

absl::StatusOr<http_client::Secret> SigningKey(const http_client::Secret& secret) {
  std::string key = secret.Reveal();
  if (key.starts_with(kPrefix)) {
    std::string decoded;
    if (!absl::Base64Unescape(key.substr(kPrefix.size()), &decoded)) {
      return absl::InvalidArgumentError(
          "begins with whsec_ but goes on with something else than "
          "base64");
    }
    key = std::move(decoded);
  }
  if (key.size() < kKeyBytesMin) {
    return absl::InvalidArgumentError("is shorter than 16 bytes and could be guessed");
  }
  return http_client::Secret(std::move(key));
}

std::string SignatureOf(const std::vector<http_client::Secret>& keys, std::string_view id,
                        int64_t timestamp_s, std::string_view body) {
  const std::string text = fmt::format("{}.{}.{}", id, timestamp_s, body);
  std::string signatures;
  for (const http_client::Secret& key : keys) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), key.Reveal().data(), static_cast<int>(key.Reveal().size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
    signatures += signatures.empty() ? "v1," : " v1,";
    signatures +=
        absl::Base64Escape(std::string(reinterpret_cast<const char*>(digest.data()), size));
  }
  return signatures;
}

}  // namespace stockd::webhook
