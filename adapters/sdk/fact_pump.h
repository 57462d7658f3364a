// Moves facts from the store to the session, and out of the store once they are acknowledged.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "adapters/sdk/adapter_store.h"
#include "adapters/sdk/session.h"

namespace stockd::sdk {

// One thread, which sleeps while nothing happens.
class FactPump {
 public:
  using Report = std::function<void(const Acknowledged& acknowledged)>;

  explicit FactPump(AdapterStore* store) : store_(*store) {}
  ~FactPump() { Stop(); }

  // `session` outlives the pump's Stop(); `report` is called on the pump's thread.
  void Start(Session* session, Report report);
  void Stop();

  // There may be new facts, or acknowledgements.
  void Wake();

  // Waits until the store holds no fact: true, or false when `patience` is over. What the session
  // failed with, or CANCELLED when `stop` is requested.
  absl::StatusOr<bool> WaitUntilEmpty(std::chrono::milliseconds patience, std::stop_token stop);

 private:
  void Run(const std::stop_token& stop);
  // Whether there was anything to send.
  absl::StatusOr<bool> SendSome(const std::stop_token& stop);
  absl::Status Settle();

  AdapterStore& store_;
  Session* session_ = nullptr;
  Report report_;
  // A fact's number in the store is its sequence number in the session plus this.
  int64_t number_offset_ = 0;
  int64_t sent_number_ = 0;
  uint64_t settled_sequence_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_woken_ = false;
  std::jthread thread_;
};

}  // namespace stockd::sdk
