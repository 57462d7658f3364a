#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/ledger/facts.h"
#include "daemon/ledger/memory_state.h"
#include "daemon/ledger/reservation_changes.h"
#include "tests/property/claim_book.h"
#include "tests/property/property.h"
#include "tests/support/random.h"

namespace stockd::property {

enum class Operation : uint8_t {
  kWait,  // Time passes, often to the edge of a deadline.
  kCreate,
  kExtend,
  kChange,
  kMove,
  kCommit,
  kRelease,
  kSale,     // Often out of a claim.
  kArrival,  // Receipt, return, transfer in, adjustment upwards.
  kLoss,     // Damage, transfer out, adjustment downwards.
  kCount,
  kTidy,   // Lapsed holds are cleared.
  kRules,  // Safety stock or a buffer changes.
};
inline constexpr size_t kOperationCount = 13;

// Something the ledger accepted, so that a test can say it again.
struct Accepted {
  std::string text;
  std::function<std::string(ledger::State&)> again;    // The same; answers as `answer` did.
  std::function<std::string(ledger::State&)> differs;  // The same id, other content.
  std::string answer;                                  // What a repetition has to be answered with.
  std::string answer_to_misuse;  // What other content has to be answered with.
};

// One command of a trade and what became of it.
struct Step {
  Operation operation = Operation::kWait;
  std::string text;                        // For people.
  std::string reservation_id;              // The claim's, where the command was about one.
  bool accepted = false;                   // Claims only.
  bool expected = false;                   // Claims only: what the book had foretold.
  std::vector<Quantity> granted;           // kCreate: per line.
  std::vector<Quantity> expected_granted;  // kCreate: what the book had foretold.
  ledger::Refusal refusal;                 // Where not accepted.
  ChannelId channel = kNoChannel;          // Of the reservation.
  ClaimBook before;                        // The book at this instant, before the command.
  size_t journal_before = 0;               // Entries of the journal before the command.
};

// A random trade over few positions: buyers with and without channels compete for few units while
// tills sell, goods arrive late, shelves are counted and time runs to the edges of deadlines. Which
// commands occur, and how often, differs from seed to seed (swarm). Every command goes to the
// ledger and to the book.
class Trade {
 public:
  Trade(uint64_t seed, const Wrap& wrap);

  // Runs one more command.
  const Step& Next();

  ledger::MemoryState& memory() { return memory_; }
  const ledger::MemoryState& memory() const { return memory_; }
  ledger::State& state() { return *state_; }
  const ClaimBook& book() const { return book_; }
  const Step& step() const { return step_; }
  const std::vector<PositionKey>& positions() const { return positions_; }
  const std::vector<ChannelId>& channels() const { return channels_; }
  const std::vector<Accepted>& accepted() const { return accepted_; }
  support::Random& random() { return random_; }

 private:
  void DrawWorld();
  Operation DrawOperation();
  PositionKey DrawPosition() { return random_.Pick(positions_); }
  std::string DrawReservation();
  Duration DrawTtl();
  // A quantity around `edge`, at least `lowest`.
  Quantity Around(Quantity edge, Quantity lowest);
  // Lines over distinct positions around what the reservation holds there.
  std::vector<ledger::LineCommand> DrawLines(const std::string& id, Quantity lowest);
  ledger::ChangeHeader NewHeader(const std::string& id);

  void Wait();
  void Create();
  void Extend();
  void Change();
  void Move();
  void Commit();
  void Release();
  void Happen(ledger::EntryKind kind, Quantity quantity, PositionKey position);
  void Tidy();
  void ChangeRules();

  // Runs a change of a reservation and takes note of the result.
  using RunChange =
      std::function<ledger::ReservationResult(ledger::State&, const ledger::ChangeHeader&)>;
  bool Run(const std::string& id, const RunChange& run);

  support::Random random_;
  ledger::MemoryState memory_;
  std::unique_ptr<ledger::State> state_;
  ClaimBook book_;
  std::array<uint64_t, kOperationCount> weights_{};
  std::vector<PositionKey> positions_;
  std::vector<ChannelId> channels_;
  std::vector<std::string> reservation_ids_;
  std::vector<Accepted> accepted_;
  Timestamp last_count_;
  int ids_ = 0;
  Step step_;
};

// Runs a trade of `steps` commands and lets `inspect` look at the world after each.
using Inspect = std::function<Violation(Trade&)>;
Violation RunTrade(uint64_t seed, const Wrap& wrap, int steps, const Inspect& inspect);

}  // namespace stockd::property
