#include "tests/system/order_worker.h"

#include <algorithm>

#include "tests/system/patient_call.h"

namespace stockd::system_test {
namespace {

constexpr uint64_t kReplayPercent = 5;

}  // namespace

OrderWorker::OrderWorker(Options options)
    : options_(std::move(options)),
      client_(options_.address),
      stub_(client_.channel()),
      random_(options_.seed),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

OrderWorker::~OrderWorker() { Stop(); }

void OrderWorker::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void OrderWorker::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) DoOne();
}

void OrderWorker::DoOne() {
  const std::string id = options_.name + "-" + std::to_string(++count_);
  if (Place(id)) Follow(id);
  const std::scoped_lock lock(mutex_);
  busy_with_.clear();
}

template <typename Request>
Request OrderWorker::MoveOf(const std::string& id) {
  Request request;
  request.set_order_id(id);
  request.set_request_id(options_.name + "/" + std::to_string(++requests_));
  return request;
}

template <typename Request, typename Response>
bool OrderWorker::Change(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                      Response*),
                         const Request& request, const std::string& refusal) {
  {
    const std::scoped_lock lock(mutex_);
    busy_with_ = request.order_id();
  }
  Response response;
  const grpc::Status status =
      CallUntilAnswered(client_, stub_, method, request, response, tally_.repeated);
  ++answered_count_;
  if (!status.ok()) {
    if (support::ReasonOf(status) != refusal || refusal.empty()) {
      Surprise(request.order_id() + ": " + support::Describe(status) + " to " +
               request.ShortDebugString());
    }
    return false;
  }
  {
    const std::scoped_lock lock(mutex_);
    orders_[request.order_id()] = response.order();
  }
  if (!random_.Percent(kReplayPercent)) return true;
  ++tally_.replayed;
  Response again;
  const grpc::Status second =
      CallUntilAnswered(client_, stub_, method, request, again, tally_.repeated);
  // What can be done about missing units is said as of now.
  if (!second.ok() || again.order().SerializeAsString() != response.order().SerializeAsString()) {
    Surprise("a repeated call got another answer: " + support::Describe(second) + " " +
             again.ShortDebugString() + " instead of " + response.ShortDebugString());
  }
  return true;
}

bool OrderWorker::Place(const std::string& id) {
  v1::PlaceOrderRequest request;
  request.set_order_id(id);
  const size_t first = random_.Below(options_.skus.size());
  for (uint64_t line = 0, lines = 1 + random_.Below(2); line < lines; ++line) {
    v1::OrderLineRequest& asked = *request.add_lines();
    asked.set_line_id(std::to_string(line + 1));
    asked.set_sku(options_.skus[(first + line) % options_.skus.size()]);
    asked.set_quantity(random_.Between(1, 3));
  }
  v1::FulfilmentRequest& part = *request.add_fulfilments();
  part.set_method(random_.Percent(60) ? v1::FULFILMENT_METHOD_PICKUP : v1::FULFILMENT_METHOD_SHIP);
  part.set_location(random_.Pick(options_.locations));
  const bool placed = Change(&Stub::PlaceOrder, request, "INSUFFICIENT_STOCK");
  ++(placed ? tally_.placed : tally_.refused);
  return placed;
}

void OrderWorker::Follow(const std::string& id) {
  if (random_.Percent(5)) return;  // Nobody looks after it yet.
  if (random_.Percent(15)) return Cancel(id);
  if (!Pick(id)) return;
  if (random_.Percent(10)) return Cancel(id);
  if (!Change(&Stub::FinishPicking, MoveOf<v1::FinishPickingRequest>(id))) return;
  if (random_.Percent(5)) return;  // Nobody comes.
  const bool collects = orders_.at(id).fulfilments(0).method() == v1::FULFILMENT_METHOD_PICKUP;
  if (collects) {
    Collect(id);
  } else {
    Ship(id);
  }
}

bool OrderWorker::Pick(const std::string& id) {
  if (!Change(&Stub::StartPicking, MoveOf<v1::StartPickingRequest>(id))) return false;
  auto request = MoveOf<v1::RecordPickRequest>(id);
  int64_t missing = 0;
  int64_t picked = 0;
  for (const v1::FulfilmentLine& line : orders_.at(id).fulfilments(0).lines()) {
    v1::PickedLine& result = *request.add_lines();
    result.set_line_id(line.line_id());
    const int64_t lacks = random_.Percent(8) ? random_.Between(1, line.units().claimed()) : 0;
    result.set_missing(lacks);
    if (lacks > 0) result.set_reason(v1::UNIT_REASON_NOT_FOUND);
    result.set_picked(line.units().claimed() - lacks);
    missing += lacks;
    picked += result.picked();
  }
  if (!Change(&Stub::RecordPick, request)) return false;
  if (missing == 0) return true;
  ++tally_.missing;
  auto give_up = MoveOf<v1::CancelUnitsRequest>(id);
  for (const v1::PickedLine& line : request.lines()) {
    if (line.missing() == 0) continue;
    v1::OrderLineQuantity& left = *give_up.add_lines();
    left.set_line_id(line.line_id());
    left.set_quantity(line.missing());
  }
  return Change(&Stub::CancelUnits, give_up) && picked > 0;
}

std::string OrderWorker::CodeOf(const std::string& id) {
  v1::GetOrderRequest request;
  request.set_order_id(id);
  request.set_include_codes(true);
  v1::GetOrderResponse response;
  const grpc::Status status =
      CallUntilAnswered(client_, stub_, &Stub::GetOrder, request, response, tally_.repeated);
  if (status.ok() && response.codes_size() == 1) return response.codes(0).code();
  Surprise("no code for " + id + ": " + support::Describe(status));
  return {};
}

void OrderWorker::Collect(const std::string& id) {
  if (!Change(&Stub::RecordArrival, MoveOf<v1::RecordArrivalRequest>(id))) return;
  const std::string code = CodeOf(id);
  if (random_.Percent(20)) {
    auto wrong = MoveOf<v1::HandOverRequest>(id);
    wrong.set_code("0000" + code);
    if (Change(&Stub::HandOver, wrong, "CODE_WRONG")) Surprise(id + ": any code will do");
  }
  auto request = MoveOf<v1::HandOverRequest>(id);
  request.set_code(code);
  if (!Change(&Stub::HandOver, request)) return;
  ++tally_.collected;
  const v1::FulfilmentLine& line = orders_.at(id).fulfilments(0).lines(0);
  if (line.units().handed_over() > 0 && random_.Percent(20)) Return(id, 1);
}

void OrderWorker::Ship(const std::string& id) {
  auto request = MoveOf<v1::ShipUnitsRequest>(id);
  request.mutable_shipment()->set_shipment_id("parcel-" + id);
  request.mutable_shipment()->set_carrier("carrier");
  if (!Change(&Stub::ShipUnits, request)) return;
  ++tally_.shipped;
  if (random_.Percent(10)) return;  // Still on its way.
  auto delivered = MoveOf<v1::RecordDeliveryRequest>(id);
  delivered.set_shipment_id("parcel-" + id);
  if (!Change(&Stub::RecordDelivery, delivered)) return;
  const v1::FulfilmentLine& line = orders_.at(id).fulfilments(0).lines(0);
  if (line.units().delivered() > 0 && random_.Percent(20)) Return(id, 1);
}

void OrderWorker::Cancel(const std::string& id) {
  auto request = MoveOf<v1::CancelUnitsRequest>(id);
  request.set_reason(v1::UNIT_REASON_CUSTOMER);
  if (Change(&Stub::CancelUnits, request)) ++tally_.cancelled;
}

void OrderWorker::Return(const std::string& id, int64_t quantity) {
  auto request = MoveOf<v1::ReturnUnitsRequest>(id);
  request.set_location(orders_.at(id).fulfilments(0).location());
  v1::OrderLineQuantity& line = *request.add_lines();
  line.set_line_id(orders_.at(id).fulfilments(0).lines(0).line_id());
  line.set_quantity(quantity);
  if (Change(&Stub::ReturnUnits, request)) ++tally_.returned;
}

void OrderWorker::Surprise(const std::string& what) {
  surprises_.push_back(options_.name + ": " + what);
}

std::map<std::string, v1::Order> OrderWorker::SettledOrders() const {
  const std::scoped_lock lock(mutex_);
  std::map<std::string, v1::Order> settled = orders_;
  settled.erase(busy_with_);
  return settled;
}

}  // namespace stockd::system_test
