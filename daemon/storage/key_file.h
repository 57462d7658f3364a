#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "daemon/storage/store.h"

namespace stockd::storage {

// The daemon's secret, in a file beside the database: what pick-up codes are made from.
using SecretKey = std::array<uint8_t, 32>;

struct KeyFile {
  SecretKey key{};
  bool created = false;  // There was none: what was made from another key is void.
};

// Where the key of a database is kept: `<database>.key`.
std::string KeyPath(const std::string& database_path);

// Reads the key, or makes one that only its owner may read and syncs it. Fails with a text that
// says what to do, which never shows the key: others may read the file, it is no key, or it cannot
// be read or made. REQUIRES: the database is locked, so that nobody else does the same.
Status OpenKeyFile(const std::string& path, KeyFile& file);

}  // namespace stockd::storage
