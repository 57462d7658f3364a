#pragma once

#include <string>

#include "daemon/storage/reader_connection.h"
#include "daemon/storage/store.h"

namespace stockd::storage {

// Copies what `source` sees to a new file at `path`, which appears only when it is whole and on
// disk. On failure nothing is left behind.
Status BackUp(ReaderConnection& source, const std::string& source_path, const std::string& path,
              const std::string& vfs_name, Sequence& sequence, int64_t& size_bytes);

}  // namespace stockd::storage
