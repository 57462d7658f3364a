#pragma once

#include <string>

#include "daemon/storage/connection.h"
#include "daemon/storage/store.h"

namespace stockd::storage {

// Reads everything that is kept in memory, as of one commit. A failure names the table.
Status LoadEverything(Connection& connection, const std::string& path, const LoadVisitor& visitor,
                      Counters& counters);

}  // namespace stockd::storage
