#include "daemon/engine/pickup_codes.h"

#include <gtest/gtest.h>

#include <set>

namespace stockd::engine {
namespace {

PickupCodes::Key KeyOf(uint8_t first) {
  PickupCodes::Key key{};
  key[0] = first;
  return key;
}

TEST(PickupCodes, AreSixDigitsThatCanBeToldAgain) {
  const PickupCodes codes(KeyOf(1));
  for (int generation = 1; generation <= 200; ++generation) {
    const std::string code = codes.CodeOf("web-1", 1, generation);
    EXPECT_EQ(code.size(), 6u);
    EXPECT_EQ(code.find_first_not_of("0123456789"), std::string::npos) << code;
    EXPECT_EQ(code, PickupCodes(KeyOf(1)).CodeOf("web-1", 1, generation));
  }
}

// A store that knows its own codes must not be able to foretell another one.
TEST(PickupCodes, DependOnEveryArgument) {
  const PickupCodes codes(KeyOf(1));
  std::set<std::string> digests;
  std::set<std::string> seen;
  const auto add = [&](const PickupCodes& of, const std::string& order, int fulfilment,
                       int generation) {
    const std::string code = of.CodeOf(order, fulfilment, generation);
    seen.insert(code);
    digests.insert(of.DigestOf(order, fulfilment, "123456"));
  };
  add(codes, "web-1", 1, 1);
  add(codes, "web-1", 1, 2);
  add(codes, "web-1", 2, 1);
  add(codes, "web-2", 1, 1);
  add(codes, "web-1\n1", 1, 1);
  add(PickupCodes(KeyOf(2)), "web-1", 1, 1);
  EXPECT_EQ(seen.size(), 6u);
  EXPECT_EQ(digests.size(), 5u) << "a digest does not know which generation was typed";
  EXPECT_EQ(codes.DigestOf("web-1", 1, "123456").size(), 64u);
  EXPECT_NE(codes.DigestOf("web-1", 1, "123456"), codes.DigestOf("web-1", 1, "123457"));
}

// Pinned, so that codes that customers have stay good with the next version of the program.
TEST(PickupCodes, StayTheSame) {
  const PickupCodes codes(KeyOf(1));
  EXPECT_EQ(codes.CodeOf("web-1", 1, 1), "131173");
  EXPECT_EQ(codes.DigestOf("web-1", 1, "123456"),
            "247038f01fdb39b3f620c86f3feb9575efa19dccc4df063fab48e6a24522b175");
}

}  // namespace
}  // namespace stockd::engine
