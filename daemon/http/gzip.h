#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stockd::http {

// Appends what the gzip stream `packed` holds. False when it is no complete gzip stream, or holds
// more than `bytes_max`: then `out` is unspecified. Pure.
bool Unzip(std::string_view packed, size_t bytes_max, std::string& out);

// Appends a gzip stream. Fast rather than small. Pure.
void Zip(std::string_view plain, std::string& out);

}  // namespace stockd::http
