// OrderService: what happens to orders, as a stream.
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/rpc/feed_reactor.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/order_convert.h"
#include "daemon/rpc/order_service.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"
#include "daemon/sync/order_feed.h"
#include "daemon/sync/order_words.h"

namespace stockd::rpc {
namespace {

constexpr int kStreamsMax = 64;
constexpr int kNamesMax = 1000;
constexpr int kKindsMax = 50;
// Events in one message, and looked at before other feeds have their turn.
constexpr size_t kEventsMax = 200;
constexpr size_t kLookMax = 1000;
constexpr Duration kIdleNoteEvery = std::chrono::seconds(15);

using Response = v1::WatchOrderEventsResponse;
using Refused = RefusedFeed<Response>;

grpc::Status ParseScope(const v1::WatchOrderEventsRequest& request,
                        const engine::Catalogue& catalogue, storage::Reader& reader,
                        sync::OrderScope& scope) {
  if (request.locations_size() > kNamesMax) {
    return InvalidField("locations", "holds at most 1000");
  }
  if (request.kinds_size() > kKindsMax) return InvalidField("kinds", "holds at most 50");
  for (const int kind : request.kinds()) {
    if (kind < v1::ORDER_EVENT_KIND_PLACED || kind > v1::ORDER_EVENT_KIND_RATED) {
      return InvalidField("kinds", "holds what is not a kind of event");
    }
    scope.kinds |= uint64_t{1} << static_cast<unsigned>(kind);
  }
  for (const std::string& code : request.locations()) {
    LocationId location = kNoLocation;
    if (auto status = FindLocation("locations", code, catalogue, location); !status.ok()) {
      return status;
    }
    scope.locations.insert(location);
  }
  if (auto status = FindChannel(request.channel(), catalogue, scope.channel); !status.ok()) {
    return status;
  }
  if (request.order_id().empty()) return grpc::Status::OK;
  if (auto status = CheckId("order_id", request.order_id()); !status.ok()) return status;
  return ReadOrExplain([&]() -> grpc::Status {
    const auto order = reader.FindOrder(request.order_id());
    if (!order) {
      return UnknownName(ledger::Reason::kOrderUnknown, "order_id", request.order_id());
    }
    scope.order_number = order->number;
    return grpc::Status::OK;
  });
}

bool TellsCode(fulfilment::OrderEventKind kind) {
  using enum fulfilment::OrderEventKind;
  return kind == kReady || kind == kReminder || kind == kCodeIssued;
}

// One reader's stream.
class Watch {
 public:
  Watch(OrderParts& parts, sync::FeedPump& pump, sync::OrderScope scope, uint64_t cursor,
        bool include_codes)
      : parts_(parts),
        pump_(pump),
        scope_(std::move(scope)),
        include_codes_(include_codes),
        feed_(std::in_place, parts.engine, parts.reader, cursor),
        told_(cursor),
        written_at_(pump.Now()) {}

  // Whether there is something to say: events, or a cursor that has not been told for a while.
  bool Fill(Timestamp now, Response& message) {
    std::vector<sync::OrderFeed::Told> told;
    try {
      // What follows is looked at when other feeds have had their turn.
      if (feed_->Next(scope_, kLookMax, kEventsMax, told)) pump_.Kick();
      for (const sync::OrderFeed::Told& one : told) Tell(one, *message.add_events());
    } catch (const storage::ReadError&) {
      // Nothing is skipped: the next look reads from what was told last.
      feed_.emplace(parts_.engine, parts_.reader, told_);
      message.clear_events();
    }
    if (message.events().empty() && now < written_at_ + kIdleNoteEvery) return false;
    told_ = feed_->cursor();
    message.set_cursor(told_);
    written_at_ = now;
    return true;
  }

 private:
  void Tell(const sync::OrderFeed::Told& told, v1::WatchedOrderEvent& proto) {
    ToProto(told.event, *told.order, parts_.catalogue(), *proto.mutable_event());
    proto.set_channel(parts_.catalogue().ChannelName(told.order->channel));
    proto.set_customer_reference(told.order->customer_reference);
    if (!include_codes_ || !TellsCode(told.event.kind)) return;
    const auto order = parts_.reader.FindOrder(told.order->id);
    const auto* part = order ? order->Find(told.event.fulfilment) : nullptr;
    if (part == nullptr) return;
    proto.set_pickup_code(ValidCode(*order, *part, parts_.engine.pickup_codes()));
  }

  OrderParts& parts_;
  sync::FeedPump& pump_;
  const sync::OrderScope scope_;
  const bool include_codes_;
  std::optional<sync::OrderFeed> feed_;
  uint64_t told_;
  Timestamp written_at_;
};

}  // namespace

grpc::ServerWriteReactor<Response>* OrderService::WatchOrderEvents(
    grpc::CallbackServerContext*, const v1::WatchOrderEventsRequest* request) {
  sync::OrderScope scope;
  if (auto status = ParseScope(*request, parts_.catalogue(), parts_.reader, scope); !status.ok()) {
    return new Refused(status);
  }
  const uint64_t newest = parts_.engine.order_events().newest();
  const uint64_t cursor = request->has_cursor() ? request->cursor() : newest;
  if (cursor > newest) {
    return new Refused(MakeStatus(
        grpc::StatusCode::OUT_OF_RANGE, "CURSOR_AHEAD",
        "The cursor is ahead of every event: it was given by another database. Begin anew.",
        {{"newest", std::to_string(newest)}}));
  }
  if (++streams_ > kStreamsMax) {
    --streams_;
    return new Refused(MakeStatus(grpc::StatusCode::RESOURCE_EXHAUSTED, "STREAMS_EXHAUSTED",
                                  "64 watches of orders are open. Share one, or close one.", {}));
  }
  auto watch =
      std::make_shared<Watch>(parts_, pump_, std::move(scope), cursor, request->include_codes());
  return FeedReactor<Response>::Start(
      pump_,
      [watch = std::move(watch)](Timestamp now, Response& message) {
        return watch->Fill(now, message);
      },
      [this] { --streams_; });
}

}  // namespace stockd::rpc
