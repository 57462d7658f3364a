// The calls of AdapterService that treat quarantine as a work list: what to do, and what is given
// up.
#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/rpc/adapter_service.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

using ledger::Reason;

constexpr size_t kGroupsMax = 1000;
constexpr int kRejectIdsMax = 1000;
constexpr size_t kNoteBytesMax = 128;

// An option of a command with its value, safe to paste into a shell whatever the value holds: names
// come from outside.
std::string Option(const std::string& name, const std::string& value) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '/' || c == ':' || c == '@' || c == '+' || c == ',';
  };
  // A value that begins with a dash would be taken for an option.
  const std::string start = " --" + name + (value.starts_with('-') ? "=" : " ");
  if (!value.empty() && std::ranges::all_of(value, is_plain)) return start + value;
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return start + quoted + "'";
}

// The SKU that a code of the source is mapped to already, or what stands for it.
std::string MappedSku(const engine::Names& names, const storage::QuarantineGroup& group) {
  const auto mapping = names.mappings.FindSku(group.source, group.name);
  return mapping ? names.catalogue.Sku(mapping->item) : "SKU";
}

// The command that mends what the group waits for. Words in capitals are for the person to fill in.
std::string CommandFor(const storage::QuarantineGroup& group, const engine::Names& names) {
  const std::string source = Option("source", names.catalogue.SourceName(group.source));
  const std::string reason = Option("reason", std::string(ledger::ReasonName(group.reason)));
  switch (group.reason) {
    case Reason::kSkuUnknown:
    case Reason::kCodeAmbiguous:
      return "stockctl mappings put" + source + Option("code", group.name) + " --sku SKU";
    case Reason::kQuantityNotWhole:
      return "stockctl mappings put" + source + Option("code", group.name) +
             Option("sku", MappedSku(names, group)) + " --numerator N --denominator D";
    case Reason::kLocationUnknown:
      return "stockctl mappings put" + source + Option("code", group.name) + " --location LOCATION";
    case Reason::kOccurredInFuture:
    case Reason::kOccurredTooLongAgo:
      return "stockctl quarantine replay" + source + reason + " --accept-late";
    case Reason::kEventDiffers:
    case Reason::kFieldInvalid:
    case Reason::kQuantityOutOfRange:
    case Reason::kBundleNotCounted:
      return "stockctl quarantine reject" + source + reason + " --note NOTE";
    default: return "stockctl quarantine replay" + source + reason;
  }
}

constexpr int kPageRows = 1000;
// Waiting facts that are looked into for their channels; what lies beyond stays one group.
constexpr int64_t kLookedIntoMax = 20'000;

// The channel of a fact stands inside what was told, so a group about channels is split here.
std::vector<storage::QuarantineGroup> SplitByChannel(storage::Reader& reader,
                                                     storage::QuarantineGroup group) {
  std::map<std::string, storage::QuarantineGroup> by_channel;
  int64_t after = 0;
  for (int64_t seen = 0; seen < kLookedIntoMax;) {
    const auto page = reader.ListQuarantined(group.source, group.reason, after, kPageRows);
    for (const storage::QuarantinedFact& waiting : page.rows) {
      v1::Fact fact;
      fact.ParseFromString(waiting.fact);
      const storage::QuarantineGroup first{.source = group.source,
                                           .reason = group.reason,
                                           .name = fact.channel(),
                                           .example_id = waiting.id,
                                           .oldest_at = waiting.received_at};
      ++by_channel.try_emplace(fact.channel(), first).first->second.count;
      after = waiting.id;
    }
    seen += static_cast<int64_t>(page.rows.size());
    if (!page.more) break;
  }
  std::vector<storage::QuarantineGroup> groups;
  int64_t rest = group.count;
  for (auto& [channel, of_channel] : by_channel) {
    rest -= of_channel.count;
    groups.push_back(std::move(of_channel));
  }
  group.count = rest;
  if (rest > 0) groups.push_back(std::move(group));
  return groups;
}

// The work list, most frequent first.
std::vector<storage::QuarantineGroup> WorkList(storage::Reader& reader, SourceId source) {
  std::vector<storage::QuarantineGroup> groups;
  for (storage::QuarantineGroup& group :
       reader.SummarizeQuarantine(source, static_cast<int>(kGroupsMax))) {
    if (group.reason == Reason::kChannelNotAllowed) {
      std::ranges::move(SplitByChannel(reader, std::move(group)), std::back_inserter(groups));
    } else {
      groups.push_back(std::move(group));
    }
  }
  std::ranges::sort(groups, {}, [](const storage::QuarantineGroup& group) {
    return std::pair(-group.count, group.example_id);
  });
  if (groups.size() > kGroupsMax) groups.resize(kGroupsMax);
  return groups;
}

grpc::Status FindSource(const std::string& name, const engine::Catalogue& catalogue,
                        SourceId& source) {
  source = catalogue.FindSource(name);
  return source == kNoSource ? UnknownName(Reason::kSourceUnknown, "source", name)
                             : grpc::Status::OK;
}

grpc::Status CheckReject(const v1::RejectQuarantinedRequest& request) {
  const bool by_id = request.quarantine_ids_size() > 0;
  if (request.quarantine_ids_size() > kRejectIdsMax)
    return InvalidField("quarantine_ids", "holds at most 1000 ids");
  if (by_id && (!request.source().empty() || !request.reason().empty()))
    return InvalidField("quarantine_ids", "excludes source and reason");
  if (!by_id && request.source().empty())
    return InvalidField("source", "is required without quarantine_ids");
  if (!by_id && request.reason().empty())
    return InvalidField("reason", "is required without quarantine_ids");
  if (request.note().empty()) return InvalidField("note", "is required");
  return CheckText("note", request.note(), kNoteBytesMax);
}

}  // namespace

grpc::ServerUnaryReactor* AdapterService::SummarizeQuarantine(
    grpc::CallbackServerContext* context, const v1::SummarizeQuarantineRequest* request,
    v1::SummarizeQuarantineResponse* response) {
  return FinishNow(context, ReadOrExplain([&]() -> grpc::Status {
                     SourceId source = kNoSource;
                     if (!request->source().empty()) {
                       if (auto status = FindSource(request->source(), engine_.catalogue(), source);
                           !status.ok()) {
                         return status;
                       }
                     }
                     for (const storage::QuarantineGroup& group : WorkList(reader_, source)) {
                       v1::QuarantineGroup& row = *response->add_groups();
                       row.set_source(engine_.catalogue().SourceName(group.source));
                       row.set_reason(std::string(ledger::ReasonName(group.reason)));
                       row.set_name(group.name);
                       row.set_count(group.count);
                       row.set_example_id(group.example_id);
                       ToProto(group.oldest_at, *row.mutable_oldest_time());
                       row.set_advice(std::string(ledger::ReasonAdvice(group.reason)));
                       row.set_command(CommandFor(group, engine_.names()));
                     }
                     return grpc::Status::OK;
                   }));
}

grpc::ServerUnaryReactor* AdapterService::RejectQuarantined(
    grpc::CallbackServerContext* context, const v1::RejectQuarantinedRequest* request,
    v1::RejectQuarantinedResponse* response) {
  if (auto status = CheckReject(*request); !status.ok()) return FinishNow(context, status);
  std::vector<int64_t> ids(request->quarantine_ids().begin(), request->quarantine_ids().end());
  SourceId source = kNoSource;
  Reason reason = Reason::kNone;
  if (ids.empty()) {
    if (auto status = FindSource(request->source(), engine_.catalogue(), source); !status.ok())
      return FinishNow(context, status);
    reason = ledger::ReasonFromName(request->reason());
    if (reason == Reason::kNone)
      return FinishNow(context, InvalidField("reason", "is not a reason of this daemon"));
  }
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const size_t weight = std::max<size_t>(1, ids.size());
  engine_.Submit(engine::MakeTask(
      [ids = std::move(ids), source, reason, note = request->note()](engine::UnitOfWork& unit) {
        if (ids.empty()) return unit.Reject(source, reason, note);
        int64_t rejected = 0;
        for (const int64_t id : ids) rejected += unit.Reject(id, note);
        return rejected;
      },
      [reactor, response](engine::CommitOutcome outcome, int64_t rejected) {
        if (outcome != engine::CommitOutcome::kCommitted) {
          reactor->Finish(ToStatus(outcome));
          return;
        }
        response->set_rejected(rejected);
        reactor->Finish(grpc::Status::OK);
      },
      weight));
  return reactor;
}

}  // namespace stockd::rpc
