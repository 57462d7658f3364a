// A figure of both policies of an experiment.
#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <utility>

#include "daemon/reports/comparison.h"
#include "daemon/reports/position_figures.h"
#include "daemon/rpc/experiment_service.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/report_guard.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

using reports::Dimension;
using storage::Subject;

constexpr std::chrono::seconds kPatience{10};  // For roll-ups that are behind.

bool IsOfPositions(const storage::Experiment& experiment) {
  return experiment.subjects.front().item != kNoItem;
}

// The first edge of a full hour not before the instant.
Timestamp EdgeFrom(Timestamp at, const reports::TimeGrid& grid) {
  const int64_t bucket = grid.BucketAt(reports::Level::kHour, at);
  const Timestamp begin = grid.BeginOf(reports::Level::kHour, bucket);
  return begin == at ? at : grid.BeginOf(reports::Level::kHour, bucket + 1);
}

Timestamp EdgeUntil(Timestamp at, const reports::TimeGrid& grid) {
  return grid.BeginOf(reports::Level::kHour, grid.BucketAt(reports::Level::kHour, at));
}

void FillArm(int64_t value, int subjects, const reports::Sample& sample, v1::ExperimentArm& proto) {
  proto.set_value(value);
  proto.set_subjects(subjects);
  proto.set_observations(sample.size);
  proto.set_mean(sample.mean);
  proto.set_deviation(sample.deviation);
}

}  // namespace

grpc::Status ExperimentService::ParseQuery(const v1::CompareExperimentRequest& request,
                                           const storage::Experiment& experiment,
                                           reports::ReportQuery& query) const {
  const reports::Figure* figure = reports::FindFigure(request.figure());
  if (figure == nullptr) return InvalidField("figure", "is not a figure");
  if (figure->by_currency) {
    if (auto status = CheckId("currency", request.currency()); !status.ok()) return status;
    query.currencies = {request.currency()};
  } else if (!request.currency().empty()) {
    return InvalidField("currency", "is only of figures about money");
  }
  const bool known = IsOfPositions(experiment) ? reports::IsOfPositions(*figure)
                                               : Has(figure->dimensions, Dimension::kLocation);
  if (!known) {
    return MakeStatus(grpc::StatusCode::FAILED_PRECONDITION, "DIMENSIONS_UNSUPPORTED",
                      "the figure " + request.figure() + " is not known by " +
                          (IsOfPositions(experiment) ? "position" : "location"),
                      {});
  }
  const reports::TimeGrid& grid = reports_->grid();
  query.figures = {figure};
  query.zone = grid.zone();
  query.begin = EdgeFrom(experiment.begins_at, grid);
  query.end =
      EdgeUntil(std::min(reports_->now(), experiment.ends_at.value_or(kTimestampMax)), grid);
  const auto parse = [&](const char* field, const google::protobuf::Timestamp& proto,
                         Timestamp& edge) {
    const auto at = FromProto(proto);
    if (!at || EdgeUntil(*at, grid) != *at || *at < experiment.begins_at || *at > reports_->now() ||
        (experiment.ends_at && *at > *experiment.ends_at)) {
      return InvalidField(field, "is a full hour within the experiment");
    }
    edge = *at;
    return grpc::Status::OK;
  };
  if (request.has_begin_time()) {
    if (auto status = parse("begin_time", request.begin_time(), query.begin); !status.ok()) {
      return status;
    }
  }
  if (request.has_end_time()) {
    if (auto status = parse("end_time", request.end_time(), query.end); !status.ok()) {
      return status;
    }
  }
  if (query.end > query.begin) return grpc::Status::OK;
  if (request.has_begin_time() || request.has_end_time()) {
    return InvalidField("end_time", "is after begin_time");
  }
  return MakeStatus(grpc::StatusCode::FAILED_PRECONDITION, "EXPERIMENT_TOO_YOUNG",
                    "No full hour of it has passed.", {});
}

grpc::Status ExperimentService::Compare(const storage::Experiment& experiment,
                                        reports::ReportQuery query,
                                        v1::CompareExperimentResponse& response) {
  std::vector<double> values[2];
  int subjects[2] = {};
  const auto add = [&](const Subject& subject, std::optional<double> value) {
    ++subjects[subject.is_b ? 1 : 0];
    if (value) values[subject.is_b ? 1 : 0].push_back(*value);
  };
  const reports::Figure& figure = *query.figures.front();
  reports::Progress progress;
  if (IsOfPositions(experiment)) {
    std::vector<PositionKey> keys;
    for (const Subject& subject : experiment.subjects) {
      keys.push_back({.item = subject.item, .location = subject.location});
    }
    const auto found = reports_->OfPositions(figure, keys, query.begin, query.end, progress);
    for (size_t i = 0; i < keys.size(); ++i) add(experiment.subjects[i], found[i]);
  } else {
    query.group_by = {Dimension::kLocation};
    for (const Subject& subject : experiment.subjects) query.locations.push_back(subject.location);
    absl::flat_hash_map<std::string, std::optional<double>> found;
    const auto note_missing = [&response](const reports::ReportRow& row) {
      if (!response.missing().empty()) return;
      for (const reports::Needed needed : row.missing) {
        response.add_missing(std::string(reports::NeededName(needed)));
      }
    };
    progress = reports_->Run(query, [&](reports::ReportRow&& row) {
      note_missing(row);
      found.emplace(row.group.front(), row.value);
      return true;
    });
    // No location has a row where nothing was told: the whole has one, and says what is missing.
    if (found.empty()) {
      query.group_by.clear();
      reports_->Run(query, [&](reports::ReportRow&& row) {
        note_missing(row);
        return true;
      });
    }
    // Where nothing happened a sum is nothing, and a share has no value.
    const bool is_sum = figure.denominator.empty() && response.missing().empty();
    for (const Subject& subject : experiment.subjects) {
      const auto row = found.find(engine_.catalogue().LocationCode(subject.location));
      add(subject, row != found.end() ? row->second : is_sum ? std::optional(0.0) : std::nullopt);
    }
  }
  const reports::Comparison result = reports::Compare(values[0], values[1]);
  FillArm(experiment.value_a, subjects[0], result.a, *response.mutable_a());
  FillArm(experiment.value_b, subjects[1], result.b, *response.mutable_b());
  response.set_difference(result.difference);
  if (result.interval) {
    response.set_interval_low(result.interval->first);
    response.set_interval_high(result.interval->second);
  }
  if (result.size_needed) response.set_observations_needed(*result.size_needed);
  ToProto(query.begin, *response.mutable_begin_time());
  ToProto(query.end, *response.mutable_end_time());
  response.set_sequence(progress.sequence);
  return grpc::Status::OK;
}

// Waits and reads many rows: in a queue.
grpc::ServerUnaryReactor* ExperimentService::CompareExperiment(
    grpc::CallbackServerContext* context, const v1::CompareExperimentRequest* request,
    v1::CompareExperimentResponse* response) {
  if (reports_ == nullptr) return FinishNow(context, TurnedOff());
  storage::Experiment experiment;
  reports::ReportQuery query;
  grpc::Status status = Find(request->experiment_id(), experiment);
  if (status.ok()) status = ParseQuery(*request, experiment, query);
  if (!status.ok()) return FinishNow(context, status);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const bool added = comparing_.TryAdd(
      [this, experiment = std::move(experiment), query = std::move(query), response, reactor] {
        const bool there =
            reports_->WaitFor(engine_.changes().newest(), engine_.order_events().newest(),
                              reports_->records_noted(), kPatience);
        if (!there) {
          reactor->Finish(Behind(*reports_));
          return;
        }
        grpc::Status compared;
        const grpc::Status read = ReadOrExplain(
            [&] { return Guarded([&] { compared = Compare(experiment, query, *response); }); });
        reactor->Finish(read.ok() ? compared : read);
      });
  if (!added) reactor->Finish(ToStatus(engine::CommitOutcome::kBusy));
  return reactor;
}

}  // namespace stockd::rpc
