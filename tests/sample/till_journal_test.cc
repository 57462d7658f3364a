#include "adapters/sample/till_journal.h"

#include <gtest/gtest.h>

namespace stockd::sample {
namespace {

TEST(TillJournal, PutsWaitingRowsIntoOneFile) {
  TillJournal journal("TR01T1", "head\n", ".csv");
  journal.Add("a\n", 100);
  journal.Add("b\n", 200);
  EXPECT_EQ(journal.oldest_ms(), 100);
  const JournalFile file = journal.Close("S1");
  EXPECT_EQ(file.name, "TR01T1-S1.csv");
  EXPECT_EQ(file.content, "head\na\nb\n");
  EXPECT_EQ(journal.oldest_ms(), std::nullopt);
}

TEST(TillJournal, RemembersItsLastFileForASecondCopy) {
  TillJournal journal("TR01T1", "", ".jsonl");
  EXPECT_FALSE(journal.last().has_value());
  journal.Add("a\n", 1);
  const JournalFile file = journal.Close("S1");
  journal.Add("b\n", 2);
  ASSERT_TRUE(journal.last().has_value());
  EXPECT_EQ(journal.last()->name, file.name);
  EXPECT_EQ(journal.last()->content, "a\n");
}

TEST(TillJournal, IsHeldBackUntilTheInstant) {
  TillJournal journal("TR01T1", "", ".csv");
  EXPECT_FALSE(journal.IsHeldBack(0));
  journal.HoldBack(50);
  EXPECT_TRUE(journal.IsHeldBack(49));
  EXPECT_FALSE(journal.IsHeldBack(50));
}

}  // namespace
}  // namespace stockd::sample
