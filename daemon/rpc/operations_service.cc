#include "daemon/rpc/operations_service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "daemon/base/version.h"
#include "daemon/rpc/audit.h"
#include "daemon/rpc/backup.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr int32_t kDifferencesDefault = 100;
constexpr int32_t kDifferencesMax = 1000;

v1::WriterState ToProto(engine::WriterState state) {
  switch (state) {
    case engine::WriterState::kRunning: return v1::WRITER_STATE_RUNNING;
    case engine::WriterState::kStopping: return v1::WRITER_STATE_STOPPING;
    case engine::WriterState::kFailed: return v1::WRITER_STATE_FAILED;
  }
  return v1::WRITER_STATE_UNSPECIFIED;
}

grpc::Status WorkerBusy() {
  return MakeStatus(grpc::StatusCode::RESOURCE_EXHAUSTED, "BUSY",
                    "An audit or a backup is running; one at a time. Try again when it is done.",
                    {{"retry_after_ms", "1000"}});
}

}  // namespace

OperationsService::OperationsService(engine::Engine& engine, storage::Reader& reader,
                                     std::filesystem::path backup_directory)
    : engine_(engine),
      reader_(reader),
      backup_directory_(std::move(backup_directory)),
      started_at_(engine.Now()) {}

void OperationsService::Stop() {
  worker_.Stop();
  std::shared_ptr<OpenCall> call;
  {
    const absl::MutexLock lock(&mutex_);
    call = std::move(open_call_);
  }
  if (call) call->Finish(ToStatus(engine::CommitOutcome::kStopping));
}

template <typename Response, typename Work>
grpc::ServerUnaryReactor* OperationsService::RunLong(grpc::CallbackServerContext* context,
                                                     Response* response, Work work) {
  struct Outcome {
    grpc::Status status;
    Response response;
  };
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  auto call = std::make_shared<OpenCall>(reactor);
  // The call's own response is gone once Stop() has answered it.
  auto outcome = std::make_shared<Outcome>();
  {
    const absl::MutexLock lock(&mutex_);
    if (worker_.TryStart(
            [outcome, work = std::move(work)] { outcome->status = work(outcome->response); },
            [call, outcome, response] {
              call->Finish(outcome->status, [&] { *response = std::move(outcome->response); });
            })) {
      open_call_ = std::move(call);
      return reactor;
    }
  }
  call->Finish(WorkerBusy());
  return reactor;
}

grpc::ServerUnaryReactor* OperationsService::GetStatus(grpc::CallbackServerContext* context,
                                                       const v1::GetStatusRequest*,
                                                       v1::GetStatusResponse* response) {
  response->set_version(std::string(kVersion));
  response->set_writer_state(ToProto(engine_.state()));
  response->set_failure(engine_.failure());
  response->set_sequence(engine_.changes().newest());
  response->set_position_count(engine_.index().size());
  response->set_item_count(engine_.catalogue().item_count());
  response->set_reservation_open_count(engine_.open_count());
  response->set_order_open_count(engine_.open_order_count());
  response->set_queue_depth(static_cast<int64_t>(engine_.queue_depth()));
  response->set_quarantine_count(engine_.quarantine_count());
  response->set_commit_count(engine_.commit_count());
  response->set_command_count(engine_.command_count());
  rpc::ToProto(started_at_, *response->mutable_start_time());
  return FinishNow(context, ReadOrExplain([&] {
                     response->set_database_bytes(reader_.DatabaseBytes());
                     return grpc::Status::OK;
                   }));
}

grpc::ServerUnaryReactor* OperationsService::Verify(grpc::CallbackServerContext* context,
                                                    const v1::VerifyRequest* request,
                                                    v1::VerifyResponse* response) {
  const int32_t asked = request->differences_max();
  if (asked < 0) return FinishNow(context, InvalidField("differences_max", "is negative"));
  const int32_t max = asked == 0 ? kDifferencesDefault : std::min(asked, kDifferencesMax);
  return RunLong(context, response, [this, max](v1::VerifyResponse& audit) {
    return ReadOrExplain([&] {
      audit = RunAudit(engine_, reader_, max);
      return grpc::Status::OK;
    });
  });
}

grpc::ServerUnaryReactor* OperationsService::Backup(grpc::CallbackServerContext* context,
                                                    const v1::BackupRequest* request,
                                                    v1::BackupResponse* response) {
  if (auto status = CheckBackupName(request->file_name()); !status.ok())
    return FinishNow(context, status);
  return RunLong(context, response,
                 [this, file_name = request->file_name()](v1::BackupResponse& backup) {
                   return RunBackup(reader_, backup_directory_, file_name, backup);
                 });
}

}  // namespace stockd::rpc
