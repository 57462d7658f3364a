#include "daemon/ledger/journal.h"

#include <gtest/gtest.h>

namespace stockd::ledger {
namespace {

struct KindCase {
  EntryKind kind;
  int stored;
  const char* name;
  bool is_fact;
};

// The values stand in databases and the names in reports.
TEST(Journal, StoredValuesAndNamesOfKindsDoNotMove) {
  const KindCase cases[] = {
      {EntryKind::kReceipt, 1, "receipt", true},
      {EntryKind::kSale, 2, "sale", true},
      {EntryKind::kReturn, 3, "return", true},
      {EntryKind::kAdjustment, 4, "adjustment", true},
      {EntryKind::kDamage, 5, "damage", true},
      {EntryKind::kTransferOut, 6, "transfer_out", true},
      {EntryKind::kTransferIn, 7, "transfer_in", true},
      {EntryKind::kCount, 8, "count", true},
      {EntryKind::kSaleRest, 16, "sale_rest", false},
      {EntryKind::kRebase, 17, "rebase", false},
      {EntryKind::kReserve, 18, "reserve", false},
      {EntryKind::kCommit, 19, "commit", false},
      {EntryKind::kRelease, 20, "release", false},
      {EntryKind::kExpire, 21, "expire", false},
      {EntryKind::kMoveOut, 22, "move_out", false},
      {EntryKind::kMoveIn, 23, "move_in", false},
      {EntryKind::kPolicy, 24, "policy", false},
  };
  for (const auto& [kind, stored, name, is_fact] : cases) {
    EXPECT_EQ(static_cast<int>(kind), stored) << name;
    EXPECT_EQ(EntryKindName(kind), name);
    EXPECT_EQ(IsFact(kind), is_fact) << name;
  }
  EXPECT_EQ(EntryKindName(EntryKind{200}), "unknown");
}

TEST(Journal, StoredValuesAndNamesOfBucketsDoNotMove) {
  const char* const names[] = {"none",     "free",     "reserved",   "committed", "unsellable",
                               "supplier", "customer", "adjustment", "transit",   "correction"};
  for (size_t stored = 0; stored < std::size(names); ++stored) {
    EXPECT_EQ(BucketName(static_cast<Bucket>(stored)), names[stored]);
  }
  EXPECT_EQ(static_cast<size_t>(Bucket::kCorrection), std::size(names) - 1);
  EXPECT_EQ(BucketName(Bucket{200}), "unknown");
}

}  // namespace
}  // namespace stockd::ledger
