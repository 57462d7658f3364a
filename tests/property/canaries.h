#pragma once

#include <map>
#include <utility>

#include "daemon/ledger/memory_state.h"
#include "tests/support/forwarding_state.h"

// States that misbehave in one way each, as an engine with that bug would. A property that none of
// them breaks proves nothing.
namespace stockd::property {

class Canary : public support::ForwardingState {
 public:
  explicit Canary(ledger::MemoryState& memory) : ForwardingState(memory), memory_(memory) {}

 protected:
  // Units held here by reservations of which `lapsed` says so.
  template <typename Predicate>
  Quantity HeldWhere(PositionKey key, Predicate lapsed) const {
    Quantity units = 0;
    for (const auto& [id, reservation] : memory_.reservations()) {
      if (!lapsed(reservation)) continue;
      for (const auto& line : reservation.lines) units += line.position == key ? line.held : 0;
    }
    return units;
  }

  ledger::MemoryState& memory_;
};

// Adds a delta of the count's own instant on top of the count.
class AddsDeltasOfTheCountsInstant final : public Canary {
 public:
  using Canary::Canary;
  Quantity DeltaAfter(PositionKey key, Timestamp after) override {
    return memory_.DeltaAfter(key, after - Duration(1));
  }
};

// Does not know that a delta was told before.
class ForgetsFacts final : public Canary {
 public:
  using Canary::Canary;
  std::optional<ledger::JournalEntry> FindFact(SourceId, std::string_view) override { return {}; }
};

class ForgetsRequests final : public Canary {
 public:
  using Canary::Canary;
  std::optional<ledger::AnsweredRequest> FindRequest(std::string_view) override { return {}; }
};

// Keeps a changed reservation but not its first form.
class ForgetsOriginals final : public Canary {
 public:
  using Canary::Canary;
  void ReservationChanged(ledger::Reservation& reservation,
                          const ledger::Reservation& before) override {
    memory_.ReservationChanged(reservation, before);
    reservation.original = nullptr;
  }
};

// Does not keep the lines of a changed reservation.
class ForgetsChanges final : public Canary {
 public:
  using Canary::Canary;
  void ReservationChanged(ledger::Reservation& reservation,
                          const ledger::Reservation& before) override {
    memory_.ReservationChanged(reservation, before);
    reservation.lines = before.lines;
  }
};

// Keeps a reservation that gained a line with one unit less there than was posted.
class LosesAUnitOfANewLine final : public Canary {
 public:
  using Canary::Canary;
  void ReservationChanged(ledger::Reservation& reservation,
                          const ledger::Reservation& before) override {
    memory_.ReservationChanged(reservation, before);
    if (reservation.lines.size() == before.lines.size()) return;
    reservation.lines.back().held -= 1;
    reservation.lines.back().granted -= 1;
  }
};

class KeepsReservationVersions final : public Canary {
 public:
  using Canary::Canary;
  void ReservationChanged(ledger::Reservation& reservation,
                          const ledger::Reservation& before) override {
    memory_.ReservationChanged(reservation, before);
    reservation.version = before.version;
  }
};

class KeepsPositionVersions final : public Canary {
 public:
  using Canary::Canary;
  Sequence Append(ledger::JournalEntry entry) override {
    Sequence& version = memory_.position(entry.position).row.version;
    const Sequence before = version;
    const Sequence sequence = memory_.Append(std::move(entry));
    if (before != 0) version = before;
    return sequence;
  }
};

class IgnoresBuffers final : public Canary {
 public:
  using Canary::Canary;
  Quantity buffer(ChannelId) const override { return 0; }
};

class IgnoresSafetyStock final : public Canary {
 public:
  using Canary::Canary;
  Quantity safety_stock(PositionKey) const override { return 0; }
};

class SellsFromEverywhere final : public Canary {
 public:
  using Canary::Canary;
  bool sells_from(ChannelId, LocationId) const override { return true; }
};

// Goes on counting holds after their deadline until they are cleared.
class NeverLapses final : public Canary {
 public:
  using Canary::Canary;
  ledger::WorkingPosition& position(PositionKey key) override {
    ledger::WorkingPosition& seen = memory_.position(key);
    seen.lapsed = 0;
    return seen;
  }
};

// Lets holds go one tick before their deadline.
class LapsesATickEarly final : public Canary {
 public:
  using Canary::Canary;
  ledger::WorkingPosition& position(PositionKey key) override {
    ledger::WorkingPosition& seen = memory_.position(key);
    seen.lapsed = HeldWhere(key, [this](const ledger::Reservation& reservation) {
      return reservation.expires_at <= now() + Duration(1);
    });
    return seen;
  }
};

// Its index of deadlines does not learn of an extension.
class LapsesAtTheFirstDeadline final : public Canary {
 public:
  using Canary::Canary;
  ledger::WorkingPosition& position(PositionKey key) override {
    ledger::WorkingPosition& seen = memory_.position(key);
    seen.lapsed = HeldWhere(key, [this](const ledger::Reservation& reservation) {
      const auto& first = reservation.original ? *reservation.original : reservation;
      return first.expires_at <= now();
    });
    return seen;
  }
};

// Takes every hold for lapsed.
class CountsNoHold final : public Canary {
 public:
  using Canary::Canary;
  ledger::WorkingPosition& position(PositionKey key) override {
    ledger::WorkingPosition& seen = memory_.position(key);
    seen.lapsed = seen.row.reserved;
    return seen;
  }
};

// Loses one kind of journal entry on the way to the disk.
template <ledger::EntryKind kind>
class Loses final : public Canary {
 public:
  using Canary::Canary;
  Sequence Append(ledger::JournalEntry entry) override {
    if (entry.kind != kind) return memory_.Append(std::move(entry));
    return memory_.position(entry.position).row.version;
  }
};

// Hands out a copy of each position, so that the changes never arrive.
class HandsOutCopies final : public Canary {
 public:
  using Canary::Canary;
  ledger::WorkingPosition& position(PositionKey key) override {
    return copies_.try_emplace(key, memory_.position(key)).first->second;
  }

 private:
  std::map<PositionKey, ledger::WorkingPosition> copies_;
};

}  // namespace stockd::property
