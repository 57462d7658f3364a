// The questions to SqliteReader about what happened to one position.
#include <algorithm>
#include <utility>

#include "daemon/storage/error_text.h"
#include "daemon/storage/fold.h"
#include "daemon/storage/position_list.h"
#include "daemon/storage/read_transaction.h"
#include "daemon/storage/rows.h"
#include "daemon/storage/sqlite_reader.h"

namespace stockd::storage {

template <typename Each>
void SqliteReader::WalkChain(ReaderConnection& connection, PositionKey key, Sequence version,
                             std::string_view doing, Each&& each) const {
  const ReadTransaction transaction(connection, path_);
  Statement& find = connection.find_entry;
  while (version != 0) {
    const ResetGuard reset(find);
    find.Number(version);
    const bool found = StepRow(connection, find, doing);
    ledger::JournalEntry entry;
    if (found) entry = ReadJournalEntry(find);
    if (!found || entry.position != key || entry.previous >= version) {
      throw ReadError(DamageText(path_, "journal entry " + std::to_string(version)));
    }
    version = entry.previous;
    if (!each(std::move(entry))) return;
  }
}

std::vector<ledger::JournalEntry> SqliteReader::History(PositionKey key, Sequence version,
                                                        int limit) {
  std::vector<ledger::JournalEntry> entries;
  if (limit <= 0) return entries;
  const ReaderPool::Lease lease = pool_.Borrow();
  WalkChain(*lease, key, version, "read a position's history", [&](ledger::JournalEntry entry) {
    entries.push_back(std::move(entry));
    return entries.size() < static_cast<size_t>(limit);
  });
  return entries;
}

ledger::Position SqliteReader::FoldedAt(PositionKey key, Sequence version,
                                        Timestamp recorded_until) {
  ledger::Position figures;
  const ReaderPool::Lease lease = pool_.Borrow();
  WalkChain(*lease, key, version, "fold a position's history",
            [&](const ledger::JournalEntry& entry) {
              if (entry.recorded_at > recorded_until) return true;
              figures.version = std::max(figures.version, entry.sequence);
              FoldMovement(figures, entry.from, entry.to, entry.quantity);
              if (entry.kind == ledger::EntryKind::kCount) {
                figures.counted_at = std::max(figures.counted_at, entry.occurred_at);
              } else if (ledger::IsFact(entry.kind)) {
                figures.last_delta_at = std::max(figures.last_delta_at, entry.occurred_at);
              }
              return true;
            });
  figures.counted_at = LatestCoverage(*lease, key, figures.counted_at, recorded_until);
  return figures;
}

// The instant of the latest count that only confirmed the books; `after` when none is later.
Timestamp SqliteReader::LatestCoverage(ReaderConnection& connection, PositionKey key,
                                       Timestamp after, Timestamp recorded_until) const {
  Statement& list = connection.coverages_after;
  const ResetGuard reset(list);
  list.Integer(ToMicros(after)).Integer(ToMicros(recorded_until)).Integer(StoredKey(key));
  while (StepRow(connection, list, "look for snapshots")) {
    if (ContainsPosition(list.text(1), key)) return FromMicros(list.integer(0));
  }
  return after;
}

std::optional<SqliteReader::Coverage> SqliteReader::FindCoverage(ReaderConnection& connection,
                                                                 PositionKey key,
                                                                 Timestamp as_of) const {
  Statement& list = connection.coverages_at;
  const ResetGuard reset(list);
  list.Integer(ToMicros(as_of)).Integer(StoredKey(key));
  while (StepRow(connection, list, "look for snapshots")) {
    if (!ContainsPosition(list.text(3), key)) continue;
    return Coverage{.source = SourceId{static_cast<uint32_t>(list.integer(0))},
                    .snapshot_id = std::string(list.text(1)),
                    .recorded_at = FromMicros(list.integer(2))};
  }
  return std::nullopt;
}

// Takes back what was recorded since from today's figure, which is less than folding everything
// before, and then what happened after `as_of`.
Quantity SqliteReader::BookedAt(ReaderConnection& connection, PositionKey key, Timestamp as_of,
                                Timestamp recorded_at) const {
  Quantity on_hand = 0;
  Sequence version = 0;
  {
    Statement& find = connection.find_on_hand;
    const ResetGuard reset(find);
    find.Integer(StoredKey(key));
    if (!StepRow(connection, find, "look up a position")) return 0;
    on_hand = find.integer(0);
    version = find.number(1);
  }
  ledger::Position since;
  WalkChain(connection, key, version, "read a position's history",
            [&](const ledger::JournalEntry& entry) {
              if (entry.recorded_at <= recorded_at) return false;
              FoldMovement(since, entry.from, entry.to, entry.quantity);
              return true;
            });
  Statement& sum = connection.delta_after_recorded_until;
  const ResetGuard reset(sum);
  sum.Integer(StoredKey(key)).Integer(ToMicros(as_of)).Integer(ToMicros(recorded_at));
  const Quantity later = StepRow(connection, sum, "add up facts") ? sum.integer(0) : 0;
  return on_hand - since.on_hand - later;
}

std::optional<LatestCount> SqliteReader::CountAt(PositionKey key, Timestamp counted_at) {
  if (counted_at == kTimestampMin) return std::nullopt;
  const ReaderPool::Lease lease = pool_.Borrow();
  std::optional<LatestCount> count;
  {
    Statement& find = lease->find_count;
    const ResetGuard reset(find);
    find.Integer(StoredKey(key)).Integer(ToMicros(counted_at));
    if (StepRow(*lease, find, "look up a count")) {
      count = LatestCount{.quantity = find.integer(0),
                          .occurred_at = counted_at,
                          .source = SourceId{static_cast<uint32_t>(find.integer(1))},
                          .event_id = std::string(find.text(2))};
    }
  }
  const auto coverage = FindCoverage(*lease, key, counted_at);
  if (!coverage) return count;
  const Quantity booked = BookedAt(*lease, key, counted_at, coverage->recorded_at);
  if (count && count->quantity <= booked) return count;
  return LatestCount{.quantity = booked,
                     .occurred_at = counted_at,
                     .source = coverage->source,
                     .event_id = coverage->snapshot_id};
}

}  // namespace stockd::storage
