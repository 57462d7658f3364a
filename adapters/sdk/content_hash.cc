#include "adapters/sdk/content_hash.h"

#include <openssl/evp.h>

#include <array>
#include <new>

namespace stockd::sdk {
namespace {

// Without memory or a working OpenSSL there is no way on.
void Require(bool ok) {
  if (!ok) throw std::bad_alloc();
}

}  // namespace

struct ContentHash::Digest {
  Digest() : context(EVP_MD_CTX_new()), algorithm(EVP_MD_fetch(nullptr, "SHA256", nullptr)) {
    Require(context != nullptr && algorithm != nullptr);
    Begin();
  }
  ~Digest() {
    EVP_MD_CTX_free(context);
    EVP_MD_free(algorithm);
  }
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  void Begin() { Require(EVP_DigestInit_ex2(context, algorithm, nullptr) == 1); }

  EVP_MD_CTX* context;
  EVP_MD* algorithm;
};

ContentHash::ContentHash() : digest_(std::make_unique<Digest>()) {}
ContentHash::ContentHash(ContentHash&&) noexcept = default;
ContentHash& ContentHash::operator=(ContentHash&&) noexcept = default;
ContentHash::~ContentHash() = default;

void ContentHash::Add(std::string_view bytes) {
  Require(EVP_DigestUpdate(digest_->context, bytes.data(), bytes.size()) == 1);
}

std::string ContentHash::TakeName() {
  constexpr size_t kNameBytes = 16;
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
  Require(EVP_DigestFinal_ex(digest_->context, bytes.data(), nullptr) == 1);
  digest_->Begin();
  std::string name;
  name.reserve(2 * kNameBytes);
  for (size_t i = 0; i < kNameBytes; ++i) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    name.push_back(kDigits[bytes[i] >> 4]);
    name.push_back(kDigits[bytes[i] & 15]);
  }
  return name;
}

}  // namespace stockd::sdk
