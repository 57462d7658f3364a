#include "daemon/reports/hold_rows.h"

#include <utility>

#include "daemon/reports/rollup_file.h"
#include "daemon/storage/error_text.h"
#include "daemon/storage/position_list.h"

namespace stockd::reports {
namespace {

using storage::ResetGuard;
using storage::Statement;

}  // namespace

struct HoldRows::Statements {
  Statement find_hold, save_hold, lines, save_line, delete_lines;
};

HoldRows::HoldRows(storage::Connection& connection, std::string path)
    : connection_(connection), path_(std::move(path)), statements_(std::make_unique<Statements>()) {
  Statements& s = *statements_;
  const std::pair<Statement*, const char*> all[] = {
      {&s.find_hold, "SELECT created_at, location, strand, end, counts FROM hold WHERE number = ?"},
      {&s.save_hold, "REPLACE INTO hold VALUES (?, ?, ?, ?, ?, ?)"},
      {&s.lines,
       "SELECT position, units, since, time_high, time_low FROM hold_line WHERE hold = ?"},
      {&s.save_line, "INSERT INTO hold_line VALUES (?, ?, ?, ?, ?, ?)"},
      {&s.delete_lines, "DELETE FROM hold_line WHERE hold = ?"}};
  for (const auto& [statement, sql] : all) {
    if (statement->Prepare(connection_, sql) != SQLITE_OK) Fail("prepare the roll-ups");
  }
}

HoldRows::~HoldRows() = default;

void HoldRows::Fail(const char* doing) {
  throw RollupError(storage::ErrorText(path_, doing, connection_));
}

void HoldRows::Run(Statement& statement) {
  if (statement.Run() != SQLITE_DONE) Fail("write the roll-ups");
}

bool HoldRows::Step(Statement& statement) {
  const int code = statement.Step();
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  Fail("read the roll-ups");
}

HoldRow HoldRows::FindHold(uint64_t number) {
  Statement& find = statements_->find_hold;
  const ResetGuard reset(find);
  find.Number(number);
  if (!Step(find)) return {};
  return {.created_at = FromMicros(find.integer(0)),
          .location = LocationId{static_cast<uint32_t>(find.integer(1))},
          .strand = static_cast<StrandId>(find.integer(2)),
          .end = static_cast<HoldEnd>(find.integer(3)),
          .counts = find.integer(4) != 0};
}

void HoldRows::SaveHold(uint64_t number, const HoldRow& row) {
  Run(statements_->save_hold.Number(number)
          .Integer(ToMicros(row.created_at))
          .Number(ToNumber(row.location))
          .Integer(row.strand)
          .Integer(static_cast<int>(row.end))
          .Integer(static_cast<int>(row.counts)));
}

std::map<PositionKey, HeldUnits> HoldRows::Lines(uint64_t number) {
  std::map<PositionKey, HeldUnits> lines;
  Statement& list = statements_->lines;
  const ResetGuard reset(list);
  list.Number(number);
  while (Step(list)) {
    lines[storage::KeyFromStored(list.integer(0))] = {
        .units = list.integer(1),
        .since = FromMicros(list.integer(2)),
        .unit_micros = Int128{list.integer(3)} << 64 | static_cast<Int128>(list.number(4))};
  }
  return lines;
}

void HoldRows::SaveLines(uint64_t number, const std::map<PositionKey, HeldUnits>& lines) {
  Run(statements_->delete_lines.Number(number));
  for (const auto& [position, held] : lines) {
    if (held.units == 0) continue;
    Run(statements_->save_line.Number(number)
            .Integer(storage::StoredKey(position))
            .Integer(held.units)
            .Integer(ToMicros(held.since))
            .Integer(static_cast<int64_t>(held.unit_micros >> 64))
            .Number(static_cast<uint64_t>(held.unit_micros)));
  }
}

}  // namespace stockd::reports
