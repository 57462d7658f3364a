#include "daemon/storage/position_list.h"
#include "daemon/storage/rows.h"
#include "daemon/storage/sqlite_writer.h"

namespace stockd::storage {

std::optional<Quota> SqliteWriter::FindQuota(std::string_view id) {
  if (failed()) return std::nullopt;
  Statement& find = statements_.find_quota;
  const ResetGuard reset(find);
  find.Text(id);
  if (!StepRow(find, "look up a quota")) return std::nullopt;
  return ReadQuota(find);
}

void SqliteWriter::SaveQuota(const Quota& quota) {
  if (failed()) return;
  Statement& save = statements_.save_quota;
  save.Text(quota.id)
      .Number(quota.number)
      .Text(quota.holder)
      .Integer(StoredKey(quota.position))
      .Integer(quota.quantity)
      .Integer(quota.requested)
      .Integer(quota.allow_partial ? 1 : 0)
      .Integer(ToMicros(quota.created_at))
      .Integer(ToMicros(quota.ends_at));
  if (quota.settled_at) {
    save.Integer(ToMicros(*quota.settled_at));
  } else {
    save.Null();
  }
  Run(save, "save a quota");
}

}  // namespace stockd::storage
