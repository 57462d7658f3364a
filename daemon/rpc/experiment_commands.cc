#include "daemon/rpc/experiment_commands.h"

#include <algorithm>
#include <utility>

#include "daemon/reports/assignment.h"
#include "daemon/rpc/catalogue_changes.h"
#include "daemon/rpc/status.h"

namespace stockd::rpc {
namespace {

using storage::Experiment;
using storage::Subject;

ExperimentResult Refuse(grpc::StatusCode code, const char* reason, std::string message,
                        const Metadata& metadata = {}) {
  return {.refusal = MakeStatus(code, reason, std::move(message), metadata)};
}

// By item and location.
std::vector<Subject> SubjectsOf(const std::vector<ItemId>& items, const storage::Group& group) {
  std::vector<Subject> subjects;
  subjects.reserve(items.size() * group.locations.size());
  for (const ItemId item : items) {
    for (const LocationId location : group.locations) {
      subjects.push_back({.item = item, .location = location});
    }
  }
  std::ranges::sort(subjects, {}, [](const Subject& subject) {
    return std::pair(subject.item, subject.location);
  });
  return subjects;
}

std::string NameOf(const Subject& subject, const engine::Catalogue& catalogue) {
  std::string name = subject.item == kNoItem ? "" : catalogue.Sku(subject.item);
  // No id holds a control character.
  return name + '\n' + catalogue.LocationCode(subject.location);
}

void Assign(Experiment& experiment, const engine::Catalogue& catalogue) {
  std::vector<std::string> names;
  names.reserve(experiment.subjects.size());
  for (const Subject& subject : experiment.subjects) names.push_back(NameOf(subject, catalogue));
  const std::vector<bool> is_b = reports::AssignArms(names, experiment.id, experiment.seed);
  for (size_t i = 0; i < is_b.size(); ++i) experiment.subjects[i].is_b = is_b[i];
}

// What holds at a subject by a rule of its own.
std::optional<int64_t> HeldAt(const Experiment& experiment, const Subject& subject,
                              const engine::Catalogue& catalogue) {
  if (experiment.policy == Experiment::Policy::kSafetyStock) {
    return catalogue.SafetyStockRule({.item = subject.item, .location = subject.location});
  }
  const auto [open_time, has_calendar] = catalogue.HoursOf(subject.location);
  if (!has_calendar) return std::nullopt;
  return open_time->calendar().hold_open_days;
}

// Puts a value in force at a subject; empty: takes the subject's own rule away.
void Put(engine::UnitOfWork& unit, const Experiment& experiment, const Subject& subject,
         std::optional<int64_t> value) {
  const engine::Catalogue& catalogue = unit.catalogue();
  if (experiment.policy == Experiment::Policy::kSafetyStock) {
    StatedSafetyStock rule{
        .sku = subject.item == kNoItem ? std::string() : catalogue.Sku(subject.item),
        .location = catalogue.LocationCode(subject.location),
        .quantity = value.value_or(0),
        .remove = !value};
    (void)Apply(unit, std::span(&rule, 1));
    return;
  }
  const auto [open_time, has_calendar] = catalogue.HoursOf(subject.location);
  if (!has_calendar || !value) return;
  StatedCalendar stated{.location = catalogue.LocationCode(subject.location),
                        .calendar = open_time->calendar()};
  stated.calendar.hold_open_days = static_cast<int>(*value);
  (void)Apply(unit, std::span(&stated, 1));
}

bool IsSame(const Experiment& known, const Experiment& asked, const std::vector<ItemId>& items) {
  std::vector<ItemId> known_items;
  for (const Subject& subject : known.subjects) {
    if (known_items.empty() || known_items.back() != subject.item) {
      known_items.push_back(subject.item);
    }
  }
  return known.policy == asked.policy && known.group == asked.group &&
         known.value_a == asked.value_a && known.value_b == asked.value_b &&
         known.seed == asked.seed && known_items == items;
}

}  // namespace

ExperimentResult StartExperiment(engine::UnitOfWork& unit, StatedExperiment stated) {
  const engine::Catalogue& catalogue = unit.catalogue();
  Experiment& asked = stated.row;
  std::vector<ItemId> items;
  for (const std::string& sku : stated.skus) {
    items.push_back(catalogue.FindItem(sku));
    if (items.back() == kNoItem) {
      return {.refusal = UnknownName(ledger::Reason::kSkuUnknown, "sku", sku)};
    }
  }
  if (items.empty()) items.push_back(kNoItem);
  std::ranges::sort(items);
  items.erase(std::ranges::unique(items).begin(), items.end());
  if (auto known = unit.store().FindExperiment(asked.id)) {
    if (IsSame(*known, asked, items)) return {.refusal = {}, .experiment = std::move(*known)};
    return Refuse(grpc::StatusCode::ALREADY_EXISTS, "EXPERIMENT_DIFFERS",
                  "The experiment " + asked.id + " is another one.");
  }
  const auto group = catalogue.Group(catalogue.FindGroup(asked.group));
  if (!group)
    return {.refusal = UnknownName(ledger::Reason::kGroupUnknown, "group_id", asked.group)};
  const size_t size = items.size() * group->locations.size();
  if (size < kSubjectsMin) {
    return Refuse(
        grpc::StatusCode::FAILED_PRECONDITION, "EXPERIMENT_TOO_SMALL",
        "An experiment takes at least 4 subjects, these are " + std::to_string(size) + ".",
        {{"subjects", std::to_string(size)}});
  }
  if (size > kSubjectsMax) {
    return Refuse(
        grpc::StatusCode::RESOURCE_EXHAUSTED, "EXPERIMENT_TOO_LARGE",
        "An experiment takes at most 10000 subjects, these are " + std::to_string(size) + ".",
        {{"subjects", std::to_string(size)}});
  }
  asked.subjects = SubjectsOf(items, *group);
  const std::vector<Experiment> running = unit.store().RunningExperiments();
  if (running.size() >= kRunningMax) {
    return Refuse(grpc::StatusCode::RESOURCE_EXHAUSTED, "EXPERIMENTS_TOO_MANY",
                  "20 experiments run. End one first.");
  }
  for (const Experiment& other : running) {
    if (other.policy != asked.policy) continue;
    for (const Subject& subject : other.subjects) {
      if (std::ranges::find(group->locations, subject.location) == group->locations.end()) continue;
      const std::string location = catalogue.LocationCode(subject.location);
      return Refuse(grpc::StatusCode::FAILED_PRECONDITION, "EXPERIMENT_OVERLAPS",
                    "Location " + location + " takes part in the experiment " + other.id + ".",
                    {{"location", location}, {"experiment_id", other.id}});
    }
  }
  Assign(asked, catalogue);
  for (Subject& subject : asked.subjects) {
    subject.before = HeldAt(asked, subject, catalogue);
    if (asked.policy == Experiment::Policy::kHoldDays && !subject.before) {
      const std::string location = catalogue.LocationCode(subject.location);
      return Refuse(grpc::StatusCode::FAILED_PRECONDITION, "CALENDAR_MISSING",
                    "Location " + location + " has no calendar.", {{"location", location}});
    }
  }
  for (const Subject& subject : asked.subjects) {
    Put(unit, asked, subject, subject.is_b ? asked.value_b : asked.value_a);
  }
  asked.begins_at = unit.now();
  unit.store().InsertExperiment(asked);
  return {.refusal = {}, .experiment = std::move(asked)};
}

ExperimentResult EndExperiment(engine::UnitOfWork& unit, const std::string& id) {
  auto known = unit.store().FindExperiment(id);
  if (!known) {
    return Refuse(grpc::StatusCode::NOT_FOUND, "EXPERIMENT_UNKNOWN",
                  "There is no experiment " + id + ".", {{"experiment_id", id}});
  }
  ExperimentResult result{.refusal = {}, .experiment = std::move(*known)};
  Experiment& experiment = result.experiment;
  if (experiment.ends_at) return result;
  for (const Subject& subject : experiment.subjects) {
    const int64_t value = subject.is_b ? experiment.value_b : experiment.value_a;
    if (HeldAt(experiment, subject, unit.catalogue()) == value) {
      Put(unit, experiment, subject, subject.before);
    } else {
      ++result.left_alone;
    }
  }
  experiment.ends_at = unit.now();
  unit.store().EndExperiment(id, unit.now());
  return result;
}

}  // namespace stockd::rpc
