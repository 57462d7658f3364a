#pragma once

#include <string>

#include "daemon/engine/catalogue.h"

namespace stockd::reports {

// Every row of every table of a roll-up file, byte by byte, but for how far it is.
std::string RawDump(const std::string& path);

// The same with names in place of numbers, in the order of names, without what depends on when a
// fact was learned.
std::string NamedDump(const std::string& path, const engine::Catalogue& catalogue);

}  // namespace stockd::reports
