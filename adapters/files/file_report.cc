#include "adapters/files/file_report.h"

#include <fmt/format.h>

#include <numeric>

#include <nlohmann/json.hpp>

#include "adapters/sdk/log.h"

namespace stockd::files {
namespace {

using Json = nlohmann::ordered_json;
using CountsByReason = std::map<std::string, int64_t>;

int64_t Total(const CountsByReason& counts) {
  return std::accumulate(counts.begin(), counts.end(), int64_t{0},
                         [](int64_t sum, const auto& entry) { return sum + entry.second; });
}

// "8 (KIND_UNKNOWN 5, TIME_INVALID 3)"; "0" for none.
std::string Listed(const CountsByReason& counts) {
  std::string list;
  for (const auto& [reason, count] : counts) {
    list += fmt::format("{}{} {}", list.empty() ? "" : ", ", reason, count);
  }
  return list.empty() ? "0" : fmt::format("{} ({})", Total(counts), list);
}

Json ToJsonObject(const FileReport& report) {
  Json facts = Json::array();
  for (const FileReport::Quarantined& fact : report.quarantined_facts) {
    facts.push_back({{"line", fact.line},
                     {"event_id", fact.event_id},
                     {"reason", fact.reason},
                     {"quarantine_id", fact.quarantine_id}});
  }
  return {{"file", report.file},
          {"kind", report.kind},
          {"rows_read", report.rows_read},
          {"rows_skipped", report.rows_skipped},
          {"rows_rejected", report.rows_rejected},
          {"facts_sent", report.facts_sent},
          {"applied", report.applied},
          {"duplicates", report.duplicates},
          {"quarantined", report.quarantined},
          {"quarantined_facts", std::move(facts)},
          {"records_sent", report.records_sent},
          {"created", report.created},
          {"changed", report.changed},
          {"unchanged", report.unchanged},
          {"overtaken", report.overtaken},
          {"set_aside", report.set_aside},
          {"duration_ms", report.duration.count()}};
}

FileReport FromJsonObject(const Json& json) {
  FileReport report;
  json.at("file").get_to(report.file);
  json.at("kind").get_to(report.kind);
  json.at("rows_read").get_to(report.rows_read);
  json.at("rows_skipped").get_to(report.rows_skipped);
  json.at("rows_rejected").get_to(report.rows_rejected);
  json.at("facts_sent").get_to(report.facts_sent);
  json.at("applied").get_to(report.applied);
  json.at("duplicates").get_to(report.duplicates);
  json.at("quarantined").get_to(report.quarantined);
  for (const Json& fact : json.at("quarantined_facts")) {
    report.quarantined_facts.push_back({.line = fact.at("line"),
                                        .event_id = fact.at("event_id"),
                                        .reason = fact.at("reason"),
                                        .quarantine_id = fact.at("quarantine_id")});
  }
  json.at("records_sent").get_to(report.records_sent);
  json.at("created").get_to(report.created);
  json.at("changed").get_to(report.changed);
  json.at("unchanged").get_to(report.unchanged);
  json.at("overtaken").get_to(report.overtaken);
  json.at("set_aside").get_to(report.set_aside);
  report.duration = std::chrono::milliseconds(json.at("duration_ms").get<int64_t>());
  return report;
}

template <typename Value, typename Read>
absl::StatusOr<Value> Parse(std::string_view text, const Read& read) {
  try {
    return read(Json::parse(text));
  } catch (const Json::exception& error) {
    return absl::InvalidArgumentError(error.what());
  }
}

}  // namespace

std::string ToJson(const FileReport& report) { return ToJsonObject(report).dump(2) + "\n"; }

absl::StatusOr<FileReport> FileReportFromJson(std::string_view json) {
  return Parse<FileReport>(json, FromJsonObject);
}

std::string ToSummary(const FileReport& report) {
  std::string text = fmt::format("file={} kind={} rows_read={}", sdk::LogValue(report.file),
                                 report.kind, report.rows_read);
  if (report.facts_sent > 0) {
    text +=
        fmt::format(" facts_sent={} applied={} duplicates={} quarantined=\"{}\"", report.facts_sent,
                    report.applied, report.duplicates, Listed(report.quarantined));
  }
  if (report.records_sent > 0) {
    text += fmt::format(" records_sent={} created={} changed={} unchanged={}", report.records_sent,
                        report.created, report.changed, report.unchanged);
  }
  if (report.overtaken > 0) text += fmt::format(" overtaken={}", report.overtaken);
  if (report.set_aside > 0) text += fmt::format(" quarantined={}", report.set_aside);
  const double seconds = static_cast<double>(report.duration.count()) / 1000;
  text += fmt::format(" rows_rejected=\"{}\" rows_skipped=\"{}\" seconds={:.3f}",
                      Listed(report.rows_rejected), Listed(report.rows_skipped), seconds);
  if (seconds > 0) {
    text += fmt::format(" rows_per_s={:.0f}", static_cast<double>(report.rows_read) / seconds);
  }
  return text;
}

std::string ToJson(const FileProgress& progress) {
  return Json{{"offset", progress.offset},
              {"line", progress.line},
              {"rejected_bytes", progress.rejected_bytes},
              {"finished_name", progress.finished_name},
              {"report", ToJsonObject(progress.report)}}
      .dump();
}

absl::StatusOr<FileProgress> FileProgressFromJson(std::string_view json) {
  return Parse<FileProgress>(json, [](const Json& object) {
    FileProgress progress;
    object.at("offset").get_to(progress.offset);
    object.at("line").get_to(progress.line);
    object.at("rejected_bytes").get_to(progress.rejected_bytes);
    object.at("finished_name").get_to(progress.finished_name);
    progress.report = FromJsonObject(object.at("report"));
    return progress;
  });
}

}  // namespace stockd::files
