// Invariant 7: versions only grow. The journal is numbered without gaps, each position's entries
// form a chain, a position's version is that of its last entry, and nothing changes without a new
// version.
#include <gtest/gtest.h>

#include "tests/property/canaries.h"
#include "tests/property/render.h"
#include "tests/property/trade.h"

namespace stockd::property {
namespace {

// What was seen after the step before.
struct Seen {
  size_t entries = 0;
  Timestamp recorded_at = kTimestampMin;
  std::map<PositionKey, Sequence> last;  // Latest entry of each position.
  std::map<PositionKey, ledger::Position> rows;
  std::map<std::string, ledger::Reservation> reservations;
};

Violation JudgeJournal(const ledger::MemoryState& memory, Seen& seen) {
  for (; seen.entries < memory.journal().size(); ++seen.entries) {
    const ledger::JournalEntry& entry = memory.journal()[seen.entries];
    const std::string which = "entry " + std::to_string(seen.entries + 1);
    if (entry.sequence != seen.entries + 1) return which + " has another number";
    if (entry.previous != seen.last[entry.position]) return which + " breaks its position's chain";
    if (entry.recorded_at < seen.recorded_at) return which + " was recorded before the one before";
    seen.last[entry.position] = entry.sequence;
    seen.recorded_at = entry.recorded_at;
  }
  return std::nullopt;
}

Violation JudgePositions(const ledger::MemoryState& memory, Seen& seen) {
  for (const auto& [key, position] : memory.positions()) {
    const ledger::Position& before = seen.rows[key];
    const ledger::Position& after = position.row;
    if (after.version != seen.last[key])
      return Name(key) + " has not the version of its last entry";
    const bool changed = after.on_hand != before.on_hand || after.reserved != before.reserved ||
                         after.committed != before.committed ||
                         after.unsellable != before.unsellable;
    if (changed && after.version <= before.version) return Name(key) + " changed silently";
    seen.rows[key] = after;
  }
  return std::nullopt;
}

std::string WithoutVersion(ledger::Reservation reservation) {
  reservation.version = 0;
  return Render(reservation);
}

Violation JudgeReservations(const ledger::MemoryState& memory, Seen& seen) {
  for (const auto& [id, after] : memory.reservations()) {
    const auto [known, is_new] = seen.reservations.try_emplace(id, after);
    if (is_new) continue;
    const ledger::Reservation& before = known->second;
    const bool changed = WithoutVersion(after) != WithoutVersion(before);
    if (after.version < before.version) return id + "'s version went back";
    if (changed && after.version == before.version) return id + " changed under its old version";
    if (changed && IsFinal(before.state)) return id + " changed although it was final";
    known->second = after;
  }
  return std::nullopt;
}

Violation VersionsOnlyGrow(uint64_t seed, const Wrap& wrap) {
  Seen seen;
  return RunTrade(seed, wrap, 80, [&seen](Trade& trade) -> Violation {
    if (Violation violation = JudgeJournal(trade.memory(), seen)) return violation;
    if (Violation violation = JudgePositions(trade.memory(), seen)) return violation;
    return JudgeReservations(trade.memory(), seen);
  });
}

TEST(VersionsOnlyGrow, Holds) { ExpectHolds(VersionsOnlyGrow, 4000); }

TEST(VersionsOnlyGrow, CatchesAPositionThatKeepsItsVersion) {
  ExpectCatches(VersionsOnlyGrow, WrappedIn<KeepsPositionVersions>(), 20);
}

TEST(VersionsOnlyGrow, CatchesAReservationThatKeepsItsVersion) {
  ExpectCatches(VersionsOnlyGrow, WrappedIn<KeepsReservationVersions>(), 20);
}

TEST(VersionsOnlyGrow, CatchesAnEntryThatIsLost) {
  ExpectCatches(VersionsOnlyGrow, WrappedIn<Loses<ledger::EntryKind::kReserve>>(), 20);
}

}  // namespace
}  // namespace stockd::property
