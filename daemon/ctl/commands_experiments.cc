// Policy experiments: started, ended, listed and judged.
#include <array>
#include <charconv>
#include <ostream>
#include <string>
#include <vector>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/report_period.h"
#include "daemon/ctl/report_question.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/experiment_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::ExperimentService::Stub;

std::string PolicyText(v1::ExperimentPolicy policy) {
  return policy == v1::EXPERIMENT_POLICY_SAFETY_STOCK ? "safety-stock" : "hold-days";
}

std::string Until(const v1::Experiment& experiment) {
  return experiment.has_end_time() ? FormatInstant(experiment.end_time()) : "it runs";
}

void PrintSubjects(Session& session, const v1::Experiment& experiment) {
  Table table({{"ARM"}, {"VALUE", Align::kRight}, {"SKU"}, {"LOCATION"}});
  for (const bool is_b : {false, true}) {
    for (const v1::ExperimentSubject& subject : experiment.subjects()) {
      if (subject.is_b() != is_b) continue;
      table.Add({is_b ? "b" : "a",
                 std::to_string(is_b ? experiment.value_b() : experiment.value_a()),
                 subject.sku().empty() ? "all" : subject.sku(), subject.location()});
    }
  }
  table.Print(session.out, session.colours);
}

ExitCode RunStart(Session& session, const Arguments& arguments) {
  v1::StartExperimentRequest request;
  request.set_experiment_id(arguments.Text("experiment"));
  request.set_policy(arguments.Text("policy") == "hold-days" ? v1::EXPERIMENT_POLICY_HOLD_OPEN_DAYS
                                                             : v1::EXPERIMENT_POLICY_SAFETY_STOCK);
  request.set_group_id(arguments.Text("group"));
  request.set_value_a(arguments.Number("a", 0, 1'000'000, 0));
  request.set_value_b(arguments.Number("b", 0, 1'000'000, 0));
  request.set_seed(static_cast<uint64_t>(arguments.Number("seed", 0, INT64_MAX, 1)));
  for (const std::string& sku : arguments.Texts("sku")) request.add_skus(sku);
  const auto response = session.client.Call(&Stub::StartExperiment, request);
  if (session.json) return PrintJson(session, response);
  PrintSubjects(session, response.experiment());
  session.out << "\nBoth policies are in force. Later:\nstockctl experiment compare "
              << request.experiment_id() << " stock_out_rate\n";
  return ExitCode::kOk;
}

ExitCode RunEnd(Session& session, const Arguments& arguments) {
  v1::EndExperimentRequest request;
  request.set_experiment_id(arguments.Text("experiment"));
  const auto response = session.client.Call(&Stub::EndExperiment, request);
  if (session.json) return PrintJson(session, response);
  session.out << "It ended " << FormatInstant(response.experiment().end_time())
              << "; what held before holds again.\n";
  if (response.left_alone() > 0) {
    session.out << response.left_alone() << " had been changed meanwhile and were left alone.\n";
  }
  return ExitCode::kOk;
}

ExitCode RunShow(Session& session, const Arguments& arguments) {
  v1::GetExperimentRequest request;
  request.set_experiment_id(arguments.Text("experiment"));
  const auto response = session.client.Call(&Stub::GetExperiment, request);
  if (session.json) return PrintJson(session, response);
  const v1::Experiment& experiment = response.experiment();
  session.out << experiment.experiment_id() << ": " << PolicyText(experiment.policy())
              << " in group " << experiment.group_id() << ", seed " << experiment.seed()
              << ", since " << FormatInstant(experiment.begin_time()) << ", until "
              << Until(experiment) << "\n\n";
  PrintSubjects(session, experiment);
  return ExitCode::kOk;
}

ExitCode RunList(Session& session, const Arguments&) {
  v1::ListExperimentsRequest request;
  v1::ListExperimentsResponse all;
  do {
    const auto page = session.client.Call(&Stub::ListExperiments, request);
    for (const v1::Experiment& experiment : page.experiments()) *all.add_experiments() = experiment;
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (session.json) return PrintJson(session, all);
  Table table({{"EXPERIMENT"},
               {"POLICY"},
               {"GROUP"},
               {"A", Align::kRight},
               {"B", Align::kRight},
               {"SINCE"},
               {"UNTIL"}});
  for (const v1::Experiment& experiment : all.experiments()) {
    table.Add({experiment.experiment_id(), PolicyText(experiment.policy()), experiment.group_id(),
               std::to_string(experiment.value_a()), std::to_string(experiment.value_b()),
               FormatInstant(experiment.begin_time()), Until(experiment)});
  }
  table.Print(session.out, session.colours);
  return ExitCode::kOk;
}

std::string Rounded(double number) {
  std::array<char, 400> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed, 4)
          .ptr;
  return {text.data(), end};
}

ExitCode RunCompare(Session& session, const Arguments& arguments) {
  v1::CompareExperimentRequest request;
  request.set_experiment_id(arguments.Text("experiment"));
  request.set_figure(arguments.Text("figure"));
  request.set_currency(arguments.Text("currency"));
  if (const std::string& from = arguments.Text("from"); !from.empty()) {
    *request.mutable_begin_time() = ToProto(ParsePeriodEdge("from", from, ""));
  }
  if (const std::string& to = arguments.Text("to"); !to.empty()) {
    *request.mutable_end_time() = ToProto(ParsePeriodEdge("to", to, ""));
  }
  const auto response = session.client.Call(&Stub::CompareExperiment, request);
  if (session.json) return PrintJson(session, response);
  Table table({{"ARM"},
               {"VALUE", Align::kRight},
               {"SUBJECTS", Align::kRight},
               {"OBSERVATIONS", Align::kRight},
               {"MEAN", Align::kRight},
               {"DEVIATION", Align::kRight}});
  for (const auto& [name, arm] : {std::pair{"a", &response.a()}, std::pair{"b", &response.b()}}) {
    table.Add({name, std::to_string(arm->value()), std::to_string(arm->subjects()),
               std::to_string(arm->observations()), Rounded(arm->mean()),
               Rounded(arm->deviation())});
  }
  table.Print(session.out, session.colours);
  session.out << "\nFrom " << FormatInstant(response.begin_time()) << " to "
              << FormatInstant(response.end_time()) << ".\n";
  for (const std::string& missing : response.missing()) {
    session.out << "Never told: " << missing << ".\n";
  }
  if (!response.has_interval_low()) {
    session.out << "Too few observations to say more.\n";
    return ExitCode::kOk;
  }
  session.out << "b - a is " << Rounded(response.difference()) << ", with 95 % confidence from "
              << Rounded(response.interval_low()) << " to " << Rounded(response.interval_high())
              << (response.interval_low() > 0 || response.interval_high() < 0
                      ? ": the policies differ.\n"
                      : ": that may be chance.\n");
  if (response.has_observations_needed()) {
    session.out << "To find such a difference in four of five experiments, each arm takes "
                << response.observations_needed() << " observations.\n";
  }
  return ExitCode::kOk;
}

Argument ExperimentOperand() {
  return Operand("experiment", "ID", "The id under which it was started.");
}

}  // namespace

void AddExperimentCommands(std::vector<Command>& commands) {
  Argument policy = Required(Option("policy", "POLICY",
                                    "safety-stock: units never promised; hold-days: open days for "
                                    "which orders are kept."));
  policy.choices = {"safety-stock", "hold-days"};
  commands.push_back(
      {"experiment start",
       "Reports",
       "Assign locations, or items at them, to two policies at random and put both in force.",
       "stockctl experiment start buffer-2 --group stores --policy safety-stock --a 0 --b 2",
       {Operand("experiment", "ID", "An id of your own."),
        Required(Option("group", "GROUP", "Whose locations take part.")), policy,
        Required(Option("a", "NUMBER", "Value of policy a, by custom the one that holds already.")),
        Required(Option("b", "NUMBER", "Value of policy b.")),
        Options("sku", "SKU",
                "Assign this item position by position instead of whole locations; may be given "
                "several times."),
        Option("seed", "NUMBER", "Another assignment for another number; default: 1.")},
       RunStart});
  commands.push_back({"experiment end",
                      "Reports",
                      "End an experiment: what held before holds again.",
                      "stockctl experiment end buffer-2",
                      {ExperimentOperand()},
                      RunEnd});
  commands.push_back({"experiment show",
                      "Reports",
                      "Show who follows which policy.",
                      "stockctl experiment show buffer-2",
                      {ExperimentOperand()},
                      RunShow});
  commands.push_back(
      {"experiment list", "Reports", "List experiments.", "stockctl experiment list", {}, RunList});
  commands.push_back(
      {"experiment compare",
       "Reports",
       "Compare a figure of both policies, with its interval.",
       "stockctl experiment compare buffer-2 stock_out_rate",
       {ExperimentOperand(),
        Operand("figure", "FIGURE",
                "A key that is known by location; of positions stock_out_rate or units_sold."),
        Option("from", "HOUR", "Begin of the time that counts, in UTC; default: the experiment's."),
        Option("to", "HOUR", "End of it; default: the experiment's, or now."),
        Option("currency", "CODE", "Of figures about money.")},
       RunCompare});
}

}  // namespace stockd::ctl
