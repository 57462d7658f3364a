#include "daemon/reports/rollup_file.h"

#include <filesystem>
#include <utility>

#include "daemon/reports/cell.h"
#include "daemon/reports/rollup_schema.h"
#include "daemon/storage/error_text.h"
#include "daemon/storage/position_list.h"

namespace stockd::reports {

using storage::ResetGuard;
using storage::Statement;
using storage::StoredKey;

struct RollupFile::Statements {
  Statement begin, commit, rollback;
  Statement read_progress, save_progress;
  Statement strands, add_strand, categories, add_category, item_states, add_item_state;
  Statement find_cell, save_cell, delete_cell;
  Statement find_position, save_position, positions_of, find_inflow, save_inflow;
  Statement next_count, save_count;
  Statement find_fact_day, save_fact_day, find_visits, save_visits;
  Statement find_contact, add_contact;
  Statement flips, last_flip, first_flip, add_flip, delete_flips;
};

Progress ReadProgressRow(const Statement& row) {
  return {.sequence = row.number(0),
          .item_change_id = row.integer(1),
          .confirmed_id = row.integer(2),
          .order_event = row.number(3),
          .visit_id = row.integer(4),
          .contact_id = row.integer(5),
          .fingerprint = row.number(6)};
}

std::pair<StrandId, Strand> ReadStrand(const Statement& row) {
  return {static_cast<StrandId>(row.integer(0)),
          {.channel = std::string(row.text(1)),
           .fulfilment = std::string(row.text(2)),
           .currency = std::string(row.text(3)),
           .source = SourceId{static_cast<uint32_t>(row.integer(4))},
           .carrier = std::string(row.text(5)),
           .service = std::string(row.text(6))}};
}

ItemStateRow ReadItemState(const Statement& row) {
  return {.item = ItemId{static_cast<uint32_t>(row.integer(0))},
          .scale = static_cast<int32_t>(row.integer(1)),
          .state = {.from = FromMicros(row.integer(2)),
                    .category = static_cast<CategoryId>(row.integer(3)),
                    .currency = static_cast<StrandId>(row.integer(4)),
                    .unit_cost_micros = row.integer(5),
                    .price_micros = row.integer(6)}};
}

RollupFile::RollupFile(std::string path, std::string made_for, int64_t cache_bytes)
    : path_(std::move(path)), made_for_(std::move(made_for)), cache_bytes_(cache_bytes) {
  OpenOrMake();
  Prepare();
}

RollupFile::~RollupFile() = default;

void RollupFile::Fail(const char* doing) {
  throw RollupError(storage::ErrorText(path_, doing, connection_));
}

void RollupFile::OpenOrMake() {
  if (TryOpen()) return;
  // It cannot be used as it is, and holds nothing that the journal does not say.
  connection_.Close();
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code ignored;
    std::filesystem::remove(path_ + suffix, ignored);
  }
  if (connection_.Open(path_, storage::Access::kReadWrite) != SQLITE_OK) Fail("open the roll-ups");
  // The id comes before the log, so that the file itself says what it is from the beginning.
  const std::string sql = std::string("PRAGMA page_size = 8192; PRAGMA application_id = ") +
                          std::to_string(kRollupApplicationId) +
                          "; PRAGMA journal_mode = WAL; BEGIN; " + kRollupSchema +
                          "; PRAGMA user_version = " + std::to_string(kRollupVersion) + "; COMMIT";
  if (connection_.Execute(sql.c_str()) != SQLITE_OK) Fail("make the roll-ups");
  Statement insert;
  if (insert.Prepare(connection_, "INSERT INTO progress VALUES (1, 0, 0, 0, 0, 0, 0, 0, ?)") !=
      SQLITE_OK) {
    Fail("make the roll-ups");
  }
  insert.Text(made_for_);
  Run(insert);
}

// Whether the file is a roll-up of this form and time zone. Throws RollupError when it is none at
// all: what is not ours is not deleted.
bool RollupFile::TryOpen() {
  std::error_code error;
  const auto size = std::filesystem::file_size(path_, error);
  if (error || size == 0) return false;
  int code = connection_.Open(path_, storage::Access::kReadWrite);
  int64_t application = 0;
  if (code == SQLITE_OK) application = connection_.QueryInteger("PRAGMA application_id", code);
  if (code != SQLITE_OK || application != kRollupApplicationId) {
    throw RollupError("The file \"" + path_ +
                      "\" holds no roll-ups, or is damaged. Delete it if it held some, or name "
                      "another path as reports.database.");
  }
  const int64_t version = connection_.QueryInteger("PRAGMA user_version", code);
  if (code != SQLITE_OK || version != kRollupVersion) return false;
  Statement zone;
  if (zone.Prepare(connection_, "SELECT zone FROM progress WHERE id = 1") != SQLITE_OK) {
    return false;
  }
  return zone.Step() == SQLITE_ROW && zone.text(0) == made_for_;
}

void RollupFile::Prepare() {
  const std::string pragmas =
      // What a power cut takes is followed again; the log keeps the file whole.
      "PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000; "
      "PRAGMA foreign_keys = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -" +
      std::to_string(cache_bytes_ / 1024);
  if (connection_.Execute(pragmas.c_str()) != SQLITE_OK) Fail("set up the roll-ups");
  statements_ = std::make_unique<Statements>();
  Statements& s = *statements_;
  const std::pair<Statement*, const char*> all[] = {
      {&s.begin, "BEGIN IMMEDIATE"},
      {&s.commit, "COMMIT"},
      {&s.rollback, "ROLLBACK"},
      {&s.read_progress, kProgressSql},
      {&s.save_progress,
       "UPDATE progress SET sequence = ?, item_change_id = ?, confirmed_id = ?, order_event = ?, "
       "visit_id = ?, contact_id = ?, fingerprint = ?"},
      {&s.strands, kStrandsSql},
      {&s.add_strand, "INSERT INTO strand VALUES (?, ?, ?, ?, ?, ?, ?)"},
      {&s.categories, "SELECT id, name FROM category ORDER BY id"},
      {&s.add_category, "INSERT INTO category VALUES (?, ?)"},
      {&s.item_states, kItemStatesSql},
      {&s.add_item_state,
       "INSERT INTO item_state (item_id, scale, begins_at, category, currency, unit_cost_micros, "
       "price_micros) VALUES (?, ?, ?, ?, ?, ?, ?)"},
      {&s.find_cell, "SELECT sums FROM cell WHERE space = ? AND a = ? AND b = ? AND c = ?"},
      {&s.save_cell, "REPLACE INTO cell VALUES (?, ?, ?, ?, ?)"},
      {&s.delete_cell, "DELETE FROM cell WHERE space = ? AND a = ? AND b = ? AND c = ?"},
      {&s.find_position,
       "SELECT on_hand, first_at, last_at, last_count_at, out, last_sale_at FROM position WHERE "
       "key = "
       "?"},
      {&s.save_position, "REPLACE INTO position VALUES (?, ?, ?, ?, ?, ?, ?)"},
      {&s.find_inflow, "SELECT days FROM inflow WHERE position = ?"},
      {&s.save_inflow, "REPLACE INTO inflow VALUES (?, ?)"},
      {&s.positions_of, "SELECT key FROM position WHERE key >= ? AND key <= ?"},
      {&s.next_count,
       "SELECT as_of, stated, book, first FROM counted WHERE position = ? AND as_of >= ? "
       "ORDER BY as_of LIMIT 1"},
      {&s.save_count, "REPLACE INTO counted VALUES (?, ?, ?, ?, ?)"},
      {&s.find_fact_day, "SELECT last, sequences FROM fact_day WHERE location = ? AND day = ?"},
      {&s.save_fact_day, "REPLACE INTO fact_day VALUES (?, ?, ?, ?)"},
      {&s.find_visits,
       "SELECT visits FROM visit WHERE strand = ? AND location = ? AND begins_at = ?"},
      {&s.save_visits, "REPLACE INTO visit VALUES (?, ?, ?, ?)"},
      {&s.find_contact,
       "SELECT 1 FROM contact WHERE customer_reference = ? AND item = ? AND at >= ? AND at <= ?"},
      {&s.add_contact, "INSERT OR IGNORE INTO contact VALUES (?, ?, ?)"},
      {&s.flips, "SELECT at, out FROM flip WHERE position = ? AND at >= ? AND at <= ? ORDER BY at"},
      {&s.last_flip,
       "SELECT at, out FROM flip WHERE position = ? AND at < ? ORDER BY at DESC LIMIT 1"},
      {&s.first_flip, "SELECT at, out FROM flip WHERE position = ? AND at > ? ORDER BY at LIMIT 1"},
      {&s.add_flip, "REPLACE INTO flip VALUES (?, ?, ?)"},
      {&s.delete_flips, "DELETE FROM flip WHERE position = ? AND at >= ? AND at <= ?"}};
  for (const auto& [statement, sql] : all) {
    if (statement->Prepare(connection_, sql) != SQLITE_OK) Fail("prepare the roll-ups");
  }
}

void RollupFile::Run(Statement& statement) {
  if (statement.Run() != SQLITE_DONE) Fail("write the roll-ups");
}

bool RollupFile::Step(Statement& statement) {
  const int code = statement.Step();
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  Fail("read the roll-ups");
}

void RollupFile::Clear() {
  if (connection_.in_transaction()) Rollback();
  const char* sql =
      "BEGIN IMMEDIATE; DELETE FROM strand; DELETE FROM category; DELETE FROM item_state; DELETE "
      "FROM cell; "
      "DELETE FROM position; DELETE FROM inflow; DELETE FROM visit; DELETE FROM contact; DELETE "
      "FROM counted; DELETE "
      "FROM flip; DELETE "
      "FROM sale_order; "
      "DELETE FROM sale_return; DELETE FROM customer; DELETE FROM active; "
      "DELETE FROM hold; DELETE FROM hold_line; DELETE FROM fact_day; DELETE FROM order_life; "
      "DELETE FROM order_day; "
      "UPDATE progress SET sequence = 0, item_change_id = 0, confirmed_id = 0, order_event = 0, "
      "visit_id = 0, contact_id = 0, fingerprint = 0; "
      "COMMIT";
  if (connection_.Execute(sql) != SQLITE_OK) Fail("empty the roll-ups");
}

void RollupFile::Begin() { Run(statements_->begin); }
void RollupFile::Commit() { Run(statements_->commit); }
void RollupFile::Rollback() {
  if (connection_.in_transaction()) Run(statements_->rollback);
}

Progress RollupFile::ReadProgress() {
  Statement& read = statements_->read_progress;
  const ResetGuard reset(read);
  if (!Step(read)) Fail("find how far the roll-ups are");
  return ReadProgressRow(read);
}

void RollupFile::SaveProgress(const Progress& progress) {
  Run(statements_->save_progress.Number(progress.sequence)
          .Integer(progress.item_change_id)
          .Integer(progress.confirmed_id)
          .Number(progress.order_event)
          .Integer(progress.visit_id)
          .Integer(progress.contact_id)
          .Number(progress.fingerprint));
}

std::vector<std::pair<StrandId, Strand>> RollupFile::Strands() {
  std::vector<std::pair<StrandId, Strand>> strands;
  Statement& list = statements_->strands;
  const ResetGuard reset(list);
  while (Step(list)) strands.push_back(ReadStrand(list));
  return strands;
}

void RollupFile::AddStrand(StrandId id, const Strand& strand) {
  Run(statements_->add_strand.Integer(id)
          .Text(strand.channel)
          .Text(strand.fulfilment)
          .Text(strand.currency)
          .Number(ToNumber(strand.source))
          .Text(strand.carrier)
          .Text(strand.service));
}

std::vector<std::pair<CategoryId, std::string>> RollupFile::Categories() {
  std::vector<std::pair<CategoryId, std::string>> categories;
  Statement& list = statements_->categories;
  const ResetGuard reset(list);
  while (Step(list)) {
    categories.emplace_back(static_cast<CategoryId>(list.integer(0)), list.text(1));
  }
  return categories;
}

void RollupFile::AddCategory(CategoryId id, std::string_view name) {
  Run(statements_->add_category.Integer(id).Text(name));
}

std::vector<ItemStateRow> RollupFile::ItemStates() {
  std::vector<ItemStateRow> rows;
  Statement& list = statements_->item_states;
  const ResetGuard reset(list);
  while (Step(list)) rows.push_back(ReadItemState(list));
  return rows;
}

void RollupFile::AddItemState(const ItemStateRow& row) {
  Run(statements_->add_item_state.Number(ToNumber(row.item))
          .Integer(row.scale)
          .Integer(ToMicros(row.state.from))
          .Integer(row.state.category)
          .Integer(row.state.currency)
          .Integer(row.state.unit_cost_micros)
          .Integer(row.state.price_micros));
}

std::string_view RollupFile::FindCell(const CellKey& key) {
  Statement& find = statements_->find_cell;
  find.Reset();
  find.Integer(key.space).Integer(key.a).Integer(key.b).Integer(key.c);
  return Step(find) ? find.text(0) : std::string_view();
}

void RollupFile::SaveCell(const CellKey& key, std::string_view sums) {
  statements_->find_cell.Reset();
  Statement& change = sums.empty() ? statements_->delete_cell : statements_->save_cell;
  change.Integer(key.space).Integer(key.a).Integer(key.b).Integer(key.c);
  if (!sums.empty()) change.Blob(sums);
  Run(change);
}

StandingPosition RollupFile::FindPosition(PositionKey key) {
  Statement& find = statements_->find_position;
  const ResetGuard reset(find);
  find.Integer(StoredKey(key));
  if (!Step(find)) return {};
  return {.on_hand = find.integer(0),
          .first_at = FromMicros(find.integer(1)),
          .last_at = FromMicros(find.integer(2)),
          .last_count_at = find.is_null(3) ? kTimestampMin : FromMicros(find.integer(3)),
          .out = find.integer(4) != 0,
          .last_sale_at = find.is_null(5) ? kTimestampMin : FromMicros(find.integer(5))};
}

void RollupFile::AddInflow(PositionKey key, Inflow inflow) {
  Statement& find = statements_->find_inflow;
  {
    const ResetGuard reset(find);
    find.Integer(StoredKey(key));
    if (Step(find) && !reports::AddInflow(find.text(0), inflow)) {
      throw RollupError("The roll-ups \"" + path_ + "\" are damaged.");
    }
  }
  Run(statements_->save_inflow.Integer(StoredKey(key)).Blob(EncodeInflow(inflow)));
}

void RollupFile::SavePosition(PositionKey key, const StandingPosition& position) {
  Statement& save = statements_->save_position;
  save.Integer(StoredKey(key))
      .Integer(position.on_hand)
      .Integer(ToMicros(position.first_at))
      .Integer(ToMicros(position.last_at));
  if (position.last_count_at == kTimestampMin) {
    save.Null();
  } else {
    save.Integer(ToMicros(position.last_count_at));
  }
  save.Integer(static_cast<int>(position.out));
  if (position.last_sale_at == kTimestampMin) {
    save.Null();
  } else {
    save.Integer(ToMicros(position.last_sale_at));
  }
  Run(save);
}

std::vector<PositionKey> RollupFile::PositionsOf(ItemId item) {
  std::vector<PositionKey> positions;
  Statement& list = statements_->positions_of;
  const ResetGuard reset(list);
  list.Integer(StoredKey({.item = item, .location = kNoLocation}))
      .Integer(StoredKey({.item = item, .location = LocationId{UINT32_MAX}}));
  while (Step(list)) positions.push_back(storage::KeyFromStored(list.integer(0)));
  return positions;
}

std::optional<CountRow> RollupFile::NextCount(PositionKey key, Timestamp from) {
  Statement& find = statements_->next_count;
  const ResetGuard reset(find);
  find.Integer(StoredKey(key)).Integer(ToMicros(from));
  if (!Step(find)) return std::nullopt;
  return CountRow{.as_of = FromMicros(find.integer(0)),
                  .stated = find.integer(1),
                  .book = find.integer(2),
                  .first = find.integer(3) != 0};
}

void RollupFile::SaveCount(PositionKey key, const CountRow& count) {
  Run(statements_->save_count.Integer(StoredKey(key))
          .Integer(ToMicros(count.as_of))
          .Integer(count.stated)
          .Integer(count.book)
          .Integer(static_cast<int>(count.first)));
}

void RollupFile::AddFacts(LocationId location, int64_t day, std::span<const Sequence> sequences) {
  Sequence last = 0;
  std::string bytes;
  {
    Statement& find = statements_->find_fact_day;
    const ResetGuard reset(find);
    find.Number(ToNumber(location)).Integer(day);
    if (Step(find)) {
      last = find.number(0);
      bytes = find.text(1);
    }
  }
  for (const Sequence sequence : sequences) {
    AppendVarint(bytes, sequence - last);
    last = sequence;
  }
  Run(statements_->save_fact_day.Number(ToNumber(location)).Integer(day).Number(last).Blob(bytes));
}

int64_t RollupFile::SwapVisits(StrandId strand, LocationId location, Timestamp begins_at,
                               int64_t visits) {
  int64_t known = 0;
  {
    Statement& find = statements_->find_visits;
    const ResetGuard reset(find);
    find.Integer(strand).Number(ToNumber(location)).Integer(ToMicros(begins_at));
    if (Step(find)) known = find.integer(0);
  }
  Run(statements_->save_visits.Integer(strand)
          .Number(ToNumber(location))
          .Integer(ToMicros(begins_at))
          .Integer(visits));
  return known;
}

bool RollupFile::HasContact(std::string_view customer, ItemId item, Timestamp from,
                            Timestamp until) {
  Statement& find = statements_->find_contact;
  const ResetGuard reset(find);
  find.Text(customer).Number(ToNumber(item)).Integer(ToMicros(from)).Integer(ToMicros(until));
  return Step(find);
}

void RollupFile::AddContact(std::string_view customer, ItemId item, Timestamp at) {
  Run(statements_->add_contact.Text(customer).Number(ToNumber(item)).Integer(ToMicros(at)));
}

std::vector<Flip> RollupFile::Flips(PositionKey key, Timestamp from, Timestamp until) {
  std::vector<Flip> flips;
  Statement& list = statements_->flips;
  const ResetGuard reset(list);
  list.Integer(StoredKey(key)).Integer(ToMicros(from)).Integer(ToMicros(until));
  while (Step(list)) {
    flips.push_back({.at = FromMicros(list.integer(0)), .out = list.integer(1) != 0});
  }
  return flips;
}

std::optional<Flip> RollupFile::LastFlipBefore(PositionKey key, Timestamp before) {
  Statement& find = statements_->last_flip;
  const ResetGuard reset(find);
  find.Integer(StoredKey(key)).Integer(ToMicros(before));
  if (!Step(find)) return std::nullopt;
  return Flip{.at = FromMicros(find.integer(0)), .out = find.integer(1) != 0};
}

std::optional<Flip> RollupFile::FirstFlipAfter(PositionKey key, Timestamp after) {
  Statement& find = statements_->first_flip;
  const ResetGuard reset(find);
  find.Integer(StoredKey(key)).Integer(ToMicros(after));
  if (!Step(find)) return std::nullopt;
  return Flip{.at = FromMicros(find.integer(0)), .out = find.integer(1) != 0};
}

void RollupFile::AddFlip(PositionKey key, const Flip& flip) {
  Run(statements_->add_flip.Integer(StoredKey(key))
          .Integer(ToMicros(flip.at))
          .Integer(static_cast<int>(flip.out)));
}

void RollupFile::DeleteFlips(PositionKey key, Timestamp from, Timestamp until) {
  Run(statements_->delete_flips.Integer(StoredKey(key))
          .Integer(ToMicros(from))
          .Integer(ToMicros(until)));
}

}  // namespace stockd::reports
