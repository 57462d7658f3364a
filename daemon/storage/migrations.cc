#include "daemon/storage/migrations.h"

#include "daemon/storage/migration_0001.h"
#include "daemon/storage/migration_0002.h"
#include "daemon/storage/migration_0003.h"
#include "daemon/storage/migration_0004.h"
#include "daemon/storage/migration_0005.h"
#include "daemon/storage/migration_0006.h"
#include "daemon/storage/migration_0007.h"
#include "daemon/storage/migration_0008.h"
#include "daemon/storage/migration_0009.h"

namespace stockd::storage {
namespace {

constexpr Migration kMigrations[] = {
    {.version = 1, .sql = kMigration0001}, {.version = 2, .sql = kMigration0002},
    {.version = 3, .sql = kMigration0003}, {.version = 4, .sql = kMigration0004},
    {.version = 5, .sql = kMigration0005}, {.version = 6, .sql = kMigration0006},
    {.version = 7, .sql = kMigration0007}, {.version = 8, .sql = kMigration0008},
    {.version = 9, .sql = kMigration0009},
};

}  // namespace

std::span<const Migration> Migrations() { return kMigrations; }

int SchemaVersion() { return Migrations().back().version; }

}  // namespace stockd::storage
