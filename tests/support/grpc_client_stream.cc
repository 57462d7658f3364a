#include "tests/support/grpc_client_stream.h"

#include "daemon/base/check.h"
#include "daemon/base/time.h"

namespace stockd::support {
namespace {

const Clock* dating_clock = nullptr;  // Null: the machine's.

}  // namespace

FactsDatedBy::FactsDatedBy(const Clock& clock) {
  STOCKD_CHECK(dating_clock == nullptr);
  dating_clock = &clock;
}

FactsDatedBy::~FactsDatedBy() { dating_clock = nullptr; }

v1::Fact ToFact(const FactLine& line) {
  v1::Fact fact;
  fact.set_kind(line.kind);
  fact.set_event_id(line.event_id);
  fact.set_sku(line.sku);
  fact.set_location(line.location);
  fact.set_quantity(line.quantity);
  fact.set_reservation_id(line.reservation_id);
  const int64_t micros =
      ToMicros(dating_clock != nullptr ? dating_clock->Now() : SystemClock().Now());
  fact.mutable_occurred_at()->set_seconds(micros / 1'000'000);
  fact.mutable_occurred_at()->set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1000));
  return fact;
}

AdapterStream::AdapterStream(GrpcClient& client, std::chrono::milliseconds patience) {
  context_.set_deadline(CalendarNow() + patience);
  context_.set_wait_for_ready(true);
  stream_ = client.adapter().Connect(&context_);
}

AdapterStream::~AdapterStream() {
  if (is_finished_) return;
  Cancel();
  static_cast<void>(Finish());
}

bool AdapterStream::WriteHello(const std::string& source, bool wants_levels) {
  v1::ConnectRequest frame;
  frame.mutable_hello()->set_source(source);
  frame.mutable_hello()->set_adapter("test");
  frame.mutable_hello()->set_wants_levels(wants_levels);
  return Write(frame);
}

bool AdapterStream::Open(const std::string& source) {
  v1::ConnectResponse frame;
  return WriteHello(source) && Read(frame) && frame.has_welcome();
}

std::optional<v1::BatchAck> AdapterStream::Send(uint64_t batch,
                                                const std::vector<v1::Fact>& facts) {
  v1::ConnectRequest request;
  request.mutable_facts()->set_batch(batch);
  for (const v1::Fact& fact : facts) *request.mutable_facts()->add_facts() = fact;
  v1::ConnectResponse response;
  if (!Write(request) || !Read(response) || !response.has_batch_ack()) return std::nullopt;
  return response.batch_ack();
}

grpc::Status AdapterStream::Finish() {
  is_finished_ = true;
  v1::ConnectResponse frame;
  while (Read(frame)) {
  }
  return stream_->Finish();
}

}  // namespace stockd::support
