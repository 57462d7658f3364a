#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <string>

#include "tests/support/seeds.h"

namespace stockd::system_test {

// The seed of the present test, printed with the command that repeats it: 1, or what the
// environment variable STOCKD_SEED says.
inline uint64_t AnnouncedSeed() {
  const std::string seed = std::to_string(support::SeedsToRun(1).first);
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  std::printf("seed %s; repeat with: STOCKD_SEED=%s ./dev test -R %s\n", seed.c_str(), seed.c_str(),
              test->name());
  return support::SeedsToRun(1).first;
}

}  // namespace stockd::system_test
