#include "daemon/rpc/report_request.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>
#include <string>

#include "daemon/rpc/names.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

using reports::Dimension;

constexpr char kFactPageKind = 'f';

reports::Bucket BucketOf(v1::ReportBucket bucket) {
  switch (bucket) {
    case v1::REPORT_BUCKET_HOUR: return reports::Bucket::kHour;
    case v1::REPORT_BUCKET_DAY: return reports::Bucket::kDay;
    case v1::REPORT_BUCKET_WEEK: return reports::Bucket::kWeek;
    case v1::REPORT_BUCKET_MONTH: return reports::Bucket::kMonth;
    case v1::REPORT_BUCKET_QUARTER: return reports::Bucket::kQuarter;
    case v1::REPORT_BUCKET_YEAR: return reports::Bucket::kYear;
    default: return reports::Bucket::kWhole;
  }
}

grpc::Status ParseFigures(const v1::QueryReportRequest& request, reports::ReportQuery& query) {
  if (request.figures().empty()) return InvalidField("figures", "is empty");
  if (request.figures_size() > static_cast<int>(reports::kFiguresMax)) {
    return InvalidField("figures", "holds at most 50");
  }
  for (const std::string& key : request.figures()) {
    const reports::Figure* figure = reports::FindFigure(key);
    if (figure == nullptr) {
      return MakeStatus(grpc::StatusCode::NOT_FOUND, "FIGURE_UNKNOWN",
                        "there is no figure \"" + key + "\"; ListFigures has them all",
                        {{"figure", key}});
    }
    if (std::ranges::find(query.figures, figure) != query.figures.end()) {
      return InvalidField("figures", "names " + key + " twice");
    }
    query.figures.push_back(figure);
  }
  return grpc::Status::OK;
}

grpc::Status ParsePeriod(const v1::QueryReportRequest& request, const reports::Reports& reports,
                         reports::ReportQuery& query) {
  const auto begin = FromProto(request.begin_time());
  const auto end = FromProto(request.end_time());
  if (!request.has_begin_time() || !begin) return InvalidField("begin_time", "is no instant");
  if (!request.has_end_time() || !end) return InvalidField("end_time", "is no instant");
  if (*end <= *begin) return InvalidField("end_time", "is not after begin_time");
  if (!v1::ReportBucket_IsValid(request.bucket())) {
    return InvalidField("bucket", "is not a bucket");
  }
  query.begin = *begin;
  query.end = *end;
  query.bucket = BucketOf(request.bucket());
  query.histogram = request.with_histogram();
  constexpr int kIdleDaysMax = 36'500;
  if (request.idle_days() < 0 || request.idle_days() > kIdleDaysMax) {
    return InvalidField("idle_days", "is from 0 to 36500");
  }
  if (request.idle_days() > 0) query.idle = std::chrono::hours(24) * request.idle_days();
  query.zone = reports.grid().zone();
  if (!request.time_zone().empty()) {
    const auto zone = reports::FindTimeZone(request.time_zone());
    if (!zone) return InvalidField("time_zone", "is not an IANA time zone");
    query.zone = *zone;
  }
  return grpc::Status::OK;
}

grpc::Status ParseGroups(const v1::QueryReportRequest& request, reports::ReportQuery& query) {
  for (const std::string& name : request.group_by()) {
    const auto dimension = reports::FindDimension(name);
    if (!dimension) return InvalidField("group_by", "does not know \"" + name + "\"");
    if (std::ranges::find(query.group_by, *dimension) != query.group_by.end()) {
      return InvalidField("group_by", "names " + name + " twice");
    }
    query.group_by.push_back(*dimension);
  }
  return grpc::Status::OK;
}

template <typename Names>
grpc::Status CheckCount(const char* field, const Names& names, int max) {
  if (names.size() <= max) return grpc::Status::OK;
  return InvalidField(field, "holds at most " + std::to_string(max));
}

grpc::Status ParseNames(const v1::QueryReportRequest& request, const engine::Catalogue& catalogue,
                        reports::ReportQuery& query) {
  for (const auto& status :
       {CheckCount("locations", request.locations(), 10'000),
        CheckCount("groups", request.groups(), 1000), CheckCount("skus", request.skus(), 10'000),
        CheckCount("categories", request.categories(), 1000),
        CheckCount("channels", request.channels(), 1000),
        CheckCount("fulfilments", request.fulfilments(), 1000),
        CheckCount("sources", request.sources(), 1000),
        CheckCount("carriers", request.carriers(), 1000),
        CheckCount("services", request.services(), 1000),
        CheckCount("currencies", request.currencies(), 200)}) {
    if (!status.ok()) return status;
  }
  for (const std::string& code : request.locations()) {
    auto status = FindLocation(code, catalogue, query.locations.emplace_back());
    if (!status.ok()) return status;
  }
  for (const std::string& id : request.groups()) {
    auto status = FindGroup(id, catalogue, query.groups.emplace_back());
    if (!status.ok()) return status;
  }
  for (const std::string& sku : request.skus()) {
    auto status = FindItem(sku, catalogue, query.items.emplace_back());
    if (!status.ok()) return status;
  }
  for (const std::string& name : request.sources()) {
    if (auto status = CheckId("sources", name); !status.ok()) return status;
    query.sources.push_back(catalogue.FindSource(name));
    if (query.sources.back() == kNoSource) {
      return UnknownName(ledger::Reason::kSourceUnknown, "source", name);
    }
  }
  query.categories.assign(request.categories().begin(), request.categories().end());
  query.channels.assign(request.channels().begin(), request.channels().end());
  query.fulfilments.assign(request.fulfilments().begin(), request.fulfilments().end());
  query.carriers.assign(request.carriers().begin(), request.carriers().end());
  query.services.assign(request.services().begin(), request.services().end());
  query.currencies.assign(request.currencies().begin(), request.currencies().end());
  return grpc::Status::OK;
}

v1::JourneyPhase ToProto(reports::Phase phase) {
  switch (phase) {
    case reports::Phase::kAwareness: return v1::JOURNEY_PHASE_AWARENESS;
    case reports::Phase::kConsideration: return v1::JOURNEY_PHASE_CONSIDERATION;
    case reports::Phase::kDecision: return v1::JOURNEY_PHASE_DECISION;
    case reports::Phase::kService: return v1::JOURNEY_PHASE_SERVICE;
    case reports::Phase::kLoyalty: return v1::JOURNEY_PHASE_LOYALTY;
  }
  return v1::JOURNEY_PHASE_UNSPECIFIED;
}

// What ExplainFigure lists.
std::string_view BehindOf(const reports::Figure& figure) {
  if (reports::IsAboutOrders(figure)) return "orders";
  return reports::KindsBehind(figure) != 0 ? "facts" : "";
}

}  // namespace

grpc::Status Parse(const v1::QueryReportRequest& request, const engine::Catalogue& catalogue,
                   const reports::Reports& reports, reports::ReportQuery& query) {
  if (auto status = ParseFigures(request, query); !status.ok()) return status;
  if (auto status = ParsePeriod(request, reports, query); !status.ok()) return status;
  if (auto status = ParseGroups(request, query); !status.ok()) return status;
  return ParseNames(request, catalogue, query);
}

std::string NumberText(const reports::Exact& number) {
  // Averages are rounded; what is exact keeps all it has.
  constexpr int kDecimalsMax = 6;
  constexpr int kExactDecimals = 12;
  return reports::ToText(number, number.divisor == 1 ? kExactDecimals : kDecimalsMax);
}

void ToProto(const reports::Figure& figure, v1::Figure& proto) {
  proto.set_key(std::string(figure.key));
  proto.set_name(std::string(figure.name));
  proto.set_name_turkish(std::string(figure.name_turkish));
  proto.set_name_polish(std::string(figure.name_polish));
  proto.set_section(std::string(figure.section));
  proto.set_phase(ToProto(figure.phase));
  proto.set_unit(std::string(reports::UnitName(figure.unit)));
  proto.set_formula(std::string(figure.formula));
  proto.set_numerator(std::string(figure.numerator));
  proto.set_denominator(std::string(figure.denominator));
  for (int bit = 0; bit < 16; ++bit) {
    const auto dimension = static_cast<Dimension>(1 << bit);
    if (!reports::Has(figure.dimensions, dimension)) continue;
    proto.add_dimensions(std::string(reports::DimensionName(dimension)));
  }
  for (const reports::Needed needed : figure.needs) {
    proto.add_needs(std::string(reports::NeededName(needed)));
  }
  proto.set_by_currency(figure.by_currency);
  proto.set_behind(std::string(BehindOf(figure)));
  proto.set_has_percentiles(figure.distribution.has_value() || figure.has_percentiles);
}

void ToProto(const reports::ReportRow& row, v1::ReportRow& proto) {
  const reports::Outcome& outcome = row.outcome;
  proto.set_figure(std::string(row.figure->key));
  ToProto(row.begin, *proto.mutable_begin_time());
  ToProto(row.end, *proto.mutable_end_time());
  for (const std::string& value : row.group) proto.add_group(value);
  proto.set_currency(row.currency);
  proto.set_numerator(NumberText(outcome.numerator));
  if (outcome.has_denominator) proto.set_denominator(NumberText(outcome.denominator));
  if (row.value) proto.set_value(*row.value);
  for (const auto& [reason, count] : outcome.exclusions) {
    v1::ReportExclusion& exclusion = *proto.add_exclusions();
    exclusion.set_reason(std::string(reason));
    exclusion.set_count(static_cast<int64_t>(count));
  }
  if (outcome.coverable != 0) {
    proto.set_coverage(static_cast<double>(outcome.covered) /
                       static_cast<double>(outcome.coverable));
  }
  for (const reports::Needed needed : row.missing) {
    proto.add_missing(std::string(reports::NeededName(needed)));
  }
  for (const reports::Percentile& percentile : outcome.percentiles) {
    v1::ReportPercentile& made = *proto.add_percentiles();
    made.set_percent(percentile.percent);
    made.set_value(percentile.value);
  }
  for (const reports::HistogramBin& bin : outcome.histogram) {
    v1::ReportBin& made = *proto.add_histogram();
    made.set_low(bin.low);
    if (std::isfinite(bin.high)) made.set_high(bin.high);
    made.set_count(bin.count);
  }
  if (outcome.interval) {
    proto.set_interval_low(outcome.interval->first);
    proto.set_interval_high(outcome.interval->second);
  }
  if (!outcome.percentiles.empty() && !outcome.percentiles_exact) {
    proto.set_percentile_error(reports::kBinErrorMax);
  }
}

void ToProto(const ledger::JournalEntry& entry, const engine::Catalogue& catalogue,
             v1::ReportFact& proto) {
  v1::Fact& fact = *proto.mutable_fact();
  fact.set_event_id(entry.event_id);
  fact.set_kind(static_cast<v1::FactKind>(entry.kind));  // Numbered alike.
  fact.set_sku(catalogue.Sku(entry.position.item));
  fact.set_location(catalogue.LocationCode(entry.position.location));
  const bool is_signed = entry.kind == ledger::EntryKind::kAdjustment;
  fact.set_quantity(is_signed ? entry.stated : std::abs(entry.stated));
  ToProto(entry.occurred_at, *fact.mutable_occurred_at());
  fact.set_reference(entry.reference);
  fact.set_channel(entry.channel);
  fact.set_unit_price_micros(entry.unit_price_micros);
  fact.set_currency(entry.currency);
  fact.set_customer_reference(entry.customer_reference);
  fact.set_fulfilment_channel(entry.fulfilment_channel);
  fact.set_original_reference(entry.original_reference);
  proto.set_source(catalogue.SourceName(entry.source));
  proto.set_sequence(entry.sequence);
  ToProto(entry.recorded_at, *proto.mutable_record_time());
}

std::string MakeFactToken(const reports::FactCursor& cursor) {
  return MakePageToken(kFactPageKind, std::to_string(cursor.day) + " " +
                                          std::to_string(cursor.location) + " " +
                                          std::to_string(cursor.sequence));
}

grpc::Status ParseFactToken(const std::string& token, reports::FactCursor& cursor) {
  std::string key;
  if (auto status = ParsePageToken(kFactPageKind, token, key); !status.ok()) return status;
  if (key.empty()) return grpc::Status::OK;
  std::istringstream numbers(key);
  if (numbers >> cursor.day >> cursor.location >> cursor.sequence && numbers.eof()) {
    return grpc::Status::OK;
  }
  return MakeStatus(grpc::StatusCode::INVALID_ARGUMENT, "PAGE_TOKEN_INVALID",
                    "the page token is not one of this list", {});
}

}  // namespace stockd::rpc
