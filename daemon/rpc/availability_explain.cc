// The questions of AvailabilityService that need the writer's view of claims, or history from the
// database.

#include <absl/synchronization/notification.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/rpc/availability_service.h"
#include "daemon/rpc/convert.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr size_t kClaimsMax = 1000;
constexpr size_t kClaimsAtRiskMax = 100;
constexpr int kEntriesDefault = 20;
constexpr int kEntriesMax = 1000;
constexpr char kPageKind = 's';

grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context, const grpc::Status& status) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
}

// One reservation's claim on one position.
struct Claim {
  std::string reservation_id;
  std::string order_id;
  Timestamp expires_at;
  Quantity held = 0;
  Quantity committed = 0;
};

// Live claims on a position, oldest grant first. Runs on the writer thread, which owns them.
std::vector<Claim> ClaimsAt(engine::UnitOfWork& unit, PositionKey key) {
  std::vector<Claim> claims;
  for (const uint64_t number : unit.open().At(key)) {
    const ledger::Reservation& reservation = *unit.open().Find(number);
    Claim claim{.reservation_id = reservation.id,
                .order_id = reservation.order_id,
                .expires_at = reservation.expires_at};
    for (const ledger::ReservationLine& line : reservation.lines) {
      if (line.position != key) continue;
      claim.committed += line.committed;
      if (reservation.expires_at > unit.now()) claim.held += line.held;
    }
    if (claim.held + claim.committed > 0) claims.push_back(std::move(claim));
  }
  return claims;
}

// The level as the present batch has left it.
engine::Level LevelIn(engine::UnitOfWork& unit, const engine::Engine& engine, PositionKey key,
                      ChannelId channel) {
  if (engine.bundles().IsBundle(key.item)) return LevelOf(engine, key, channel, unit.now());
  const ledger::WorkingPosition& known = unit.position(key);
  const bool ranged = known.row != ledger::Position{};
  return engine::LevelFrom(engine, key, ranged ? std::optional(known) : std::nullopt, channel);
}

// Runs `ask` on the writer thread and waits for it: these questions are rare, and a writer's turn
// is short.
template <typename Result, typename Ask>
engine::CommitOutcome AskWriter(engine::Engine& engine, Result& result, Ask ask) {
  absl::Notification done;
  engine::CommitOutcome outcome{};
  engine.Submit(engine::MakeTask(std::move(ask), [&](engine::CommitOutcome is, Result&& answer) {
    outcome = is;
    result = std::move(answer);
    done.Notify();
  }));
  done.WaitForNotification();
  return outcome;
}

void FillClaim(const Claim& claim, v1::ClaimTerm& proto) {
  proto.set_reservation_id(claim.reservation_id);
  proto.set_held(claim.held);
  proto.set_committed(claim.committed);
  if (claim.held > 0) ToProto(claim.expires_at, *proto.mutable_expire_time());
  proto.set_order_id(claim.order_id);
}

void FillEntry(const ledger::JournalEntry& entry, const engine::Catalogue& catalogue,
               storage::Reader& reader, v1::JournalEntry& proto) {
  proto.set_sequence(entry.sequence);
  proto.set_kind(std::string(ledger::EntryKindName(entry.kind)));
  proto.set_from_bucket(std::string(ledger::BucketName(entry.from)));
  proto.set_to_bucket(std::string(ledger::BucketName(entry.to)));
  proto.set_quantity(entry.quantity);
  ToProto(entry.occurred_at, *proto.mutable_occurred_at());
  ToProto(entry.recorded_at, *proto.mutable_recorded_at());
  proto.set_source(catalogue.SourceName(entry.source));
  proto.set_stated_quantity(entry.stated);
  proto.set_reference(entry.reference);
  if (ledger::IsFact(entry.kind)) {
    proto.set_cause(entry.event_id);
  } else if (entry.reservation_number != 0) {
    proto.set_cause(reader.ReservationId(entry.reservation_number).value_or(""));
  }
}

// The count the present figure stands on, and what moved since.
void ExplainCount(storage::Reader& reader, const engine::Catalogue& catalogue, PositionKey key,
                  const ledger::Position& row, v1::ExplainAvailabilityResponse& response) {
  response.set_moved_since_count(row.on_hand);
  if (row.counted_at == kTimestampMin) return;
  const auto count = reader.CountAt(key, row.counted_at);
  if (!count) return;
  const Quantity moved = reader.DeltaAfter(key, row.counted_at);
  response.set_moved_since_count(moved);
  v1::CountTerm& term = *response.mutable_latest_count();
  term.set_quantity(row.on_hand - moved);
  ToProto(count->occurred_at, *term.mutable_occurred_at());
  term.set_source(catalogue.SourceName(count->source));
  term.set_event_id(count->event_id);
}

void ListClaims(std::vector<Claim> claims, v1::ExplainAvailabilityResponse& response) {
  std::ranges::sort(claims, {}, [](const Claim& claim) {
    return std::tuple(claim.held == 0, claim.held == 0 ? Timestamp{} : claim.expires_at,
                      claim.reservation_id);
  });
  for (size_t i = 0; i < std::min(claims.size(), kClaimsMax); ++i)
    FillClaim(claims[i], *response.add_claims());
  if (claims.size() > kClaimsMax)
    response.set_claims_omitted(static_cast<int64_t>(claims.size() - kClaimsMax));
}

// What the writer knows of a position at one instant.
struct PositionView {
  engine::Level level;
  ledger::Position row;
  std::vector<Claim> claims;
  Timestamp at;
};

}  // namespace

grpc::ServerUnaryReactor* AvailabilityService::ExplainAvailability(
    grpc::CallbackServerContext* context, const v1::ExplainAvailabilityRequest* request,
    v1::ExplainAvailabilityResponse* response) {
  return Finish(context, ReadOrExplain([&]() -> grpc::Status {
                  const engine::Catalogue& catalogue = engine_.catalogue();
                  PositionKey key;
                  ChannelId channel = kNoChannel;
                  if (request->entries_max() < 0) return InvalidField("entries_max", "is negative");
                  if (auto status = FindPosition(request->position(), catalogue, key); !status.ok())
                    return status;
                  if (auto status = FindChannel(request->channel(), catalogue, channel);
                      !status.ok())
                    return status;

                  PositionView view;
                  const auto outcome = AskWriter(engine_, view, [&](engine::UnitOfWork& unit) {
                    // The working copy: it agrees with the claims, which commands earlier in this
                    // batch may have changed.
                    const ledger::WorkingPosition known = unit.position(key);
                    return PositionView{.level = LevelIn(unit, engine_, key, channel),
                                        .row = known.row,
                                        .claims = ClaimsAt(unit, key),
                                        .at = unit.now()};
                  });
                  if (outcome != engine::CommitOutcome::kCommitted) return ToStatus(outcome);

                  Sequence version = view.row.version;
                  if (request->has_at()) {
                    const auto at = FromProto(request->at());
                    if (!at) return InvalidField("at", "is not an instant in years 1 to 9999");
                    const ledger::Position past = reader_.FoldedAt(key, version, *at);
                    version = past.version;
                    ToProto(engine::Level{.position = key,
                                          .on_hand = past.on_hand,
                                          .reserved = past.reserved,
                                          .committed = past.committed,
                                          .unsellable = past.unsellable,
                                          .available = past.free(),
                                          .version = past.version,
                                          .ranged = past.version > 0},
                            engine_, *response->mutable_availability());
                    response->set_moved_since_count(past.on_hand);
                    ToProto(*at, *response->mutable_at());
                  } else {
                    ToProto(view.level, engine_, *response->mutable_availability());
                    ExplainCount(reader_, catalogue, key, view.row, *response);
                    ListClaims(std::move(view.claims), *response);
                    ToProto(view.at, *response->mutable_at());
                  }
                  const int entries = request->entries_max() == 0
                                          ? kEntriesDefault
                                          : std::min(request->entries_max(), kEntriesMax);
                  const auto history = reader_.History(key, version, entries + 1);
                  for (const ledger::JournalEntry& entry : history) {
                    if (response->entries_size() == entries) {
                      response->set_entries_truncated(true);
                      break;
                    }
                    FillEntry(entry, catalogue, reader_, *response->add_entries());
                  }
                  return grpc::Status::OK;
                }));
}

grpc::ServerUnaryReactor* AvailabilityService::ListShortfalls(
    grpc::CallbackServerContext* context, const v1::ListShortfallsRequest* request,
    v1::ListShortfallsResponse* response) {
  const engine::Catalogue& catalogue = engine_.catalogue();
  int rows = 0;
  std::string after;
  LocationId location = kNoLocation;
  if (auto status = CheckPageSize(request->page_size(), rows); !status.ok())
    return Finish(context, status);
  if (auto status = ParsePageToken(kPageKind, request->page_token(), after); !status.ok()) {
    return Finish(context, status);
  }
  if (!request->location().empty()) {
    if (auto status = FindLocation(request->location(), catalogue, location); !status.ok()) {
      return Finish(context, status);
    }
  }
  // Names are unique up to the separator, which no name may hold.
  std::vector<std::pair<std::string, PositionKey>> named;
  for (const PositionKey key : engine_.index().Shortfalls()) {
    if (location != kNoLocation && key.location != location) continue;
    std::string name = catalogue.Sku(key.item) + '\n' + catalogue.LocationCode(key.location);
    if (name > after) named.emplace_back(std::move(name), key);
  }
  std::ranges::sort(named);
  const bool more = named.size() > static_cast<size_t>(rows);
  if (more) named.resize(static_cast<size_t>(rows));

  std::vector<std::pair<engine::Level, std::vector<Claim>>> views;
  const auto outcome = AskWriter(engine_, views, [&](engine::UnitOfWork& unit) {
    std::vector<std::pair<engine::Level, std::vector<Claim>>> seen;
    for (const auto& [name, key] : named) {
      seen.emplace_back(LevelIn(unit, engine_, key, kNoChannel), ClaimsAt(unit, key));
    }
    return seen;
  });
  if (outcome != engine::CommitOutcome::kCommitted) return Finish(context, ToStatus(outcome));

  for (const auto& [level, claims] : views) {
    const Quantity missing = level.reserved + level.committed - level.on_hand;
    if (missing <= 0) continue;  // Mended meanwhile.
    v1::Shortfall& row = *response->add_shortfalls();
    row.mutable_position()->set_sku(catalogue.Sku(level.position.item));
    row.mutable_position()->set_location(catalogue.LocationCode(level.position.location));
    row.set_missing(missing);
    row.set_on_hand(level.on_hand);
    Quantity uncovered = missing;
    for (auto claim = claims.rbegin(); claim != claims.rend() && uncovered > 0; ++claim) {
      if (static_cast<size_t>(row.claims_at_risk_size()) == kClaimsAtRiskMax) break;
      FillClaim(*claim, *row.add_claims_at_risk());
      uncovered -= claim->held + claim->committed;
    }
  }
  if (more) response->set_next_page_token(MakePageToken(kPageKind, named.back().first));
  return Finish(context, grpc::Status::OK);
}

}  // namespace stockd::rpc
