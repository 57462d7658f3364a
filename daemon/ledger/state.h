#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/ledger/fact.h"
#include "daemon/ledger/journal.h"
#include "daemon/ledger/position.h"
#include "daemon/ledger/reservation.h"
#include "daemon/ledger/supply.h"

namespace stockd::ledger {

// A position as a decision sees it.
struct WorkingPosition {
  Position row;
  // Part of row.reserved that belongs to holds whose deadline is not after the decision's instant.
  // They no longer count, though their reservations may not have been cleared yet.
  Quantity lapsed = 0;

  Quantity reserved_live() const { return row.reserved - lapsed; }
  Quantity free_live() const { return row.free() + lapsed; }
};

// A request that was answered before.
struct AnsweredRequest {
  std::string content;  // What was asked, byte by byte.
  Reservation answer;
};

// What the ledger reads and changes. The engine implements it over the index and the database,
// tests over plain maps. All changes of one batch are made durable together or not at all.
// Thread-compatible.
class State {
 public:
  virtual ~State() = default;

  // The instant of all decisions of this batch. Never goes backwards.
  virtual Timestamp now() const = 0;

  // The position, created empty if new. The reference is valid until the end of the batch. The
  // caller reports a change by posting to the journal or by MarkCounted().
  virtual WorkingPosition& position(PositionKey key) = 0;

  // The position's row gained a newer count without a journal entry, because the count confirmed
  // the figure.
  virtual void MarkCounted(PositionKey key) = 0;

  virtual Quantity safety_stock(PositionKey key) const = 0;

  // Units kept back from the channel at every position; 0 for kNoChannel.
  virtual Quantity buffer(ChannelId channel) const = 0;

  // Whether the channel may sell from the location.
  virtual bool sells_from(ChannelId channel, LocationId location) const = 0;

  // Net effect on on_hand of the position's deltas (counts left out) with occurred_at > after.
  virtual Quantity DeltaAfter(PositionKey key, Timestamp after) = 0;

  // The journal entry of a fact that was applied, if any.
  virtual std::optional<JournalEntry> FindFact(SourceId source, std::string_view event_id) = 0;

  // The reservation with this id, open or closed; null when there is none. Valid until the end of
  // the batch.
  virtual Reservation* FindReservation(std::string_view id) = 0;

  // Adds a reservation; gives it its number.
  virtual Reservation& AddReservation(Reservation reservation) = 0;

  // Must be called after a reservation changed, with the deadline it had and the held units per
  // position it had before: the implementation keeps its index of deadlines in step. `before` is
  // the state before the change.
  virtual void ReservationChanged(Reservation& reservation, const Reservation& before) = 0;

  virtual std::optional<AnsweredRequest> FindRequest(std::string_view request_id) = 0;
  virtual void AddRequest(std::string_view request_id, AnsweredRequest request) = 0;

  virtual std::optional<Supply> FindSupply(std::string_view supply_id) = 0;
  virtual void PutSupply(const Supply& supply) = 0;

  // Appends to the journal: fills in sequence, previous and recorded_at, and sets the position's
  // version.
  virtual Sequence Append(JournalEntry entry) = 0;
};

}  // namespace stockd::ledger
