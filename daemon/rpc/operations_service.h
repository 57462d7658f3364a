#pragma once

#include <absl/synchronization/mutex.h>

#include <filesystem>
#include <memory>

#include "daemon/engine/engine.h"
#include "daemon/rpc/open_call.h"
#include "daemon/rpc/single_worker.h"
#include "daemon/storage/reader.h"
#include "stockd/v1/operations_service.grpc.pb.h"

namespace stockd::rpc {

// What people who run the daemon ask for. Audits and backups take long: they run on a thread of
// their own, one at a time; a second one is told RESOURCE_EXHAUSTED (BUSY). Thread-safe.
class OperationsService final : public v1::OperationsService::CallbackService {
 public:
  // Backups are written into `backup_directory` only; it is made when the first one is asked for.
  OperationsService(engine::Engine& engine, storage::Reader& reader,
                    std::filesystem::path backup_directory);

  // Answers the audit or backup that runs with UNAVAILABLE (STOPPING) and takes no other, so that
  // the server can shut down. Its work goes on until it is done: see busy().
  void Stop();
  // Whether an audit or a backup still works. It only reads the database and writes a new file that
  // has no final name yet, so the process may end in the middle of it.
  bool busy() const { return worker_.busy(); }

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::GetStatusRequest* request,
                                      v1::GetStatusResponse* response) override;
  grpc::ServerUnaryReactor* Verify(grpc::CallbackServerContext* context,
                                   const v1::VerifyRequest* request,
                                   v1::VerifyResponse* response) override;
  grpc::ServerUnaryReactor* Backup(grpc::CallbackServerContext* context,
                                   const v1::BackupRequest* request,
                                   v1::BackupResponse* response) override;

 private:
  // Runs `work(Response&) -> grpc::Status` on the worker and answers with what it says; or answers
  // that it is busy.
  template <typename Response, typename Work>
  grpc::ServerUnaryReactor* RunLong(grpc::CallbackServerContext* context, Response* response,
                                    Work work);

  engine::Engine& engine_;
  storage::Reader& reader_;
  const std::filesystem::path backup_directory_;
  const Timestamp started_at_;
  absl::Mutex mutex_;
  std::shared_ptr<OpenCall> open_call_ ABSL_GUARDED_BY(mutex_);  // The latest; perhaps answered.
  SingleWorker worker_;  // Last, so that its job ends before what it uses.
};

}  // namespace stockd::rpc
