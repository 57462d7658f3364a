#include "adapters/webhook/delivery_queue.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace stockd::webhook {

using sdk::SteadyTime;

void DeliveryQueue::MakeReady(const std::string& order, Lane& lane, SteadyTime due) {
  lane.state = State::kReady;
  lane.due = due;
  lane.turn = ++turns_;
  ready_.emplace(due, lane.turn, order);
}

void DeliveryQueue::TakeOffReady(const std::string& order, const Lane& lane) {
  ready_.erase({lane.due, lane.turn, order});
}

void DeliveryQueue::Add(const std::string& order, uint64_t number, SteadyTime now) {
  Lane& lane = lanes_[order];
  lane.numbers.push_back(number);
  ++depth_;
  if (lane.numbers.size() == 1) MakeReady(order, lane, now);
}

std::optional<DeliveryQueue::Job> DeliveryQueue::Take(SteadyTime now) {
  if (is_closed_ || ready_.empty() || now < ask_at_) return std::nullopt;
  // While the endpoint is down any message is as good as another to find out.
  const size_t room = is_down() ? 1 : static_cast<size_t>(options_.calls_in_flight_max);
  if (in_flight_ >= room) return std::nullopt;
  if (!is_down() && std::get<0>(*ready_.begin()) > now) return std::nullopt;
  const std::string order = std::get<2>(*ready_.begin());
  ready_.erase(ready_.begin());
  Lane& lane = lanes_.at(order);
  lane.state = State::kBusy;
  ++in_flight_;
  return Job{.order = order, .number = lane.numbers.front()};
}

std::optional<SteadyTime> DeliveryQueue::NextDue() const {
  if (is_closed_ || ready_.empty()) return std::nullopt;
  const size_t room = is_down() ? 1 : static_cast<size_t>(options_.calls_in_flight_max);
  if (in_flight_ >= room) return std::nullopt;
  return is_down() ? ask_at_ : std::max(ask_at_, std::get<0>(*ready_.begin()));
}

void DeliveryQueue::BringForward(SteadyTime now) {
  std::vector<std::string> orders;
  for (const auto& [due, turn, order] : ready_) {
    if (due > now) orders.push_back(order);
  }
  for (const std::string& order : orders) {
    Lane& lane = lanes_.at(order);
    TakeOffReady(order, lane);
    MakeReady(order, lane, now);
  }
}

void DeliveryQueue::Answered(SteadyTime now) {
  const bool was_down = is_down();
  failures_in_row_ = 0;
  probe_pause_ = std::chrono::milliseconds(0);
  ask_at_ = SteadyTime{};
  if (was_down) BringForward(now);
}

void DeliveryQueue::Pop(Lanes::iterator lane, SteadyTime now) {
  lane->second.numbers.pop_front();
  --depth_;
  if (lane->second.numbers.empty()) {
    lanes_.erase(lane);
  } else {
    MakeReady(lane->first, lane->second, now);
  }
}

void DeliveryQueue::Delivered(const std::string& order, SteadyTime now) {
  --in_flight_;
  Answered(now);
  Pop(lanes_.find(order), now);
}

void DeliveryQueue::Note(const CallFailure& failure) {
  --in_flight_;
  if (!failure.is_endpoint) {
    Answered(failure.now);
    return;
  }
  ++failures_in_row_;
  ask_at_ = std::max(ask_at_, failure.ask_at);
  if (!is_down()) return;
  probe_pause_ = std::clamp(probe_pause_ * 2, options_.probe_initial, options_.probe_max);
  ask_at_ = std::max(ask_at_, failure.now + probe_pause_);
}

void DeliveryQueue::Failed(const std::string& order, const CallFailure& failure, SteadyTime due) {
  Note(failure);
  MakeReady(order, lanes_.at(order), due);
}

void DeliveryQueue::Hold(const std::string& order, const CallFailure& failure) {
  Note(failure);
  ++held_;
  lanes_.at(order).state = State::kHeld;
}

void DeliveryQueue::PutBack(const std::string& order, SteadyTime now) {
  --in_flight_;
  MakeReady(order, lanes_.at(order), now);
}

void DeliveryQueue::HoldIdle(const std::string& order) {
  Lane& lane = lanes_.at(order);
  TakeOffReady(order, lane);
  lane.state = State::kHeld;
  ++held_;
}

bool DeliveryQueue::Release(const std::string& order, uint64_t number, bool forget,
                            SteadyTime now) {
  const auto lane = lanes_.find(order);
  if (lane == lanes_.end() || lane->second.state != State::kHeld ||
      lane->second.numbers.front() != number) {
    return false;
  }
  --held_;
  if (forget) {
    Pop(lane, now);
  } else {
    MakeReady(order, lane->second, now);
  }
  return true;
}

void DeliveryQueue::Open(SteadyTime now) {
  is_closed_ = false;
  failures_in_row_ = 0;
  probe_pause_ = std::chrono::milliseconds(0);
  ask_at_ = SteadyTime{};
  BringForward(now);
}

}  // namespace stockd::webhook
