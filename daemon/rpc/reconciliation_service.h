#pragma once

#include "daemon/engine/engine.h"
#include "daemon/storage/reader.h"
#include "daemon/sync/drift_repair.h"
#include "daemon/sync/reconcile_schedule.h"
#include "daemon/sync/source_book.h"
#include "stockd/v1/reconciliation_service.grpc.pb.h"

namespace stockd::rpc {

// Comparisons of what sources say with what is known, and their repair. Thread-safe.
class ReconciliationService final : public v1::ReconciliationService::CallbackService {
 public:
  ReconciliationService(engine::Engine& engine, storage::Reader& reader,
                        const sync::SourceBook& sources, sync::SourceRecords& records,
                        sync::ReconcileSchedule& schedule)
      : engine_(engine),
        reader_(reader),
        sources_(sources),
        schedule_(schedule),
        repair_(engine, reader, records) {}

  grpc::ServerUnaryReactor* StartReconciliation(grpc::CallbackServerContext* context,
                                                const v1::StartReconciliationRequest* request,
                                                v1::StartReconciliationResponse* response) override;
  grpc::ServerUnaryReactor* GetReconciliation(grpc::CallbackServerContext* context,
                                              const v1::GetReconciliationRequest* request,
                                              v1::GetReconciliationResponse* response) override;
  grpc::ServerUnaryReactor* ListReconciliations(grpc::CallbackServerContext* context,
                                                const v1::ListReconciliationsRequest* request,
                                                v1::ListReconciliationsResponse* response) override;
  grpc::ServerUnaryReactor* RepairDrift(grpc::CallbackServerContext* context,
                                        const v1::RepairDriftRequest* request,
                                        v1::RepairDriftResponse* response) override;

 private:
  // Looks the reconciliation up: NOT_FOUND (SOURCE_UNKNOWN, RECONCILIATION_UNKNOWN).
  grpc::Status Find(const std::string& source, const std::string& reconciliation_id,
                    storage::ReconciliationSums& found);
  void Fill(const storage::ReconciliationSums& sums, v1::Reconciliation& proto);
  void Fill(const storage::Drift& drift, v1::Drift& proto) const;

  engine::Engine& engine_;
  storage::Reader& reader_;
  const sync::SourceBook& sources_;
  sync::ReconcileSchedule& schedule_;
  sync::DriftRepair repair_;
};

}  // namespace stockd::rpc
