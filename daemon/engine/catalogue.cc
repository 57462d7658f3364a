#include "daemon/engine/catalogue.h"

#include <absl/time/time.h>

#include <algorithm>
#include <utility>

#include "daemon/base/check.h"

namespace stockd::engine {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

template <typename Map>
auto FindId(const Map& ids, std::string_view name) {
  const auto found = ids.find(View(name));
  return found == ids.end() ? typename Map::mapped_type{} : found->second;
}

template <typename Row, typename Id>
const Row* FindRow(const std::vector<Row>& rows, Id id) {
  const uint32_t number = ToNumber(id);
  return number == 0 || number > rows.size() ? nullptr : &rows[number - 1];
}

template <typename Row, typename Id>
std::optional<Row> CopyRow(const std::vector<Row>& rows, Id id) {
  const Row* row = FindRow(rows, id);
  return row == nullptr ? std::nullopt : std::optional<Row>(*row);
}

// UTC when the machine does not know it. Reads the disk at the first use of a zone.
absl::TimeZone ZoneOf(const std::string& name) {
  absl::TimeZone zone;
  absl::LoadTimeZone(name, &zone);
  return zone;
}

// Stores the row under its number, giving it the next one when it has none. Rows load in the order
// of their numbers, but a gap is harmless: its row has an empty name that nothing finds.
template <typename Row>
void Keep(std::vector<Row>& rows, Row& row) {
  if (ToNumber(row.id) == 0) row.id = decltype(row.id){static_cast<uint32_t>(rows.size() + 1)};
  if (rows.size() < ToNumber(row.id)) rows.resize(ToNumber(row.id));
  rows[ToNumber(row.id) - 1] = row;
}

template <typename Row, typename Ids>
std::vector<Row> InOrder(const std::vector<Row>& rows, const Ids& ids) {
  std::vector<Row> ordered;
  ordered.reserve(ids.size());
  for (const auto& [name, id] : ids) ordered.push_back(rows[ToNumber(id) - 1]);
  return ordered;
}

}  // namespace

ItemId Catalogue::FindItem(std::string_view sku) const {
  const absl::ReaderMutexLock lock(&mutex_);
  return FindId(item_ids_, sku);
}

LocationId Catalogue::FindLocation(std::string_view code) const {
  const absl::ReaderMutexLock lock(&mutex_);
  return FindId(location_ids_, code);
}

std::vector<ItemId> Catalogue::FindGtin(std::string_view gtin) const {
  const absl::ReaderMutexLock lock(&mutex_);
  std::vector<ItemId> items;
  for (auto at = items_by_gtin_.lower_bound({std::string(gtin), kNoItem});
       at != items_by_gtin_.end() && at->first == gtin; ++at) {
    items.push_back(at->second);
  }
  return items;
}

ChannelId Catalogue::FindChannel(std::string_view channel_id) const {
  const absl::ReaderMutexLock lock(&mutex_);
  return FindId(channel_ids_, channel_id);
}

GroupId Catalogue::FindGroup(std::string_view group_id) const {
  const absl::ReaderMutexLock lock(&mutex_);
  return FindId(group_ids_, group_id);
}

SourceId Catalogue::FindSource(std::string_view name) const {
  const absl::ReaderMutexLock lock(&mutex_);
  return FindId(source_ids_, name);
}

std::string Catalogue::Sku(ItemId item) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto* row = FindRow(items_, item);
  return row == nullptr ? std::string() : row->sku;
}

std::string Catalogue::LocationCode(LocationId location) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto* row = FindRow(locations_, location);
  return row == nullptr ? std::string() : row->code;
}

std::string Catalogue::ChannelName(ChannelId channel) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto* row = FindRow(channels_, channel);
  return row == nullptr ? std::string() : row->channel_id;
}

std::string Catalogue::SourceName(SourceId source) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto* row = FindRow(sources_, source);
  return row == nullptr ? std::string() : row->name;
}

std::optional<storage::Item> Catalogue::Item(std::string_view sku) const {
  const absl::ReaderMutexLock lock(&mutex_);
  return CopyRow(items_, FindId(item_ids_, sku));
}

std::optional<storage::Location> Catalogue::Location(LocationId location) const {
  const absl::ReaderMutexLock lock(&mutex_);
  return CopyRow(locations_, location);
}

std::optional<storage::Group> Catalogue::Group(GroupId group) const {
  const absl::ReaderMutexLock lock(&mutex_);
  return CopyRow(groups_, group);
}

std::optional<storage::Channel> Catalogue::Channel(ChannelId channel) const {
  const absl::ReaderMutexLock lock(&mutex_);
  return CopyRow(channels_, channel);
}

std::optional<storage::Source> Catalogue::Source(SourceId source) const {
  const absl::ReaderMutexLock lock(&mutex_);
  return CopyRow(sources_, source);
}

std::vector<storage::Location> Catalogue::Locations() const {
  const absl::ReaderMutexLock lock(&mutex_);
  return InOrder(locations_, location_ids_);
}

std::shared_ptr<const fulfilment::OpenTime> Catalogue::OpenTimeOf(LocationId location) const {
  return HoursOf(location).open_time;
}

StoreHours Catalogue::HoursOf(LocationId location) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const StoreHours* hours = FindRow(hours_, location);
  STOCKD_CHECK(hours != nullptr && hours->open_time != nullptr);
  return *hours;
}

std::vector<CalendarRow> Catalogue::CalendarsAfter(std::string_view after, size_t limit) const {
  const absl::ReaderMutexLock lock(&mutex_);
  std::vector<CalendarRow> calendars;
  for (auto at = location_ids_.upper_bound(View(after));
       at != location_ids_.end() && calendars.size() < limit; ++at) {
    const StoreHours* hours = FindRow(hours_, at->second);
    if (!hours->has_calendar) continue;
    calendars.push_back({.location = at->first, .open_time = hours->open_time});
  }
  return calendars;
}

std::vector<storage::Group> Catalogue::Groups() const {
  const absl::ReaderMutexLock lock(&mutex_);
  return InOrder(groups_, group_ids_);
}

std::vector<storage::Channel> Catalogue::Channels() const {
  const absl::ReaderMutexLock lock(&mutex_);
  return InOrder(channels_, channel_ids_);
}

std::vector<storage::Source> Catalogue::Sources() const {
  const absl::ReaderMutexLock lock(&mutex_);
  return InOrder(sources_, source_ids_);
}

std::vector<std::pair<std::string, ItemId>> Catalogue::SkusAfter(std::string_view after,
                                                                 size_t limit) const {
  const absl::ReaderMutexLock lock(&mutex_);
  std::vector<std::pair<std::string, ItemId>> skus;
  for (auto at = items_by_sku_.upper_bound(View(after));
       at != items_by_sku_.end() && skus.size() < limit; ++at) {
    skus.emplace_back(at->first, at->second);
  }
  return skus;
}

Quantity Catalogue::SafetyStock(PositionKey key) const {
  const absl::ReaderMutexLock lock(&mutex_);
  if (safety_stocks_.empty()) return 0;
  // The most specific rule wins.
  for (const PositionKey rule :
       {key, PositionKey{key.item, kNoLocation}, PositionKey{kNoItem, key.location}}) {
    if (const auto found = safety_stocks_.find(rule); found != safety_stocks_.end())
      return found->second;
  }
  return 0;
}

std::optional<Quantity> Catalogue::SafetyStockRule(PositionKey rule) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto found = safety_stocks_.find(rule);
  return found == safety_stocks_.end() ? std::nullopt : std::optional<Quantity>(found->second);
}

Quantity Catalogue::Buffer(ChannelId channel) const {
  if (channel == kNoChannel) return 0;
  const absl::ReaderMutexLock lock(&mutex_);
  const auto* row = FindRow(channels_, channel);
  return row == nullptr ? 0 : row->buffer;
}

bool Catalogue::SellsFrom(ChannelId channel, LocationId location) const {
  if (channel == kNoChannel) return true;
  const absl::ReaderMutexLock lock(&mutex_);
  const auto* row = FindRow(channels_, channel);
  if (row == nullptr || row->group == kNoGroup) return true;
  const auto members = members_.find(row->group);
  return members != members_.end() && members->second.contains(location);
}

std::vector<LocationId> Catalogue::LocationsOf(ChannelId channel) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto* row = FindRow(channels_, channel);
  if (row == nullptr || row->group == kNoGroup) return {};
  return groups_[ToNumber(row->group) - 1].locations;
}

int64_t Catalogue::item_count() const {
  const absl::ReaderMutexLock lock(&mutex_);
  return static_cast<int64_t>(item_ids_.size());
}

std::vector<ItemId> Catalogue::ItemsOfCategory(std::string_view category, size_t limit) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto found = items_by_category_.find(View(category));
  if (found == items_by_category_.end()) return {};
  const std::vector<ItemId>& items = found->second;
  return {items.begin(),
          items.begin() + static_cast<std::ptrdiff_t>(std::min(limit, items.size()))};
}

storage::Item Catalogue::PutItem(storage::Item item) {
  const absl::MutexLock lock(&mutex_);
  std::string category;
  if (const auto* known = FindRow(items_, item.id)) {
    for (const std::string& gtin : known->gtins) items_by_gtin_.erase({gtin, item.id});
    category = known->category;
  }
  Keep(items_, item);
  if (category != item.category) {
    if (!category.empty()) std::erase(items_by_category_[category], item.id);
    if (!item.category.empty()) items_by_category_[item.category].push_back(item.id);
  }
  for (const std::string& gtin : item.gtins) items_by_gtin_.insert({gtin, item.id});
  item_ids_[item.sku] = item.id;
  items_by_sku_[item.sku] = item.id;
  return item;
}

storage::Location Catalogue::PutLocation(storage::Location location) {
  const absl::TimeZone zone = ZoneOf(location.time_zone);  // Before the lock: it may read the disk.
  const absl::MutexLock lock(&mutex_);
  Keep(locations_, location);
  location_ids_[location.code] = location.id;
  if (hours_.size() < locations_.size()) hours_.resize(locations_.size());
  StoreHours& hours = hours_[ToNumber(location.id) - 1];
  if (hours.open_time == nullptr) {
    hours.open_time =
        std::make_shared<const fulfilment::OpenTime>(fulfilment::RoundTheClock(), zone);
  } else if (hours.open_time->zone() != zone) {
    hours.open_time =
        std::make_shared<const fulfilment::OpenTime>(hours.open_time->calendar(), zone);
  }
  return location;
}

void Catalogue::PutCalendar(LocationId location, fulfilment::StoreCalendar calendar) {
  SetCalendar(location, std::move(calendar), true);
}

void Catalogue::RemoveCalendar(LocationId location) {
  SetCalendar(location, fulfilment::RoundTheClock(), false);
}

void Catalogue::SetCalendar(LocationId location, fulfilment::StoreCalendar calendar,
                            bool has_calendar) {
  const absl::MutexLock lock(&mutex_);
  const StoreHours* known = FindRow(hours_, location);
  STOCKD_CHECK(known != nullptr && known->open_time != nullptr);
  StoreHours& hours = hours_[ToNumber(location) - 1];
  hours = {.open_time = std::make_shared<const fulfilment::OpenTime>(std::move(calendar),
                                                                     hours.open_time->zone()),
           .has_calendar = has_calendar};
}

storage::Group Catalogue::PutGroup(storage::Group group) {
  const absl::MutexLock lock(&mutex_);
  Keep(groups_, group);
  group_ids_[group.group_id] = group.id;
  members_[group.id] = {group.locations.begin(), group.locations.end()};
  return group;
}

storage::Channel Catalogue::PutChannel(storage::Channel channel) {
  const absl::MutexLock lock(&mutex_);
  Keep(channels_, channel);
  channel_ids_[channel.channel_id] = channel.id;
  return channel;
}

storage::Source Catalogue::PutSource(storage::Source source) {
  const absl::MutexLock lock(&mutex_);
  Keep(sources_, source);
  source_ids_[source.name] = source.id;
  return source;
}

void Catalogue::PutSafetyStock(const storage::SafetyStock& rule) {
  const absl::MutexLock lock(&mutex_);
  safety_stocks_[{rule.item, rule.location}] = rule.quantity;
}

void Catalogue::RemoveSafetyStock(ItemId item, LocationId location) {
  const absl::MutexLock lock(&mutex_);
  safety_stocks_.erase({item, location});
}

}  // namespace stockd::engine
