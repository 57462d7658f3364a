// The writes of SqliteWriter about what sources may tell, what they show and what they refused.
#include "daemon/storage/position_list.h"
#include "daemon/storage/reservation_text.h"
#include "daemon/storage/rows.h"
#include "daemon/storage/sqlite_writer.h"

namespace stockd::storage {

void SqliteWriter::SaveSourceRule(const SourceRule& rule) {
  if (failed()) return;
  const std::string channels = TextArray(rule.channels);
  statements_.save_source_rule.Number(ToNumber(rule.source))
      .Number(ToNumber(rule.location))
      .Integer(static_cast<int>(rule.absolute))
      .Integer(rule.kinds)
      .Text(channels)
      .Integer(rule.closed ? 1 : 0);
  Run(statements_.save_source_rule, "save a source's rule");
}

void SqliteWriter::DeleteSourceRule(SourceId source, LocationId location) {
  if (failed()) return;
  statements_.delete_source_rule.Number(ToNumber(source)).Number(ToNumber(location));
  Run(statements_.delete_source_rule, "remove a source's rule");
}

void SqliteWriter::AddSourceRuleChange(const SourceRuleChange& change) {
  if (failed()) return;
  const std::string channels = TextArray(change.rule.channels);
  statements_.insert_source_rule_change.Integer(ToMicros(change.changed_at))
      .Number(ToNumber(change.rule.source))
      .Number(ToNumber(change.rule.location))
      .Integer(static_cast<int>(change.rule.absolute))
      .Integer(change.rule.kinds)
      .Text(channels)
      .Integer(change.rule.closed ? 1 : 0)
      .Integer(change.removed ? 1 : 0)
      .Text(change.note);
  Run(statements_.insert_source_rule_change, "record the change of a source's rule");
}

Shadow SqliteWriter::FindShadow(SourceId source, PositionKey position) {
  Shadow shadow{.source = source, .position = position};
  if (failed()) return shadow;
  Statement& find = statements_.find_shadow;
  const ResetGuard reset(find);
  find.Number(ToNumber(source)).Integer(StoredKey(position));
  if (!StepRow(find, "look up what a source shows")) return shadow;
  return ReadShadow(find);
}

void SqliteWriter::SaveShadow(const Shadow& shadow) {
  if (failed()) return;
  Statement& save = statements_.save_shadow;
  const auto quantity_or_null = [&save](const std::optional<Quantity>& quantity) {
    if (quantity) {
      save.Integer(*quantity);
    } else {
      save.Null();
    }
  };
  save.Number(ToNumber(shadow.source)).Integer(StoredKey(shadow.position));
  quantity_or_null(shadow.known);
  save.Number(shadow.known_version);
  quantity_or_null(shadow.pending);
  save.Number(shadow.pending_version);
  Run(save, "save what a source shows");
}

void SqliteWriter::ForgetShadows(SourceId source) {
  if (failed()) return;
  statements_.forget_shadows.Number(ToNumber(source));
  Run(statements_.forget_shadows, "forget what a source shows");
}

void SqliteWriter::SaveRefusedLevel(const RefusedLevel& level) {
  if (failed()) return;
  Statement& save = statements_.save_refused_level;
  save.Number(ToNumber(level.source))
      .Integer(StoredKey(level.position))
      .Number(level.version)
      .Text(level.reason)
      .Integer(level.attempts)
      .Integer(ToMicros(level.first_at));
  if (level.retry_at) {
    save.Integer(ToMicros(*level.retry_at));
  } else {
    save.Null();
  }
  Run(save, "save a refused level");
}

void SqliteWriter::DeleteRefusedLevel(SourceId source, PositionKey position) {
  if (failed()) return;
  statements_.delete_refused_level.Number(ToNumber(source)).Integer(StoredKey(position));
  Run(statements_.delete_refused_level, "remove a refused level");
}

}  // namespace stockd::storage
