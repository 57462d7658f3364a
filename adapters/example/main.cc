// stockd-example: a complete adapter. The outside system is made of JSON lines: what it sold comes
// in on standard input, the levels it shall show go out on standard output.
#include <poll.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <iostream>
#include <map>
#include <string>

#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "adapters/sdk/adapter.h"
#include "adapters/sdk/log.h"
#include "adapters/sdk/stop_signals.h"
#include "adapters/sdk/timestamp_text.h"

namespace {

using stockd::sdk::Adapter;
using stockd::sdk::LevelAnswer;
namespace v1 = stockd::v1;
using Json = nlohmann::json;

// The mapping: {"id": "r-17/1", "sku": "A-1", "location": "S01", "sold": 2, "at":
// "2026-01-05T09:30:00Z"} is a sale. Throws std::exception when the line says something else.
v1::Fact ToFact(const std::string& line) {
  const Json json = Json::parse(line);
  v1::Fact fact;
  fact.set_event_id(json.at("id").get<std::string>());
  fact.set_kind(v1::FACT_KIND_SALE);
  fact.set_sku(json.at("sku").get<std::string>());
  fact.set_location(json.at("location").get<std::string>());
  fact.set_quantity(json.at("sold").get<int64_t>());
  const auto reader = stockd::sdk::TimestampReader::Make("rfc3339", "UTC");
  const auto instant = reader->Parse(json.at("at").get<std::string>());
  if (!instant.ok()) throw std::invalid_argument(std::string(instant.status().message()));
  stockd::sdk::SetProto(*instant, fact.mutable_occurred_at());
  return fact;
}

// Shows levels: one JSON line each, and what was taken is flushed before it is acknowledged.
class Display final : public stockd::sdk::LevelTarget {
 public:
  LevelAnswer Take(const v1::Level& level) override {
    std::cout << Json{{"sku", level.sku()},
                      {"location", level.location()},
                      {"available", level.available()},
                      {"version", level.version()}}
                     .dump()
              << '\n';
    return LevelAnswer::Applied();
  }
  absl::Status Flush() override {
    return std::cout.flush() ? absl::OkStatus() : absl::DataLossError("standard output is closed");
  }
};

// The next line of standard input; false at its end, or when a stop is requested.
bool NextLine(std::string& buffer, std::string& line, const std::stop_token& stop) {
  constexpr int kLookForStopMs = 100;
  for (;;) {
    if (const size_t end = buffer.find('\n'); end != std::string::npos) {
      line = buffer.substr(0, end);
      buffer.erase(0, end + 1);
      return true;
    }
    pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (stop.stop_requested()) return false;
    if (::poll(&input, 1, kLookForStopMs) <= 0) continue;
    std::array<char, 65536> piece;
    const ssize_t size = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (size <= 0) return false;
    buffer.append(piece.data(), static_cast<size_t>(size));
  }
}

// Tells every line; a full outbox is waited for. False: a stop, or the adapter has failed.
bool TellAll(Adapter& adapter, const std::stop_token& stop) {
  std::string buffer;
  std::string line;
  while (NextLine(buffer, line, stop)) {
    v1::Fact fact;
    try {
      fact = ToFact(line);
    } catch (const std::exception& error) {
      spdlog::error("line left out line={} reason={}", stockd::sdk::LogValue(line), error.what());
      continue;
    }
    absl::Status told = adapter.Tell(fact);
    while (absl::IsResourceExhausted(told) && adapter.failure().ok() && !stop.stop_requested()) {
      const auto emptied = adapter.WaitUntilAcknowledged(std::chrono::seconds(1), stop);
      told = emptied.ok() ? adapter.Tell(fact) : emptied.status();
    }
    if (told.ok()) continue;
    spdlog::error("fact not taken {}", told.ToString());
    return false;
  }
  return !stop.stop_requested();
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> flags{{"--daemon", "127.0.0.1:7450"}};
  for (int i = 1; i + 1 < argc; i += 2) flags[argv[i]] = argv[i + 1];
  if (argc % 2 == 0 || !flags.contains("--source") || !flags.contains("--state")) {
    std::cerr << "usage: stockd-example --source ID --state FILE [--daemon HOST:PORT] < facts\n";
    return 2;
  }
  stockd::sdk::SetUpLog("info");
  Display display;
  auto adapter = Adapter::Open({.source = flags["--source"],
                                .adapter = "stockd-example 1.0",
                                .daemon = {.address = flags["--daemon"]},
                                .state_file = flags["--state"]},
                               {.levels = &display});
  if (!adapter.ok()) {
    std::cerr << adapter.status().message() << '\n';
    return 1;
  }
  std::stop_source stop;
  boost::asio::io_context context;
  const stockd::sdk::StopSignals signals(context, stop);
  const std::jthread signal_thread([&context] { context.run(); });
  (*adapter)->Start();
  // Levels go on after the last fact, until a signal comes or the daemon refuses for good.
  if (TellAll(**adapter, stop.get_token())) {
    while (!stop.stop_requested() && (*adapter)->failure().ok()) ::poll(nullptr, 0, 100);
  }
  (*adapter)->Stop();
  context.stop();
  return (*adapter)->failure().ok() ? 0 : 1;
}
