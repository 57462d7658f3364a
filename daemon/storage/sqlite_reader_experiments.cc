// What SqliteReader tells about experiments.
#include "daemon/storage/rows.h"
#include "daemon/storage/sqlite_reader.h"

namespace stockd::storage {

std::optional<Experiment> SqliteReader::FindExperiment(std::string_view id) {
  const ReaderPool::Lease lease = pool_.Borrow();
  std::optional<Experiment> found;
  {
    Statement& find = lease->find_experiment;
    const ResetGuard reset(find);
    find.Text(id);
    if (!StepRow(*lease, find, "look up an experiment")) return std::nullopt;
    found = ReadExperiment(find);
  }
  // Who takes part never changes.
  Statement& list = lease->subjects_of;
  const ResetGuard reset(list);
  list.Text(id);
  while (StepRow(*lease, list, "read who takes part in an experiment")) {
    found->subjects.push_back(ReadSubject(list));
  }
  return found;
}

Page<Experiment> SqliteReader::ListExperiments(std::string_view after_id, int limit) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& list = lease->list_experiments;
  const ResetGuard reset(list);
  list.Text(after_id).Integer(int64_t{limit} + 1);
  Page<Experiment> page;
  while (StepRow(*lease, list, "list experiments")) AddRow(page, ReadExperiment(list), limit);
  return page;
}

}  // namespace stockd::storage
