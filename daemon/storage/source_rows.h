#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/base/ids.h"
#include "daemon/base/quantity.h"
#include "daemon/base/time.h"

namespace stockd::storage {

// What a source's absolute quantities mean; numbered as stockd.v1.AbsoluteRule. The values are
// stored.
enum class AbsoluteRule : uint8_t { kCount = 1, kDiff = 2, kAudit = 3 };

// What a source may tell about a location.
struct SourceRule {
  SourceId source = kNoSource;
  LocationId location = kNoLocation;  // kNoLocation: every location without a rule of its own.
  AbsoluteRule absolute = AbsoluteRule::kCount;
  uint32_t kinds = 0;                 // Bit n: facts of kind n may be stated; 0: all may.
  std::vector<std::string> channels;  // Of sales and returns; empty: all.
  bool closed = false;                // Nothing may be stated.

  friend bool operator==(const SourceRule&, const SourceRule&) = default;
};

// A rule that was put or removed.
struct SourceRuleChange {
  int64_t id = 0;  // Given by the store; grows.
  Timestamp changed_at{};
  SourceRule rule;
  bool removed = false;
  std::string note;
};

// What a source shows at a position, as far as is known.
struct Shadow {
  SourceId source = kNoSource;
  PositionKey position{};
  std::optional<Quantity> known;    // Empty: not known yet.
  Sequence known_version = 0;       // Version of the level that `known` began with; 0: none.
  std::optional<Quantity> pending;  // A level that was sent and may have been written; empty: none.
  // Its version. Without `pending`: a level of this version or a newer one is owed to the source,
  // which counts on having had it; 0: none.
  Sequence pending_version = 0;

  bool is_owed() const { return !pending && pending_version != 0; }

  friend bool operator==(const Shadow&, const Shadow&) = default;
};

// A level that a source did not take.
struct RefusedLevel {
  SourceId source = kNoSource;
  PositionKey position{};
  Sequence version = 0;
  std::string reason;
  int attempts = 0;
  Timestamp first_at{};
  std::optional<Timestamp> retry_at;  // Empty: given up.

  friend bool operator==(const RefusedLevel&, const RefusedLevel&) = default;
};

}  // namespace stockd::storage
