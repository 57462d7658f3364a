#include "tests/engine/order_engine_fixture.h"

#include <variant>

namespace stockd::support {

using fulfilment::OrderDesk;
using fulfilment::OrderResult;

void OrderEngineFixture::SetUp() {
  EngineFixture::SetUp();
  PutPurposes();
}

void OrderEngineFixture::PutPurposes() {
  const auto done = Do([](engine::UnitOfWork& unit) {
    for (storage::Location location : unit.catalogue().Locations()) {
      location.ships = true;
      location.collects = true;
      unit.store().SaveLocation(unit.catalogue().PutLocation(location));
    }
    return true;
  });
  ASSERT_EQ(done.outcome, engine::CommitOutcome::kCommitted);
}

fulfilment::PlaceCommand OrderEngineFixture::OrderOf(const std::string& id, Quantity units,
                                                     LocationId location) {
  fulfilment::PlaceCommand command{.id = id, .content = id, .customer_reference = "c-" + id};
  command.placed_at = kNoon;
  command.lines = {{.id = "line-1",
                    .item = kHere.item,
                    .ordered = units,
                    .unit_price_micros = 4'500'000,
                    .currency = "EUR"}};
  command.fulfilments = {{.method = fulfilment::Method::kPickup,
                          .location = location,
                          .parts = {{.line = 0, .quantity = units}}}};
  return command;
}

fulfilment::MoveHeader OrderEngineFixture::For(const std::string& order) {
  return {.order_id = order,
          .request_id = "request-" + std::to_string(++requests_),
          .content = "?",
          .occurred_at = engine().Now()};
}

Done<OrderResult> OrderEngineFixture::Place(const std::string& id, Quantity units,
                                            LocationId location) {
  return AtDesk([command = OrderOf(id, units, location)](const OrderDesk& desk) {
    return fulfilment::PlaceOrder(desk, command);
  });
}

Done<OrderResult> OrderEngineFixture::Pick(const std::string& order, Quantity units) {
  return AtDesk([header = For(order), units](const OrderDesk& desk) {
    return fulfilment::RecordPick(desk, header, {{.line = 0, .picked = units}});
  });
}

Done<OrderResult> OrderEngineFixture::Finish(const std::string& order) {
  return AtDesk([header = For(order)](const OrderDesk& desk) {
    return fulfilment::FinishPicking(desk, header, "shelf A");
  });
}

Done<OrderResult> OrderEngineFixture::GiveTo(const std::string& order) {
  return AtDesk([header = For(order)](const OrderDesk& desk) {
    return fulfilment::HandOver(desk, header, {.without_code = true});
  });
}

void OrderEngineFixture::MakeReady(const std::string& order, Quantity units) {
  ASSERT_EQ(ReasonOf(Place(order, units).result), ledger::Reason::kNone);
  ASSERT_EQ(ReasonOf(Pick(order, units).result), ledger::Reason::kNone);
  ASSERT_EQ(ReasonOf(Finish(order).result), ledger::Reason::kNone);
}

fulfilment::Order OrderEngineFixture::StoredOrder(const std::string& id) {
  return reader().FindOrder(id).value();
}

std::vector<fulfilment::OrderEvent> OrderEngineFixture::EventsOf(const std::string& id) {
  return reader().ListOrderEvents(StoredOrder(id).number, 0, 1000).rows;
}

std::vector<fulfilment::OrderEventKind> OrderEngineFixture::KindsOf(const std::string& id) {
  std::vector<fulfilment::OrderEventKind> kinds;
  for (const fulfilment::OrderEvent& event : EventsOf(id)) kinds.push_back(event.kind);
  return kinds;
}

std::vector<fulfilment::OrderEvent> OrderEngineFixture::AllEvents() {
  return reader().ListOrderEvents(0, 0, 1'000'000).rows;
}

void OrderEngineFixture::ExpectSound() {
  const storage::Audit audit = reader().Verify(3);
  for (const storage::Difference& each : audit.differences) {
    ADD_FAILURE() << each.subject << " " << each.quantity << ": expected " << each.expected
                  << ", is " << each.actual;
  }
  EXPECT_EQ(audit.drift_count, 0);
}

ledger::Reason ReasonOf(const OrderResult& result) {
  const auto* refusal = std::get_if<fulfilment::OrderRefusal>(&result);
  return refusal == nullptr ? ledger::Reason::kNone : refusal->refusal.reason;
}

}  // namespace stockd::support
