#include "daemon/storage/order_rows.h"
#include "daemon/storage/order_text.h"
#include "daemon/storage/sqlite_writer.h"

namespace stockd::storage {

std::optional<fulfilment::Order> SqliteWriter::FindOrder(std::string_view id) {
  if (failed()) return std::nullopt;
  fulfilment::Order order;
  bool whole = true;
  {
    Statement& find = statements_.find_order;
    const ResetGuard reset(find);
    find.Text(id);
    if (!StepRow(find, "look up an order")) return std::nullopt;
    whole = ReadOrder(find, order);
  }
  Statement& find = statements_.find_fulfilments;
  const ResetGuard reset(find);
  find.Number(order.number);
  while (StepRow(find, "look up an order")) {
    whole = ReadFulfilment(find, order.fulfilments.emplace_back()) && whole;
  }
  if (!whole) FailDamaged("order \"" + std::string(id) + "\"");
  if (failed()) return std::nullopt;
  return order;
}

std::optional<fulfilment::AnsweredOrder> SqliteWriter::FindOrderRequest(
    std::string_view request_id) {
  if (failed()) return std::nullopt;
  Statement& find = statements_.find_order_request;
  const ResetGuard reset(find);
  find.Text(request_id);
  if (!StepRow(find, "look up a request")) return std::nullopt;
  auto answer = ParseOrder(find.text(1));
  if (!answer) {
    FailDamaged("the answer to request \"" + std::string(request_id) + "\"");
    return std::nullopt;
  }
  answer->content = find.text(2);
  return fulfilment::AnsweredOrder{.content = std::string(find.text(0)),
                                   .answer = std::move(*answer)};
}

void SqliteWriter::SaveFulfilments(const fulfilment::Order& order) {
  for (const fulfilment::Fulfilment& fulfilment : order.fulfilments) {
    if (failed()) return;
    BindFulfilment(statements_.save_fulfilment, order.number, fulfilment);
    Run(statements_.save_fulfilment, "save a fulfilment");
  }
}

void SqliteWriter::InsertOrder(const fulfilment::Order& order) {
  if (failed()) return;
  BindNewOrder(statements_.insert_order, order);
  Run(statements_.insert_order, "save a new order");
  SaveFulfilments(order);
}

void SqliteWriter::UpdateOrder(const fulfilment::Order& order) {
  if (failed()) return;
  BindChangedOrder(statements_.update_order, order);
  Run(statements_.update_order, "save an order");
  if (!failed() && connection_.changed_rows() != 1) {
    FailDamaged("order \"" + order.id + "\", which should be there and is not,");
  }
  SaveFulfilments(order);
}

void SqliteWriter::AppendOrderEvent(const fulfilment::OrderEvent& event) {
  if (failed()) return;
  BindOrderEvent(statements_.append_order_event, event);
  Run(statements_.append_order_event, "save what happened to an order");
}

void SqliteWriter::AddOrderRequest(std::string_view request_id,
                                   const fulfilment::AnsweredOrder& request, Timestamp now) {
  if (failed()) return;
  const std::string answer = OrderText(request.answer);
  statements_.insert_order_request.Text(request_id)
      .Number(request.answer.number)
      .Blob(request.content)
      .Text(answer)
      .Integer(ToMicros(now));
  Run(statements_.insert_order_request, "save the answer to a request");
}

void SqliteWriter::ForgetOrderRequests(Timestamp before, int limit) {
  ForgetAnswers(statements_.oldest_order_requests, statements_.forget_order_requests, before,
                limit);
}

}  // namespace stockd::storage
