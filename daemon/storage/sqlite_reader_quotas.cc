#include "daemon/storage/rows.h"
#include "daemon/storage/sqlite_reader.h"

namespace stockd::storage {
namespace {

QuotaStanding ReadStanding(const Statement& row) {
  return {.quota = ReadQuota(row), .sold = row.integer(10), .remaining = row.integer(11)};
}

}  // namespace

std::optional<QuotaStanding> SqliteReader::FindQuota(std::string_view id) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& find = lease->find_quota;
  const ResetGuard reset(find);
  find.Text(id);
  if (!StepRow(*lease, find, "look up a quota")) return std::nullopt;
  return ReadStanding(find);
}

Page<QuotaStanding> SqliteReader::ListQuotas(std::string_view holder, bool include_settled,
                                             uint64_t after_number, int limit) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& list = include_settled ? lease->list_quotas : lease->list_open_quotas;
  const ResetGuard reset(list);
  list.Number(after_number).Text(holder).Integer(int64_t{limit} + 1);
  Page<QuotaStanding> page;
  while (StepRow(*lease, list, "list quotas")) {
    AddRow(page, ReadStanding(list), limit);
  }
  return page;
}

}  // namespace stockd::storage
