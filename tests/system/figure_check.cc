#include "tests/system/figure_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "daemon/base/time_text.h"

namespace stockd::system_test {
namespace {

std::string KeyOf(const std::string& figure, const std::string& group, const std::string& month) {
  return figure + "|" + month + "|" + group;
}

void SetDay(const std::string& day, google::protobuf::Timestamp& time) {
  time.set_seconds(ToMicros(ParseTimestamp(day + "T00:00:00Z").value()) / 1'000'000);
}

int DecimalsOf(const nlohmann::json& reference) {
  if (reference.is_number_integer()) return 0;
  if (!reference.is_string()) return 6;
  const std::string text = reference.get<std::string>();
  const size_t point = text.find('.');
  return point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

double NumberOf(const nlohmann::json& reference) {
  return reference.is_string() ? std::strtod(reference.get<std::string>().c_str(), nullptr)
                               : reference.get<double>();
}

}  // namespace

void Answer::Add(const v1::ReportRow& row, bool is_cut) {
  std::string group;
  for (const std::string& value : row.group()) group += (group.empty() ? "" : "/") + value;
  const std::string month =
      is_cut ? FormatTimestamp(FromMicros(row.begin_time().seconds() * 1'000'000)).substr(0, 7)
             : "";
  // Figures in several currencies have one with something in it.
  v1::ReportRow& known = rows_[KeyOf(row.figure(), group, month)];
  if (known.figure().empty() || known.numerator() == "0") known = row;
}

const v1::ReportRow& Answer::Find(const std::string& figure, const std::string& group,
                                  const std::string& month) const {
  static const v1::ReportRow kNone;
  const auto found = rows_.find(KeyOf(figure, group, month));
  return found == rows_.end() ? kNone : found->second;
}

double Answer::Numerator(const std::string& figure, const std::string& group,
                         const std::string& month) const {
  return std::strtod(Find(figure, group, month).numerator().c_str(), nullptr);
}

double Answer::Denominator(const std::string& figure, const std::string& group,
                           const std::string& month) const {
  return std::strtod(Find(figure, group, month).denominator().c_str(), nullptr);
}

double Answer::Value(const std::string& figure, const std::string& group,
                     const std::string& month) const {
  return Find(figure, group, month).value();
}

double Answer::Percentile(const std::string& figure, int percent, const std::string& group) const {
  for (const v1::ReportPercentile& each : Find(figure, group, "").percentiles()) {
    if (each.percent() == percent) return each.value();
  }
  return -1;
}

double Answer::Excluded(const std::string& figure, const std::string& reason,
                        const std::string& group) const {
  for (const v1::ReportExclusion& each : Find(figure, group, "").exclusions()) {
    if (each.reason() == reason) return static_cast<double>(each.count());
  }
  return 0;
}

std::vector<std::pair<std::string, double>> Answer::Largest(const std::string& figure) const {
  std::vector<std::pair<std::string, double>> groups;
  const std::string prefix = figure + "||";
  for (const auto& [key, row] : rows_) {
    if (!key.starts_with(prefix)) continue;
    groups.emplace_back(key.substr(prefix.size()), std::strtod(row.numerator().c_str(), nullptr));
  }
  std::ranges::sort(groups, [](const auto& one, const auto& other) {
    return std::pair(other.second, one.first) < std::pair(one.second, other.first);
  });
  return groups;
}

bool Answer::IsExact(const std::string& figure) const {
  return Find(figure, "", "").percentile_error() == 0;
}

Answer FigureCheck::Ask(const Question& question) {
  v1::QueryReportRequest request;
  for (const std::string& figure : question.figures) request.add_figures(figure);
  SetDay(question.begin, *request.mutable_begin_time());
  SetDay(question.end, *request.mutable_end_time());
  request.set_bucket(question.bucket);
  for (const std::string& dimension : question.by) request.add_group_by(dimension);
  for (const std::string& source : question.sources) request.add_sources(source);
  for (const std::string& category : question.categories) request.add_categories(category);
  request.set_up_to_date(true);
  Answer answer;
  grpc::Status status;
  // The roll-ups may be behind for longer than one call waits.
  for (int tries = 0; tries < 30; ++tries) {
    v1::ReportService::Stub stub(client_.channel());
    grpc::ClientContext context;
    const auto stream = stub.QueryReport(&context, request);
    v1::QueryReportResponse message;
    while (stream->Read(&message)) {
      for (const v1::ReportRow& row : message.rows()) {
        answer.Add(row, question.bucket != v1::REPORT_BUCKET_UNSPECIFIED);
      }
    }
    status = stream->Finish();
    if (status.error_code() != grpc::StatusCode::UNAVAILABLE) break;
  }
  EXPECT_TRUE(status.ok()) << status.error_message();
  return answer;
}

void FigureCheck::Equal(const std::string& what, double ours, const nlohmann::json& reference) {
  const std::string name = what.substr(0, what.find('/'));
  const auto [found, added] = families_.try_emplace(name);
  if (added) order_.push_back(name);
  Family& family = found->second;
  family.ours = ours;
  family.reference = reference.is_string() ? reference.get<std::string>() : reference.dump();
  const double half = 0.5 * std::pow(10, -DecimalsOf(reference)) * (1 + 1e-6) + 1e-9;
  const bool equal = std::abs(ours - NumberOf(reference)) <= half;
  (equal ? family.equal : family.different) += 1;
  EXPECT_TRUE(equal) << data_set_ << ": " << what << " is " << ours << ", the reference says "
                     << family.reference;
}

void FigureCheck::Leave(const std::string& what, const std::string& why) {
  left_.emplace_back(what, why);
}

FigureCheck::~FigureCheck() {
  std::printf("\n== %s: ours and the reference\n  %-44s %8s %9s  %16s %16s\n", data_set_.c_str(),
              "figures", "equal", "different", "ours (last)", "reference (last)");
  int equal = 0;
  int different = 0;
  for (const std::string& name : order_) {
    const Family& family = families_.at(name);
    equal += family.equal;
    different += family.different;
    std::printf("  %-44s %8d %9d  %16.6f %16s\n", name.c_str(), family.equal, family.different,
                family.ours, family.reference.c_str());
  }
  std::printf("  %-44s %8d %9d\n", "together", equal, different);
  for (const auto& [what, why] : left_) {
    std::printf("  not compared: %s: %s\n", what.c_str(), why.c_str());
  }
}

}  // namespace stockd::system_test
