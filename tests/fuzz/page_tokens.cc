// Bytes as page tokens: one that is taken names a key, and the token of that key means it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

void Look(char kind, std::string_view token) {
  std::string key;
  if (ParsePageToken(kind, token, key).ok() && !token.empty()) {
    std::string again;
    Require(ParsePageToken(kind, MakePageToken(kind, key), again).ok() && again == key);
  }
  int64_t number = -1;
  if (ParsePageToken(kind, token, number).ok()) {
    Require(number >= 0);
    int64_t again = -1;
    const std::string made = MakePageToken(kind, std::to_string(number));
    Require(ParsePageToken(kind, made, again).ok() && again == number);
    // One of another list is none.
    Require(!ParsePageToken(static_cast<char>(kind + 1), made, again).ok());
  }
}

}  // namespace
}  // namespace stockd::rpc

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace stockd::rpc;
  if (size == 0) return 0;
  const char kind = static_cast<char>(data[0]);
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  Look(kind, bytes);
  Look(kind, MakePageToken(kind, bytes));
  return 0;
}
