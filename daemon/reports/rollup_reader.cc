#include "daemon/reports/rollup_reader.h"

#include <utility>

#include "daemon/reports/rollup_file.h"
#include "daemon/storage/error_text.h"
#include "daemon/storage/position_list.h"

namespace stockd::reports {

using storage::ResetGuard;
using storage::Statement;

struct RollupView::Statements {
  Statement begin, commit, progress, strands, categories, scan_a, scan_b, active, customers, facts,
      item_states, orders, order_life, standing, first_at, flips;
};

RollupView::RollupView(const std::string& path, int64_t cache_bytes) : path_(path) {
  if (connection_.Open(path, storage::Access::kReadOnly) != SQLITE_OK) {
    Fail("open the roll-ups for reading");
  }
  sqlite3_busy_timeout(connection_.handle(), 5'000);
  const std::string pragmas =
      "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 1073741824; "
      "PRAGMA cache_size = -" +
      std::to_string(cache_bytes / 1024);
  if (connection_.Execute(pragmas.c_str()) != SQLITE_OK) Fail("set up a reader of roll-ups");
  statements_ = std::make_unique<Statements>();
  Statements& s = *statements_;
  const std::pair<Statement*, const char*> all[] = {
      {&s.begin, "BEGIN"},
      {&s.commit, "COMMIT"},
      {&s.progress, kProgressSql},
      {&s.strands, kStrandsSql},
      {&s.categories, "SELECT id, name FROM category ORDER BY id"},
      {&s.item_states, kItemStatesSql},
      {&s.facts,
       "SELECT day, sequences FROM fact_day WHERE location = ? AND day >= ? AND day <= ?"},
      {&s.orders, "SELECT day, number FROM order_day WHERE location = ? AND day >= ? AND day <= ?"},
      {&s.standing,
       "SELECT key, on_hand, first_at, last_sale_at, days FROM position LEFT JOIN inflow ON "
       "inflow.position = position.key WHERE on_hand > 0"},
      {&s.first_at, "SELECT first_at FROM position WHERE key = ?"},
      {&s.flips, "SELECT at, out FROM flip WHERE position = ? AND at < ? ORDER BY at"},
      {&s.order_life, "SELECT sums FROM order_life WHERE number = ?"},
      {&s.active,
       "SELECT day, strand, customers FROM active WHERE location = ? AND day >= ? AND day <= ?"},
      {&s.customers, "SELECT first_at, sums FROM customer WHERE first_at >= ? AND first_at < ?"},
      {&s.scan_a, "SELECT a, b, c, sums FROM cell WHERE space = ? AND a >= ? AND a <= ?"},
      {&s.scan_b,
       "SELECT a, b, c, sums FROM cell WHERE space = ? AND a = ? AND b >= ? AND b <= ?"}};
  for (const auto& [statement, sql] : all) {
    if (statement->Prepare(connection_, sql) != SQLITE_OK) Fail("prepare a reader of roll-ups");
  }
}

RollupView::~RollupView() = default;

void RollupView::Fail(const char* doing) {
  throw RollupError(storage::ErrorText(path_, doing, connection_));
}

void RollupView::Begin() {
  if (statements_->begin.Run() != SQLITE_DONE) Fail("begin to read the roll-ups");
}

void RollupView::End() noexcept {
  if (connection_.in_transaction()) statements_->commit.Run();
}

Progress RollupView::ReadProgress() {
  Statement& read = statements_->progress;
  const ResetGuard reset(read);
  if (read.Step() != SQLITE_ROW) Fail("read how far the roll-ups are");
  return ReadProgressRow(read);
}

std::vector<std::pair<StrandId, Strand>> RollupView::Strands() {
  std::vector<std::pair<StrandId, Strand>> strands;
  Statement& list = statements_->strands;
  const ResetGuard reset(list);
  while (list.Step() == SQLITE_ROW) strands.push_back(ReadStrand(list));
  return strands;
}

std::vector<std::pair<CategoryId, std::string>> RollupView::Categories() {
  std::vector<std::pair<CategoryId, std::string>> categories;
  Statement& list = statements_->categories;
  const ResetGuard reset(list);
  while (list.Step() == SQLITE_ROW) {
    categories.emplace_back(static_cast<CategoryId>(list.integer(0)), list.text(1));
  }
  return categories;
}

std::vector<ItemStateRow> RollupView::ItemStates() {
  std::vector<ItemStateRow> rows;
  Statement& list = statements_->item_states;
  const ResetGuard reset(list);
  while (list.Step() == SQLITE_ROW) rows.push_back(ReadItemState(list));
  return rows;
}

void RollupView::Scan(Statement& statement, const Each& each) {
  const ResetGuard reset(statement);
  CellKey key;
  int code = SQLITE_ROW;
  while ((code = statement.Step()) == SQLITE_ROW) {
    key.a = statement.integer(0);
    key.b = statement.integer(1);
    key.c = statement.integer(2);
    each(key, statement.text(3));
  }
  if (code != SQLITE_DONE) Fail("read the roll-ups");
}

void RollupView::ScanA(uint32_t space, int64_t a_first, int64_t a_last, const Each& each) {
  statements_->scan_a.Integer(space).Integer(a_first).Integer(a_last);
  Scan(statements_->scan_a, [&](const CellKey& found, std::string_view sums) {
    CellKey key = found;
    key.space = space;
    each(key, sums);
  });
}

void RollupView::ScanB(uint32_t space, int64_t a, int64_t b_first, int64_t b_last,
                       const Each& each) {
  statements_->scan_b.Integer(space).Integer(a).Integer(b_first).Integer(b_last);
  Scan(statements_->scan_b, [&](const CellKey& found, std::string_view sums) {
    CellKey key = found;
    key.space = space;
    each(key, sums);
  });
}

void RollupView::ScanActive(
    uint32_t location, int64_t first, int64_t last,
    const std::function<void(int64_t day, StrandId strand, std::string_view customers)>& each) {
  Statement& list = statements_->active;
  const ResetGuard reset(list);
  list.Integer(location).Integer(first).Integer(last);
  int code = SQLITE_ROW;
  while ((code = list.Step()) == SQLITE_ROW) {
    each(list.integer(0), static_cast<StrandId>(list.integer(1)), list.text(2));
  }
  if (code != SQLITE_DONE) Fail("read the roll-ups");
}

void RollupView::ScanCustomers(
    Timestamp begin, Timestamp end,
    const std::function<void(Timestamp first_at, std::string_view sums)>& each) {
  Statement& list = statements_->customers;
  const ResetGuard reset(list);
  list.Integer(ToMicros(begin)).Integer(ToMicros(end));
  int code = SQLITE_ROW;
  while ((code = list.Step()) == SQLITE_ROW) each(FromMicros(list.integer(0)), list.text(1));
  if (code != SQLITE_DONE) Fail("read the roll-ups");
}

void RollupView::ScanFacts(LocationId location, int64_t first, int64_t last,
                           const std::function<bool(int64_t day, Sequence sequence)>& each) {
  Statement& list = statements_->facts;
  const ResetGuard reset(list);
  list.Number(ToNumber(location)).Integer(first).Integer(last);
  int code = SQLITE_ROW;
  while ((code = list.Step()) == SQLITE_ROW) {
    const std::string_view bytes = list.text(1);
    Sequence sequence = 0;
    for (size_t at = 0; at < bytes.size();) {
      unsigned __int128 step = 0;
      if (!cell_internal::ReadVarint(bytes, at, step)) Fail("read which facts are of a day");
      sequence += static_cast<Sequence>(step);
      if (!each(list.integer(0), sequence)) return;
    }
  }
  if (code != SQLITE_DONE) Fail("read the roll-ups");
}

void RollupView::ScanStanding(
    const std::function<void(PositionKey key, const StandingPosition& position,
                             std::string_view inflow)>& each) {
  Statement& list = statements_->standing;
  const ResetGuard reset(list);
  int code = SQLITE_ROW;
  while ((code = list.Step()) == SQLITE_ROW) {
    each(storage::KeyFromStored(list.integer(0)),
         {.on_hand = list.integer(1),
          .first_at = FromMicros(list.integer(2)),
          .last_sale_at = list.is_null(3) ? kTimestampMin : FromMicros(list.integer(3))},
         list.text(4));
  }
  if (code != SQLITE_DONE) Fail("read the roll-ups");
}

void RollupView::ScanOrders(uint32_t location, int64_t first, int64_t last,
                            const std::function<bool(int64_t day, uint64_t number)>& each) {
  Statement& list = statements_->orders;
  const ResetGuard reset(list);
  list.Integer(location).Integer(first).Integer(last);
  int code = SQLITE_ROW;
  while ((code = list.Step()) == SQLITE_ROW) {
    if (!each(list.integer(0), list.number(1))) return;
  }
  if (code != SQLITE_DONE) Fail("read the roll-ups");
}

std::optional<Timestamp> RollupView::FirstAt(PositionKey key) {
  Statement& find = statements_->first_at;
  const ResetGuard reset(find);
  find.Integer(storage::StoredKey(key));
  const int code = find.Step();
  if (code != SQLITE_ROW && code != SQLITE_DONE) Fail("read the roll-ups");
  if (code == SQLITE_DONE) return std::nullopt;
  return FromMicros(find.integer(0));
}

void RollupView::ScanFlips(PositionKey key, Timestamp until,
                           const std::function<void(Timestamp at, bool is_out)>& each) {
  Statement& list = statements_->flips;
  const ResetGuard reset(list);
  list.Integer(storage::StoredKey(key)).Integer(ToMicros(until));
  int code = SQLITE_ROW;
  while ((code = list.Step()) == SQLITE_ROW) {
    each(FromMicros(list.integer(0)), list.integer(1) != 0);
  }
  if (code != SQLITE_DONE) Fail("read the roll-ups");
}

std::string RollupView::OrderLife(uint64_t number) {
  Statement& find = statements_->order_life;
  const ResetGuard reset(find);
  find.Number(number);
  const int code = find.Step();
  if (code != SQLITE_ROW && code != SQLITE_DONE) Fail("read the roll-ups");
  return code == SQLITE_ROW ? std::string(find.text(0)) : std::string();
}

RollupReader::Lease::Lease(RollupReader& reader, std::unique_ptr<RollupView> view)
    : reader_(reader), view_(std::move(view)) {
  view_->Begin();
}

RollupReader::Lease::~Lease() {
  view_->End();
  const std::lock_guard lock(reader_.mutex_);
  reader_.free_.push_back(std::move(view_));
}

RollupReader::Lease RollupReader::Borrow() {
  std::unique_ptr<RollupView> view;
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      view = std::move(free_.back());
      free_.pop_back();
    }
  }
  if (!view) view = std::make_unique<RollupView>(path_, cache_bytes_);
  return {*this, std::move(view)};
}

}  // namespace stockd::reports
