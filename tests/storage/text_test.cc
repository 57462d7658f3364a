#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "daemon/storage/position_list.h"
#include "daemon/storage/reservation_text.h"
#include "tests/storage/database.h"
#include "tests/support/random.h"

namespace stockd::storage {
namespace {

TEST(StorageReservationText, SurvivesEveryCharacter) {
  ledger::Reservation reservation = FullReservation(~uint64_t{0});
  reservation.id.clear();
  for (int character = 0; character < 256; ++character) {
    reservation.id += static_cast<char>(character);
  }
  reservation.created_at = kTimestampMin;
  reservation.expires_at = kTimestampMax;
  const std::string text = ReservationText(reservation);
  const auto parsed = ParseReservation(text);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->id, reservation.id);
  EXPECT_EQ(Shown(*parsed), Shown(reservation));
}

TEST(StorageReservationText, AcceptsNoLines) {
  ledger::Reservation reservation;
  const auto parsed = ParseReservation(ReservationText(reservation));
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->lines.empty());
}

// A damaged row must be seen, not guessed at.
TEST(StorageReservationText, RefusesEveryCutAndEveryAddition) {
  const std::string text = ReservationText(FullReservation(1));
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(ParseReservation(std::string_view(text).substr(0, size))) << size;
  }
  EXPECT_FALSE(ParseReservation(text + " "));
  std::vector<ledger::ReservationLine> lines;
  for (const char* bad :
       {"", "[", "[]]", "[[1,2,3,4,5,6]]", "[[1,2,3,4,5,6,7,8]]", "[[-1,2,3,4,5,6,7]]",
        "[[1,2,3,4,5,6,7],]", "[[1,2,3,4,5,6,99999999999999999999]]"}) {
    EXPECT_FALSE(ParseLines(bad, lines)) << bad;
  }
}

TEST(StorageTextArray, ComesBack) {
  for (const std::vector<std::string>& values :
       {std::vector<std::string>{}, {""}, {"a", "b\"\\\x01"}, {"", "", "ü"}}) {
    EXPECT_EQ(ParseTextArray(TextArray(values)), values);
  }
  for (const char* bad :
       {"", "[", "[\"a\",]", "[\"a]", "[\"\\n\"]", "[\"\\u00\"]", "[\"\\u0041\"]"}) {
    EXPECT_EQ(ParseTextArray(bad), std::nullopt) << bad;
  }
}

TEST(StoragePositionList, ComesBackSortedWithoutRepetition) {
  support::Random random(7);
  for (int run = 0; run < 200; ++run) {
    std::vector<PositionKey> positions;
    const int64_t count = random.Between(1, 50);
    for (int64_t i = 0; i < count; ++i) {
      const unsigned bits = static_cast<unsigned>(random.Below(64));
      positions.push_back(PositionKey::Unpack(random.Next() >> bits));
    }
    positions.push_back(positions.front());
    const PositionList list = EncodePositions(positions);
    const auto decoded = DecodePositions(list.bytes);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->size(), std::set(positions.begin(), positions.end()).size());
    EXPECT_EQ(StoredKey(decoded->front()), list.first);
    EXPECT_EQ(StoredKey(decoded->back()), list.last);
    for (const PositionKey position : positions) {
      EXPECT_TRUE(ContainsPosition(list.bytes, position));
    }
    for (size_t i = 1; i < decoded->size(); ++i) {
      EXPECT_LT(StoredKey((*decoded)[i - 1]), StoredKey((*decoded)[i]));
    }
  }
}

TEST(StoragePositionList, TakesOneByteForEachNeighbour) {
  std::vector<PositionKey> positions;
  for (uint32_t i = 1; i <= 1'000; ++i) {
    positions.push_back({.item = ItemId{77}, .location = LocationId{i}});
  }
  EXPECT_LT(EncodePositions(positions).bytes.size(), 1'010u);
}

TEST(StoragePositionList, RefusesDamagedBytes) {
  EXPECT_FALSE(DecodePositions("\x80"));
  EXPECT_FALSE(DecodePositions(std::string(11, '\xff') + "\x01"));
  EXPECT_FALSE(ContainsPosition("\x80", {}));
}

}  // namespace
}  // namespace stockd::storage
