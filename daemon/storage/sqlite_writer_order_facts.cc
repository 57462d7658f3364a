// The writes of SqliteWriter about what sources tell of orders, and where items lie.
#include "daemon/storage/rows.h"
#include "daemon/storage/sqlite_writer.h"

namespace stockd::storage {

std::vector<WaitingOrderFact> SqliteWriter::ListWaitingOrderFacts(std::string_view order_id,
                                                                  int limit) {
  std::vector<WaitingOrderFact> facts;
  if (failed()) return facts;
  Statement& list = statements_.list_waiting_order_facts;
  const ResetGuard reset(list);
  list.Text(order_id).Integer(limit);
  while (StepRow(list, "list what waits for an order")) {
    facts.push_back(ReadWaitingOrderFact(list));
  }
  return facts;
}

std::optional<WaitingOrderFact> SqliteWriter::FindWaitingOrderFact(int64_t id) {
  if (failed()) return std::nullopt;
  Statement& find = statements_.find_waiting_order_fact;
  const ResetGuard reset(find);
  find.Integer(id);
  if (!StepRow(find, "look up a waiting fact")) return std::nullopt;
  return ReadWaitingOrderFact(find);
}

std::optional<WaitingOrderFact> SqliteWriter::FindWaitingOrderFact(SourceId source,
                                                                   std::string_view event_id,
                                                                   std::string_view fact) {
  if (failed()) return std::nullopt;
  Statement& find = statements_.find_waiting_order_event;
  const ResetGuard reset(find);
  find.Number(ToNumber(source)).Text(event_id).Blob(fact);
  if (!StepRow(find, "look up a waiting fact")) return std::nullopt;
  return ReadWaitingOrderFact(find);
}

int64_t SqliteWriter::AddWaitingOrderFact(const WaitingOrderFact& fact) {
  if (failed()) return 0;
  statements_.add_waiting_order_fact.Number(ToNumber(fact.source))
      .Text(fact.event_id)
      .Text(fact.order_id)
      .Text(ledger::ReasonName(fact.reason))
      .Blob(fact.fact)
      .Integer(ToMicros(fact.received_at))
      .Integer(fact.attempts);
  Run(statements_.add_waiting_order_fact, "let a fact wait");
  return sqlite3_last_insert_rowid(connection_.handle());
}

void SqliteWriter::UpdateWaitingOrderFact(int64_t id, ledger::Reason reason, int32_t attempts) {
  if (failed()) return;
  statements_.update_waiting_order_fact.Integer(id)
      .Text(ledger::ReasonName(reason))
      .Integer(attempts);
  Run(statements_.update_waiting_order_fact, "let a fact wait");
}

void SqliteWriter::DeleteWaitingOrderFact(int64_t id) {
  if (failed()) return;
  statements_.delete_waiting_order_fact.Integer(id);
  Run(statements_.delete_waiting_order_fact, "delete a waiting fact");
}

void SqliteWriter::RejectWaitingOrderFact(int64_t id, Timestamp now, std::string_view note) {
  if (failed()) return;
  statements_.reject_waiting_order_fact.Integer(id).Integer(ToMicros(now)).Text(note);
  Run(statements_.reject_waiting_order_fact, "keep a rejected fact");
  DeleteWaitingOrderFact(id);
}

void SqliteWriter::SaveShelfPosition(const ShelfPosition& shelf) {
  if (failed()) return;
  statements_.save_shelf_position.Number(ToNumber(shelf.position.location))
      .Number(ToNumber(shelf.position.item))
      .Text(shelf.text)
      .Text(shelf.sort_key);
  Run(statements_.save_shelf_position, "save where an item lies");
}

void SqliteWriter::DeleteShelfPosition(PositionKey position) {
  if (failed()) return;
  statements_.delete_shelf_position.Number(ToNumber(position.location))
      .Number(ToNumber(position.item));
  Run(statements_.delete_shelf_position, "delete where an item lies");
}

}  // namespace stockd::storage
