#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/ledger/memory_state.h"

namespace stockd::property {

// What broke a property, for people; nothing when it held.
using Violation = std::optional<std::string>;

// What stands between the rules and the maps: nothing that matters, or a canary that misbehaves.
using Wrap = std::function<std::unique_ptr<ledger::State>(ledger::MemoryState&)>;

// Runs one random history that the seed determines and judges it.
using Property = std::function<Violation(uint64_t seed, const Wrap& wrap)>;

// A state that behaves.
Wrap Honest();

// A state of class `Canary`, made from the honest one.
template <typename Canary>
Wrap WrappedIn() {
  return [](ledger::MemoryState& memory) { return std::make_unique<Canary>(memory); };
}

// Fails the running test at the first seed that breaks the property, and says how to repeat it.
void ExpectHolds(const Property& property, int runs_default);

// Fails the running test unless one of the seeds 1 to `seeds` breaks the property: shows that the
// property can fail at all.
void ExpectCatches(const Property& property, const Wrap& wrap, int seeds);

}  // namespace stockd::property
