// Commands about figures.
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/report_csv.h"
#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/report_question.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/report_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::ReportService::Stub;

constexpr std::chrono::seconds kPatience{60};

const std::map<std::string, v1::ReportBucket, std::less<>> kBuckets = {
    {"hour", v1::REPORT_BUCKET_HOUR},       {"day", v1::REPORT_BUCKET_DAY},
    {"week", v1::REPORT_BUCKET_WEEK},       {"month", v1::REPORT_BUCKET_MONTH},
    {"quarter", v1::REPORT_BUCKET_QUARTER}, {"year", v1::REPORT_BUCKET_YEAR}};

std::string Listed(const google::protobuf::RepeatedPtrField<std::string>& words,
                   std::string_view between) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += between;
    text += word;
  }
  return text;
}

ExitCode RunFigures(Session& session, const Arguments& arguments) {
  const auto response = session.client.Call(&Stub::ListFigures, v1::ListFiguresRequest());
  if (session.json) return PrintJson(session, response);
  const std::string& key = arguments.Text("figure");
  if (key.empty()) {
    Table table({{"FIGURE"}, {"NAME"}, {"UNIT"}, {"BY"}});
    for (const v1::Figure& figure : response.figures()) {
      table.Add({figure.key(), figure.name(), figure.unit(), Listed(figure.dimensions(), " ")});
    }
    table.Print(session.out, session.colours);
    session.out << "\nDays and months are those of " << response.time_zone()
                << ". `stockctl figures FIGURE` says how one is worked out.\n";
    return ExitCode::kOk;
  }
  for (const v1::Figure& figure : response.figures()) {
    if (figure.key() != key) continue;
    Table table({{"FIGURE"}, {figure.key()}});
    table.Add({"name", figure.name()});
    table.Add({"Turkish", figure.name_turkish()});
    table.Add({"Polish", figure.name_polish()});
    table.Add({"unit", figure.unit()});
    table.Add({"formula", figure.formula()});
    table.Add({"numerator", figure.numerator()});
    if (!figure.denominator().empty()) table.Add({"denominator", figure.denominator()});
    table.Add({"by", Listed(figure.dimensions(), ", ")});
    if (!figure.needs().empty()) table.Add({"needs", Listed(figure.needs(), ", ")});
    table.Print(session.out, session.colours);
    return ExitCode::kOk;
  }
  throw UsageError("there is no figure \"" + key + "\"; `stockctl figures` lists them");
}

v1::QueryReportRequest RequestOf(const Session& session, const Arguments& arguments) {
  v1::QueryReportRequest request = QuestionOf(session, arguments);
  for (const std::string& key : arguments.Texts("figure")) request.add_figures(key);
  if (arguments.Has("every")) request.set_bucket(kBuckets.find(arguments.Text("every"))->second);
  for (const std::string& name : arguments.Texts("by")) request.add_group_by(name);
  request.set_up_to_date(!arguments.Has("as-it-is"));
  return request;
}

// A number as people read it: without decimals when it is whole, else with two, or with four when
// it is small.
std::string Readable(double number) {
  const int decimals = number == std::floor(number) ? 0 : std::abs(number) < 0.1 ? 4 : 2;
  std::array<char, 400> text{};  // The largest double has 309 digits.
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number,
                                 std::chars_format::fixed, decimals)
                       .ptr;
  return {text.data(), end};
}

Cell ValueCell(const v1::ReportRow& row) {
  return row.has_value() ? Cell(Readable(row.value())) : Cell("-", Colour::kDim);
}

std::string NotesOf(const v1::ReportRow& row) {
  std::string notes;
  const auto add = [&notes](const std::string& note) {
    notes += (notes.empty() ? "" : "; ") + note;
  };
  for (const v1::ReportPercentile& percentile : row.percentiles()) {
    add("p" + std::to_string(percentile.percent()) + " " + Readable(percentile.value()));
  }
  if (!row.missing().empty()) add("never told: " + Listed(row.missing(), ", "));
  for (const v1::ReportExclusion& exclusion : row.exclusions()) {
    add(exclusion.reason() + " " + std::to_string(exclusion.count()));
  }
  return notes;
}

// Prints the rows as a table; the columns that say the same in every row are left out.
class RowTable {
 public:
  RowTable(const v1::QueryReportRequest& request, const v1::ListFiguresResponse& figures)
      : request_(request) {
    for (const v1::Figure& figure : figures.figures()) units_[figure.key()] = figure.unit();
    std::vector<Column> columns;
    if (request.figures_size() > 1) columns.push_back({"FIGURE"});
    if (request.bucket() != v1::REPORT_BUCKET_UNSPECIFIED) columns.push_back({"FROM"});
    for (std::string dimension : request.group_by()) {
      for (char& c : dimension) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      columns.push_back({dimension});
    }
    columns.push_back({"VALUE", Align::kRight});
    columns.push_back({"UNIT"});
    columns.push_back({"NUMERATOR", Align::kRight});
    columns.push_back({"DENOMINATOR", Align::kRight});
    columns.push_back({"NOTES"});
    table_.emplace(std::move(columns));
  }

  void Add(const v1::ReportRow& row) {
    std::vector<Cell> cells;
    if (request_.figures_size() > 1) cells.emplace_back(row.figure());
    if (request_.bucket() != v1::REPORT_BUCKET_UNSPECIFIED) {
      cells.emplace_back(FormatSecond(row.begin_time()));
    }
    for (const std::string& value : row.group()) cells.emplace_back(value.empty() ? "-" : value);
    cells.push_back(ValueCell(row));
    const std::string& unit = units_[row.figure()];
    cells.emplace_back(unit == "money" && !row.currency().empty() ? row.currency() : unit);
    cells.emplace_back(row.numerator());
    cells.emplace_back(row.denominator());
    cells.emplace_back(NotesOf(row));
    table_->Add(std::move(cells));
  }

  void Print(const Session& session) const { table_->Print(session.out, session.colours); }
  bool empty() const { return table_->empty(); }

 private:
  const v1::QueryReportRequest& request_;
  std::map<std::string, std::string> units_;
  std::optional<Table> table_;
};

// Calls `each` for every message of the stream.
template <typename Each>
void Read(Session& session, const v1::QueryReportRequest& request, Each&& each) {
  Stub stub(session.client.channel());
  grpc::ClientContext context;
  context.set_deadline(Client::Deadline(session.client.timeout().value_or(kPatience)));
  const auto stream = stub.QueryReport(&context, request);
  v1::QueryReportResponse message;
  while (stream->Read(&message)) each(message);
  const grpc::Status status = stream->Finish();
  if (!status.ok()) throw CallFailed(status);
}

ExitCode RunReport(Session& session, const Arguments& arguments) {
  const v1::QueryReportRequest request = RequestOf(session, arguments);
  if (session.json) {
    Read(session, request,
         [&](const v1::QueryReportResponse& message) { session.out << ToJson(message) << "\n"; });
    return ExitCode::kOk;
  }
  if (arguments.Has("csv")) {
    std::string text;
    CsvWriter csv(text);
    for (const std::string& name : ReportColumns(request.group_by())) csv.Text(name);
    csv.EndRow();
    Read(session, request, [&](const v1::QueryReportResponse& message) {
      for (const v1::ReportRow& row : message.rows()) AppendReportRow(row, message.sequence(), csv);
      session.out << text;
      text.clear();
    });
    return ExitCode::kOk;
  }
  const auto figures = session.client.Call(&Stub::ListFigures, v1::ListFiguresRequest());
  RowTable table(request, figures);
  uint64_t sequence = 0;
  Read(session, request, [&](const v1::QueryReportResponse& message) {
    for (const v1::ReportRow& row : message.rows()) table.Add(row);
    sequence = message.sequence();
  });
  if (table.empty()) {
    session.out << "Nothing happened there and then.\n";
    return ExitCode::kOk;
  }
  table.Print(session);
  session.out << "\n"
              << FormatInstant(request.begin_time()) << " to " << FormatInstant(request.end_time())
              << ", journal up to " << sequence << "\n";
  return ExitCode::kOk;
}

}  // namespace

void AddReportCommands(std::vector<Command>& commands) {
  commands.push_back({"figures",
                      "Reports",
                      "List the figures that can be reported, or show how one is worked out.",
                      "stockctl figures\nstockctl figures turnover_units",
                      {OptionalOperand("figure", "FIGURE", "Only this one, in full.")},
                      RunFigures});
  Argument every = Option("every", "BUCKET", "Cut the period; else it is one.");
  every.choices = {"hour", "day", "week", "month", "quarter", "year"};
  Argument by = Options("by", "DIMENSION", "A row for each; may be given several times.");
  by.choices = {"location",   "group",  "category", "item",    "channel",
                "fulfilment", "source", "currency", "carrier", "service"};
  std::vector<Argument> arguments = {
      Operands("figure", "FIGURE", "Keys, as `stockctl figures` lists them."), every, by};
  for (Argument& option : QuestionOptions()) arguments.push_back(std::move(option));
  arguments.push_back(Flag("as-it-is", "Do not wait for the latest facts."));
  arguments.push_back(Flag("csv", "Print CSV, with all there is to a row."));
  commands.push_back(
      {"report", "Reports", "Report figures over a period.",
       "stockctl report net_sales --period 2026-10 --zone Europe/Warsaw --by channel\n"
       "stockctl report turnover_units stock_out_rate --last 90d --every month --by category\n"
       "stockctl report net_sales --from 2026-01-01 --to 2026-07-01 --every week --csv",
       std::move(arguments), RunReport});
  AddBehindCommand(commands);
  AddVisitsCommand(commands);
  AddExperimentCommands(commands);
}

}  // namespace stockd::ctl
