// Moves facts about orders from the store to the daemon.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "adapters/sdk/adapter_store.h"
#include "adapters/sdk/session.h"

namespace stockd::sdk {

// A fact about an order that waits in the daemon for something that has not happened yet.
struct WaitingOrderFact {
  v1::OrderFact fact;
  std::string reason;  // UPPER_SNAKE, for example ORDER_UNKNOWN.
};

// One thread, which sleeps while nothing happens. One batch is on its way at a time: facts about
// orders are few.
class OrderFactPump {
 public:
  using Report = std::function<void(const WaitingOrderFact& waiting)>;

  explicit OrderFactPump(AdapterStore* store) : store_(*store) {}
  ~OrderFactPump() { Stop(); }

  // `session` outlives the pump's Stop(); `report` is called on the pump's thread.
  void Start(Session* session, Report report);
  void Stop();

  // There may be new facts.
  void Wake();

 private:
  void Run(const std::stop_token& stop);
  // Whether there was anything to send.
  absl::StatusOr<bool> SendSome(const std::stop_token& stop);

  AdapterStore& store_;
  Session* session_ = nullptr;
  Report report_;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_woken_ = false;
  std::jthread thread_;
};

}  // namespace stockd::sdk
