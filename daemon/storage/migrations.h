#pragma once

#include <cstdint>
#include <span>

namespace stockd::storage {

// Marks our database files ("stkd" in ASCII), so that another program's file is never taken for
// one.
inline constexpr int32_t kApplicationId = 0x73746b64;

// One step of the schema. Once released its text never changes: a new step follows it.
struct Migration {
  int version;  // What `PRAGMA user_version` says after this step; grows by one with each.
  const char* sql;
};

// All steps, oldest first.
std::span<const Migration> Migrations();

// The version that this program writes.
int SchemaVersion();

}  // namespace stockd::storage
