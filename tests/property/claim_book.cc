#include "tests/property/claim_book.h"

#include <algorithm>

namespace stockd::property {
namespace {

using ledger::LineCommand;
using ledger::MoveCommand;
using Units = std::map<PositionKey, Quantity>;

Quantity At(const Units& units, PositionKey position) {
  const auto found = units.find(position);
  return found == units.end() ? 0 : found->second;
}

Units AddedUp(const std::vector<LineCommand>& lines) {
  Units units;
  for (const LineCommand& line : lines) units[line.position] += line.quantity;
  return units;
}

bool Within(const Units& asked, const Units& there) {
  return std::ranges::all_of(
      asked, [&](const auto& each) { return each.second <= At(there, each.first); });
}

// Held units after the moves; nothing when one of them asks for more than there is.
std::optional<Units> AfterMoves(const Units& held, const std::vector<MoveCommand>& moves) {
  Units leaving = held;  // Only what was there before may go; what arrives does not go on.
  Units after = held;
  for (const MoveCommand& move : moves) {
    const Quantity units = move.quantity == 0 ? At(leaving, move.from) : move.quantity;
    if (units == 0 || units > At(leaving, move.from)) return std::nullopt;
    leaving[move.from] -= units;
    after[move.from] -= units;
    after[move.to] += units;
  }
  return after;
}

}  // namespace

void ClaimBook::Pass(Timestamp now) {
  for (auto& [id, claim] : claims_) {
    if (claim.deadline <= now) claim.held.clear();
  }
}

Quantity ClaimBook::Held(PositionKey position) const {
  Quantity units = 0;
  for (const auto& [id, claim] : claims_) units += At(claim.held, position);
  return units;
}

Quantity ClaimBook::Committed(PositionKey position) const {
  Quantity units = 0;
  for (const auto& [id, claim] : claims_) units += At(claim.committed, position);
  return units;
}

Quantity ClaimBook::Free(PositionKey position) const {
  return facts.OnHand(position) - Held(position) - Committed(position);
}

Quantity ClaimBook::Promise(PositionKey position, ChannelId channel) const {
  const auto buffer = rules.buffers.find(channel);
  return Free(position) - At(rules.safety_stocks, position) -
         (buffer == rules.buffers.end() ? 0 : buffer->second);
}

Quantity ClaimBook::HeldBy(const std::string& id, PositionKey position) const {
  const Claim* claim = Find(id);
  return claim == nullptr ? 0 : At(claim->held, position);
}

Quantity ClaimBook::CommittedBy(const std::string& id, PositionKey position) const {
  const Claim* claim = Find(id);
  return claim == nullptr ? 0 : At(claim->committed, position);
}

std::optional<Timestamp> ClaimBook::NextDeadline() const {
  std::optional<Timestamp> next;
  for (const auto& [id, claim] : claims_) {
    if (HoldsAnything(id) && (!next || claim.deadline < *next)) next = claim.deadline;
  }
  return next;
}

std::optional<std::vector<Quantity>> ClaimBook::ExpectGrant(
    const ledger::CreateCommand& command) const {
  Units left;
  for (const LineCommand& line : command.lines) {
    if (!Sells(command.channel, line.position)) return std::nullopt;
    left[line.position] = std::max<Quantity>(0, Promise(line.position, command.channel));
  }
  if (!command.allow_partial && !Within(AddedUp(command.lines), left)) return std::nullopt;
  std::vector<Quantity> granted;
  Quantity total = 0;
  for (const LineCommand& line : command.lines) {
    granted.push_back(std::min(line.quantity, left[line.position]));
    left[line.position] -= granted.back();
    total += granted.back();
  }
  if (total == 0) return std::nullopt;
  return granted;
}

bool ClaimBook::ExpectExtend(const std::string& id) const { return HoldsAnything(id); }

bool ClaimBook::ExpectChange(const std::string& id, const std::vector<LineCommand>& wanted) const {
  if (!HoldsAnything(id)) return false;
  const Claim& claim = *Find(id);
  return std::ranges::all_of(AddedUp(wanted), [&](const auto& each) {
    return Fits(claim, each.first, each.second - At(claim.held, each.first));
  });
}

bool ClaimBook::ExpectMove(const std::string& id, const std::vector<MoveCommand>& moves) const {
  if (!HoldsAnything(id)) return false;
  const Claim& claim = *Find(id);
  const auto after = AfterMoves(claim.held, moves);
  if (!after) return false;
  return std::ranges::all_of(*after, [&](const auto& each) {
    return Fits(claim, each.first, each.second - At(claim.held, each.first));
  });
}

bool ClaimBook::ExpectCommit(const std::string& id, const std::string& order,
                             const std::vector<LineCommand>& lines) const {
  if (!HoldsAnything(id)) return false;
  const Claim& claim = *Find(id);
  return (claim.order.empty() || claim.order == order) && Within(AddedUp(lines), claim.held);
}

bool ClaimBook::ExpectRelease(const std::string& id, const std::vector<LineCommand>& lines) const {
  const Claim* claim = Find(id);
  if (claim == nullptr) return false;
  Units open = claim->held;
  for (const auto& [position, units] : claim->committed) open[position] += units;
  const bool any = std::ranges::any_of(open, [](const auto& each) { return each.second > 0; });
  return any && Within(AddedUp(lines), open);
}

void ClaimBook::Created(const ledger::CreateCommand& command, const std::vector<Quantity>& granted,
                        Timestamp now) {
  Claim claim{.channel = command.channel, .deadline = now + command.ttl, .order = {}};
  for (size_t i = 0; i < granted.size(); ++i) claim.held[command.lines[i].position] += granted[i];
  claims_[command.id] = claim;
}

void ClaimBook::Extended(const std::string& id, Timestamp deadline) {
  claims_.at(id).deadline = deadline;
}

void ClaimBook::Changed(const std::string& id, const std::vector<LineCommand>& wanted) {
  claims_.at(id).held = AddedUp(wanted);
}

void ClaimBook::Moved(const std::string& id, const std::vector<MoveCommand>& moves) {
  Claim& claim = claims_.at(id);
  claim.held = AfterMoves(claim.held, moves).value_or(claim.held);
}

void ClaimBook::Committed(const std::string& id, const std::string& order,
                          const std::vector<LineCommand>& lines, ledger::Remainder remainder) {
  Claim& claim = claims_.at(id);
  claim.order = order;
  const Units taken = lines.empty() ? claim.held : AddedUp(lines);
  for (const auto& [position, units] : taken) {
    claim.held[position] -= units;
    claim.committed[position] += units;
  }
  if (remainder == ledger::Remainder::kRelease) claim.held.clear();
}

void ClaimBook::Released(const std::string& id, const std::vector<LineCommand>& lines) {
  Claim& claim = claims_.at(id);
  if (lines.empty()) {
    claim.held.clear();
    claim.committed.clear();
  }
  for (const auto& [position, units] : AddedUp(lines)) {
    const Quantity from_held = std::min(units, claim.held[position]);
    claim.held[position] -= from_held;
    claim.committed[position] -= units - from_held;
  }
}

void ClaimBook::Happened(const ledger::Fact& fact) {
  facts.Add(fact);
  const auto found = claims_.find(fact.reservation_id);
  if (fact.kind != ledger::EntryKind::kSale || found == claims_.end()) return;
  Claim& claim = found->second;
  const Quantity committed = std::min(fact.quantity, claim.committed[fact.position]);
  claim.committed[fact.position] -= committed;
  const Quantity held = std::min(fact.quantity - committed, claim.held[fact.position]);
  claim.held[fact.position] -= held;
  claim.consumed[fact.position] += committed + held;
}

const Claim* ClaimBook::Find(const std::string& id) const {
  const auto found = claims_.find(id);
  return found == claims_.end() ? nullptr : &found->second;
}

bool ClaimBook::HoldsAnything(const std::string& id) const {
  const Claim* claim = Find(id);
  return claim != nullptr &&
         std::ranges::any_of(claim->held, [](const auto& each) { return each.second > 0; });
}

bool ClaimBook::Sells(ChannelId channel, PositionKey position) const {
  const auto found = rules.channel_locations.find(channel);
  return found == rules.channel_locations.end() || found->second.contains(position.location);
}

bool ClaimBook::Fits(const Claim& claim, PositionKey position, Quantity growth) const {
  return growth <= 0 ||
         (Sells(claim.channel, position) && growth <= Promise(position, claim.channel));
}

}  // namespace stockd::property
