#include "tests/bench/load_client.h"

#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <echo.grpc.pb.h>

#include "stockd/v1/availability_service.grpc.pb.h"
#include "stockd/v1/reservation_service.grpc.pb.h"
#include "tests/bench/figures.h"
#include "tests/bench/http_load.h"
#include "tests/bench/process.h"
#include "tests/bench/stock_names.h"

namespace stockd::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Instant = SteadyClock::time_point;

constexpr auto kConnectMax = std::chrono::seconds(10);
constexpr auto kDrainMax = std::chrono::seconds(30);
// Scheduled calls that may be under way before the server is given up on.
constexpr size_t kScheduledMax = 20'000;
constexpr int64_t kHoldSeconds = 3600;

SteadyClock::duration Seconds(double seconds) {
  return std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(seconds));
}

// Processor time of this process so far.
double OwnCpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double Micros(SteadyClock::duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

struct AvailabilityShape {
  using Request = v1::GetAvailabilityRequest;
  using Response = v1::GetAvailabilityResponse;

  static bool Succeeded(const Response&) { return true; }

  static void Fill(const LoadSpec& spec, uint64_t number, Request& request) {
    const uint64_t chance = Scatter(number);
    request.set_sku(Sku(chance % spec.items));
    request.set_location(LocationCode((chance >> 40) % spec.locations));
  }

  template <typename Async, typename Done>
  static void Start(Async* async, grpc::ClientContext* context, const Request* request,
                    Response* response, Done done) {
    async->GetAvailability(context, request, response, std::move(done));
  }
};

struct ReservationShape {
  using Request = v1::CreateReservationRequest;
  using Response = v1::CreateReservationResponse;

  static bool Succeeded(const Response&) { return true; }

  static void Fill(const LoadSpec& spec, uint64_t number, Request& request) {
    const uint64_t chance = Scatter(number);
    request.set_reservation_id(CallerId(spec.run, number, spec.ordered_ids));
    if (request.lines_size() == 0) {
      request.add_lines()->set_quantity(1);
      request.mutable_ttl()->set_seconds(kHoldSeconds);
    }
    v1::Position& position = *request.mutable_lines(0)->mutable_position();
    position.set_sku(Sku(chance % spec.items));
    position.set_location(LocationCode((chance >> 40) % spec.locations));
  }

  template <typename Async, typename Done>
  static void Start(Async* async, grpc::ClientContext* context, const Request* request,
                    Response* response, Done done) {
    async->CreateReservation(context, request, response, std::move(done));
  }
};

// A page of one location.
struct ListShape {
  using Request = v1::ListAvailabilityRequest;
  using Response = v1::ListAvailabilityResponse;

  static bool Succeeded(const Response&) { return true; }

  static void Fill(const LoadSpec& spec, uint64_t number, Request& request) {
    request.set_location(LocationCode((Scatter(number) >> 40) % spec.locations));
    request.set_page_size(kPageRows);
  }

  template <typename Async, typename Done>
  static void Start(Async* async, grpc::ClientContext* context, const Request* request,
                    Response* response, Done done) {
    async->ListAvailability(context, request, response, std::move(done));
  }
};

struct BatchShape {
  using Request = v1::BatchCreateReservationsRequest;
  using Response = v1::BatchCreateReservationsResponse;

  static bool Succeeded(const Response& response) {
    return std::ranges::all_of(response.results(),
                               [](const auto& result) { return result.has_reservation(); });
  }

  static void Fill(const LoadSpec& spec, uint64_t number, Request& request) {
    while (request.requests_size() < spec.batch) request.add_requests();
    uint64_t next = number * static_cast<uint64_t>(spec.batch);
    for (auto& one : *request.mutable_requests()) ReservationShape::Fill(spec, next++, one);
  }

  template <typename Async, typename Done>
  static void Start(Async* async, grpc::ClientContext* context, const Request* request,
                    Response* response, Done done) {
    async->BatchCreateReservations(context, request, response, std::move(done));
  }
};

// The callers of one run.
template <typename Service, typename Shape>
class LoadRun {
 public:
  explicit LoadRun(const LoadSpec& spec) : spec_(spec) { Connect(); }

  LoadResult Run() {
    begin_ = SteadyClock::now() + Seconds(spec_.warm_up_s);
    end_ = begin_ + Seconds(spec_.seconds);
    if (spec_.calls_per_s > 0) {
      RunOnSchedule();
    } else {
      std::vector<Caller*> callers;
      for (int i = 0; i < spec_.callers; ++i) callers.push_back(AddCaller());
      for (Caller* caller : callers) Start(*caller, SteadyClock::now());
    }
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, Seconds(spec_.warm_up_s + spec_.seconds) + kDrainMax,
                           [this] { return open_ == 0 && SteadyClock::now() >= end_; })) {
      throw BenchError("calls are not answered");
    }
    return Result();
  }

 private:
  struct Caller {
    typename Service::Stub* stub = nullptr;
    std::optional<grpc::ClientContext> context;
    typename Shape::Request request;
    typename Shape::Response response;
    Instant since;
    std::vector<double> latencies_us;
  };

  void Connect() {
    for (int i = 0; i < spec_.channels; ++i) {
      grpc::ChannelArguments arguments;
      // Without this all channels would share one connection.
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      auto channel =
          grpc::CreateCustomChannel(spec_.address, grpc::InsecureChannelCredentials(), arguments);
      if (!channel->WaitForConnected(std::chrono::system_clock::now() + kConnectMax)) {
        throw BenchError("cannot connect to " + spec_.address);
      }
      stubs_.push_back(Service::NewStub(channel));
    }
  }

  Caller* AddCaller() {
    auto caller = std::make_unique<Caller>();
    caller->stub = stubs_[callers_.size() % stubs_.size()].get();
    return callers_.emplace_back(std::move(caller)).get();
  }

  void Start(Caller& caller, Instant since) {
    open_.fetch_add(1, std::memory_order_relaxed);
    caller.since = since;
    Shape::Fill(spec_, numbers_.fetch_add(1, std::memory_order_relaxed), caller.request);
    caller.context.emplace();
    Shape::Start(caller.stub->async(), &*caller.context, &caller.request, &caller.response,
                 [this, &caller](const grpc::Status& status) { Answered(caller, status); });
  }

  void Answered(Caller& caller, const grpc::Status& status) {
    const Instant now = SteadyClock::now();
    if (!status.ok()) NoteFailure(status);
    if (status.ok() && !Shape::Succeeded(caller.response)) {
      NoteFailure({grpc::StatusCode::UNKNOWN, "a part of the call was refused"});
    }
    if (now >= begin_ && now < end_) in_window_.fetch_add(1, std::memory_order_relaxed);
    if (caller.since >= begin_ && caller.since < end_) {
      caller.latencies_us.push_back(Micros(now - caller.since));
    }
    if (spec_.calls_per_s == 0 && now < end_) {
      Start(caller, now);
      open_.fetch_sub(1, std::memory_order_relaxed);
      return;
    }
    const std::lock_guard lock(mutex_);
    idle_.push_back(&caller);
    if (open_.fetch_sub(1, std::memory_order_relaxed) == 1) changed_.notify_all();
  }

  // Begins calls when they are due. The last instant closes the window, also when nothing is due.
  void RunOnSchedule() {
    const auto interval = Seconds(1 / spec_.calls_per_s);
    for (Instant due = SteadyClock::now(); due < end_; due += interval) {
      Caller* caller = nullptr;
      {
        std::unique_lock lock(mutex_);
        if (due > SteadyClock::now()) changed_.wait_until(lock, due, [] { return false; });
        if (!idle_.empty()) {
          caller = idle_.back();
          idle_.pop_back();
        }
      }
      if (caller == nullptr) {
        if (callers_.size() == kScheduledMax) throw BenchError("the server cannot keep the pace");
        caller = AddCaller();
      }
      Start(*caller, due);
    }
  }

  void NoteFailure(const grpc::Status& status) {
    const std::lock_guard lock(mutex_);
    if (failures_++ == 0) {
      failure_ = std::to_string(status.error_code()) + " " + status.error_message();
    }
  }

  LoadResult Result() const {
    std::vector<double> all;
    for (const auto& caller : callers_) {
      all.insert(all.end(), caller->latencies_us.begin(), caller->latencies_us.end());
    }
    return {.calls_per_s = static_cast<double>(in_window_.load()) / spec_.seconds,
            .calls = static_cast<int64_t>(numbers_.load()),
            .failures = failures_,
            .failure = failure_,
            .p50_us = Percentile(all, 0.5),
            .p99_us = Percentile(all, 0.99),
            .max_us = Percentile(all, 1),
            .cpu_s = OwnCpuSeconds() - cpu_before_};
  }

  const LoadSpec& spec_;
  const double cpu_before_ = OwnCpuSeconds();
  std::vector<std::unique_ptr<typename Service::Stub>> stubs_;
  std::vector<std::unique_ptr<Caller>> callers_;
  Instant begin_;
  Instant end_;
  std::atomic<uint64_t> numbers_{0};
  std::atomic<int64_t> in_window_{0};
  std::atomic<int> open_{0};

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Caller*> idle_;
  int64_t failures_ = 0;
  std::string failure_;
};

}  // namespace

LoadResult RunLoad(const LoadSpec& spec) {
  if (spec.http) return RunHttpLoad(spec);
  if (spec.call == Call::kListAvailability) {
    return LoadRun<v1::AvailabilityService, ListShape>(spec).Run();
  }
  if (spec.call == Call::kGetAvailability) {
    return spec.echo ? LoadRun<EchoService, AvailabilityShape>(spec).Run()
                     : LoadRun<v1::AvailabilityService, AvailabilityShape>(spec).Run();
  }
  if (spec.call == Call::kBatchCreateReservations) {
    return LoadRun<v1::ReservationService, BatchShape>(spec).Run();
  }
  return spec.echo ? LoadRun<EchoService, ReservationShape>(spec).Run()
                   : LoadRun<v1::ReservationService, ReservationShape>(spec).Run();
}

}  // namespace stockd::bench
