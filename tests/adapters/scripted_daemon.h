// A daemon that does as the test says.
#pragma once

#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "stockd/v1/adapter_service.grpc.pb.h"
#include "stockd/v1/catalogue_service.grpc.pb.h"
#include "stockd/v1/quota_service.grpc.pb.h"

namespace stockd::adapters_test {

// Speaks AdapterService, QuotaService and the puts of CatalogueService on a port of its own. Facts
// are remembered by their event ids, so that repetitions are recognised over streams; a fact of the
// SKU "unknown" is set aside, one about the order "unknown" waits. Thread-safe.
class ScriptedDaemon {
 public:
  struct Script {
    int batch_size_max = 100;
    int batches_in_flight_max = 2;
    bool acknowledges = true;  // False: batches are kept unanswered until AcknowledgeAll().
    // Once so many facts were taken, batches are kept unanswered too.
    std::optional<size_t> answers_until;
    // Ends the first stream with UNAVAILABLE when it has received so many batches, after taking but
    // not answering the last one. 0: never.
    int break_after_batches = 0;
    // Ends every stream at its hello.
    std::optional<grpc::Status> refusal;
  };

  // What was received; see Observe().
  struct Log {
    std::vector<v1::Hello> hellos;
    std::vector<v1::FactBatch> batches;
    std::map<std::string, v1::Fact> facts;   // By event id.
    std::map<std::string, int> repetitions;  // By event id: how often it came again.
    std::set<std::pair<std::string, uint64_t>> passed_numbers;  // Device and number.
    std::vector<v1::SnapshotBegin> snapshot_begins;
    std::vector<v1::SnapshotRow> snapshot_rows;  // Of the last complete snapshot.
    int snapshots_complete = 0;
    std::vector<uint64_t> level_acks;
    std::vector<v1::LevelResult> level_results;
    std::vector<uint64_t> order_acks;
    std::vector<v1::OrderFactBatch> order_batches;
    std::map<std::string, v1::OrderFact> order_facts;  // By event id, as facts.
    std::vector<v1::AdapterHealth> healths;
    int unanswered = 0;      // Batches of the present stream.
    int unanswered_max = 0;  // Most that were unanswered at once.
    int streams_ended = 0;
    std::map<std::string, v1::Item> items;
    std::map<std::string, v1::Location> locations;
    std::map<std::string, v1::Group> groups;
    std::map<std::string, v1::Supply> supplies;
    std::map<std::string, v1::Quota> quotas;
    int put_calls = 0;
  };

  explicit ScriptedDaemon(Script script);
  ~ScriptedDaemon();
  ScriptedDaemon(const ScriptedDaemon&) = delete;
  ScriptedDaemon& operator=(const ScriptedDaemon&) = delete;

  const std::string& address() const { return address_; }

  // Waits until the condition holds; false after kPatience.
  bool Observe(const std::function<bool(const Log&)>& condition);
  Log log();

  // Answers all batches, those to come too.
  void AcknowledgeAll();
  // Sets the script's answers_until.
  void AnswerUntil(size_t facts);
  // Sends levels on the present stream. False when there is none.
  bool SendLevels(const v1::LevelUpdate& update);
  // Sends an order on the present stream. False when there is none.
  bool SendOrder(const v1::OrderUpdate& update);
  // Asks the present stream for a snapshot. False when there is none.
  bool SendSnapshotRequest(const v1::SnapshotRequest& request);
  // Each new stream is told that all levels have been sent, with this cursor.
  void CatchUpNewStreamsWith(v1::LevelUpdate update);

 private:
  using Stream = grpc::ServerReaderWriter<v1::ConnectResponse, v1::ConnectRequest>;

  class Adapters final : public v1::AdapterService::Service {
   public:
    explicit Adapters(ScriptedDaemon& daemon) : daemon_(daemon) {}
    grpc::Status Connect(grpc::ServerContext* context, Stream* stream) override {
      return daemon_.Serve(context, stream);
    }

   private:
    ScriptedDaemon& daemon_;
  };

  class Catalogue final : public v1::CatalogueService::Service {
   public:
    explicit Catalogue(ScriptedDaemon& daemon) : daemon_(daemon) {}
    grpc::Status PutItems(grpc::ServerContext* context, const v1::PutItemsRequest* request,
                          v1::PutItemsResponse* response) override;
    grpc::Status PutLocations(grpc::ServerContext* context, const v1::PutLocationsRequest* request,
                              v1::PutLocationsResponse* response) override;
    grpc::Status PutGroups(grpc::ServerContext* context, const v1::PutGroupsRequest* request,
                           v1::PutGroupsResponse* response) override;
    grpc::Status PutSupplies(grpc::ServerContext* context, const v1::PutSuppliesRequest* request,
                             v1::PutSuppliesResponse* response) override;

   private:
    ScriptedDaemon& daemon_;
  };

  // Grants 5 units of anything at most; a quota's sales are the facts that name it.
  class Quotas final : public v1::QuotaService::Service {
   public:
    explicit Quotas(ScriptedDaemon& daemon) : daemon_(daemon) {}
    grpc::Status GrantQuota(grpc::ServerContext* context, const v1::GrantQuotaRequest* request,
                            v1::GrantQuotaResponse* response) override;
    grpc::Status SettleQuota(grpc::ServerContext* context, const v1::SettleQuotaRequest* request,
                             v1::SettleQuotaResponse* response) override;
    grpc::Status ListQuotas(grpc::ServerContext* context, const v1::ListQuotasRequest* request,
                            v1::ListQuotasResponse* response) override;

   private:
    ScriptedDaemon& daemon_;
  };

  // The quota with what the facts say of it.
  v1::Quota Standing(const std::string& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  grpc::Status Serve(grpc::ServerContext* context, Stream* stream);
  // Unset: go on reading.
  std::optional<grpc::Status> OnRequest(Stream* stream, const v1::ConnectRequest& request)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<grpc::Status> OnHello(Stream* stream, const v1::Hello& hello)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<grpc::Status> OnFacts(Stream* stream, const v1::FactBatch& batch)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Take(const v1::FactBatch& batch, v1::BatchAck* ack) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<grpc::Status> OnOrderFacts(Stream* stream, const v1::OrderFactBatch& batch)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Adapters adapters_{*this};
  Catalogue catalogue_{*this};
  Quotas quotas_{*this};
  absl::Mutex mutex_;
  Script script_ ABSL_GUARDED_BY(mutex_);
  Log log_ ABSL_GUARDED_BY(mutex_);
  Stream* stream_ ABSL_GUARDED_BY(mutex_) = nullptr;
  std::vector<v1::ConnectResponse> kept_answers_ ABSL_GUARDED_BY(mutex_);
  std::optional<v1::LevelUpdate> first_levels_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::SnapshotRow> open_rows_ ABSL_GUARDED_BY(mutex_);
  std::string open_snapshot_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

// A fact with what is needed.
[[nodiscard]] v1::Fact MakeFact(const std::string& event_id, const std::string& sku = "A-1");

}  // namespace stockd::adapters_test
