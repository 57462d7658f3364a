#include "daemon/storage/order_auditor.h"

#include "daemon/storage/error_text.h"

namespace stockd::storage {

template <typename Each>
void OrderAuditor::Rows(const char* sql, Each&& each) {
  Statement statement;
  int code = statement.Prepare(connection_.connection, sql);
  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = statement.Step();
    if (code == SQLITE_ROW) each(std::as_const(statement));
  }
  if (code != SQLITE_DONE) throw ReadError(ErrorText(path_, "read orders", connection_.connection));
}

void OrderAuditor::Expect(const std::string& subject, const std::string& quantity,
                          Quantity expected, Quantity actual) {
  if (expected != actual) found_(subject, quantity, expected, actual);
}

int64_t OrderAuditor::Run() {
  int64_t order_count = 0;
  Rows("SELECT count(*) FROM sales_order",
       [&](const Statement& row) { order_count = row.integer(0); });
  CheckUnits();
  CheckStates();
  CheckClaims();
  return order_count;
}

void OrderAuditor::CheckUnits() {
  // One row for each line of each order. 6 is the kind of the event that tells of a substitution:
  // it names the line whose units were replaced first, then the substitute.
  Rows(
      "SELECT sales_order.id, ordered.key, ordered.value ->> '$.ordered', "
      "ordered.value ->> '$.substitutes', units.total, units.least, "
      "(SELECT ifnull(sum(part.value ->> 1), 0) FROM order_event, json_each(order_event.lines) AS "
      "part WHERE ordered.value ->> '$.substitutes' >= 0 "
      "AND order_event.order_number = sales_order.number AND kind = 6 "
      "AND part.key = 1 AND part.value ->> 0 = ordered.key) "
      "FROM sales_order, json_each(sales_order.lines) AS ordered LEFT JOIN ("
      "SELECT order_number, line.value ->> 0 AS line, sum(each.value) AS total, "
      "min(each.value) AS least FROM fulfilment, json_each(fulfilment.lines) AS line, "
      "json_each(line.value) AS each WHERE each.key BETWEEN 1 AND 10 GROUP BY 1, 2) AS units "
      "ON units.order_number = sales_order.number AND units.line = ordered.key",
      [&](const Statement& row) {
        const std::string subject =
            "order " + std::string(row.text(0)) + " line " + std::to_string(row.integer(1));
        const bool is_substitute = row.integer(3) >= 0;
        Expect(subject, is_substitute ? "substituted" : "ordered",
               is_substitute ? row.integer(6) : row.integer(2), row.integer(4));
        if (row.integer(5) < 0) Expect(subject, "units", 0, row.integer(5));
      });
}

void OrderAuditor::CheckStates() {
  // 8 and more are closed; of those, what the customer has says most. An order without fulfilments
  // counts as cancelled.
  Rows(
      "SELECT sales_order.id, sales_order.state, "
      "ifnull((SELECT min(state) FROM fulfilment WHERE order_number = sales_order.number "
      "AND state < 8), ifnull((SELECT CASE min(CASE state WHEN 8 THEN 1 WHEN 9 THEN 2 WHEN 10 THEN "
      "3 WHEN 13 THEN 4 WHEN 12 THEN 5 ELSE 6 END) WHEN 1 THEN 8 WHEN 2 THEN 9 WHEN 3 THEN 10 "
      "WHEN 4 THEN 13 WHEN 5 THEN 12 ELSE 11 END FROM fulfilment "
      "WHERE order_number = sales_order.number), 11)) FROM sales_order",
      [&](const Statement& row) {
        Expect("order " + std::string(row.text(0)), "state", row.integer(2), row.integer(1));
      });
}

void OrderAuditor::CheckClaims() {
  // Units by claim and position: what the order says, what the claim says.
  struct Units {
    Quantity expected = 0;
    Quantity actual = 0;
  };
  absl::btree_map<std::pair<std::string, PositionKey>, Units> units;
  const auto at = [&](const Statement& row) -> Units& {
    const PositionKey position{.item = ItemId{static_cast<uint32_t>(row.integer(1))},
                               .location = LocationId{static_cast<uint32_t>(row.integer(2))}};
    return units[{std::string(row.text(0)), position}];
  };
  Rows(
      "SELECT claim_id, ordered.value ->> '$.item_id', "
      "iif(at_destination, destination_id, location_id), "
      "line.value ->> 1 + line.value ->> 2 FROM fulfilment "
      "JOIN sales_order ON sales_order.number = order_number "
      "JOIN json_each(fulfilment.lines) AS line "
      "JOIN json_each(sales_order.lines) AS ordered ON ordered.key = line.value ->> 0 "
      "WHERE line.value ->> 1 + line.value ->> 2 <> 0",
      [&](const Statement& row) { at(row).expected += row.integer(3); });
  Rows(
      "SELECT reservation.id, line.value ->> 0, line.value ->> 1, "
      "line.value ->> 4 + line.value ->> 5 FROM reservation "
      "JOIN json_each(reservation.lines) AS line WHERE reservation.state <= 2 "
      "AND EXISTS (SELECT 1 FROM sales_order JOIN fulfilment ON order_number = sales_order.number "
      "WHERE sales_order.id = reservation.order_id AND claim_id = reservation.id)",
      [&](const Statement& row) { at(row).actual += row.integer(3); });
  for (const auto& [key, each] : units) {
    const auto& [claim, position] = key;
    Expect("claim " + claim,
           "open at " + std::to_string(ToNumber(position.item)) + "@" +
               std::to_string(ToNumber(position.location)),
           each.expected, each.actual);
  }
}

}  // namespace stockd::storage
