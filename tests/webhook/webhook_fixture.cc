#include "tests/webhook/webhook_fixture.h"

#include <charconv>
#include <chrono>
#include <csignal>
#include <utility>

#include <nlohmann/json.hpp>

#include "adapters/webhook/signature.h"
#include "tests/support/process_clock.h"
#include "tests/support/temp_directory.h"
#include "tests/system/patient_call.h"

namespace stockd::webhook {

using support::TestPeer;
using support::TestRequest;

Receiver::Receiver(std::string secret, int port) : secret_(std::move(secret)), port_(port) {
  ComeBack();
}

void Receiver::ComeBack() {
  server_ = std::make_unique<support::TestHttpServer>(
      [this](const TestRequest& request, TestPeer& peer) { return Answer(request, peer); }, port_);
  port_ = server_->port();
}

void Receiver::Do(Policy policy) {
  const std::scoped_lock lock(mutex_);
  policy_ = std::move(policy);
}

std::set<uint64_t> Receiver::taken() const {
  const std::scoped_lock lock(mutex_);
  std::set<uint64_t> numbers;
  for (const auto& [number, body] : taken_) numbers.insert(number);
  return numbers;
}

int64_t Receiver::calls() const {
  const std::scoped_lock lock(mutex_);
  return calls_;
}

int64_t Receiver::duplicates() const {
  const std::scoped_lock lock(mutex_);
  return duplicates_;
}

std::vector<std::string> Receiver::complaints() const {
  const std::scoped_lock lock(mutex_);
  return complaints_;
}

bool Receiver::Answer(const TestRequest& request, TestPeer& peer) {
  const int answer = Judge(request);
  if (answer == kHang) peer.WaitForClose(support::kPatience);
  if (answer < 0) {
    peer.Reset();
    return false;
  }
  return peer.Send(support::TestHttpServer::Reply(answer));
}

int Receiver::Judge(const TestRequest& request) {
  const auto event = nlohmann::json::parse(request.body, nullptr, false);
  const std::string id = request.header("webhook-id");
  int64_t timestamp_s = 0;
  const std::string sent = request.header("webhook-timestamp");
  std::from_chars(sent.data(), sent.data() + sent.size(), timestamp_s);
  const auto key = SigningKey(http_client::Secret(secret_));

  const std::scoped_lock lock(mutex_);
  ++calls_;
  if (event.is_discarded() || event.value("id", "") != id ||
      request.header("webhook-signature") != SignatureOf({*key}, id, timestamp_s, request.body)) {
    complaints_.push_back("a message that is not signed: " + request.body);
    return 401;
  }
  const Message message{.number = std::stoull(id),
                        .order = event.value("subject", ""),
                        .type = event.value("type", "")};
  std::set<uint64_t>& seen = seen_[message.order];
  seen.insert(message.number);
  for (const uint64_t number : seen) {
    if (number < message.number && !taken_.contains(number)) {
      complaints_.push_back(id + " of " + message.order + " came before " + std::to_string(number) +
                            " was taken");
    }
  }
  const int answer = policy_ ? policy_(message) : 200;
  const bool takes = answer == kTakeAndReset || (answer >= 200 && answer < 300);
  if (!takes) return answer;
  const auto [known, is_new] = taken_.emplace(message.number, request.body);
  if (!is_new) {
    ++duplicates_;
    if (known->second != request.body) complaints_.push_back(id + " came with another body");
  }
  return answer;
}

void WebhookFixture::SetUp() {
  StartDaemon();
  const auto positions = PutNames(/*sku_count=*/1, /*location_count=*/1);
  v1::PutLocationsRequest request;
  v1::Location& location = *request.add_locations();
  location.set_code("L0");
  location.set_collects(true);
  v1::PutLocationsResponse response;
  ASSERT_TRUE(system_test::CallUntilAnswered(client_, client_.catalogue(),
                                             &support::GrpcClient::Catalogue::PutLocations, request,
                                             response, repeated_)
                  .ok());
  Deliver(positions, 1000);
}

void WebhookFixture::AddEndpoint(const std::string& name, const std::string& url,
                                 const std::string& more) {
  support::WriteFile(folder_.path() / "secret", std::string(kSecret) + "\n");
  endpoints_ += "[endpoints." + name + "]\nurl = \"" + url +
                "\"\nsecret_file = \"secret\"\nstart = \"beginning\"\nretry_initial_ms = 20\n"
                "retry_max_ms = 200\nprobe_max_ms = 200\n" +
                more + "[endpoints." + name +
                ".http]\nfirst_byte_timeout_ms = 300\nwhole_timeout_ms = 500\n"
                "requests_per_s = 0\nproxy = \"none\"\n";
}

void WebhookFixture::StartAdapter() {
  const auto config = folder_.path() / "webhook.toml";
  support::WriteFile(config, "state_file = \"webhook.sqlite\"\n[daemon]\naddress = \"" +
                                 daemon_.address() +
                                 "\"\nretry_initial_ms = 20\nretry_max_ms = 200\n" + endpoints_);
  adapter_.emplace(
      support::ProcessOptions{.program = support::BuiltProgram("adapters/webhook/stockd-webhook"),
                              .arguments = {"--config", config},
                              .output = folder_.path() / "webhook.log",
                              .error_output = folder_.path() / "webhook.log"});
}

void WebhookFixture::KillAdapter() { adapter_->Kill(); }

void WebhookFixture::StopAdapter() {
  adapter_->Signal(SIGTERM);
  ASSERT_EQ(adapter_->WaitForExit(support::In()), support::ExitStatus{}) << AdapterLog();
}

std::string WebhookFixture::Command(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {"--config", folder_.path() / "webhook.toml"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const auto result =
      support::RunCommand(support::BuiltProgram("adapters/webhook/stockd-webhook"), words);
  return result.output + result.error_output;
}

std::string WebhookFixture::AdapterLog() const {
  return support::ReadFile(folder_.path() / "webhook.log");
}

template <typename Request, typename Response>
void WebhookFixture::Call(grpc::Status (v1::OrderService::Stub::*method)(grpc::ClientContext*,
                                                                         const Request&, Response*),
                          Request request) {
  v1::OrderService::Stub stub(client_.channel());
  Response response;
  const grpc::Status status =
      system_test::CallUntilAnswered(client_, stub, method, request, response, repeated_);
  ASSERT_TRUE(status.ok()) << support::Describe(status) << request.ShortDebugString();
}

void WebhookFixture::Place(const std::string& id) {
  v1::PlaceOrderRequest place;
  place.set_order_id(id);
  place.set_customer_reference("customer-of-" + id);
  v1::OrderLineRequest& line = *place.add_lines();
  line.set_line_id("1");
  line.set_sku("SKU-0");
  line.set_quantity(1);
  v1::FulfilmentRequest& part = *place.add_fulfilments();
  part.set_method(v1::FULFILMENT_METHOD_PICKUP);
  part.set_location("L0");
  Call<v1::PlaceOrderRequest, v1::PlaceOrderResponse>(&v1::OrderService::Stub::PlaceOrder, place);
}

void WebhookFixture::Pick(const std::string& id) {
  v1::StartPickingRequest start;
  start.set_order_id(id);
  start.set_request_id(id + "/start");
  Call<v1::StartPickingRequest, v1::StartPickingResponse>(&v1::OrderService::Stub::StartPicking,
                                                          start);
  v1::RecordPickRequest pick;
  pick.set_order_id(id);
  pick.set_request_id(id + "/pick");
  v1::PickedLine& picked = *pick.add_lines();
  picked.set_line_id("1");
  picked.set_picked(1);
  Call<v1::RecordPickRequest, v1::RecordPickResponse>(&v1::OrderService::Stub::RecordPick, pick);
  v1::FinishPickingRequest finish;
  finish.set_order_id(id);
  finish.set_request_id(id + "/finish");
  Call<v1::FinishPickingRequest, v1::FinishPickingResponse>(&v1::OrderService::Stub::FinishPicking,
                                                            finish);
}

void WebhookFixture::PlaceAndPick(const std::string& id) {
  Place(id);
  Pick(id);
}

std::set<uint64_t> WebhookFixture::AllEvents(const std::string& order) {
  std::set<uint64_t> numbers;
  v1::ListOrderEventsRequest request;
  request.set_order_id(order);
  request.set_page_size(1000);
  v1::OrderService::Stub stub(client_.channel());
  do {
    v1::ListOrderEventsResponse response;
    const grpc::Status status = system_test::CallUntilAnswered(
        client_, stub, &v1::OrderService::Stub::ListOrderEvents, request, response, repeated_);
    EXPECT_TRUE(status.ok()) << support::Describe(status);
    for (const v1::OrderEvent& event : response.events()) numbers.insert(event.number());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return numbers;
}

void WebhookFixture::ExpectAllArrive(const Receiver& receiver) {
  const std::set<uint64_t> all = AllEvents();
  const bool arrived =
      support::WaitUntil(support::In(), [&] { return receiver.taken_count() >= all.size(); });
  EXPECT_TRUE(arrived) << receiver.taken_count() << " of " << all.size() << " arrived\n"
                       << AdapterLog();
  EXPECT_EQ(receiver.taken(), all);
  EXPECT_EQ(receiver.complaints(), std::vector<std::string>());
}

}  // namespace stockd::webhook
