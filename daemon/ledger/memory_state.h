#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/ledger/state.h"

namespace stockd::ledger {

// State over plain maps: for tests of the rules and for anything that wants to try commands without
// a database. Keeps everything, also the whole journal. Thread-compatible.
class MemoryState final : public State {
 public:
  explicit MemoryState(Timestamp now) : now_(now) {}

  void SetNow(Timestamp now);
  void SetSafetyStock(PositionKey key, Quantity quantity) { safety_stocks_[key] = quantity; }
  void SetBuffer(ChannelId channel, Quantity quantity) { buffers_[channel] = quantity; }
  // Limits the channel to these locations.
  void SetChannelLocations(ChannelId channel, std::set<LocationId> locations);

  const std::vector<JournalEntry>& journal() const { return journal_; }
  const std::map<std::string, Reservation, std::less<>>& reservations() const {
    return reservations_;
  }
  const std::map<PositionKey, WorkingPosition>& positions() const { return positions_; }

  Timestamp now() const override { return now_; }
  WorkingPosition& position(PositionKey key) override;
  void MarkCounted(PositionKey) override {}
  Quantity safety_stock(PositionKey key) const override;
  Quantity buffer(ChannelId channel) const override;
  bool sells_from(ChannelId channel, LocationId location) const override;
  Quantity DeltaAfter(PositionKey key, Timestamp after) override;
  std::optional<JournalEntry> FindFact(SourceId source, std::string_view event_id) override;
  Reservation* FindReservation(std::string_view id) override;
  Reservation& AddReservation(Reservation reservation) override;
  void ReservationChanged(Reservation& reservation, const Reservation& before) override;
  std::optional<AnsweredRequest> FindRequest(std::string_view request_id) override;
  void AddRequest(std::string_view request_id, AnsweredRequest request) override;
  std::optional<Supply> FindSupply(std::string_view supply_id) override;
  void PutSupply(const Supply& supply) override;
  Sequence Append(JournalEntry entry) override;

 private:
  // Computes the lapsed part of the position's holds anew: slow and obviously right.
  Quantity LapsedAt(PositionKey key) const;

  Timestamp now_;
  std::map<PositionKey, WorkingPosition> positions_;
  std::map<PositionKey, Quantity> safety_stocks_;
  std::map<ChannelId, Quantity> buffers_;
  std::map<ChannelId, std::set<LocationId>> channel_locations_;
  std::vector<JournalEntry> journal_;
  std::map<std::pair<SourceId, std::string>, size_t> facts_;
  std::map<std::string, Reservation, std::less<>> reservations_;
  std::map<std::string, AnsweredRequest, std::less<>> requests_;
  std::map<std::string, Supply, std::less<>> supplies_;
};

}  // namespace stockd::ledger
