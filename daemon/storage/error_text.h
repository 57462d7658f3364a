#pragma once

#include <string>
#include <string_view>

#include "daemon/storage/connection.h"

namespace stockd::storage {

// One or two sentences for people: what could not be done with which database, why, and what to do
// about it. `doing` completes "Could not ...".
std::string ErrorText(std::string_view path, std::string_view doing, const Connection& connection);

// The same for damage that SQLite cannot see. `what` names the damaged thing.
std::string DamageText(std::string_view path, std::string_view what);

}  // namespace stockd::storage
