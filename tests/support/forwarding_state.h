#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "daemon/ledger/state.h"

namespace stockd::support {

// Hands every call on to another State. A test derives from it and changes the one call that shall
// misbehave. Does not own the other State. Thread-compatible.
class ForwardingState : public ledger::State {
 public:
  explicit ForwardingState(ledger::State& base) : base_(base) {}

  Timestamp now() const override { return base_.now(); }
  ledger::WorkingPosition& position(PositionKey key) override { return base_.position(key); }
  void MarkCounted(PositionKey key) override { base_.MarkCounted(key); }
  Quantity safety_stock(PositionKey key) const override { return base_.safety_stock(key); }
  Quantity buffer(ChannelId channel) const override { return base_.buffer(channel); }
  bool sells_from(ChannelId channel, LocationId location) const override {
    return base_.sells_from(channel, location);
  }
  Quantity DeltaAfter(PositionKey key, Timestamp after) override {
    return base_.DeltaAfter(key, after);
  }
  std::optional<ledger::JournalEntry> FindFact(SourceId source,
                                               std::string_view event_id) override {
    return base_.FindFact(source, event_id);
  }
  ledger::Reservation* FindReservation(std::string_view id) override {
    return base_.FindReservation(id);
  }
  ledger::Reservation& AddReservation(ledger::Reservation reservation) override {
    return base_.AddReservation(std::move(reservation));
  }
  void ReservationChanged(ledger::Reservation& reservation,
                          const ledger::Reservation& before) override {
    base_.ReservationChanged(reservation, before);
  }
  std::optional<ledger::AnsweredRequest> FindRequest(std::string_view request_id) override {
    return base_.FindRequest(request_id);
  }
  void AddRequest(std::string_view request_id, ledger::AnsweredRequest request) override {
    base_.AddRequest(request_id, std::move(request));
  }
  std::optional<ledger::Supply> FindSupply(std::string_view supply_id) override {
    return base_.FindSupply(supply_id);
  }
  void PutSupply(const ledger::Supply& supply) override { base_.PutSupply(supply); }
  Sequence Append(ledger::JournalEntry entry) override { return base_.Append(std::move(entry)); }

 protected:
  ledger::State& base_;
};

}  // namespace stockd::support
