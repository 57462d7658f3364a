#include "daemon/rpc/level_frames.h"

#include <algorithm>
#include <utility>

#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"
#include "daemon/sync/source_names.h"

namespace stockd::rpc {
namespace {

constexpr size_t kReasonBytesMax = 512;

bool IsOutcome(v1::LevelOutcome outcome) {
  return outcome == v1::LEVEL_OUTCOME_CONFLICT || outcome == v1::LEVEL_OUTCOME_RETRY ||
         outcome == v1::LEVEL_OUTCOME_REFUSED;
}

grpc::Status CheckResult(const v1::LevelResult& result) {
  if (!IsOutcome(result.outcome())) return InvalidField("results.outcome", "is required");
  if (result.found() > kQuantityMax || result.found() < -kQuantityMax)
    return InvalidField("results.found", "is at most 10^12");
  return CheckText("results.reason", result.reason(), kReasonBytesMax);
}

std::string ReasonOf(const v1::LevelResult& result) {
  if (!result.reason().empty() || result.outcome() != v1::LEVEL_OUTCOME_CONFLICT)
    return result.reason();
  return "The source shows " + std::to_string(result.found()) + ".";
}

void AddLevel(const sync::SentLevel& sent, sync::SourceName name, v1::LevelUpdate& proto) {
  v1::Level& row = *proto.add_levels();
  row.set_sku(std::move(name.sku));
  row.set_location(std::move(name.location));
  row.set_on_hand(sync::ToSourceUnits(sent.level.on_hand, name.units));
  row.set_available(sync::ToSourceUnits(sent.level.available, name.units));
  row.set_version(sent.level.version);
  if (sent.expected) row.set_expected(sync::ToSourceUnits(*sent.expected, name.units));
}

// What was found in the source, in our units, rounded down.
Quantity FoundUnits(Quantity found, const sync::Units& units) {
  const Quantity own =
      sync::ToSourceUnits(found, {.numerator = units.denominator, .denominator = units.numerator});
  return std::clamp(own, -kQuantityMax, kQuantityMax);
}

}  // namespace

v1::LevelUpdate LevelUpdateOf(const sync::LevelDelivery::Update& update, const engine::Names& names,
                              SourceId source) {
  v1::LevelUpdate proto;
  for (const sync::SentLevel& sent : update.levels) {
    const PositionKey position = sent.level.position;
    if (!names.mappings.Concern(source)) {
      AddLevel(sent,
               {.sku = names.catalogue.Sku(position.item),
                .location = names.catalogue.LocationCode(position.location),
                .units = {}},
               proto);
      continue;
    }
    for (sync::SourceName& name : sync::NamesFor(names, source, position)) {
      AddLevel(sent, std::move(name), proto);
    }
  }
  proto.set_cursor(update.cursor);
  proto.set_caught_up(update.caught_up);
  return proto;
}

grpc::Status ReadProblems(const v1::LevelAck& ack, const engine::Names& names, SourceId source,
                          std::vector<sync::LevelProblem>& problems) {
  for (const v1::LevelResult& result : ack.results()) {
    if (auto status = CheckResult(result); !status.ok()) return status;
    const sync::NamedPosition named =
        sync::FindNamed(names, source, result.sku(), result.location());
    if (named.reason != ledger::Reason::kNone) continue;
    problems.push_back({.position = named.position,
                        .version = result.version(),
                        .outcome = result.outcome(),
                        .found = FoundUnits(result.found(), named.units),
                        .reason = ReasonOf(result)});
  }
  return grpc::Status::OK;
}

}  // namespace stockd::rpc
