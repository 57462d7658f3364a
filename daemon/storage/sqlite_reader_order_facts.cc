// What SqliteReader tells about waiting facts of orders, and where items lie.
#include "daemon/storage/rows.h"
#include "daemon/storage/sqlite_reader.h"

namespace stockd::storage {

Page<WaitingOrderFact> SqliteReader::ListWaitingOrderFacts(SourceId source,
                                                           std::string_view order_id, int64_t after,
                                                           int limit) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& list = lease->list_waiting_order_facts;
  const ResetGuard reset(list);
  list.Integer(after).Number(ToNumber(source)).Text(order_id).Integer(int64_t{limit} + 1);
  Page<WaitingOrderFact> page;
  while (StepRow(*lease, list, "list waiting facts")) {
    AddRow(page, ReadWaitingOrderFact(list), limit);
  }
  return page;
}

std::vector<ShelfPosition> SqliteReader::FindShelfPositions(LocationId location,
                                                            std::span<const ItemId> items) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& find = lease->find_shelf_position;
  std::vector<ShelfPosition> shelves;
  for (const ItemId item : items) {
    const ResetGuard reset(find);
    find.Number(ToNumber(location)).Number(ToNumber(item));
    if (StepRow(*lease, find, "look up where an item lies")) {
      shelves.push_back(ReadShelfPosition(find));
    }
  }
  return shelves;
}

Page<ShelfPosition> SqliteReader::ListShelfPositions(LocationId location,
                                                     std::string_view after_key, ItemId after_item,
                                                     int limit) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& list = lease->list_shelf_positions;
  const ResetGuard reset(list);
  list.Number(ToNumber(location))
      .Text(after_key)
      .Number(ToNumber(after_item))
      .Integer(int64_t{limit} + 1);
  Page<ShelfPosition> page;
  while (StepRow(*lease, list, "list where items lie")) {
    AddRow(page, ReadShelfPosition(list), limit);
  }
  return page;
}

}  // namespace stockd::storage
