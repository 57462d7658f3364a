#pragma once

#include "daemon/engine/work_queue.h"
#include "daemon/reports/reports.h"
#include "daemon/storage/reader.h"
#include "stockd/v1/experiment_service.grpc.pb.h"

namespace stockd::rpc {

// Comparisons that wait to be made.
inline constexpr size_t kComparisonsWaitingMax = 16;

// Policy experiments. Thread-safe.
class ExperimentService final : public v1::ExperimentService::CallbackService {
 public:
  // `reports` null: they are turned off, and nothing is compared (REPORTS_OFF).
  ExperimentService(engine::Engine& engine, storage::Reader& reader, reports::Reports* reports)
      : engine_(engine), reader_(reader), reports_(reports) {}

  grpc::ServerUnaryReactor* StartExperiment(grpc::CallbackServerContext* context,
                                            const v1::StartExperimentRequest* request,
                                            v1::StartExperimentResponse* response) override;
  grpc::ServerUnaryReactor* EndExperiment(grpc::CallbackServerContext* context,
                                          const v1::EndExperimentRequest* request,
                                          v1::EndExperimentResponse* response) override;
  grpc::ServerUnaryReactor* GetExperiment(grpc::CallbackServerContext* context,
                                          const v1::GetExperimentRequest* request,
                                          v1::GetExperimentResponse* response) override;
  grpc::ServerUnaryReactor* ListExperiments(grpc::CallbackServerContext* context,
                                            const v1::ListExperimentsRequest* request,
                                            v1::ListExperimentsResponse* response) override;
  grpc::ServerUnaryReactor* CompareExperiment(grpc::CallbackServerContext* context,
                                              const v1::CompareExperimentRequest* request,
                                              v1::CompareExperimentResponse* response) override;

 private:
  template <typename Response, typename Run, typename More>
  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context, Response* response,
                                   Run run, More more);
  void Fill(const storage::Experiment& experiment, v1::Experiment& proto) const;
  // OK, or NOT_FOUND.
  grpc::Status Find(const std::string& id, storage::Experiment& experiment);
  grpc::Status ParseQuery(const v1::CompareExperimentRequest& request,
                          const storage::Experiment& experiment, reports::ReportQuery& query) const;
  grpc::Status Compare(const storage::Experiment& experiment, reports::ReportQuery query,
                       v1::CompareExperimentResponse& response);

  engine::Engine& engine_;
  storage::Reader& reader_;
  reports::Reports* const reports_;
  engine::WorkQueue comparing_{kComparisonsWaitingMax};
};

}  // namespace stockd::rpc
