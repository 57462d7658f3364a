#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/storage/journal_feed.h"
#include "tests/support/random.h"

namespace stockd::reports {

// What happened to some orders, event by event: made up, but as the daemon would tell it.
class OrderHistories {
 public:
  explicit OrderHistories(support::Random& random);

  uint64_t event_count() const { return events_.size(); }
  // The order of an event, numbered from 1.
  uint64_t OrderOf(uint64_t event) const { return events_[event - 1].first; }
  // An order as it stood after the event `until`, over all orders; empty: not placed then.
  std::optional<storage::OrderStory> At(uint64_t order, uint64_t until) const;
  // All orders as they stand in the end.
  std::vector<storage::OrderStory> Finally() const;

 private:
  // Order number, and the story after the event.
  std::vector<std::pair<uint64_t, storage::OrderStory>> events_;
};

// A feed that knows facts from another one and orders from a history, up to an event that grows.
class OrderHistoryFeed : public storage::JournalFeed {
 public:
  OrderHistoryFeed(std::unique_ptr<storage::JournalFeed> facts, const OrderHistories& histories)
      : facts_(std::move(facts)), histories_(histories) {}

  void TellUntil(uint64_t event) { told_ = event; }

  Sequence Newest() override { return facts_->Newest(); }
  std::vector<ledger::JournalEntry> Entries(Sequence after, int limit) override {
    return facts_->Entries(after, limit);
  }
  std::optional<ledger::JournalEntry> Entry(Sequence sequence) override {
    return facts_->Entry(sequence);
  }
  storage::HoldOrigin Hold(uint64_t number) override { return facts_->Hold(number); }
  std::vector<std::pair<uint64_t, uint64_t>> OrderEvents(uint64_t after, int limit) override;
  std::optional<storage::OrderStory> Order(uint64_t number) override {
    return histories_.At(number, told_);
  }
  std::vector<storage::ItemChange> ItemChanges(int64_t after_id, int limit) override {
    return facts_->ItemChanges(after_id, limit);
  }
  std::vector<storage::ConfirmedCount> ConfirmedCounts(int64_t after_id, int limit) override {
    return facts_->ConfirmedCounts(after_id, limit);
  }
  std::vector<storage::VisitRecord> Visits(int64_t after_id, int limit) override {
    return facts_->Visits(after_id, limit);
  }
  std::vector<storage::ContactRecord> Contacts(int64_t after_id, int limit) override {
    return facts_->Contacts(after_id, limit);
  }
  Quantity DeltaBetween(PositionKey key, Timestamp after, Timestamp until,
                        Sequence recorded_until) override {
    return facts_->DeltaBetween(key, after, until, recorded_until);
  }
  std::vector<storage::FactMark> FactsBetween(PositionKey key, Timestamp from, Timestamp until,
                                              Sequence recorded_until) override {
    return facts_->FactsBetween(key, from, until, recorded_until);
  }
  Timestamp LatestConfirmedCount(int64_t id_until) override {
    return facts_->LatestConfirmedCount(id_until);
  }
  std::optional<Timestamp> NextConfirmedCount(PositionKey key, Timestamp from,
                                              int64_t id_until) override {
    return facts_->NextConfirmedCount(key, from, id_until);
  }

 protected:
  const OrderHistories& histories() const { return histories_; }
  uint64_t told() const { return told_; }

 private:
  std::unique_ptr<storage::JournalFeed> facts_;
  const OrderHistories& histories_;
  uint64_t told_ = 0;
};

}  // namespace stockd::reports
