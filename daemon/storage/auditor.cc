#include "daemon/storage/auditor.h"

#include <algorithm>
#include <utility>

#include "daemon/storage/error_text.h"
#include "daemon/storage/fold.h"
#include "daemon/storage/order_auditor.h"
#include "daemon/storage/position_list.h"
#include "daemon/storage/reservation_text.h"
#include "daemon/storage/rows.h"

namespace stockd::storage {
namespace {

using ledger::Bucket;
using ledger::EntryKind;
using ledger::ReservationState;

// The journal's chain for changes that touch every position. It is audited, but is not one.
constexpr PositionKey kNoPosition{};

std::string Name(PositionKey key) {
  return "position " + std::to_string(ToNumber(key.item)) + "@" +
         std::to_string(ToNumber(key.location));
}

}  // namespace

// A journal entry, without the texts that do not matter here.
struct Auditor::Entry {
  Sequence sequence = 0;
  Sequence previous = 0;
  PositionKey position;
  EntryKind kind = EntryKind::kReceipt;
  Bucket from = Bucket::kNone;
  Bucket to = Bucket::kNone;
  Quantity quantity = 0;
  Timestamp occurred_at{};
  Timestamp recorded_at{};
  Quantity stated = 0;

  bool is_delta() const { return ledger::IsFact(kind) && kind != EntryKind::kCount; }
};

Auditor::Auditor(ReaderConnection& connection, const std::string& path, int differences_max)
    : connection_(connection),
      path_(path),
      differences_max_(static_cast<size_t>(std::max(differences_max, 0))) {}

Audit Auditor::Run() {
  ReadRows();
  FoldMovements();
  ReadCoverages();
  FoldFacts();
  SumClaims();
  CheckFactIndex();
  CheckOrders();
  CheckRecords();
  CompareRows();
  return std::move(audit_);
}

Auditor::Account& Auditor::account(PositionKey key) {
  const auto [found, is_new] = numbers_.try_emplace(key, static_cast<uint32_t>(accounts_.size()));
  if (is_new) {
    accounts_.emplace_back();
    keys_.push_back(key);
  }
  return accounts_[found->second];
}

template <typename Each>
void Auditor::Rows(const char* sql, std::string_view doing, Each&& each) {
  Statement statement;
  int code = statement.Prepare(connection_.connection, sql);
  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = statement.Step();
    if (code == SQLITE_ROW) each(std::as_const(statement));
  }
  if (code != SQLITE_DONE) throw ReadError(ErrorText(path_, doing, connection_.connection));
}

template <typename Each>
void Auditor::Entries(Each&& each) {
  Rows(
      "SELECT sequence, previous, position, kind, from_bucket, to_bucket, quantity, occurred_at, "
      "recorded_at, stated FROM journal ORDER BY sequence",
      "read the table journal", [&](const Statement& row) {
        each(Entry{.sequence = row.number(0),
                   .previous = row.number(1),
                   .position = KeyFromStored(row.integer(2)),
                   .kind = static_cast<EntryKind>(row.integer(3)),
                   .from = static_cast<Bucket>(row.integer(4)),
                   .to = static_cast<Bucket>(row.integer(5)),
                   .quantity = row.integer(6),
                   .occurred_at = FromMicros(row.integer(7)),
                   .recorded_at = FromMicros(row.integer(8)),
                   .stated = row.integer(9)});
      });
}

void Auditor::ReadRows() {
  Rows("SELECT count(*) FROM position_row", "count the positions", [&](const Statement& row) {
    const auto count = static_cast<size_t>(row.integer(0));
    numbers_.reserve(count);
    accounts_.reserve(count);
    keys_.reserve(count);
  });
  Rows("SELECT through FROM position_progress", "read how far the positions are written",
       [&](const Statement& row) { written_through_ = row.number(0); });
  Rows((std::string("SELECT ") + kPositionColumns + " FROM position_row").c_str(),
       "read the table position_row", [&](const Statement& row) {
         Account& account = this->account(ReadPositionKey(row));
         account.row = ReadPosition(row);
         account.has_row = true;
       });
}

void Auditor::FoldMovements() {
  Entries([this](const Entry& entry) { FoldEntry(entry); });
}

void Auditor::FoldEntry(const Entry& entry) {
  ++audit_.entry_count;
  if (entry.sequence != audit_.sequence + 1) {
    Expect("journal", "sequence", static_cast<Quantity>(audit_.sequence + 1),
           static_cast<Quantity>(entry.sequence));
  }
  audit_.sequence = entry.sequence;
  const bool names_both_ends = entry.from != Bucket::kNone && entry.to != Bucket::kNone;
  if (entry.quantity < 0 || (entry.quantity != 0 && !names_both_ends)) {
    Expect("journal entry " + std::to_string(entry.sequence), "quantity", 0, entry.quantity);
  }
  Account& account = this->account(entry.position);
  if (entry.previous != account.moved.version) {
    Expect("journal entry " + std::to_string(entry.sequence), "previous",
           static_cast<Quantity>(account.moved.version), static_cast<Quantity>(entry.previous));
  }
  account.moved.version = entry.sequence;
  FoldMovement(account.moved, entry.from, entry.to, entry.quantity);
  if (entry.sequence > std::max(written_through_, account.row.version)) CatchUp(account, entry);
  if (!ledger::IsFact(entry.kind)) return;
  ++fact_count_;
  if (entry.is_delta()) {
    account.moved.last_delta_at = std::max(account.moved.last_delta_at, entry.occurred_at);
    return;
  }
  if (!account.has_count || entry.occurred_at > account.barrier) {
    account.barrier = entry.occurred_at;
    account.counted = entry.stated;
    account.has_count = true;
  } else if (entry.occurred_at == account.barrier) {
    account.counted = std::min(account.counted, entry.stated);
  }
  account.moved.counted_at = account.barrier;
}

void Auditor::CatchUp(Account& account, const Entry& entry) {
  account.has_row = true;
  account.row.version = entry.sequence;
  FoldMovement(account.row, entry.from, entry.to, entry.quantity);
  if (entry.is_delta()) {
    account.row.last_delta_at = std::max(account.row.last_delta_at, entry.occurred_at);
  } else if (entry.kind == EntryKind::kCount) {
    account.row.counted_at = std::max(account.row.counted_at, entry.occurred_at);
  }
}

void Auditor::ReadCoverages() {
  Rows("SELECT as_of, recorded_at, positions FROM count_coverage ORDER BY id",
       "read the table count_coverage", [&](const Statement& row) {
         const Timestamp as_of = FromMicros(row.integer(0));
         const auto positions = DecodePositions(row.text(2));
         if (!positions) throw ReadError(DamageText(path_, "a row of the table count_coverage"));
         oldest_coverage_ = std::min(oldest_coverage_, as_of);
         for (const PositionKey key : *positions) {
           Account& account = this->account(key);
           if (as_of < account.barrier) continue;
           if (as_of > account.barrier) {
             account.barrier = as_of;
             account.has_count = false;
             account.has_coverage = false;
           }
           // The first one binds more entries than a later one of the same instant.
           if (!account.has_coverage) account.confirmed_at = FromMicros(row.integer(1));
           account.has_coverage = true;
         }
       });
}

void Auditor::FoldFacts() {
  Entries([this](const Entry& entry) {
    Account& account = this->account(entry.position);
    const bool was_booked = account.has_coverage && entry.recorded_at <= account.confirmed_at;
    if (was_booked) {
      ledger::Position change;
      FoldMovement(change, entry.from, entry.to, entry.quantity);
      account.booked += change.on_hand;
    }
    if (!entry.is_delta() || entry.occurred_at <= account.barrier) return;
    account.deltas_after += entry.stated;
    if (was_booked) account.deltas_after_booked += entry.stated;
  });
}

void Auditor::SumClaims() {
  Rows("SELECT id, state, lines FROM reservation", "read the table reservation",
       [&](const Statement& row) {
         ++audit_.reservation_count;
         const std::string id(row.text(0));
         std::vector<ledger::ReservationLine> lines;
         if (!ParseLines(row.text(2), lines)) {
           throw ReadError(DamageText(path_, "reservation \"" + id + "\""));
         }
         CheckReservation(id, static_cast<ReservationState>(row.integer(1)), lines);
         for (const ledger::ReservationLine& line : lines) {
           if (line.held == 0 && line.committed == 0) continue;
           Account& account = this->account(line.position);
           account.claimed_held += line.held;
           account.claimed_committed += line.committed;
         }
       });
}

void Auditor::CheckReservation(const std::string& id, ReservationState state,
                               const std::vector<ledger::ReservationLine>& lines) {
  Quantity held = 0;
  Quantity committed = 0;
  for (const ledger::ReservationLine& line : lines) {
    held += line.held;
    committed += line.committed;
    const Quantity least = std::min({line.held, line.committed, line.consumed, line.released()});
    if (least < 0) Expect("reservation " + id, "granted", line.granted - least, line.granted);
  }
  const bool may_hold = state == ReservationState::kHeld;
  if (!may_hold && held != 0) Expect("reservation " + id, "held", 0, held);
  if (ledger::IsFinal(state) && committed != 0)
    Expect("reservation " + id, "committed", 0, committed);
}

void Auditor::CheckFactIndex() {
  Rows(
      "SELECT (SELECT count(*) FROM journal INDEXED BY journal_delta WHERE kind < 8) + "
      "(SELECT count(*) FROM journal INDEXED BY journal_count WHERE kind = 8)",
      "read the indexes of facts", [&](const Statement& row) {
        Expect("indexes journal_delta and journal_count", "rows", fact_count_, row.integer(0));
      });
}

void Auditor::CheckOrders() {
  audit_.order_count = OrderAuditor(connection_, path_,
                                    [this](const std::string& subject, const std::string& quantity,
                                           Quantity expected, Quantity actual) {
                                      Expect(subject, quantity, expected, actual);
                                    })
                           .Run();
}

void Auditor::CheckRecords() {
  Rows(
      "SELECT id, visits, begins_at % 3600000000, location_id != 0 AND NOT EXISTS (SELECT 1 FROM "
      "location WHERE location.id = location_id) AS lost FROM visit_count WHERE visits < 0 OR "
      "begins_at % 3600000000 != 0 OR lost",
      "read the table visit_count", [&](const Statement& row) {
        const std::string subject = "visits " + std::to_string(row.integer(0));
        if (row.integer(1) < 0) Expect(subject, "visits", 0, row.integer(1));
        Expect(subject, "part of an hour", 0, row.integer(2));
        Expect(subject, "unknown location", 0, row.integer(3));
      });
  Rows("SELECT id FROM contact WHERE NOT EXISTS (SELECT 1 FROM item WHERE item.id = item_id)",
       "read the table contact", [&](const Statement& row) {
         Expect("contact " + std::to_string(row.integer(0)), "unknown item", 0, 1);
       });
  Rows(
      "SELECT experiment, sum(arm), count(*), sum(NOT EXISTS (SELECT 1 FROM location WHERE "
      "location.id = location_id) OR (item_id != 0 AND NOT EXISTS (SELECT 1 FROM item WHERE "
      "item.id = item_id))) FROM experiment_subject GROUP BY experiment",
      "read the table experiment_subject", [&](const Statement& row) {
        const std::string subject = "experiment " + std::string(row.text(0));
        Expect(subject, "subjects of b", (row.integer(2) + 1) / 2, row.integer(1));
        Expect(subject, "unknown subjects", 0, row.integer(3));
      });
}

void Auditor::CompareRows() {
  audit_.folded.reserve(accounts_.size());
  // What has no row must have no figures.
  for (size_t number = 0; number < accounts_.size(); ++number) {
    Account& account = accounts_[number];
    ComparePosition(keys_[number], account);
    if (keys_[number] == kNoPosition) continue;
    if (account.has_row) ++audit_.position_count;
    audit_.folded.emplace_back(keys_[number], account.moved);
  }
}

void Auditor::ComparePosition(PositionKey key, Account& account) {
  const ledger::Position& row = account.row;
  const ledger::Position& moved = account.moved;
  Expect(key, "on_hand", moved.on_hand, row.on_hand);
  Expect(key, "reserved", moved.reserved, row.reserved);
  Expect(key, "committed", moved.committed, row.committed);
  Expect(key, "unsellable", moved.unsellable, row.unsellable);
  Expect(key, "version", static_cast<Quantity>(moved.version), static_cast<Quantity>(row.version));
  Expect(key, "last_delta_at", ToMicros(moved.last_delta_at), ToMicros(row.last_delta_at));
  Expect(key, "reserved by claims", account.claimed_held, row.reserved);
  Expect(key, "committed by claims", account.claimed_committed, row.committed);
  CompareCountedAt(key, account);
  if (row.counted_at > account.barrier) {
    account.moved.counted_at = row.counted_at;
    return;
  }
  account.moved.counted_at = account.barrier;
  Quantity standing = account.counted;
  if (account.has_coverage) {
    const Quantity confirmed = account.booked - account.deltas_after_booked;
    standing = account.has_count ? std::min(account.counted, confirmed) : confirmed;
  }
  Expect(key, "on_hand by facts", standing + account.deltas_after, row.on_hand);
}

// The row may lag behind a coverage, which is why there are coverages, but not behind an entry. It
// may be ahead of everything on record only where coverages were forgotten.
void Auditor::CompareCountedAt(PositionKey key, const Account& account) {
  const ledger::Position& row = account.row;
  const bool behind = row.counted_at < account.moved.counted_at;
  const bool ahead = row.counted_at > account.barrier && row.counted_at > oldest_coverage_;
  if (!behind && !ahead) return;
  Expect(key, "counted_at", ToMicros(account.barrier), ToMicros(row.counted_at));
}

void Auditor::Expect(std::string_view subject, std::string_view quantity, Quantity expected,
                     Quantity actual) {
  if (expected == actual || !CountDifference()) return;
  audit_.differences.push_back({.subject = std::string(subject),
                                .quantity = std::string(quantity),
                                .position = {},
                                .expected = expected,
                                .actual = actual});
}

void Auditor::Expect(PositionKey key, std::string_view quantity, Quantity expected,
                     Quantity actual) {
  if (expected == actual || !CountDifference()) return;
  audit_.differences.push_back({.subject = Name(key),
                                .quantity = std::string(quantity),
                                .position = key,
                                .expected = expected,
                                .actual = actual});
}

bool Auditor::CountDifference() {
  ++audit_.drift_count;
  return audit_.differences.size() < differences_max_;
}

}  // namespace stockd::storage
