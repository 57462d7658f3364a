// The calls of AdapterService about what sources may tell.
#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "daemon/rpc/adapter_service.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr char kPageKind = 'y';
constexpr int kRulesMax = 1000;
constexpr size_t kNoteBytesMax = 128;

grpc::Status ReadAbsolute(v1::AbsoluteRule told, storage::AbsoluteRule& absolute) {
  switch (told) {
    case v1::ABSOLUTE_RULE_COUNT: absolute = storage::AbsoluteRule::kCount; break;
    case v1::ABSOLUTE_RULE_DIFF: absolute = storage::AbsoluteRule::kDiff; break;
    case v1::ABSOLUTE_RULE_AUDIT: absolute = storage::AbsoluteRule::kAudit; break;
    default: return InvalidField("rules.absolute", "is required");
  }
  return grpc::Status::OK;
}

grpc::Status ReadKinds(const v1::SourceRule& told, uint32_t& kinds) {
  for (const int kind : told.kinds()) {
    if (kind < v1::FACT_KIND_RECEIPT || kind > v1::FACT_KIND_COUNT)
      return InvalidField("rules.kinds", "are kinds of facts");
    kinds |= 1U << static_cast<uint32_t>(kind);
  }
  return grpc::Status::OK;
}

grpc::Status ReadChannels(const v1::SourceRule& told, const engine::Catalogue& catalogue,
                          std::vector<std::string>& channels) {
  for (const std::string& channel : told.channels()) {
    if (auto status = CheckId("rules.channels", channel); !status.ok()) return status;
    if (catalogue.FindChannel(channel) == kNoChannel)
      return UnknownName(ledger::Reason::kChannelUnknown, "channel", channel);
    channels.push_back(channel);
  }
  return grpc::Status::OK;
}

void Fill(const storage::SourceRule& rule, const engine::Catalogue& catalogue,
          v1::SourceRule& proto) {
  proto.set_source(catalogue.SourceName(rule.source));
  if (rule.location != kNoLocation) proto.set_location(catalogue.LocationCode(rule.location));
  proto.set_absolute(static_cast<v1::AbsoluteRule>(rule.absolute));  // Numbered alike.
  for (int kind = v1::FACT_KIND_RECEIPT; kind <= v1::FACT_KIND_COUNT; ++kind) {
    if ((rule.kinds >> static_cast<uint32_t>(kind) & 1U) != 0)
      proto.add_kinds(static_cast<v1::FactKind>(kind));
  }
  for (const std::string& channel : rule.channels) proto.add_channels(channel);
  proto.set_closed(rule.closed);
}

grpc::Status FindOptionalSource(const std::string& name, const engine::Catalogue& catalogue,
                                SourceId& source) {
  if (name.empty()) return grpc::Status::OK;
  source = catalogue.FindSource(name);
  return source != kNoSource ? grpc::Status::OK
                             : UnknownName(ledger::Reason::kSourceUnknown, "source", name);
}

grpc::Status ReadRule(const v1::SourceRule& told, bool remove, const sync::SourceBook& sources,
                      const engine::Catalogue& catalogue, storage::SourceRule& rule) {
  if (auto status = CheckId("rules.source", told.source()); !status.ok()) return status;
  rule.source = sources.Find(told.source());
  if (rule.source == kNoSource)
    return UnknownName(ledger::Reason::kSourceUnknown, "source", told.source());
  if (!told.location().empty()) {
    if (auto status = FindLocation(told.location(), catalogue, rule.location); !status.ok())
      return status;
  }
  if (remove) return grpc::Status::OK;
  if (auto status = ReadAbsolute(told.absolute(), rule.absolute); !status.ok()) return status;
  if (auto status = ReadKinds(told, rule.kinds); !status.ok()) return status;
  rule.closed = told.closed();
  return ReadChannels(told, catalogue, rule.channels);
}

grpc::Status ReadRules(const v1::PutSourceRulesRequest& request, const sync::SourceBook& sources,
                       const engine::Catalogue& catalogue,
                       std::vector<storage::SourceRule>& rules) {
  if (request.rules_size() == 0 || request.rules_size() > kRulesMax)
    return InvalidField("rules", "holds 1 to 1000 rules");
  if (auto status = CheckText("note", request.note(), kNoteBytesMax); !status.ok()) return status;
  for (const v1::SourceRule& told : request.rules()) {
    storage::SourceRule& rule = rules.emplace_back();
    if (auto status = ReadRule(told, request.remove(), sources, catalogue, rule); !status.ok())
      return status;
  }
  return grpc::Status::OK;
}

}  // namespace

grpc::ServerUnaryReactor* AdapterService::PutSourceRules(grpc::CallbackServerContext* context,
                                                         const v1::PutSourceRulesRequest* request,
                                                         v1::PutSourceRulesResponse*) {
  std::vector<storage::SourceRule> rules;
  if (auto status = ReadRules(*request, sources_, engine_.catalogue(), rules); !status.ok())
    return FinishNow(context, status);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  engine_.Submit(engine::MakeTask(
      [this, rules = std::move(rules), remove = request->remove(),
       note = request->note()](engine::UnitOfWork& unit) {
        for (const storage::SourceRule& rule : rules) records_.ChangeRule(unit, rule, remove, note);
        return true;
      },
      [reactor](engine::CommitOutcome outcome, bool) {
        reactor->Finish(outcome == engine::CommitOutcome::kCommitted ? grpc::Status::OK
                                                                     : ToStatus(outcome));
      }));
  return reactor;
}

grpc::ServerUnaryReactor* AdapterService::ListSourceRules(grpc::CallbackServerContext* context,
                                                          const v1::ListSourceRulesRequest* request,
                                                          v1::ListSourceRulesResponse* response) {
  SourceId only = kNoSource;
  if (auto status = FindOptionalSource(request->source(), engine_.catalogue(), only); !status.ok())
    return FinishNow(context, status);
  for (const sync::SourceStatus& source : sources_.List()) {
    if (only != kNoSource && source.id != only) continue;
    const auto rights = records_.rules.Of(source.id);
    v1::SourceRule& configured = *response->add_rules();
    Fill(rights->fallback(), engine_.catalogue(), configured);
    configured.set_configured(true);
    std::vector<v1::SourceRule> rules;
    for (const storage::SourceRule& rule : rights->rules())
      Fill(rule, engine_.catalogue(), rules.emplace_back());
    std::ranges::sort(rules, {}, [](const v1::SourceRule& rule) { return rule.location(); });
    for (v1::SourceRule& rule : rules) *response->add_rules() = std::move(rule);
  }
  return FinishNow(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* AdapterService::ListSourceRuleChanges(
    grpc::CallbackServerContext* context, const v1::ListSourceRuleChangesRequest* request,
    v1::ListSourceRuleChangesResponse* response) {
  return FinishNow(
      context, ReadOrExplain([&]() -> grpc::Status {
        int rows = 0;
        int64_t before = std::numeric_limits<int64_t>::max();
        SourceId source = kNoSource;
        if (auto status = CheckPageSize(request->page_size(), rows); !status.ok()) return status;
        if (!request->page_token().empty()) {
          if (auto status = ParsePageToken(kPageKind, request->page_token(), before); !status.ok())
            return status;
        }
        if (auto status = FindOptionalSource(request->source(), engine_.catalogue(), source);
            !status.ok()) {
          return status;
        }
        const auto page = reader_.ListSourceRuleChanges(source, before, rows);
        for (const storage::SourceRuleChange& change : page.rows) {
          v1::SourceRuleChange& proto = *response->add_changes();
          ToProto(change.changed_at, *proto.mutable_change_time());
          Fill(change.rule, engine_.catalogue(), *proto.mutable_rule());
          proto.set_removed(change.removed);
          proto.set_note(change.note);
        }
        if (page.more) {
          response->set_next_page_token(
              MakePageToken(kPageKind, std::to_string(page.rows.back().id)));
        }
        return grpc::Status::OK;
      }));
}

}  // namespace stockd::rpc
