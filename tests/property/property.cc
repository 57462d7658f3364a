#include "tests/property/property.h"

#include <gtest/gtest.h>

#include "tests/support/forwarding_state.h"
#include "tests/support/seeds.h"

namespace stockd::property {

Wrap Honest() { return WrappedIn<support::ForwardingState>(); }

void ExpectHolds(const Property& property, int runs_default) {
  support::ForEachSeed(runs_default, [&](uint64_t seed) {
    if (const Violation violation = property(seed, Honest())) FAIL() << *violation;
  });
}

void ExpectCatches(const Property& property, const Wrap& wrap, int seeds) {
  for (int seed = 1; seed <= seeds; ++seed) {
    if (property(static_cast<uint64_t>(seed), wrap)) return;
  }
  FAIL() << "The canary sang, and in " << seeds << " seeds nobody heard it.";
}

}  // namespace stockd::property
