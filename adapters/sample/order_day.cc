#include "adapters/sample/order_day.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <queue>
#include <utility>
#include <vector>

#include "adapters/sample/agenda.h"
#include "adapters/sample/chain.h"
#include "adapters/sample/collect_range.h"
#include "adapters/sample/order_calls.h"
#include "adapters/sample/seeded_random.h"
#include "adapters/sdk/clock.h"

namespace stockd::sample {
namespace {

constexpr uint64_t kPurpose = 90210;
constexpr std::chrono::milliseconds kTick{100};
// Real milliseconds: the day is told as it would be in a store, only faster.
constexpr int64_t kOrderEveryMs = 2000;
constexpr std::string_view kCarriers[] = {"Blue Van", "Swift Parcel", "Post"};
constexpr std::string_view kServices[] = {"standard", "next-day"};

class OrderDay {
 public:
  OrderDay(const std::string& address, uint64_t seed)
      : calls_(MakeOrderCalls(address)),
        random_(seed, kPurpose),
        // Orders of a later run of the same sample have other ids.
        run_(std::to_string(sdk::Now().time_since_epoch() / std::chrono::seconds(1))) {}

  OrderCounts Live(const std::stop_token& stop) {
    const sdk::SteadyTime began = sdk::SteadyNow();
    agenda_.Put(0, [this] { NextOrder(); });
    while (!stop.stop_requested()) {
      agenda_.RunUntil(sdk::MillisecondsSince(began).count() + 1);
      std::mutex mutex;
      std::condition_variable_any changed;
      std::unique_lock lock(mutex);
      changed.wait_for(lock, stop, kTick, [] { return false; });
    }
    return counts_;
  }

 private:
  void NextOrder() {
    Story(Invent());
    After(kOrderEveryMs, [this] { NextOrder(); });
  }

  void After(int64_t milliseconds, std::function<void()> action) {
    agenda_.Put(agenda_.now_ms() + milliseconds, std::move(action));
  }

  OrderToPlace Invent() {
    const Site& store = random_.Pick(Stores());
    OrderToPlace order{.id = "C" + run_ + "-" + std::to_string(++number_),
                       .channel = random_.PerMille(300) ? "app" : "web",
                       .customer = "customer-" + std::to_string(random_.Between(1, 400)),
                       .location = std::string(store.code)};
    const int64_t kind = random_.Below(100);
    if (kind >= 30) {
      order.channel = "collect";
    } else if (kind < 20) {
      order.method = v1::FULFILMENT_METHOD_SHIP;
      order.location = std::string(Warehouse().code);
    } else {
      order.method = v1::FULFILMENT_METHOD_SHIP_TO_STORE;
      order.destination = std::exchange(order.location, std::string(Warehouse().code));
    }
    for (int64_t lines = random_.Between(1, 3); lines > 0; --lines) {
      order.lines.push_back(Line(random_.Between(1, 2)));
    }
    return order;
  }

  OrderedLine Line(int64_t quantity) {
    const CollectItem& item = random_.Pick(CollectRange());
    return {.sku = std::string(item.sku), .quantity = quantity, .price_cents = item.price_cents};
  }

  // Says whether the call was answered as hoped for.
  bool Did(const absl::Status& status, const std::string& order) {
    if (status.ok()) return true;
    ++counts_.failed;
    spdlog::info("order step failed order={} {}", order, status.ToString());
    return false;
  }

  void Story(OrderToPlace order) {
    if (!calls_->Place(order).ok()) {
      ++counts_.refused;
      return;
    }
    ++counts_.placed;
    if (random_.PerMille(40)) {
      After(2500, [this, id = order.id] { Did(calls_->Cancel(id), id); });
      return;
    }
    After(1500, [this, order] {
      if (!Did(calls_->StartPicking(order.id), order.id)) return;
      After(2500, [this, order] { Pick(order); });
    });
  }

  void Pick(const OrderToPlace& order) {
    const bool is_short = random_.PerMille(80);
    if (!Did(calls_->PickAll(order.id, is_short ? 1 : 0), order.id)) return;
    After(1500, [this, order, is_short] {
      if (is_short && !Decide(order)) return;
      Finish(order);
    });
  }

  // About the unit that was not found.
  bool Decide(const OrderToPlace& order) {
    if (order.lines.size() > 1 && random_.PerMille(500)) {
      return Did(calls_->CancelMissing(order.id), order.id);
    }
    return Did(calls_->SubstituteMissing(order.id, Line(1)), order.id) &&
           Did(calls_->PickAll(order.id, 0), order.id);
  }

  void Finish(const OrderToPlace& order) {
    if (!Did(calls_->FinishPicking(order.id, Area()), order.id)) return;
    if (order.method == v1::FULFILMENT_METHOD_PICKUP) return Collect(order);
    After(2000, [this, order] {
      const std::string carrier(random_.Pick(std::span<const std::string_view>(kCarriers)));
      const std::string service(random_.Pick(std::span<const std::string_view>(kServices)));
      if (!Did(calls_->Ship(order.id, carrier, service), order.id)) return;
      After(random_.Between(5000, 20'000), [this, order] { Arrive(order); });
    });
  }

  std::string Area() { return "shelf " + std::to_string(random_.Between(1, 12)); }

  // At the customer's door, or at the store.
  void Arrive(const OrderToPlace& order) {
    if (order.method == v1::FULFILMENT_METHOD_SHIP_TO_STORE) {
      if (Did(calls_->ReceiveAtStore(order.id, Area()), order.id)) Collect(order);
      return;
    }
    if (random_.PerMille(100)) {
      Did(calls_->Attempt(order.id), order.id);
      After(6000, [this, order] { Deliver(order); });
      return;
    }
    Deliver(order);
  }

  void Deliver(const OrderToPlace& order) {
    if (!Did(calls_->Deliver(order.id), order.id)) return;
    ++counts_.delivered;
    if (random_.PerMille(60)) {
      const auto kind = random_.PerMille(500) ? v1::DELIVERY_EXCEPTION_KIND_DAMAGED
                                              : v1::DELIVERY_EXCEPTION_KIND_WRONG_ITEM;
      Did(calls_->TellException(order.id, kind), order.id);
    }
    Afterwards(order);
  }

  void Collect(const OrderToPlace& order) {
    // Some do not come today.
    if (random_.PerMille(120)) return;
    After(random_.Between(4000, 30'000), [this, order] {
      if (!Did(calls_->Arrive(order.id), order.id)) return;
      After(random_.Between(1000, 4000), [this, order] {
        if (!Did(calls_->HandOver(order.id), order.id)) return;
        ++counts_.collected;
        Afterwards(order);
      });
    });
  }

  void Afterwards(const OrderToPlace& order) {
    if (random_.PerMille(400)) {
      After(3000, [this, order] {
        const bool happy = random_.PerMille(750);
        Did(calls_->Rate(order.id,
                         static_cast<int>(happy ? random_.Between(8, 10) : random_.Between(2, 8)),
                         static_cast<int>(happy ? random_.Between(4, 5) : random_.Between(1, 4))),
            order.id);
      });
    }
    if (random_.PerMille(50)) {
      After(6000, [this, order] {
        Did(calls_->Return(order.id, std::string(random_.Pick(Stores()).code)), order.id);
      });
    }
  }

  const std::unique_ptr<OrderCalls> calls_;
  SeededRandom random_;
  const std::string run_;
  Agenda agenda_;
  OrderCounts counts_;
  int64_t number_ = 0;
};

}  // namespace

OrderCounts LiveOrderDay(const std::string& address, uint64_t seed, const std::stop_token& stop) {
  return OrderDay(address, seed).Live(stop);
}

}  // namespace stockd::sample
