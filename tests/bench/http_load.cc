#include "tests/bench/http_load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "tests/bench/figures.h"
#include "tests/bench/process.h"
#include "tests/bench/stock_names.h"

namespace stockd::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kEventsMax = 64;
constexpr int kWaitMs = 1000;
constexpr size_t kBytesMax = 16384;
constexpr double kDrainSeconds = 30;

double SecondsSince(SteadyClock::time_point begin) {
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

// A connection with one call under way.
class Caller {
 public:
  explicit Caller(const std::string& address) {
    const size_t colon = address.rfind(':');
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(static_cast<uint16_t>(std::atoi(address.c_str() + colon + 1)));
    inet_pton(AF_INET, address.substr(0, colon).c_str(), &where.sin_addr);
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
      throw BenchError("cannot connect to " + address);
    }
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    input_.reserve(kBytesMax);
  }
  ~Caller() { close(socket_); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  int socket() const { return socket_; }
  SteadyClock::time_point since() const { return since_; }

  // Requests are far smaller than a socket's buffer.
  void Send(const std::string& request) {
    since_ = SteadyClock::now();
    input_.clear();
    if (send(socket_, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      throw BenchError("the server takes no request");
    }
  }

  // True once the whole response is there.
  bool Receive() {
    char piece[kBytesMax];
    const ssize_t count = recv(socket_, piece, sizeof piece, MSG_DONTWAIT);
    if (count <= 0) throw BenchError("the server closed a connection");
    input_.append(piece, static_cast<size_t>(count));
    const size_t head = input_.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    const size_t length = input_.find("content-length: ");
    return input_.size() >= head + 4 + std::strtoul(input_.c_str() + length + 16, nullptr, 10);
  }

  bool is_ok() const { return input_.compare(0, 12, "HTTP/1.1 200") == 0; }
  const std::string& input() const { return input_; }

 private:
  int socket_ = -1;
  SteadyClock::time_point since_;
  std::string input_;
};

std::string Body(const LoadSpec& spec, uint64_t number) {
  const uint64_t chance = Scatter(number);
  const std::string location =
      "\"location\":\"" + LocationCode((chance >> 40) % spec.locations) + "\"";
  if (spec.call == Call::kListAvailability) {
    return "{" + location + ",\"pageSize\":" + std::to_string(kPageRows) + "}";
  }
  const std::string position = "\"sku\":\"" + Sku(chance % spec.items) + "\"," + location;
  if (spec.call == Call::kGetAvailability) return "{" + position + "}";
  return "{\"reservationId\":\"" + CallerId(spec.run, number, spec.ordered_ids) +
         "\",\"lines\":[{\"quantity\":\"1\",\"position\":{" + position + "}}],\"ttl\":\"3600s\"}";
}

const char* MethodName(Call call) {
  switch (call) {
    case Call::kGetAvailability: return "AvailabilityService/GetAvailability";
    case Call::kCreateReservation: return "ReservationService/CreateReservation";
    case Call::kListAvailability: return "AvailabilityService/ListAvailability";
    case Call::kBatchCreateReservations: break;  // Only over gRPC.
  }
  return "";
}

std::string RequestText(const LoadSpec& spec, uint64_t number) {
  const std::string body = Body(spec, number);
  return std::string("POST /stockd.v1.") + MethodName(spec.call) +
         " HTTP/1.1\r\nHost: " + spec.address +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

}  // namespace

LoadResult RunHttpLoad(const LoadSpec& spec) {
  const int events = epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<Caller>> callers;
  uint64_t number = 0;
  for (int i = 0; i < spec.callers; ++i) {
    callers.push_back(std::make_unique<Caller>(spec.address));
    epoll_event wanted{.events = EPOLLIN, .data = {.ptr = callers.back().get()}};
    epoll_ctl(events, EPOLL_CTL_ADD, callers.back()->socket(), &wanted);
    callers.back()->Send(RequestText(spec, number++));
  }
  LoadResult result;
  std::vector<double> latencies_us;
  int64_t in_window = 0;
  int open = spec.callers;
  const auto begin = SteadyClock::now();
  const double end = spec.warm_up_s + spec.seconds;
  while (open > 0) {
    epoll_event ready[kEventsMax];
    const int count = epoll_wait(events, ready, kEventsMax, kWaitMs);
    if (SecondsSince(begin) > end + kDrainSeconds) throw BenchError("calls are not answered");
    for (int i = 0; i < count; ++i) {
      auto& caller = *static_cast<Caller*>(ready[i].data.ptr);
      if (!caller.Receive()) continue;
      const double now = SecondsSince(begin);
      if (!caller.is_ok() && result.failures++ == 0) result.failure = caller.input();
      if (now >= spec.warm_up_s && now < end) {
        ++in_window;
        latencies_us.push_back(SecondsSince(caller.since()) * 1e6);
      }
      if (now < end) {
        caller.Send(RequestText(spec, number++));
      } else {
        --open;
      }
    }
  }
  close(events);
  result.calls_per_s = static_cast<double>(in_window) / spec.seconds;
  result.calls = static_cast<int64_t>(number);
  result.p50_us = Percentile(latencies_us, 0.5);
  result.p99_us = Percentile(latencies_us, 0.99);
  result.max_us = Percentile(latencies_us, 1);
  return result;
}

}  // namespace stockd::bench
