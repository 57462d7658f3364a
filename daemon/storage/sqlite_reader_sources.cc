// What SqliteReader tells about the rules of sources, what they show and what they refused.
#include "daemon/storage/error_text.h"
#include "daemon/storage/rows.h"
#include "daemon/storage/sqlite_reader.h"

namespace stockd::storage {

std::vector<SourceRule> SqliteReader::ListSourceRules() {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& list = lease->list_source_rules;
  const ResetGuard reset(list);
  std::vector<SourceRule> rules;
  while (StepRow(*lease, list, "list the rules of sources")) {
    if (!ReadSourceRule(list, 0, rules.emplace_back()))
      throw ReadError(DamageText(path_, "a row of the table source_rule"));
  }
  return rules;
}

Page<SourceRuleChange> SqliteReader::ListSourceRuleChanges(SourceId source, int64_t before,
                                                           int limit) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& list = lease->list_source_rule_changes;
  const ResetGuard reset(list);
  list.Integer(before).Number(ToNumber(source)).Integer(int64_t{limit} + 1);
  Page<SourceRuleChange> page;
  while (StepRow(*lease, list, "list the changes of rules")) {
    SourceRuleChange change{.id = list.integer(6),
                            .changed_at = FromMicros(list.integer(7)),
                            .rule = {},
                            .removed = list.integer(8) != 0,
                            .note = std::string(list.text(9))};
    if (!ReadSourceRule(list, 0, change.rule))
      throw ReadError(DamageText(path_, "a row of the table source_rule_change"));
    AddRow(page, std::move(change), limit);
  }
  return page;
}

std::vector<Shadow> SqliteReader::ListPendingShadows() {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& list = lease->list_pending_shadows;
  const ResetGuard reset(list);
  std::vector<Shadow> shadows;
  while (StepRow(*lease, list, "list the levels on their way")) shadows.push_back(ReadShadow(list));
  return shadows;
}

std::vector<RefusedLevel> SqliteReader::ListRefusedLevels() {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& list = lease->list_refused_levels;
  const ResetGuard reset(list);
  std::vector<RefusedLevel> levels;
  while (StepRow(*lease, list, "list the refused levels")) {
    levels.push_back(ReadRefusedLevel(list));
  }
  return levels;
}

}  // namespace stockd::storage
