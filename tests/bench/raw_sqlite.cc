#include "tests/bench/raw_sqlite.h"

#include <string>

#include "daemon/storage/sqlite_store.h"
#include "tests/bench/process.h"
#include "tests/bench/stock_names.h"

namespace stockd::bench {
namespace {

constexpr char kSchema[] = R"sql(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = OFF;
PRAGMA temp_store = MEMORY;
PRAGMA wal_autocheckpoint = 0;
CREATE TABLE level (
  key INTEGER PRIMARY KEY, on_hand INTEGER NOT NULL, reserved INTEGER NOT NULL,
  changed_at INTEGER NOT NULL, version INTEGER NOT NULL) STRICT;
CREATE TABLE journal (
  sequence INTEGER PRIMARY KEY, key INTEGER NOT NULL, kind INTEGER NOT NULL,
  quantity INTEGER NOT NULL, occurred_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
  reservation INTEGER, source INTEGER, event_id TEXT, reference TEXT, channel TEXT,
  unit_price_micros INTEGER, currency TEXT) STRICT;
CREATE UNIQUE INDEX journal_event ON journal (source, event_id) WHERE event_id IS NOT NULL;
CREATE TABLE reservation (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, state INTEGER NOT NULL,
  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, key INTEGER NOT NULL,
  quantity INTEGER NOT NULL) STRICT;
)sql";

constexpr int64_t kSomeInstant = 1'700'000'000'000'000;
constexpr int64_t kHold = 3'600'000'000;
constexpr int kSale = 2;
constexpr int kCount = 8;
constexpr int kReserve = 18;

}  // namespace

RawSqlite::RawSqlite(const std::filesystem::path& folder, uint64_t positions)
    : positions_(positions) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  Check(connection_.Open((folder / "raw.sqlite").string(), storage::Access::kReadWrite));
  Check(connection_.Execute(kSchema));
  const std::string cache =
      "PRAGMA cache_size = -" + std::to_string(storage::SqliteOptions{}.cache_bytes / 1024);
  Check(connection_.Execute(cache.c_str()));
  sqlite3_wal_hook(
      connection_.handle(),
      [](void* pages, sqlite3*, const char*, int count) {
        *static_cast<int*>(pages) = count;
        return SQLITE_OK;
      },
      &wal_pages_);
  Check(begin_.Prepare(connection_, "BEGIN IMMEDIATE"));
  Check(commit_.Prepare(connection_, "COMMIT"));
  Check(sell_.Prepare(connection_,
                      "UPDATE level SET on_hand = on_hand - ?, changed_at = ?, version = ? "
                      "WHERE key = ?"));
  Check(reserve_.Prepare(connection_,
                         "UPDATE level SET reserved = reserved + ?, version = ? WHERE key = ?"));
  Check(set_level_.Prepare(connection_, "REPLACE INTO level VALUES (?, ?, ?, ?, ?)"));
  Check(add_journal_.Prepare(connection_,
                             "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  Check(add_reservation_.Prepare(connection_,
                                 "INSERT INTO reservation VALUES (?, ?, ?, ?, ?, ?, ?)"));
  Levels(0, positions);
}

void RawSqlite::Check(int code) {
  if (code != SQLITE_OK && code != SQLITE_DONE) throw BenchError(connection_.Message());
}

void RawSqlite::Begin() { Check(begin_.Run()); }

void RawSqlite::Commit() {
  Check(commit_.Run());
  if (wal_pages_ < storage::SqliteOptions{}.checkpoint_pages) return;
  Check(sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                                  nullptr));
}

void RawSqlite::Facts(uint64_t count) {
  Begin();
  for (uint64_t i = 0; i < count; ++i) {
    ++sequence_;
    const auto key = static_cast<int64_t>(Scatter(sequence_) % positions_);
    const std::string event_id = "T07-1-" + std::to_string(sequence_);
    const std::string reference = "R" + std::to_string(sequence_ / 3);
    sell_.Integer(1).Integer(kSomeInstant).Number(sequence_).Integer(key);
    Check(sell_.Run());
    add_journal_.Number(sequence_)
        .Integer(key)
        .Integer(kSale)
        .Integer(1)
        .Integer(kSomeInstant)
        .Integer(kSomeInstant)
        .Null()
        .Integer(1)
        .Text(event_id)
        .Text(reference)
        .Text("store")
        .Integer(4'990'000)
        .Text("EUR");
    Check(add_journal_.Run());
  }
  Commit();
}

void RawSqlite::Reservations(uint64_t count) {
  Begin();
  for (uint64_t i = 0; i < count; ++i) {
    ++sequence_;
    const auto key = static_cast<int64_t>(Scatter(sequence_) % positions_);
    const std::string id = CallerId(1, sequence_, true);
    reserve_.Integer(1).Number(sequence_).Integer(key);
    Check(reserve_.Run());
    add_reservation_.Number(sequence_)
        .Text(id)
        .Integer(1)
        .Integer(kSomeInstant)
        .Integer(kSomeInstant + kHold)
        .Integer(key)
        .Integer(1);
    Check(add_reservation_.Run());
    add_journal_.Number(sequence_)
        .Integer(key)
        .Integer(kReserve)
        .Integer(1)
        .Integer(kSomeInstant)
        .Integer(kSomeInstant)
        .Number(sequence_);
    for (int column = 8; column <= 13; ++column) add_journal_.Null();
    Check(add_journal_.Run());
  }
  Commit();
}

void RawSqlite::SetLevel(uint64_t key) {
  set_level_.Number(key).Integer(1'000'000'000).Integer(0).Integer(kSomeInstant).Integer(1);
  Check(set_level_.Run());
}

void RawSqlite::Levels(uint64_t first, uint64_t count) {
  Begin();
  for (uint64_t key = first; key < first + count; ++key) SetLevel(key);
  Commit();
}

void RawSqlite::Counts(uint64_t first, uint64_t count) {
  Begin();
  for (uint64_t key = first; key < first + count; ++key) {
    SetLevel(key);
    add_journal_.Number(++sequence_)
        .Number(key)
        .Integer(kCount)
        .Integer(1'000'000'000)
        .Integer(kSomeInstant)
        .Integer(kSomeInstant)
        .Null()
        .Integer(1);
    for (int column = 9; column <= 13; ++column) add_journal_.Null();
    Check(add_journal_.Run());
  }
  Commit();
}

uint64_t RawSqlite::SelectAll(const std::filesystem::path& database) {
  struct Table {
    const char* sql;
    int integers;  // The first columns; the others are texts.
    int columns;
  };
  constexpr Table kTables[] = {
      {"SELECT id, scale, unit_cost_micros, price_micros, sku, name, unit, category, gtins, "
       "currency "
       "FROM item",
       4, 10},
      {"SELECT id, kind, ships, collects, code, name, time_zone FROM location", 4, 7},
      {"SELECT key, on_hand, reserved, committed, unsellable, counted_at, last_delta_at, version "
       "FROM position_row",
       8, 8}};
  storage::Connection connection;
  if (connection.Open(database.string(), storage::Access::kReadOnly) != SQLITE_OK) {
    throw BenchError(connection.Message());
  }
  uint64_t rows = 0;
  for (const Table& table : kTables) {
    storage::Statement select;
    if (select.Prepare(connection, table.sql) != SQLITE_OK) {
      throw BenchError(connection.Message());
    }
    for (rows = 0; select.Step() == SQLITE_ROW; ++rows) {
      for (int column = 0; column < table.integers; ++column) {
        static_cast<void>(select.integer(column));
      }
      for (int column = table.integers; column < table.columns; ++column) {
        static_cast<void>(select.text(column));
      }
    }
  }
  return rows;
}

}  // namespace stockd::bench
