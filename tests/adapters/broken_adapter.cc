// An adapter that breaks one rule of the contract, for the conformance kit to find.
//
// Usage: broken_adapter HOST:PORT [facts-before-hello | other-ids | made-up-cursor | too-many]
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iostream>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "adapters/sdk/connect_stream.h"
#include "adapters/sdk/daemon_channel.h"
#include "tests/adapters/scripted_daemon.h"

namespace {

using stockd::adapters_test::MakeFact;
namespace sdk = stockd::sdk;
namespace v1 = stockd::v1;

constexpr int kBatches = 6;
constexpr int kBatchSize = 5;

std::atomic<bool> is_stopping = false;

void Stop(int /*signal*/) { is_stopping = true; }

// Goes through its facts, one batch after the other, until each was acknowledged.
class BrokenAdapter {
 public:
  explicit BrokenAdapter(std::string fault) : fault_(std::move(fault)) {}

  // One stream, up to its end.
  void Serve(sdk::ConnectStream& stream) {
    ++streams_;
    if (fault_ == "facts-before-hello") stream.Write(Batch(0));
    v1::ConnectRequest request;
    request.mutable_hello()->set_source("broken");
    request.mutable_hello()->set_wants_levels(true);
    request.mutable_hello()->set_level_cursor(cursor_);
    request.mutable_hello()->set_level_updates_in_flight_max(1);
    stream.Write(request);
    v1::ConnectResponse response;
    while (stream.Read(&response)) {
      if (response.has_welcome()) Tell(stream);
      if (response.has_batch_ack()) {
        ++acknowledged_;
        Tell(stream);
      }
      if (response.has_level_update()) Acknowledge(stream, response.level_update().cursor());
    }
    static_cast<void>(stream.Finish());
  }

 private:
  v1::ConnectRequest Batch(int number) const {
    v1::ConnectRequest request;
    request.mutable_facts()->set_batch(static_cast<uint64_t>(number + 1));
    for (int i = 0; i < kBatchSize; ++i) {
      std::string id = std::to_string(number) + "/" + std::to_string(i);
      if (fault_ == "other-ids") id += "@" + std::to_string(streams_);
      *request.mutable_facts()->add_facts() = MakeFact(id);
    }
    return request;
  }

  void Tell(sdk::ConnectStream& stream) {
    const int at_once = fault_ == "too-many" ? kBatches : 1;
    for (int i = acknowledged_; i < std::min(kBatches, acknowledged_ + at_once); ++i) {
      stream.Write(Batch(i));
    }
  }

  void Acknowledge(sdk::ConnectStream& stream, uint64_t cursor) {
    v1::ConnectRequest request;
    request.mutable_level_ack()->set_cursor(fault_ == "made-up-cursor" ? cursor + 1 : cursor);
    stream.Write(request);
    cursor_ = cursor;
  }

  const std::string fault_;
  int streams_ = 0;
  int acknowledged_ = 0;
  uint64_t cursor_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: broken_adapter HOST:PORT [FAULT]\n";
    return 2;
  }
  signal(SIGTERM, Stop);
  BrokenAdapter adapter(argc > 2 ? argv[2] : "");
  const auto channel = sdk::OpenChannel(argv[1], std::chrono::milliseconds(100));
  while (!is_stopping) {
    const std::unique_ptr<sdk::ConnectStream> stream = sdk::OpenConnectStream(channel);
    const std::jthread watch([&](const std::stop_token& stop) {
      while (!stop.stop_requested() && !is_stopping) ::poll(nullptr, 0, 20);
      stream->Cancel();
    });
    adapter.Serve(*stream);
    if (!is_stopping) ::poll(nullptr, 0, 50);
  }
  return 0;
}
