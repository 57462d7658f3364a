#include "daemon/reports/life_fold.h"

#include <set>
#include <utility>

#include "daemon/reports/order_life.h"
#include "daemon/storage/error_text.h"

namespace stockd::reports {
namespace {

using storage::ResetGuard;
using storage::Statement;

// The places and days of the parts.
std::set<std::pair<uint32_t, int64_t>> DaysOf(const std::vector<LifePart>& parts, Workspace& work) {
  std::set<std::pair<uint32_t, int64_t>> days;
  for (const LifePart& part : parts) days.emplace(part.location, work.DayOf(part.at));
  return days;
}

}  // namespace

struct LifeFold::Statements {
  Statement find, save, add_day, delete_day;
};

LifeFold::LifeFold(Workspace& workspace, storage::JournalFeed& feed)
    : work_(workspace), feed_(feed), statements_(std::make_unique<Statements>()) {
  storage::Connection& connection = work_.file().connection();
  Statements& s = *statements_;
  const std::pair<Statement*, const char*> all[] = {
      {&s.find, "SELECT sums FROM order_life WHERE number = ?"},
      {&s.save, "REPLACE INTO order_life VALUES (?, ?)"},
      {&s.add_day, "REPLACE INTO order_day VALUES (?, ?, ?)"},
      {&s.delete_day, "DELETE FROM order_day WHERE location = ? AND day = ? AND number = ?"}};
  for (const auto& [statement, sql] : all) {
    if (statement->Prepare(connection, sql) != SQLITE_OK) Fail("prepare the roll-ups");
  }
}

LifeFold::~LifeFold() = default;

void LifeFold::Fail(const char* doing) {
  throw RollupError(storage::ErrorText(work_.file().path(), doing, work_.file().connection()));
}

uint64_t LifeFold::Follow(uint64_t after, int events_max) {
  std::set<uint64_t> orders;
  for (const auto& [event, order] : feed_.OrderEvents(after, events_max)) {
    orders.insert(order);
    after = event;
  }
  for (const uint64_t order : orders) Retell(order);
  return after;
}

void LifeFold::Retell(uint64_t order_number) {
  const std::string before = Find(order_number);
  std::vector<LifePart> parts;
  if (const auto story = feed_.Order(order_number)) {
    for (LifeSums& sums :
         LifeOf(*story, [this](ItemId item) { return work_.items().MicroUnits(item); })) {
      if (sums.amounts.empty()) continue;
      parts.push_back({.at = sums.at,
                       .location = ToNumber(sums.location),
                       .strand = work_.Intern(sums.strand),
                       .amounts = std::move(sums.amounts)});
    }
  }
  const std::string now = EncodeLife(parts);
  if (now == before) return;
  std::vector<LifePart> old_parts;
  if (!DecodeLife(before, old_parts)) Fail("read what an order added");
  Add(old_parts, -1);
  Add(parts, 1);
  SaveDays(order_number, old_parts, parts);
  if (statements_->save.Number(order_number).Blob(now).Run() != SQLITE_DONE) {
    Fail("write the roll-ups");
  }
}

void LifeFold::Add(const std::vector<LifePart>& parts, int sign) {
  std::vector<Amount> amounts;
  for (const LifePart& part : parts) {
    amounts = part.amounts;
    for (Amount& amount : amounts) amount.amount *= sign;
    work_.AddPlaceFlow(part.at, part.location, part.strand, amounts);
  }
}

void LifeFold::SaveDays(uint64_t order_number, const std::vector<LifePart>& before,
                        const std::vector<LifePart>& now) {
  const auto old_days = DaysOf(before, work_);
  const auto days = DaysOf(now, work_);
  const auto run = [&](Statement& statement, const std::pair<uint32_t, int64_t>& day) {
    statement.Integer(day.first).Integer(day.second).Number(order_number);
    if (statement.Run() != SQLITE_DONE) Fail("write the roll-ups");
  };
  for (const auto& day : old_days) {
    if (!days.contains(day)) run(statements_->delete_day, day);
  }
  for (const auto& day : days) {
    if (!old_days.contains(day)) run(statements_->add_day, day);
  }
}

std::string LifeFold::Find(uint64_t order_number) {
  Statement& find = statements_->find;
  const ResetGuard reset(find);
  find.Number(order_number);
  const int code = find.Step();
  if (code == SQLITE_ROW) return std::string(find.text(0));
  if (code != SQLITE_DONE) Fail("read the roll-ups");
  return {};
}

}  // namespace stockd::reports
