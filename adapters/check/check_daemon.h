// A daemon that does what a bad network and a bad day do, by a fixed plan.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "adapters/check/recording.h"
#include "adapters/sdk/clock.h"
#include "stockd/v1/adapter_service.grpc.pb.h"
#include "stockd/v1/catalogue_service.grpc.pb.h"

namespace stockd::check {

// What the daemon does with one stream after the other; the last act goes on until all is done.
enum class Act {
  kLoseAcknowledgement,  // Takes the first batch, and breaks the stream instead of answering.
  kDuplicateLevels,      // Tells levels twice, and loses the third batch together with the stream.
  kHalfOpen,             // Says welcome, then neither reads nor writes, then breaks the stream.
  kRestart,              // Is gone after a while, and comes back on the same port.
  kThrottle,             // One batch at a time, answered late. Asks for a snapshot.
};

// Serves one adapter. Its clock is days off, in turns ahead and behind. Thread-safe.
class CheckDaemon {
 public:
  struct Options {
    std::chrono::milliseconds half_open{2000};
    // Nothing but health for so long: no more facts will come. While facts are open that an earlier
    // stream took away with it: ten times as long.
    std::chrono::milliseconds quiet{1000};
    // An act that waits for the adapter goes on without it after so long.
    std::chrono::milliseconds act_patience{2000};
    // So long a request for a snapshot may go unanswered; it need not be answered at all.
    std::chrono::milliseconds snapshot_patience{2000};
    int level_updates = 4;
  };

  CheckDaemon(Options options, Recorder* recorder);
  ~CheckDaemon();
  CheckDaemon(const CheckDaemon&) = delete;
  CheckDaemon& operator=(const CheckDaemon&) = delete;

  const std::string& address() const { return address_; }

  // Goes through all acts. True when the last one has come to its end: all facts and levels are
  // acknowledged and nothing more comes. False when `patience` is over or `stop` requested.
  bool Run(std::chrono::milliseconds patience, const std::stop_token& stop);

  // Acts that were begun, of all.
  int acts_begun() const;
  static int act_count();
  bool wants_levels() const;
  // Whether the last of the levels was acknowledged.
  bool has_all_levels() const;

 private:
  using Stream = grpc::ServerReaderWriter<v1::ConnectResponse, v1::ConnectRequest>;

  // An acknowledgement that is sent at its instant, and the facts that it is for.
  struct LateAck {
    sdk::SteadyTime at;
    v1::BatchAck ack;
    std::vector<std::string> event_ids;
  };

  // The present stream of the adapter.
  struct Session {
    int number = 0;
    Act act = Act::kThrottle;
    grpc::ServerContext* context = nullptr;
    Stream* stream = nullptr;
    bool is_welcome = false;
    bool wants_levels = false;
    int level_updates_max = 1;
    int batches = 0;
    uint64_t cursor_told = 0;
    uint64_t cursor_acknowledged = 0;
    bool is_duplicated = false;
    std::deque<LateAck> acks;  // Oldest first.
    sdk::SteadyTime began_at;
    sdk::SteadyTime active_at;          // When something other than health came or went.
    bool has_snapshot_request = false;  // And has not begun to answer it.
    std::string snapshot_id;            // That was begun last.
  };

  class Adapters final : public v1::AdapterService::Service {
   public:
    explicit Adapters(CheckDaemon& daemon) : daemon_(daemon) {}
    grpc::Status Connect(grpc::ServerContext* context, Stream* stream) override {
      return daemon_.Serve(context, stream);
    }

   private:
    CheckDaemon& daemon_;
  };

  // Takes everything, so that an adapter that puts a catalogue goes on.
  class Catalogue;

  bool StartServer();
  void StopServer();
  grpc::Status Serve(grpc::ServerContext* context, Stream* stream);
  // Unset: go on reading.
  std::optional<grpc::Status> OnRequest(Session& session, const v1::ConnectRequest& request);
  void OnHello(Session& session, const v1::Hello& hello);
  std::optional<grpc::Status> OnFacts(Session& session, const v1::FactBatch& batch);
  void Take(Session& session, const v1::FactBatch& batch);
  void OnLevelAck(Session& session, const v1::LevelAck& ack);
  void TellLevels(Session& session);
  void Send(Session& session, const v1::ConnectResponse& response);
  // What is due now. True when all is done.
  bool Tick(Session& session);
  bool IsDone(const Session& session) const;

  const Options options_;
  Recorder& recorder_;
  Adapters adapters_{*this};
  std::unique_ptr<Catalogue> catalogue_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::shared_ptr<Session> session_;
  int streams_ = 0;
  bool must_restart_ = false;
  uint64_t batch_acknowledged_ = 0;
  // By event id: facts that were taken, those of them that were acknowledged, and those that came
  // and were not.
  std::set<std::string> facts_;
  std::set<std::string> acknowledged_;
  std::set<std::string> open_;
  bool wants_levels_ = false;
  uint64_t cursor_acknowledged_ = 0;
};

}  // namespace stockd::check
