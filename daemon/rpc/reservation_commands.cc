#include "daemon/rpc/reservation_commands.h"

#include <absl/container/flat_hash_set.h>

#include "daemon/rpc/bundle_lines.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

grpc::Status Refuse(ledger::Reason reason, std::string_view field, Quantity requested,
                    const engine::Catalogue& catalogue) {
  return ToStatus(ledger::Refusal{.reason = reason, .requested = requested, .field = field},
                  catalogue);
}

}  // namespace

grpc::Status ParseTtl(const google::protobuf::Duration& proto, Duration& ttl) {
  const auto parsed = FromProto(proto);
  if (!parsed || *parsed < ledger::kTtlMin || *parsed > ledger::kTtlMax) {
    return MakeStatus(grpc::StatusCode::INVALID_ARGUMENT,
                      ledger::ReasonName(ledger::Reason::kTtlOutOfRange),
                      "ttl: " + std::string(ledger::ReasonAdvice(ledger::Reason::kTtlOutOfRange)),
                      {{"field", "ttl"}});
  }
  ttl = *parsed;
  return grpc::Status::OK;
}

grpc::Status ParseLines(const google::protobuf::RepeatedPtrField<v1::LineRequest>& lines,
                        LineRules rules, size_t lines_max, const engine::Catalogue& catalogue,
                        const engine::Bundles& bundles,
                        std::vector<ledger::LineCommand>& commands) {
  const auto count = static_cast<size_t>(lines.size());
  if (count > lines_max || (count == 0 && !rules.may_be_empty)) {
    return Refuse(ledger::Reason::kTooManyLines, "lines", lines.size(), catalogue);
  }
  commands.reserve(count);
  absl::flat_hash_set<PositionKey> seen;
  for (const v1::LineRequest& line : lines) {
    PositionKey key;
    if (line.quantity() < rules.quantity_min || line.quantity() > kQuantityMax) {
      return Refuse(ledger::Reason::kQuantityOutOfRange, "lines.quantity", line.quantity(),
                    catalogue);
    }
    if (auto status = FindPosition(line.position(), catalogue, key); !status.ok()) return status;
    if (rules.once_per_position && !seen.insert(key).second) {
      return ToStatus(ledger::Refusal{.reason = ledger::Reason::kPositionRepeated, .position = key},
                      catalogue);
    }
    commands.push_back({.position = key, .quantity = line.quantity()});
  }
  bool expanded = false;
  const ledger::Reason reason = ExpandBundles(bundles, commands, expanded);
  if (reason != ledger::Reason::kNone) return Refuse(reason, "lines", lines.size(), catalogue);
  if (expanded && !rules.may_be_bundles) {
    return InvalidField("allow_partial", "cannot be had with bundles, whose parts belong together");
  }
  return grpc::Status::OK;
}

grpc::Status ParseCreate(const v1::CreateReservationRequest& request,
                         const engine::Catalogue& catalogue, const engine::Bundles& bundles,
                         const ReservationLimits& limits, ledger::CreateCommand& command) {
  if (auto status = CheckId("reservation_id", request.reservation_id()); !status.ok())
    return status;
  if (auto status = CheckOptionalId("owner_reference", request.owner_reference()); !status.ok())
    return status;
  command.ttl = limits.ttl_default;
  if (request.has_ttl()) {
    if (auto status = ParseTtl(request.ttl(), command.ttl); !status.ok()) return status;
  }
  if (auto status = FindChannel(request.channel(), catalogue, command.channel); !status.ok())
    return status;
  command.id = request.reservation_id();
  command.allow_partial = request.allow_partial();
  command.owner_reference = request.owner_reference();
  return ParseLines(request.lines(),
                    {.once_per_position = false, .may_be_bundles = !request.allow_partial()},
                    limits.lines_max, catalogue, bundles, command.lines);
}

grpc::Status ParseMoves(const v1::MoveReservationRequest& request,
                        const engine::Catalogue& catalogue, const engine::Bundles& bundles,
                        size_t lines_max, std::vector<ledger::MoveCommand>& moves) {
  const auto count = static_cast<size_t>(request.moves_size());
  if (count == 0 || count > lines_max) {
    return Refuse(ledger::Reason::kTooManyLines, "moves", request.moves_size(), catalogue);
  }
  for (const v1::LineMove& move : request.moves()) {
    if (move.quantity() < 0 || move.quantity() > kQuantityMax) {
      return Refuse(ledger::Reason::kQuantityOutOfRange, "moves.quantity", move.quantity(),
                    catalogue);
    }
    ledger::MoveCommand command{.quantity = move.quantity()};
    v1::Position position;
    position.set_sku(move.sku());
    position.set_location(move.from_location());
    if (auto status = FindPosition(position, catalogue, command.from); !status.ok()) return status;
    position.set_location(move.to_location());
    if (auto status = FindPosition(position, catalogue, command.to); !status.ok()) return status;
    if (command.from == command.to)
      return InvalidField("moves.to_location", "is the same as from_location");
    moves.push_back(command);
  }
  const ledger::Reason reason = ExpandBundles(bundles, moves);
  if (reason != ledger::Reason::kNone)
    return Refuse(reason, "moves", request.moves_size(), catalogue);
  return grpc::Status::OK;
}

}  // namespace stockd::rpc
