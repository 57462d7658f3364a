#include "tests/property/trade.h"

#include <algorithm>
#include <deque>

#include "tests/property/render.h"

namespace stockd::property {
namespace {

using ledger::ChangeHeader;
using ledger::CreateCommand;
using ledger::EntryKind;
using ledger::Fact;
using ledger::LineCommand;
using ledger::MoveCommand;
using ledger::Remainder;
using ledger::Reservation;
using ledger::ReservationResult;
using ledger::State;

constexpr Timestamp kStart =
    std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + std::chrono::hours(12);
constexpr Duration kTick(1);
constexpr Duration kMinute = std::chrono::minutes(1);

std::string Text(const std::vector<LineCommand>& lines) {
  std::string text;
  for (const LineCommand& line : lines) {
    text += " " + Name(line.position) + ":" + std::to_string(line.quantity);
  }
  return text.empty() ? " everything" : text;
}

}  // namespace

Trade::Trade(uint64_t seed, const Wrap& wrap)
    : random_(seed), memory_(kStart), state_(wrap(memory_)), last_count_(kStart) {
  DrawWorld();
}

void Trade::DrawWorld() {
  for (auto& weight : weights_) weight = random_.Percent(20) ? 0 : 1 + random_.Below(8);
  // Without goods and buyers there is no trade.
  weights_[static_cast<size_t>(Operation::kCreate)] += 4;
  weights_[static_cast<size_t>(Operation::kArrival)] += 1;
  const int64_t items = random_.Between(1, 2);
  const int64_t locations = random_.Between(1, 3);
  for (int64_t item = 1; item <= items; ++item) {
    for (int64_t location = 1; location <= locations; ++location) {
      positions_.push_back({.item = ItemId{static_cast<uint32_t>(item)},
                            .location = LocationId{static_cast<uint32_t>(location)}});
      if (random_.Percent(40)) ChangeRules();
      if (random_.Percent(80)) {
        Happen(EntryKind::kReceipt, random_.Between(1, 20), positions_.back());
      }
    }
  }
  channels_ = {kNoChannel, ChannelId{1}, ChannelId{2}};
  for (const ChannelId channel : {ChannelId{1}, ChannelId{2}}) {
    if (random_.Percent(50)) ChangeRules();
    if (random_.Percent(70)) continue;
    auto& sold_from = book_.rules.channel_locations[channel];
    for (const PositionKey position : positions_) {
      if (random_.Percent(70)) sold_from.insert(position.location);
    }
    memory_.SetChannelLocations(channel, sold_from);
  }
}

const Step& Trade::Next() {
  step_ = Step{
      .operation = DrawOperation(), .before = book_, .journal_before = memory_.journal().size()};
  switch (step_.operation) {
    case Operation::kWait: Wait(); break;
    case Operation::kCreate: Create(); break;
    case Operation::kExtend: Extend(); break;
    case Operation::kChange: Change(); break;
    case Operation::kMove: Move(); break;
    case Operation::kCommit: Commit(); break;
    case Operation::kRelease: Release(); break;
    case Operation::kSale: Happen(EntryKind::kSale, random_.Between(1, 4), DrawPosition()); break;
    case Operation::kArrival: {
      static const std::vector<EntryKind> kinds = {EntryKind::kReceipt, EntryKind::kReturn,
                                                   EntryKind::kTransferIn, EntryKind::kAdjustment};
      Happen(random_.Pick(kinds), random_.Percent(3) ? kQuantityMax : random_.Between(1, 12),
             DrawPosition());
      break;
    }
    case Operation::kLoss: {
      static const std::vector<EntryKind> kinds = {EntryKind::kDamage, EntryKind::kTransferOut,
                                                   EntryKind::kAdjustment};
      const EntryKind kind = random_.Pick(kinds);
      const Quantity quantity = random_.Between(1, 4);
      Happen(kind, kind == EntryKind::kAdjustment ? -quantity : quantity, DrawPosition());
      break;
    }
    case Operation::kCount: {
      const PositionKey position = DrawPosition();
      Happen(EntryKind::kCount, Around(book_.facts.OnHand(position), 0), position);
      break;
    }
    case Operation::kTidy: Tidy(); break;
    case Operation::kRules: ChangeRules(); break;
  }
  return step_;
}

Operation Trade::DrawOperation() {
  const auto operation = static_cast<Operation>(random_.Weighted(weights_));
  const bool changes = operation >= Operation::kExtend && operation <= Operation::kRelease;
  return changes && book_.claims().empty() && random_.Percent(95) ? Operation::kCreate : operation;
}

std::string Trade::DrawReservation() {
  if (reservation_ids_.empty() || random_.Percent(3)) return "nobody's";
  if (random_.Percent(20)) return random_.Pick(reservation_ids_);
  std::vector<std::string> open;
  for (const auto& [id, claim] : book_.claims()) {
    for (const PositionKey position : positions_) {
      if (book_.HeldBy(id, position) + book_.CommittedBy(id, position) > 0) open.push_back(id);
    }
  }
  return open.empty() ? reservation_ids_.back() : random_.Pick(open);
}

Duration Trade::DrawTtl() {
  static const std::vector<Duration> ttls = {ledger::kTtlMin, kMinute, 10 * kMinute, 60 * kMinute};
  return random_.Pick(ttls);
}

Quantity Trade::Around(Quantity edge, Quantity lowest) {
  const std::vector<Quantity> choices = {
      1, 2, edge, edge, edge - 1, edge + 1, edge / 2, random_.Percent(5) ? kQuantityMax : edge};
  return std::clamp(random_.Pick(choices), lowest, kQuantityMax);
}

std::vector<LineCommand> Trade::DrawLines(const std::string& id, Quantity lowest) {
  std::vector<LineCommand> lines;
  for (const PositionKey position : positions_) {
    const Quantity held = book_.HeldBy(id, position);
    if (random_.Percent(held > 0 ? 20 : 70)) continue;
    lines.push_back({position, Around(held, lowest)});
  }
  random_.Shuffle(lines);
  return lines;
}

ChangeHeader Trade::NewHeader(const std::string& id) {
  return {.reservation_id = id,
          .request_id = "q" + std::to_string(++ids_),
          .content = "asked of " + id};
}

void Trade::Wait() {
  const auto deadline = book_.NextDeadline();
  const std::vector<Timestamp> edges =
      deadline ? std::vector{*deadline - kTick, *deadline, *deadline + kTick, memory_.now() + kTick,
                             memory_.now() + kMinute}
               : std::vector{memory_.now() + kTick, memory_.now() + 5 * kMinute};
  memory_.SetNow(std::max(memory_.now(), random_.Pick(edges)));
  book_.Pass(memory_.now());
  step_.text = "wait until " + std::to_string((memory_.now() - kStart).count()) + " us";
}

void Trade::Create() {
  CreateCommand command{.id = "r" + std::to_string(++ids_),
                        .channel = random_.Pick(channels_),
                        .lines = {},
                        .ttl = DrawTtl(),
                        .allow_partial = random_.Percent(30),
                        .owner_reference = random_.Percent(20) ? "somebody" : ""};
  for (int64_t i = random_.Between(1, 3); i > 0; --i) {
    const PositionKey position = DrawPosition();
    command.lines.push_back({position, Around(book_.Promise(position, command.channel), 1)});
  }
  const auto expected = book_.ExpectGrant(command);
  const ReservationResult result = ledger::CreateReservation(*state_, command);
  step_.text = "create " + command.id + (command.allow_partial ? " in part" : "") +
               " for channel " + std::to_string(ToNumber(command.channel)) + Text(command.lines);
  step_.reservation_id = command.id;
  step_.channel = command.channel;
  step_.expected = expected.has_value();
  step_.expected_granted = expected.value_or(std::vector<Quantity>{});
  const auto* granted = std::get_if<Reservation>(&result);
  step_.accepted = granted != nullptr;
  if (granted == nullptr) {
    step_.refusal = std::get<ledger::Refusal>(result);
    return;
  }
  for (const auto& line : granted->lines) step_.granted.push_back(line.granted);
  book_.Created(command, step_.granted, memory_.now());
  reservation_ids_.push_back(command.id);
  CreateCommand other = command;
  other.ttl += kTick;
  accepted_.push_back(
      {.text = step_.text,
       .again = [command](State& state) { return Render(CreateReservation(state, command)); },
       .differs = [other](State& state) { return Render(CreateReservation(state, other)); },
       .answer = Render(result),
       .answer_to_misuse = "RESERVATION_DIFFERS"});
}

bool Trade::Run(const std::string& id, const RunChange& run) {
  const ChangeHeader header = NewHeader(id);
  const ReservationResult result = run(*state_, header);
  step_.reservation_id = id;
  const auto claim = step_.before.claims().find(id);
  if (claim != step_.before.claims().end()) step_.channel = claim->second.channel;
  step_.accepted = std::holds_alternative<Reservation>(result);
  if (!step_.accepted) {
    step_.refusal = std::get<ledger::Refusal>(result);
    return false;
  }
  ChangeHeader other = header;
  other.content = "something else";
  accepted_.push_back({.text = step_.text,
                       .again = [run, header](State& state) { return Render(run(state, header)); },
                       .differs = [run, other](State& state) { return Render(run(state, other)); },
                       .answer = Render(result),
                       .answer_to_misuse = "REQUEST_DIFFERS"});
  return true;
}

void Trade::Extend() {
  const std::string id = DrawReservation();
  const Duration ttl = DrawTtl();
  step_.text = "extend " + id + " by " + std::to_string(ttl.count()) + " us";
  step_.expected = book_.ExpectExtend(id);
  const bool accepted = Run(id, [ttl](State& state, const ChangeHeader& header) {
    return ExtendReservation(state, header, ttl);
  });
  if (accepted) book_.Extended(id, memory_.now() + ttl);
}

void Trade::Change() {
  const std::string id = DrawReservation();
  std::vector<LineCommand> wanted = DrawLines(id, 0);
  if (random_.Percent(30)) {
    // Everything there is, and sometimes one more.
    const PositionKey position = DrawPosition();
    const Quantity all = book_.HeldBy(id, position) + book_.Promise(position, kNoChannel);
    wanted = {{position, std::max<Quantity>(0, all + random_.Between(0, 1))}};
  }
  step_.text = "change " + id + " to" + Text(wanted);
  step_.expected = book_.ExpectChange(id, wanted);
  const bool accepted = Run(id, [wanted](State& state, const ChangeHeader& header) {
    return ChangeReservation(state, header, wanted);
  });
  if (accepted) book_.Changed(id, wanted);
}

void Trade::Move() {
  const std::string id = DrawReservation();
  std::vector<PositionKey> held_at;
  for (const PositionKey position : positions_) {
    if (book_.HeldBy(id, position) > 0) held_at.push_back(position);
  }
  std::vector<MoveCommand> moves;
  step_.text = "move " + id;
  for (int64_t i = random_.Percent(60) ? 1 : random_.Between(2, 3); i > 0; --i) {
    // Mostly from where something is held.
    const bool blind = held_at.empty() || random_.Percent(10);
    const PositionKey from = blind ? DrawPosition() : random_.Pick(held_at);
    PositionKey to = DrawPosition();
    to.item = from.item;
    if (to == from) continue;
    const Quantity fits = std::min(book_.HeldBy(id, from), book_.Promise(to, kNoChannel));
    moves.push_back({from, to, random_.Percent(30) ? 0 : Around(fits, 1)});
    step_.text += " " + Name(from) + ">" + Name(to) + ":" + std::to_string(moves.back().quantity);
  }
  if (moves.empty()) {
    step_.operation = Operation::kTidy;
    return Tidy();
  }
  step_.expected = book_.ExpectMove(id, moves);
  const bool accepted = Run(id, [moves](State& state, const ChangeHeader& header) {
    return MoveReservation(state, header, moves);
  });
  if (accepted) book_.Moved(id, moves);
}

void Trade::Commit() {
  const std::string id = DrawReservation();
  const std::string order = random_.Percent(90) ? "order" : "other order";
  std::vector<LineCommand> lines;
  if (random_.Percent(60)) lines = DrawLines(id, 1);
  const Remainder remainder = random_.Percent(50) ? Remainder::kKeep : Remainder::kRelease;
  step_.text = "commit " + id + " to " + order + Text(lines) +
               (remainder == Remainder::kKeep ? ", keep the rest" : "");
  step_.expected = book_.ExpectCommit(id, order, lines);
  const bool accepted = Run(id, [=](State& state, const ChangeHeader& header) {
    return CommitReservation(state, header, order, lines, remainder);
  });
  if (accepted) book_.Committed(id, order, lines, remainder);
}

void Trade::Release() {
  const std::string id = DrawReservation();
  std::vector<LineCommand> lines;
  if (random_.Percent(70)) lines = DrawLines(id, 1);
  step_.text = "release " + id + Text(lines);
  step_.expected = book_.ExpectRelease(id, lines);
  const bool accepted = Run(id, [lines](State& state, const ChangeHeader& header) {
    return ReleaseReservation(state, header, lines);
  });
  if (accepted) book_.Released(id, lines);
}

void Trade::Happen(EntryKind kind, Quantity quantity, PositionKey position) {
  const std::vector<Timestamp> instants = {memory_.now(),         memory_.now(),
                                           memory_.now() - kTick, memory_.now() - 7 * kMinute,
                                           last_count_,           memory_.now() + kMinute};
  const Fact fact{
      .source = SourceId{1},
      .event_id = "e" + std::to_string(++ids_),
      .kind = kind,
      .position = position,
      .quantity = quantity,
      .occurred_at = random_.Pick(instants),
      .reservation_id = kind == EntryKind::kSale && random_.Percent(70) ? DrawReservation() : ""};
  if (kind == EntryKind::kCount) last_count_ = fact.occurred_at;
  step_.text = std::string(EntryKindName(kind)) + " of " + std::to_string(quantity) + " at " +
               Name(fact.position) + ", dated " +
               std::to_string((fact.occurred_at - kStart).count()) + " us" +
               (fact.reservation_id.empty() ? "" : ", for " + fact.reservation_id);
  const auto apply = [](State& state, const Fact& told) {
    return Render(ApplyFact(state, told, {}, ledger::LateFacts::kRefuse));
  };
  STOCKD_CHECK(apply(*state_, fact) == "applied");  // Sized and dated to be.
  book_.Happened(fact);
  Fact other = fact;
  other.quantity += 1;
  accepted_.push_back({.text = step_.text,
                       .again = [=](State& state) { return apply(state, fact); },
                       .differs = [=](State& state) { return apply(state, other); },
                       .answer = "duplicate",
                       .answer_to_misuse = "EVENT_DIFFERS"});
}

void Trade::Tidy() {
  step_.text = "clear lapsed holds";
  for (const std::string& id : reservation_ids_) {
    if (random_.Percent(70)) ExpireIfDue(*state_, *state_->FindReservation(id));
  }
}

void Trade::ChangeRules() {
  const Quantity quantity = random_.Between(0, 3);
  if (random_.Percent(50) || channels_.empty()) {
    const PositionKey position = DrawPosition();
    book_.rules.safety_stocks[position] = quantity;
    memory_.SetSafetyStock(position, quantity);
    step_.text = "safety stock of " + Name(position) + " becomes " + std::to_string(quantity);
  } else {
    const ChannelId channel{static_cast<uint32_t>(random_.Between(1, 2))};
    book_.rules.buffers[channel] = quantity;
    memory_.SetBuffer(channel, quantity);
    step_.text = "a buffer becomes " + std::to_string(quantity);
  }
}

Violation RunTrade(uint64_t seed, const Wrap& wrap, int steps, const Inspect& inspect) {
  Trade trade(seed, wrap);
  std::deque<std::string> recent;
  for (int number = 1; number <= steps; ++number) {
    const Step& step = trade.Next();
    recent.push_back("\n  " + std::to_string(number) + ": " + step.text +
                     (step.reservation_id.empty() ? ""
                      : step.accepted             ? ": accepted"
                                                  : ": refused"));
    if (recent.size() > 12) recent.pop_front();
    if (Violation violation = inspect(trade)) {
      *violation += "; the last commands were";
      for (const std::string& line : recent) *violation += line;
      return violation;
    }
  }
  return std::nullopt;
}

}  // namespace stockd::property
