// Names for content: the same bytes always give the same name.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace stockd::sdk {

// Collects bytes and names them. Reusable; not for several threads at once.
class ContentHash {
 public:
  ContentHash();
  ContentHash(ContentHash&&) noexcept;
  ContentHash& operator=(ContentHash&&) noexcept;
  ~ContentHash();

  void Add(std::string_view bytes);

  // The first 128 bits of the SHA-256 of everything added since the last call, as 32 hexadecimal
  // digits; begins anew.
  [[nodiscard]] std::string TakeName();

 private:
  struct Digest;
  std::unique_ptr<Digest> digest_;
};

}  // namespace stockd::sdk
