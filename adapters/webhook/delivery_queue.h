// Whose message is sent next.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>

#include "adapters/sdk/clock.h"

namespace stockd::webhook {

struct QueueOptions {
  int calls_in_flight_max = 4;
  // So many failures of the endpoint in a row, over all orders, and it counts as down: then one
  // call at a time looks whether it is back, with pauses that double between these bounds.
  int failures_until_down = 5;
  std::chrono::milliseconds probe_initial{1000};
  std::chrono::milliseconds probe_max{60'000};
};

// How a call failed.
struct CallFailure {
  sdk::SteadyTime now{};
  // It says nothing about the message.
  bool is_endpoint = false;
  // The endpoint wants no call before.
  sdk::SteadyTime ask_at{};
};

// The messages of one endpoint: in order for each order, and one order does not wait for another.
// Reads no clock and does no I/O. For one thread at a time.
class DeliveryQueue {
 public:
  explicit DeliveryQueue(QueueOptions options) : options_(options) {}

  // Numbers of an order come in growing order.
  void Add(const std::string& order, uint64_t number, sdk::SteadyTime now);

  struct Job {
    std::string order;
    uint64_t number = 0;
  };
  // The next message to send; its order is busy until one of the four below. Unset: nothing is due,
  // or enough is under way.
  [[nodiscard]] std::optional<Job> Take(sdk::SteadyTime now);
  // When Take() may give something, if nothing else happens; unset: never.
  [[nodiscard]] std::optional<sdk::SteadyTime> NextDue() const;

  // The message was taken over.
  void Delivered(const std::string& order, sdk::SteadyTime now);
  // It was not, and is to be sent again at `due`.
  void Failed(const std::string& order, const CallFailure& failure, sdk::SteadyTime due);
  // It was not, and is given up: the order stands still until Release().
  void Hold(const std::string& order, const CallFailure& failure);
  // The call said nothing: it was cut off.
  void PutBack(const std::string& order, sdk::SteadyTime now);

  // Marks an order whose first message was given up in an earlier life.
  void HoldIdle(const std::string& order);
  // Sends the held message again, or forgets it. False: the order is not held at this number.
  bool Release(const std::string& order, uint64_t number, bool forget, sdk::SteadyTime now);

  // Nothing is sent until it is opened.
  void Close() { is_closed_ = true; }
  void Open(sdk::SteadyTime now);

  bool is_closed() const { return is_closed_; }
  bool is_down() const { return failures_in_row_ >= options_.failures_until_down; }
  // Messages that wait, those under way and held ones among them.
  size_t depth() const { return depth_; }
  size_t orders_held() const { return held_; }
  size_t in_flight() const { return in_flight_; }

 private:
  enum class State { kReady, kBusy, kHeld };
  struct Lane {
    std::deque<uint64_t> numbers;
    State state = State::kReady;
    sdk::SteadyTime due{};
    uint64_t turn = 0;
  };
  using Lanes = std::unordered_map<std::string, Lane>;

  void MakeReady(const std::string& order, Lane& lane, sdk::SteadyTime due);
  void TakeOffReady(const std::string& order, const Lane& lane);
  void Answered(sdk::SteadyTime now);
  void Note(const CallFailure& failure);
  // The first message is over.
  void Pop(Lanes::iterator lane, sdk::SteadyTime now);
  void BringForward(sdk::SteadyTime now);

  const QueueOptions options_;
  Lanes lanes_;
  // Orders with something to send, by when; the turn keeps equals in the order of their coming.
  std::set<std::tuple<sdk::SteadyTime, uint64_t, std::string>> ready_;
  uint64_t turns_ = 0;
  size_t depth_ = 0;
  size_t held_ = 0;
  size_t in_flight_ = 0;
  bool is_closed_ = false;
  int failures_in_row_ = 0;
  std::chrono::milliseconds probe_pause_{0};
  sdk::SteadyTime ask_at_{};
};

}  // namespace stockd::webhook
