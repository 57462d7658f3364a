#include "adapters/files/files_adapter.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "adapters/files/file_worker.h"
#include "adapters/files/level_file.h"
#include "adapters/files/level_snapshots.h"
#include "adapters/sdk/daemon_channel.h"
#include "adapters/sdk/file_queue.h"
#include "adapters/sdk/folder_watch.h"
#include "adapters/sdk/item_scales.h"
#include "adapters/sdk/log.h"
#include "adapters/sdk/quota_client.h"
#include "adapters/sdk/repeating_timer.h"
#include "adapters/sdk/session.h"
#include "adapters/sdk/snapshot_answers.h"
#include "adapters/sdk/state_store.h"
#include "adapters/sdk/stop_signals.h"

namespace stockd::files {
namespace {

// How long --once waits for the levels that follow from what it sent.
constexpr std::chrono::seconds kLevelPatience{30};
constexpr int kLevelUpdatesInFlight = 64;

std::string_view NameOf(Role role) {
  switch (role) {
    case Role::kErp: return "erp";
    case Role::kPos: return "pos";
    case Role::kWeb: return "web";
  }
  __builtin_unreachable();
}

// Everything that lives as long as the adapter runs.
class FilesAdapter : public sdk::SessionListener {
 public:
  FilesAdapter(const AdapterConfig& config, std::stop_source stop)
      : config_(config),
        stop_(std::move(stop)),
        scales_(config.quantity.scale),
        snapshot_scales_(config.quantity.scale) {}

  ~FilesAdapter() override {
    if (snapshots_) snapshots_->Stop();
    // The level file first: what it writes at the end is still acknowledged.
    if (levels_) levels_->Stop();
    if (session_) session_->Stop();
  }

  absl::Status Open() {
    absl::StatusOr<sdk::FileQueue> queue =
        sdk::FileQueue::Open(config_.drop_directory, ".rejected.csv");
    if (!queue.ok()) return queue.status();
    queue_.emplace(*std::move(queue));
    absl::StatusOr<std::unique_ptr<sdk::StateStore>> state =
        sdk::StateStore::Open(config_.state_file);
    if (!state.ok()) return state.status();
    state_ = *std::move(state);
    if (config_.level_file.empty()) return absl::OkStatus();
    absl::StatusOr<std::unique_ptr<LevelFile>> levels =
        LevelFile::Open({.path = config_.level_file,
                         .write_interval = config_.level_write_interval,
                         .positions_max = config_.level_positions_max,
                         .updates_in_flight_max = kLevelUpdatesInFlight},
                        state_.get());
    if (!levels.ok()) return levels.status();
    levels_ = *std::move(levels);
    return absl::OkStatus();
  }

  absl::StatusOr<AdapterOutcome> Serve(bool once) {
    if (absl::Status status = Connect(); !status.ok()) return status;
    FileWorker worker(Context(scales_));
    absl::Status status;
    {
      boost::asio::io_context context;
      const sdk::StopSignals signals(context, stop_);
      const sdk::FolderWatch watch(context, config_.drop_directory, config_.poll_interval,
                                   [&worker] { worker.Wake(); });
      const sdk::RepeatingTimer health_timer(context, config_.health_interval,
                                             [this] { LogHealth(); });
      const std::jthread helper([&context] { context.run(); });
      status = once ? RunOnce(worker) : worker.Run();
      context.stop();
    }
    LogHealth();
    if (!status.ok()) return status;
    return AdapterOutcome{.files_done = worker.counts().done,
                          .files_failed = worker.counts().failed};
  }

 private:
  absl::Status Connect() {
    absl::StatusOr<std::shared_ptr<grpc::Channel>> opened = sdk::OpenChannel(config_.daemon);
    if (!opened.ok()) return opened.status();
    const std::shared_ptr<grpc::Channel> channel = *std::move(opened);
    catalogue_ = sdk::MakeCatalogueClient(channel);
    quotas_ = sdk::MakeQuotaClient(channel);
    session_ = std::make_unique<sdk::Session>(
        sdk::SessionOptions{.source = config_.source,
                            .adapter = fmt::format("stockd-files ({})", NameOf(config_.role)),
                            .wants_levels = levels_ != nullptr,
                            .level_updates_in_flight_max = kLevelUpdatesInFlight,
                            .backoff = config_.retry,
                            .answer_timeout = config_.answer_timeout},
        [channel] { return sdk::OpenConnectStream(channel); }, levels_.get(), this);
    if (config_.role == Role::kErp) AnswerSnapshotRequests();
    if (levels_) {
      levels_->Start([this](uint64_t cursor) { session_->AcknowledgeLevels(cursor); });
    }
    session_->Start();
    spdlog::info("adapter started role={} source={} drop_directory={} daemon={}",
                 NameOf(config_.role), config_.source,
                 sdk::LogValue(config_.drop_directory.string()), config_.daemon.address);
    return absl::OkStatus();
  }

  FileContext Context(sdk::ItemScales& scales) {
    return {.config = config_,
            .queue = *queue_,
            .session = *session_,
            .catalogue = *catalogue_,
            .quotas = *quotas_,
            .state = *state_,
            .scales = scales,
            .stop = stop_.get_token()};
  }

  void AnswerSnapshotRequests() {
    last_levels_.emplace(Context(snapshot_scales_));
    snapshots_.emplace(&*last_levels_);
    snapshots_->Start(
        [this](v1::SnapshotBegin begin, sdk::SnapshotRows* rows, std::stop_token stop) {
          return session_->SendSnapshot(std::move(begin), rows, std::move(stop));
        });
  }

  void OnSnapshotRequest(const v1::SnapshotRequest& request) override {
    if (snapshots_) snapshots_->Take(request);
  }

  absl::Status RunOnce(FileWorker& worker) {
    absl::Status status = worker.RunOnce();
    if (!status.ok() || !levels_) return status;
    const absl::StatusOr<bool> is_caught_up =
        session_->CatchUpWithLevels(kLevelPatience, stop_.get_token());
    if (!is_caught_up.ok()) return is_caught_up.status();
    if (!*is_caught_up || !levels_->WaitUntilWritten(kLevelPatience, stop_.get_token())) {
      return absl::DeadlineExceededError(
          fmt::format("all files are acknowledged, but the levels were not complete within {} s",
                      kLevelPatience.count()));
    }
    return levels_->failure();
  }

  void LogHealth() const {
    spdlog::info("health {}", sdk::ToLogLine(session_->health()));
    const absl::Status levels = levels_ ? levels_->failure() : absl::OkStatus();
    if (levels.ok()) return;
    spdlog::error("no more levels are taken {}", levels.ToString());
    session_->ReportTrouble("no more levels are taken: " + std::string(levels.message()));
  }

  const AdapterConfig& config_;
  std::stop_source stop_;
  sdk::ItemScales scales_;
  sdk::ItemScales snapshot_scales_;  // For the thread that answers requests.
  std::optional<sdk::FileQueue> queue_;
  std::unique_ptr<sdk::StateStore> state_;
  std::unique_ptr<LevelFile> levels_;
  std::unique_ptr<sdk::CatalogueClient> catalogue_;
  std::unique_ptr<sdk::QuotaClient> quotas_;
  std::optional<LastLevels> last_levels_;
  std::optional<sdk::SnapshotAnswers> snapshots_;
  std::unique_ptr<sdk::Session> session_;
};

}  // namespace

absl::StatusOr<AdapterOutcome> RunFilesAdapter(const AdapterConfig& config, bool once,
                                               std::stop_source stop) {
  FilesAdapter adapter(config, std::move(stop));
  if (absl::Status status = adapter.Open(); !status.ok()) return status;
  return adapter.Serve(once);
}

}  // namespace stockd::files
