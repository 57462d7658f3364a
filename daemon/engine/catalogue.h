#pragma once

#include <absl/container/btree_map.h>
#include <absl/container/btree_set.h>
#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/synchronization/mutex.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/fulfilment/open_time.h"
#include "daemon/storage/catalogue_rows.h"

namespace stockd::engine {

// When a location is open.
struct StoreHours {
  std::shared_ptr<const fulfilment::OpenTime> open_time;
  bool has_calendar = false;  // Else it is open round the clock.
};

// A location that has a calendar, by its code.
struct CalendarRow {
  std::string location;
  std::shared_ptr<const fulfilment::OpenTime> open_time;
};

// What the daemon needs to know of items, locations, calendars, groups, channels, sources and
// safety stocks at every call, in memory. Thread-safe; the writer thread is the only one that
// changes it. Names never change their numbers.
class Catalogue {
 public:
  // Names to numbers; the "none" value when unknown.
  ItemId FindItem(std::string_view sku) const;
  LocationId FindLocation(std::string_view code) const;
  // The items that have this GTIN, by number.
  std::vector<ItemId> FindGtin(std::string_view gtin) const;
  ChannelId FindChannel(std::string_view channel_id) const;
  GroupId FindGroup(std::string_view group_id) const;
  SourceId FindSource(std::string_view name) const;

  // Numbers to names. REQUIRES: a number that was given.
  std::string Sku(ItemId item) const;
  std::string LocationCode(LocationId location) const;
  std::string ChannelName(ChannelId channel) const;  // Empty for kNoChannel.
  std::string SourceName(SourceId source) const;     // Empty for kNoSource.

  std::optional<storage::Item> Item(std::string_view sku) const;
  std::optional<storage::Location> Location(LocationId location) const;
  std::optional<storage::Group> Group(GroupId group) const;
  std::optional<storage::Channel> Channel(ChannelId channel) const;
  std::optional<storage::Source> Source(SourceId source) const;
  std::vector<storage::Location> Locations() const;  // Ordered by code.
  std::vector<storage::Group> Groups() const;        // Ordered by id.
  std::vector<storage::Channel> Channels() const;    // Ordered by id.
  std::vector<storage::Source> Sources() const;      // Ordered by name.

  // The items of this very category, in no order, at most `limit`.
  std::vector<ItemId> ItemsOfCategory(std::string_view category, size_t limit) const;
  // When the location is open: its calendar in its time zone; without a calendar round the clock,
  // as fulfilment::RoundTheClock() has it; in UTC when this machine does not know the zone. What is
  // returned never changes: a changed calendar or zone is a new object. REQUIRES: a number that was
  // given.
  std::shared_ptr<const fulfilment::OpenTime> OpenTimeOf(LocationId location) const;
  // The same, and whether it comes from a calendar.
  StoreHours HoursOf(LocationId location) const;
  // At most `limit` of those whose code comes after `after`, ordered by code.
  std::vector<CalendarRow> CalendarsAfter(std::string_view after, size_t limit) const;

  // SKUs after `after`, in order, at most `limit`.
  std::vector<std::pair<std::string, ItemId>> SkusAfter(std::string_view after, size_t limit) const;

  Quantity SafetyStock(PositionKey key) const;
  // The rule with exactly this key (kNoItem: all items, kNoLocation: all locations), if there is
  // one.
  std::optional<Quantity> SafetyStockRule(PositionKey rule) const;
  Quantity Buffer(ChannelId channel) const;
  bool SellsFrom(ChannelId channel, LocationId location) const;
  // The locations a channel sells from; empty: all.
  std::vector<LocationId> LocationsOf(ChannelId channel) const;

  // Sequence of the latest change of a rule; every published version is at least this.
  Sequence policy_sequence() const { return policy_sequence_.load(std::memory_order_acquire); }

  int64_t item_count() const;

  // Changes, by the writer thread. A record with number "none" gets the next number; returned.
  storage::Item PutItem(storage::Item item);
  storage::Location PutLocation(storage::Location location);
  // REQUIRES: a location that was put.
  void PutCalendar(LocationId location, fulfilment::StoreCalendar calendar);
  void RemoveCalendar(LocationId location);
  storage::Group PutGroup(storage::Group group);
  storage::Channel PutChannel(storage::Channel channel);
  storage::Source PutSource(storage::Source source);
  void PutSafetyStock(const storage::SafetyStock& rule);
  void RemoveSafetyStock(ItemId item, LocationId location);
  void SetPolicySequence(Sequence sequence) {
    policy_sequence_.store(sequence, std::memory_order_release);
  }

 private:
  // REQUIRES: the location was put.
  void SetCalendar(LocationId location, fulfilment::StoreCalendar calendar, bool has_calendar);

  mutable absl::Mutex mutex_;
  // Rows by number; number n is at n - 1.
  std::vector<storage::Item> items_ ABSL_GUARDED_BY(mutex_);
  std::vector<storage::Location> locations_ ABSL_GUARDED_BY(mutex_);
  std::vector<StoreHours> hours_ ABSL_GUARDED_BY(mutex_);  // Of the locations.
  std::vector<storage::Group> groups_ ABSL_GUARDED_BY(mutex_);
  std::vector<storage::Channel> channels_ ABSL_GUARDED_BY(mutex_);
  std::vector<storage::Source> sources_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, ItemId> item_ids_ ABSL_GUARDED_BY(mutex_);
  absl::btree_map<std::string, ItemId> items_by_sku_ ABSL_GUARDED_BY(mutex_);
  absl::btree_set<std::pair<std::string, ItemId>> items_by_gtin_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, std::vector<ItemId>> items_by_category_ ABSL_GUARDED_BY(mutex_);
  absl::btree_map<std::string, LocationId> location_ids_ ABSL_GUARDED_BY(mutex_);
  absl::btree_map<std::string, GroupId> group_ids_ ABSL_GUARDED_BY(mutex_);
  absl::btree_map<std::string, ChannelId> channel_ids_ ABSL_GUARDED_BY(mutex_);
  absl::btree_map<std::string, SourceId> source_ids_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<PositionKey, Quantity> safety_stocks_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<GroupId, absl::flat_hash_set<LocationId>> members_ ABSL_GUARDED_BY(mutex_);
  std::atomic<Sequence> policy_sequence_{0};
};

}  // namespace stockd::engine
