#include "daemon/rpc/bundle_lines.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <utility>

namespace stockd::rpc {
namespace {

using ledger::Reason;

// Adds up lines of the same position, at the place of the first.
Reason AddUp(std::vector<ledger::LineCommand>& lines) {
  std::vector<ledger::LineCommand> sums;
  absl::flat_hash_map<PositionKey, size_t> places;
  for (const ledger::LineCommand& line : lines) {
    const auto [at, is_new] = places.try_emplace(line.position, sums.size());
    if (is_new) {
      sums.push_back(line);
      continue;
    }
    Quantity& sum = sums[at->second].quantity;
    sum += line.quantity;
    if (sum > kQuantityMax) return Reason::kQuantityOutOfRange;
  }
  if (sums.size() > ledger::kReservationLinesMax) return Reason::kTooManyLines;
  lines = std::move(sums);
  return Reason::kNone;
}

// The quantity of a part in so many bundles. At most 10^18, so it fits.
bool Multiply(const storage::BundlePart& part, Quantity bundles, Quantity& units) {
  units = bundles * part.quantity;
  return units <= kQuantityMax;
}

}  // namespace

Reason ExpandBundles(const engine::Bundles& bundles, std::vector<ledger::LineCommand>& lines,
                     bool& expanded) {
  expanded = false;
  if (bundles.empty()) return Reason::kNone;
  std::vector<ledger::LineCommand> all;
  for (const ledger::LineCommand& line : lines) {
    const engine::Bundles::Parts parts = bundles.PartsOf(line.position.item);
    if (parts.empty()) all.push_back(line);
    for (const storage::BundlePart& part : parts) {
      expanded = true;
      ledger::LineCommand& of_part = all.emplace_back();
      of_part.position = {.item = part.item, .location = line.position.location};
      if (!Multiply(part, line.quantity, of_part.quantity)) return Reason::kQuantityOutOfRange;
    }
  }
  if (!expanded) return Reason::kNone;
  lines = std::move(all);
  return AddUp(lines);
}

Reason ExpandBundles(const engine::Bundles& bundles, std::vector<ledger::MoveCommand>& moves) {
  if (bundles.empty()) return Reason::kNone;
  std::vector<ledger::MoveCommand> all;
  for (const ledger::MoveCommand& move : moves) {
    const engine::Bundles::Parts parts = bundles.PartsOf(move.from.item);
    if (parts.empty()) all.push_back(move);
    for (const storage::BundlePart& part : parts) {
      ledger::MoveCommand& of_part = all.emplace_back(move);
      of_part.from.item = part.item;
      of_part.to.item = part.item;
      if (!Multiply(part, move.quantity, of_part.quantity)) return Reason::kQuantityOutOfRange;
    }
  }
  if (all.size() > ledger::kReservationLinesMax) return Reason::kTooManyLines;
  moves = std::move(all);
  return Reason::kNone;
}

}  // namespace stockd::rpc
