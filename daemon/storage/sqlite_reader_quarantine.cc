#include "daemon/storage/sqlite_reader.h"

namespace stockd::storage {

std::vector<QuarantineGroup> SqliteReader::SummarizeQuarantine(SourceId source, int limit) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& summarize = lease->summarize_quarantine;
  const ResetGuard reset(summarize);
  summarize.Number(ToNumber(source)).Integer(limit);
  std::vector<QuarantineGroup> groups;
  while (StepRow(*lease, summarize, "summarize quarantine")) {
    groups.push_back({.source = SourceId{static_cast<uint32_t>(summarize.integer(0))},
                      .reason = ledger::ReasonFromName(summarize.text(1)),
                      .name = std::string(summarize.text(2)),
                      .count = summarize.integer(3),
                      .example_id = summarize.integer(4),
                      .oldest_at = FromMicros(summarize.integer(5))});
  }
  return groups;
}

}  // namespace stockd::storage
