// Facts about orders that wait, and where items lie, in the database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "daemon/base/natural_order.h"
#include "tests/storage/database.h"

namespace stockd::storage {
namespace {

using ledger::Reason;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr SourceId kTill{1};
constexpr SourceId kCarrier{2};

WaitingOrderFact Waiting(SourceId source, const std::string& event_id,
                         const std::string& order_id) {
  return {.source = source,
          .event_id = event_id,
          .order_id = order_id,
          .reason = Reason::kOrderUnknown,
          .fact = std::string("\0fact ", 6) + event_id,
          .received_at = kStart,
          .attempts = 3};
}

std::string Shown(const WaitingOrderFact& fact) {
  return std::to_string(fact.id) + " " + std::to_string(ToNumber(fact.source)) + " " +
         fact.event_id + " " + fact.order_id + " " + std::string(ledger::ReasonName(fact.reason)) +
         " " + std::to_string(fact.attempts) +
         (fact.received_at == kStart ? "" : " at another time");
}

std::vector<std::string> Shown(const std::vector<WaitingOrderFact>& facts) {
  std::vector<std::string> shown;
  for (const WaitingOrderFact& fact : facts) shown.push_back(Shown(fact));
  return shown;
}

// Three facts, numbered 1 to 3.
void WriteThree(Database& database) {
  Write(database.store(), [](Store& to) {
    EXPECT_EQ(to.AddWaitingOrderFact(Waiting(kTill, "a", "web-1")), 1);
    EXPECT_EQ(to.AddWaitingOrderFact(Waiting(kCarrier, "a", "web-1")), 2);
    EXPECT_EQ(to.AddWaitingOrderFact(Waiting(kTill, "b", "web-2")), 3);
  });
}

TEST(WaitingOrderFactRows, ComeBackAfterReopening) {
  Database database;
  WriteThree(database);
  database.Reopen();
  const auto page = database.reader().ListWaitingOrderFacts(kNoSource, "", 0, 10);
  EXPECT_THAT(Shown(page.rows),
              ElementsAre("1 1 a web-1 ORDER_UNKNOWN 3", "2 2 a web-1 ORDER_UNKNOWN 3",
                          "3 1 b web-2 ORDER_UNKNOWN 3"));
  EXPECT_FALSE(page.more);
  EXPECT_EQ(page.rows[0].fact, std::string("\0fact a", 7));
}

TEST(WaitingOrderFactRows, AreListedBySourceAndOrderInPages) {
  Database database;
  WriteThree(database);
  Reader& reader = database.reader();
  EXPECT_THAT(Shown(reader.ListWaitingOrderFacts(kTill, "", 0, 10).rows),
              ElementsAre("1 1 a web-1 ORDER_UNKNOWN 3", "3 1 b web-2 ORDER_UNKNOWN 3"));
  EXPECT_THAT(Shown(reader.ListWaitingOrderFacts(kTill, "web-2", 0, 10).rows),
              ElementsAre("3 1 b web-2 ORDER_UNKNOWN 3"));
  const auto first = reader.ListWaitingOrderFacts(kNoSource, "web-1", 0, 1);
  EXPECT_THAT(Shown(first.rows), ElementsAre("1 1 a web-1 ORDER_UNKNOWN 3"));
  EXPECT_TRUE(first.more);
  const auto second = reader.ListWaitingOrderFacts(kNoSource, "web-1", 1, 1);
  EXPECT_THAT(Shown(second.rows), ElementsAre("2 2 a web-1 ORDER_UNKNOWN 3"));
  EXPECT_FALSE(second.more);
}

TEST(WaitingOrderFactRows, AreFoundByOrderNumberAndContent) {
  Database database;
  WriteThree(database);
  Write(database.store(), [](Store& to) {
    EXPECT_THAT(Shown(to.ListWaitingOrderFacts("web-1", 10)),
                ElementsAre("1 1 a web-1 ORDER_UNKNOWN 3", "2 2 a web-1 ORDER_UNKNOWN 3"));
    EXPECT_EQ(to.ListWaitingOrderFacts("web-1", 1).size(), 1u);
    EXPECT_THAT(to.ListWaitingOrderFacts("web-3", 10), IsEmpty());
    EXPECT_EQ(to.FindWaitingOrderFact(3)->event_id, "b");
    EXPECT_FALSE(to.FindWaitingOrderFact(4));
    const std::string content("\0fact a", 7);
    EXPECT_EQ(to.FindWaitingOrderFact(kCarrier, "a", content)->id, 2);
    EXPECT_FALSE(to.FindWaitingOrderFact(kCarrier, "a", "other"));
    EXPECT_FALSE(to.FindWaitingOrderFact(kCarrier, "b", content));
  });
}

TEST(WaitingOrderFactRows, AreUpdatedAndDeletedAndTheirNumbersAreNotUsedAgain) {
  Database database;
  WriteThree(database);
  Write(database.store(), [](Store& to) {
    to.UpdateWaitingOrderFact(1, Reason::kMoveForbidden, 4);
    to.DeleteWaitingOrderFact(3);
  });
  database.Reopen();
  EXPECT_THAT(Shown(database.reader().ListWaitingOrderFacts(kNoSource, "", 0, 10).rows),
              ElementsAre("1 1 a web-1 MOVE_FORBIDDEN 4", "2 2 a web-1 ORDER_UNKNOWN 3"));
  Write(database.store(),
        [](Store& to) { EXPECT_EQ(to.AddWaitingOrderFact(Waiting(kTill, "c", "web-1")), 4); });
}

TEST(WaitingOrderFactRows, ThatAreRejectedAreKeptApartWithTheNote) {
  Database database;
  WriteThree(database);
  Write(database.store(), [](Store& to) { to.RejectWaitingOrderFact(2, kStart, "wrong shop"); });
  EXPECT_THAT(Shown(database.reader().ListWaitingOrderFacts(kNoSource, "", 0, 10).rows),
              ElementsAre("1 1 a web-1 ORDER_UNKNOWN 3", "3 1 b web-2 ORDER_UNKNOWN 3"));
  EXPECT_THAT(database.Query("SELECT id, source_id, event_id, order_id, reason, note FROM "
                             "rejected_order_fact"),
              ElementsAre("2|2|a|web-1|ORDER_UNKNOWN|wrong shop"));
}

ShelfPosition Shelf(PositionKey position, const std::string& text) {
  return {.position = position, .text = text, .sort_key = NaturalKey(text)};
}

PositionKey At(LocationId location, uint32_t item) {
  return {.item = ItemId{item}, .location = location};
}

std::vector<std::string> Texts(const std::vector<ShelfPosition>& shelves) {
  std::vector<std::string> texts;
  for (const ShelfPosition& shelf : shelves) texts.push_back(shelf.text);
  return texts;
}

TEST(ShelfPositionRows, AreListedAsPeopleWalkInPages) {
  constexpr LocationId kHere{1};
  Database database;
  Write(database.store(), [](Store& to) {
    to.SaveShelfPosition(Shelf(At(kHere, 1), "A-10-1"));
    to.SaveShelfPosition(Shelf(At(kHere, 2), "A-2-1"));
    to.SaveShelfPosition(Shelf(At(kHere, 3), "a-2-1"));
    to.SaveShelfPosition(Shelf(At(kHere, 4), "Back room"));
    to.SaveShelfPosition(Shelf(At(LocationId{2}, 1), "elsewhere"));
  });
  database.Reopen();
  const auto page = database.reader().ListShelfPositions(kHere, "", kNoItem, 3);
  EXPECT_THAT(Texts(page.rows), ElementsAre("A-2-1", "a-2-1", "A-10-1"));
  ASSERT_TRUE(page.more);
  const ShelfPosition& last = page.rows.back();
  const auto rest =
      database.reader().ListShelfPositions(kHere, last.sort_key, last.position.item, 3);
  EXPECT_THAT(Texts(rest.rows), ElementsAre("Back room"));
  EXPECT_FALSE(rest.more);
}

TEST(ShelfPositionRows, AreReplacedAndDeletedAndFoundByItem) {
  constexpr LocationId kHere{1};
  Database database;
  Write(database.store(), [](Store& to) {
    to.SaveShelfPosition(Shelf(At(kHere, 1), "A-1"));
    to.SaveShelfPosition(Shelf(At(kHere, 1), "B-1"));
    to.SaveShelfPosition(Shelf(At(kHere, 2), "C-1"));
    to.SaveShelfPosition(Shelf(At(kHere, 3), "D-1"));
    to.DeleteShelfPosition(At(kHere, 2));
    to.DeleteShelfPosition(At(kHere, 9));
  });
  const std::vector<ItemId> items = {ItemId{3}, ItemId{2}, ItemId{1}};
  EXPECT_THAT(database.reader().FindShelfPositions(kHere, items),
              ElementsAre(Shelf(At(kHere, 3), "D-1"), Shelf(At(kHere, 1), "B-1")));
}

}  // namespace
}  // namespace stockd::storage
