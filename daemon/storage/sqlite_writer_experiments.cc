// What SqliteWriter keeps for figures beside the journal: online contacts and experiments.
#include "daemon/storage/rows.h"
#include "daemon/storage/sqlite_writer.h"

namespace stockd::storage {

void SqliteWriter::KeepContact(const Contact& contact, Timestamp now) {
  if (failed()) return;
  statements_.add_contact.Text(contact.customer_reference)
      .Number(ToNumber(contact.item))
      .Text(contact.channel)
      .Integer(ToMicros(contact.occurred_at))
      .Integer(ToMicros(now));
  Run(statements_.add_contact, "keep an online contact");
}

std::optional<Experiment> SqliteWriter::FindExperiment(std::string_view id) {
  if (failed()) return std::nullopt;
  std::optional<Experiment> found;
  {
    Statement& find = statements_.find_experiment;
    const ResetGuard reset(find);
    find.Text(id);
    if (!StepRow(find, "look up an experiment")) return std::nullopt;
    found = ReadExperiment(find);
  }
  ReadSubjects(*found);
  return found;
}

std::vector<Experiment> SqliteWriter::RunningExperiments() {
  if (failed()) return {};
  std::vector<Experiment> running;
  {
    Statement& list = statements_.running_experiments;
    const ResetGuard reset(list);
    while (StepRow(list, "list running experiments")) running.push_back(ReadExperiment(list));
  }
  for (Experiment& experiment : running) ReadSubjects(experiment);
  return running;
}

void SqliteWriter::ReadSubjects(Experiment& experiment) {
  Statement& list = statements_.subjects_of;
  const ResetGuard reset(list);
  list.Text(experiment.id);
  while (StepRow(list, "read who takes part in an experiment")) {
    experiment.subjects.push_back(ReadSubject(list));
  }
}

void SqliteWriter::InsertExperiment(const Experiment& experiment) {
  if (failed()) return;
  statements_.insert_experiment.Text(experiment.id)
      .Integer(static_cast<int64_t>(experiment.policy))
      .Integer(experiment.value_a)
      .Integer(experiment.value_b)
      .Number(experiment.seed)
      .Text(experiment.group)
      .Integer(ToMicros(experiment.begins_at));
  if (experiment.ends_at) {
    statements_.insert_experiment.Integer(ToMicros(*experiment.ends_at));
  } else {
    statements_.insert_experiment.Null();
  }
  Run(statements_.insert_experiment, "add an experiment");
  for (const Subject& subject : experiment.subjects) {
    Statement& insert = statements_.insert_subject;
    insert.Text(experiment.id)
        .Number(ToNumber(subject.item))
        .Number(ToNumber(subject.location))
        .Integer(subject.is_b ? 1 : 0);
    if (subject.before) {
      insert.Integer(*subject.before);
    } else {
      insert.Null();
    }
    Run(insert, "add who takes part in an experiment");
  }
}

void SqliteWriter::EndExperiment(std::string_view id, Timestamp ends_at) {
  if (failed()) return;
  statements_.end_experiment.Integer(ToMicros(ends_at)).Text(id);
  Run(statements_.end_experiment, "end an experiment");
}

}  // namespace stockd::storage
