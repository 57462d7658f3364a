#include "adapters/poslog/file_report.h"

#include <fmt/format.h>

#include <numeric>
#include <utility>

#include <nlohmann/json.hpp>

#include "adapters/sdk/log.h"

namespace stockd::poslog {
namespace {

using Json = nlohmann::ordered_json;
using Counts = std::map<std::string, int64_t>;

// "8 (Tender 5, Tax 3)"; "0" for none.
std::string Listed(const Counts& counts) {
  const int64_t total =
      std::accumulate(counts.begin(), counts.end(), int64_t{0},
                      [](int64_t sum, const auto& entry) { return sum + entry.second; });
  std::string list;
  for (const auto& [name, count] : counts) {
    list += fmt::format("{}{} {}", list.empty() ? "" : ", ", name, count);
  }
  return list.empty() ? "0" : fmt::format("{} ({})", total, list);
}

Json ToJsonObject(const FileReport& report) {
  Json facts = Json::array();
  for (const FileReport::Quarantined& fact : report.quarantined_facts) {
    facts.push_back({{"event_id", fact.event_id},
                     {"reason", fact.reason},
                     {"quarantine_id", fact.quarantine_id}});
  }
  return {{"file", report.file},
          {"transactions_read", report.transactions_read},
          {"transactions_sent", report.transactions_sent},
          {"transactions_skipped", report.transactions_skipped},
          {"transactions_rejected", report.transactions_rejected},
          {"lines_skipped", report.lines_skipped},
          {"lines_voided", report.lines_voided},
          {"times_repeated", report.times_repeated},
          {"facts_sent", report.facts_sent},
          {"applied", report.applied},
          {"duplicates", report.duplicates},
          {"quarantined", report.quarantined},
          {"quarantined_facts", std::move(facts)},
          {"duration_ms", report.duration.count()}};
}

FileReport FromJsonObject(const Json& json) {
  FileReport report;
  json.at("file").get_to(report.file);
  json.at("transactions_read").get_to(report.transactions_read);
  json.at("transactions_sent").get_to(report.transactions_sent);
  json.at("transactions_skipped").get_to(report.transactions_skipped);
  json.at("transactions_rejected").get_to(report.transactions_rejected);
  json.at("lines_skipped").get_to(report.lines_skipped);
  json.at("lines_voided").get_to(report.lines_voided);
  json.at("times_repeated").get_to(report.times_repeated);
  json.at("facts_sent").get_to(report.facts_sent);
  json.at("applied").get_to(report.applied);
  json.at("duplicates").get_to(report.duplicates);
  json.at("quarantined").get_to(report.quarantined);
  for (const Json& fact : json.at("quarantined_facts")) {
    report.quarantined_facts.push_back({.event_id = fact.at("event_id"),
                                        .reason = fact.at("reason"),
                                        .quarantine_id = fact.at("quarantine_id")});
  }
  report.duration = std::chrono::milliseconds(json.at("duration_ms").get<int64_t>());
  return report;
}

}  // namespace

std::string ToJson(const FileReport& report) { return ToJsonObject(report).dump(2) + "\n"; }

std::string ToSummary(const FileReport& report) {
  const double seconds = static_cast<double>(report.duration.count()) / 1000;
  return fmt::format(
      "file={} transactions_read={} sent={} skipped=\"{}\" rejected=\"{}\" lines_skipped=\"{}\" "
      "lines_voided={} times_repeated={} facts_sent={} applied={} duplicates={} quarantined=\"{}\" "
      "seconds={:.3f}",
      sdk::LogValue(report.file), report.transactions_read, report.transactions_sent,
      Listed(report.transactions_skipped), Listed(report.transactions_rejected),
      Listed(report.lines_skipped), report.lines_voided, report.times_repeated, report.facts_sent,
      report.applied, report.duplicates, Listed(report.quarantined), seconds);
}

std::string ToJson(const FileProgress& progress) {
  return Json{{"offset", progress.offset},
              {"rejected_bytes", progress.rejected_bytes},
              {"finished_name", progress.finished_name},
              {"report", ToJsonObject(progress.report)}}
      .dump();
}

absl::StatusOr<FileProgress> FileProgressFromJson(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    FileProgress progress;
    json.at("offset").get_to(progress.offset);
    json.at("rejected_bytes").get_to(progress.rejected_bytes);
    json.at("finished_name").get_to(progress.finished_name);
    progress.report = FromJsonObject(json.at("report"));
    return progress;
  } catch (const Json::exception& error) {
    return absl::InvalidArgumentError(error.what());
  }
}

}  // namespace stockd::poslog
