#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stockd::http {

// Appends what the gzip stream `packed` holds. False when it is no complete gzip stream, or holds
// more than `bytes_max`: then `out` is unspecified. Pure.
bool Unzip(std::string_view packed, size_t bytes_max, std::string& out);

enum class Zipping { kFast, kSmall };

// Appends a gzip stream. Pure.
void Zip(std::string_view plain, std::string& out, Zipping zipping = Zipping::kFast);

}  // namespace stockd::http
