// The writes of SqliteWriter to the catalogue.
#include "daemon/storage/reservation_text.h"
#include "daemon/storage/sqlite_writer.h"

namespace stockd::storage {

void SqliteWriter::KeepItemChange(const Item& item, Timestamp now) {
  if (failed()) return;
  statements_.add_item_change.Number(ToNumber(item.id))
      .Integer(ToMicros(now))
      .Integer(item.scale)
      .Text(item.category)
      .Integer(item.unit_cost_micros)
      .Integer(item.price_micros)
      .Text(item.currency);
  Run(statements_.add_item_change, "keep what an item was worth");
}

void SqliteWriter::KeepVisits(const VisitCount& count, Timestamp now) {
  if (failed()) return;
  statements_.add_visits.Text(count.channel)
      .Number(ToNumber(count.location))
      .Integer(ToMicros(count.begins_at))
      .Integer(count.visits)
      .Integer(ToMicros(now));
  Run(statements_.add_visits, "keep how often a channel was visited");
}

void SqliteWriter::SaveItem(const Item& item) {
  if (failed()) return;
  const std::string gtins = TextArray(item.gtins);
  statements_.save_item.Number(ToNumber(item.id))
      .Text(item.sku)
      .Text(item.name)
      .Text(item.unit)
      .Integer(item.scale)
      .Text(item.category)
      .Text(gtins)
      .Integer(item.unit_cost_micros)
      .Integer(item.price_micros)
      .Text(item.currency);
  Run(statements_.save_item, "save an item");
}

void SqliteWriter::SaveLocation(const Location& location) {
  if (failed()) return;
  Statement& save = statements_.save_location;
  save.Number(ToNumber(location.id))
      .Text(location.code)
      .Text(location.name)
      .Integer(static_cast<int>(location.kind))
      .Text(location.time_zone);
  if (location.has_coordinate) {
    save.Real(location.latitude).Real(location.longitude);
  } else {
    save.Null().Null();
  }
  save.Integer(static_cast<int>(location.ships)).Integer(static_cast<int>(location.collects));
  Run(save, "save a location");
}

void SqliteWriter::SaveGroup(const Group& group) {
  if (failed()) return;
  statements_.save_group.Number(ToNumber(group.id)).Text(group.group_id).Text(group.name);
  Run(statements_.save_group, "save a location group");
  statements_.delete_members.Number(ToNumber(group.id));
  Run(statements_.delete_members, "save the members of a location group");
  int place = 0;
  for (const LocationId location : group.locations) {
    statements_.insert_member.Number(ToNumber(group.id))
        .Number(ToNumber(location))
        .Integer(place++);
    Run(statements_.insert_member, "save the members of a location group");
  }
}

void SqliteWriter::SaveChannel(const Channel& channel) {
  if (failed()) return;
  statements_.save_channel.Number(ToNumber(channel.id))
      .Text(channel.channel_id)
      .Text(channel.name)
      .Integer(channel.buffer)
      .NumberOrNull(ToNumber(channel.group));
  Run(statements_.save_channel, "save a channel");
}

void SqliteWriter::SaveSafetyStock(const SafetyStock& rule) {
  if (failed()) return;
  statements_.save_safety_stock.Number(ToNumber(rule.item))
      .Number(ToNumber(rule.location))
      .Integer(rule.quantity);
  Run(statements_.save_safety_stock, "save a safety stock");
}

void SqliteWriter::DeleteSafetyStock(ItemId item, LocationId location) {
  if (failed()) return;
  statements_.delete_safety_stock.Number(ToNumber(item)).Number(ToNumber(location));
  Run(statements_.delete_safety_stock, "delete a safety stock");
}

void SqliteWriter::SaveSource(const Source& source) {
  if (failed()) return;
  statements_.save_source.Number(ToNumber(source.id))
      .Text(source.name)
      .Number(source.batch_acknowledged)
      .Number(source.level_cursor)
      .Integer(source.facts_applied)
      .Number(source.order_cursor);
  Run(statements_.save_source, "save a source");
}

}  // namespace stockd::storage
