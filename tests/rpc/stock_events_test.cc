// Edges of availability, over the wire.
#include "stockd/v1/stock_event_service.grpc.pb.h"
#include "tests/rpc/daemon_fixture.h"
#include "tests/support/process_clock.h"

namespace stockd::support {
namespace {

class StockEvents : public DaemonFixture {
 protected:
  // One watch. The stream breaks off some time, so that no test hangs.
  class Watch {
   public:
    Watch(GrpcClient& client, const v1::WatchStockEventsRequest& request)
        : stub_(client.channel()) {
      context_.set_deadline(CalendarNow() + kPatience);
      reader_ = stub_.WatchStockEvents(&context_, request);
    }
    ~Watch() {
      if (!is_finished_) Finish();
    }
    // The next message, with or without events.
    v1::WatchStockEventsResponse Read() {
      v1::WatchStockEventsResponse message;
      EXPECT_TRUE(reader_->Read(&message));
      return message;
    }
    grpc::Status Finish() {
      is_finished_ = true;
      context_.TryCancel();
      return reader_->Finish();
    }
    grpc::Status Refusal() {
      is_finished_ = true;
      v1::WatchStockEventsResponse message;
      EXPECT_FALSE(reader_->Read(&message));
      return reader_->Finish();
    }

   private:
    v1::StockEventService::Stub stub_;
    grpc::ClientContext context_;
    std::unique_ptr<grpc::ClientReader<v1::WatchStockEventsResponse>> reader_;
    bool is_finished_ = false;
  };
};

TEST_F(StockEvents, AChannelIsToldWhatSoldOutByItsOwnFigureAndResumesBehindARestart) {
  Stock("MUG", "S01", 5);
  v1::WatchStockEventsRequest request;
  request.set_channel("web");  // Keeps one unit back.
  uint64_t cursor = 0;
  {
    Watch watch(client(), request);
    cursor = watch.Read().cursor();
    EXPECT_GT(cursor, 0U);
    Reserve("r-1", "MUG", "S01", 4);
    const auto message = watch.Read();
    ASSERT_EQ(message.events_size(), 1);
    EXPECT_EQ(message.events(0).position().sku(), "MUG");
    EXPECT_EQ(message.events(0).state(), v1::STOCK_STATE_OUT);
    EXPECT_EQ(message.events(0).previous(), v1::STOCK_STATE_IN_STOCK);
    EXPECT_EQ(message.events(0).available(), 0);
    cursor = message.cursor();
  }
  Stock("MUG", "S01", 20);
  Restart();
  request.set_cursor(cursor);
  Watch watch(client(), request);
  const auto message = watch.Read();
  ASSERT_EQ(message.events_size(), 1);
  EXPECT_EQ(message.events(0).state(), v1::STOCK_STATE_IN_STOCK);
  EXPECT_EQ(message.events(0).available(), 20);
}

TEST_F(StockEvents, BadWatchesAreRefused) {
  const auto refusal = [&](auto change) {
    v1::WatchStockEventsRequest request;
    change(request);
    return ReasonOf(Watch(client(), request).Refusal());
  };
  EXPECT_EQ(refusal([](auto& request) { request.set_channel("none"); }), "CHANNEL_UNKNOWN");
  EXPECT_EQ(refusal([](auto& request) { request.add_skus("none"); }), "SKU_UNKNOWN");
  EXPECT_EQ(refusal([](auto& request) { request.add_locations("none"); }), "LOCATION_UNKNOWN");
  EXPECT_EQ(refusal([](auto& request) { request.set_low_mark(-1); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& request) { request.set_hysteresis(1'000'001); }), "FIELD_INVALID");
}

}  // namespace
}  // namespace stockd::support
