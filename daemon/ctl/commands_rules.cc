// The commands about what sources may tell, and about levels that they refused.
#include <algorithm>
#include <ostream>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/adapter_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::AdapterService::Stub;

// The word for an enumerator without its prefix: "transfer-out" for FACT_KIND_TRANSFER_OUT.
std::string WordOf(const std::string& name, std::string_view prefix) {
  std::string word = name.substr(std::min(name.size(), prefix.size()));
  for (char& c : word) c = c == '_' ? '-' : static_cast<char>(c - 'A' + 'a');
  return word;
}

std::string NameOf(std::string_view word, std::string_view prefix) {
  std::string name(prefix);
  for (const char c : word) name += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
  return name;
}

constexpr std::string_view kAbsolutePrefix = "ABSOLUTE_RULE_";
constexpr std::string_view kKindPrefix = "FACT_KIND_";

std::string AbsoluteWord(const v1::SourceRule& rule) {
  return WordOf(v1::AbsoluteRule_Name(rule.absolute()), kAbsolutePrefix);
}

std::string KindWords(const v1::SourceRule& rule) {
  if (rule.closed()) return "nothing";
  std::string words;
  for (const int kind : rule.kinds()) {
    if (!words.empty()) words += ' ';
    words += WordOf(v1::FactKind_Name(static_cast<v1::FactKind>(kind)), kKindPrefix);
  }
  return words.empty() ? "everything" : words;
}

std::string ChannelWords(const v1::SourceRule& rule) {
  std::string words;
  for (const std::string& channel : rule.channels()) {
    if (!words.empty()) words += ' ';
    words += channel;
  }
  return words.empty() ? "all" : words;
}

std::string LocationWord(const v1::SourceRule& rule) {
  return rule.location().empty() ? "all others" : rule.location();
}

ExitCode RunRulesList(Session& session, const Arguments& arguments) {
  v1::ListSourceRulesRequest request;
  request.set_source(arguments.Text("source"));
  const v1::ListSourceRulesResponse response = session.client.Call(&Stub::ListSourceRules, request);
  if (session.json) return PrintJson(session, response);
  Table table({{"SOURCE"}, {"LOCATION"}, {"ABSOLUTE"}, {"MAY TELL"}, {"CHANNELS"}, {"FROM"}});
  for (const v1::SourceRule& rule : response.rules()) {
    table.Add({rule.source(), LocationWord(rule), AbsoluteWord(rule), KindWords(rule),
               ChannelWords(rule), rule.configured() ? "configuration" : "put"});
  }
  table.Print(session.out, session.colours);
  return ExitCode::kOk;
}

ExitCode PutRules(Session& session, const v1::PutSourceRulesRequest& request) {
  const v1::PutSourceRulesResponse response = session.client.Call(&Stub::PutSourceRules, request);
  if (session.json) return PrintJson(session, response);
  session.out << "Done: it takes effect with the next batch or snapshot.\n";
  return ExitCode::kOk;
}

v1::PutSourceRulesRequest RequestFor(const Arguments& arguments) {
  v1::PutSourceRulesRequest request;
  v1::SourceRule& rule = *request.add_rules();
  rule.set_source(arguments.Text("source"));
  rule.set_location(arguments.Text("location"));
  request.set_note(arguments.Text("note"));
  return request;
}

ExitCode RunRulesPut(Session& session, const Arguments& arguments) {
  v1::PutSourceRulesRequest request = RequestFor(arguments);
  v1::SourceRule& rule = *request.mutable_rules(0);
  v1::AbsoluteRule absolute = v1::ABSOLUTE_RULE_UNSPECIFIED;
  v1::AbsoluteRule_Parse(NameOf(arguments.Text("absolute"), kAbsolutePrefix), &absolute);
  rule.set_absolute(absolute);
  for (const std::string& word : arguments.Texts("kind")) {
    v1::FactKind kind = v1::FACT_KIND_UNSPECIFIED;
    v1::FactKind_Parse(NameOf(word, kKindPrefix), &kind);
    rule.add_kinds(kind);
  }
  for (const std::string& channel : arguments.Texts("channel")) rule.add_channels(channel);
  rule.set_closed(arguments.Has("closed"));
  return PutRules(session, request);
}

ExitCode RunRulesRemove(Session& session, const Arguments& arguments) {
  v1::PutSourceRulesRequest request = RequestFor(arguments);
  request.set_remove(true);
  return PutRules(session, request);
}

ExitCode RunRulesChanges(Session& session, const Arguments& arguments) {
  v1::ListSourceRuleChangesRequest request;
  request.set_source(arguments.Text("source"));
  const v1::ListSourceRuleChangesResponse response = session.client.CallPages(
      &Stub::ListSourceRuleChanges, &v1::ListSourceRuleChangesResponse::mutable_changes, request,
      LimitOf(arguments));
  if (session.json) return PrintJson(session, response);
  Table table({{"WHEN"},
               {"CHANGE"},
               {"SOURCE"},
               {"LOCATION"},
               {"ABSOLUTE"},
               {"MAY TELL"},
               {"CHANNELS"},
               {"NOTE"}});
  for (const v1::SourceRuleChange& change : response.changes()) {
    const v1::SourceRule& rule = change.rule();
    table.Add({FormatSecond(change.change_time()), change.removed() ? "removed" : "put",
               rule.source(), LocationWord(rule), AbsoluteWord(rule), KindWords(rule),
               ChannelWords(rule), change.note()});
  }
  table.Print(session.out, session.colours);
  NoteIfMore(session, response.next_page_token());
  return ExitCode::kOk;
}

ExitCode RunRefused(Session& session, const Arguments& arguments) {
  v1::ListRefusedLevelsRequest request;
  request.set_source(arguments.Text("source"));
  const v1::ListRefusedLevelsResponse response =
      session.client.Call(&Stub::ListRefusedLevels, request);
  if (session.json) return PrintJson(session, response);
  if (response.levels().empty()) {
    session.out << "No source refused a level.\n";
    return ExitCode::kOk;
  }
  Table table({{"SOURCE"},
               {"SKU"},
               {"LOCATION"},
               {"TRIED", Align::kRight},
               {"SINCE"},
               {"NEXT"},
               {"REASON"}});
  for (const v1::RefusedLevel& level : response.levels()) {
    const Cell next = level.has_retry_time() ? Cell(FormatSecond(level.retry_time()))
                                             : Cell("given up", Colour::kBad);
    table.Add({level.source(), level.position().sku(), level.position().location(),
               int64_t{level.attempts()}, FormatSecond(level.first_time()), next, level.reason()});
  }
  table.Print(session.out, session.colours);
  return ExitCode::kOk;
}

ExitCode RunRetry(Session& session, const Arguments& arguments) {
  v1::RetryLevelsRequest request;
  request.set_source(arguments.Text("source"));
  const std::vector<std::string>& skus = arguments.Texts("skus");
  if (!skus.empty() && !arguments.Has("location")) {
    throw UsageError("a position has a location: give --location with the SKUs");
  }
  for (const std::string& sku : skus) {
    v1::Position& position = *request.add_positions();
    position.set_sku(sku);
    position.set_location(arguments.Text("location"));
  }
  const v1::RetryLevelsResponse response = session.client.Call(&Stub::RetryLevels, request);
  if (session.json) return PrintJson(session, response);
  session.out << response.retrying() << " will be sent again.\n";
  return ExitCode::kOk;
}

Argument WithChoices(Argument argument, std::vector<std::string_view> choices) {
  argument.choices = std::move(choices);
  return argument;
}

}  // namespace

void AddRuleCommands(std::vector<Command>& commands) {
  const Argument source = Operand("source", "SOURCE", "The source.");
  const Argument only = OptionalOperand("source", "SOURCE", "Only this source.");
  const Argument location =
      Option("location", "L", "For this location; else for all without a rule of their own.");
  const Argument note = Option("note", "TEXT", "Who or why, kept with the change.");
  commands.push_back({"rules list",
                      "Sources",
                      "List what sources may tell, and what their absolute quantities mean.",
                      "stockctl rules list web",
                      {only},
                      RunRulesList});
  commands.push_back(
      {"rules put",
       "Sources",
       "Say what a source may tell; the rule for the same source and location is replaced.",
       "stockctl rules put web diff --note ticket-17\n"
       "stockctl rules put pos count --location S01 --kind sale --kind return",
       {source,
        WithChoices(Operand("absolute", "ABSOLUTE", "What its absolute quantities mean."),
                    {"count", "diff", "audit"}),
        location,
        WithChoices(Options("kind", "KIND", "It may tell these kinds only."),
                    {"receipt", "sale", "return", "adjustment", "damage", "transfer-out",
                     "transfer-in", "count"}),
        Options("channel", "C", "Sales and returns of these channels only."),
        Flag("closed", "It may tell nothing."), note},
       RunRulesPut});
  commands.push_back({"rules remove",
                      "Sources",
                      "Remove a rule; what is configured holds again.",
                      "stockctl rules remove pos --location S01",
                      {source, location, note},
                      RunRulesRemove});
  commands.push_back({"rules changes",
                      "Sources",
                      "List the changes of rules, newest first.",
                      "stockctl rules changes --limit 20",
                      {only, LimitOption()},
                      RunRulesChanges});
  commands.push_back({"sources refused",
                      "Sources",
                      "List levels that sources refused: tried again, or given up.",
                      "stockctl sources refused web",
                      {only},
                      RunRefused});
  commands.push_back({"sources retry",
                      "Sources",
                      "Send refused levels again at once, also those that were given up.",
                      "stockctl sources retry web\n"
                      "stockctl sources retry web MUG TEA --location S01",
                      {source, OptionalOperands("skus", "SKU", "These; without any: all."),
                       Option("location", "L", "Where the SKUs are.")},
                      RunRetry});
}

}  // namespace stockd::ctl
