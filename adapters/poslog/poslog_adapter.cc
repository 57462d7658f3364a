#include "adapters/poslog/poslog_adapter.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "adapters/poslog/file_worker.h"
#include "adapters/poslog/upload_listener.h"
#include "adapters/sdk/catalogue_client.h"
#include "adapters/sdk/daemon_channel.h"
#include "adapters/sdk/file_queue.h"
#include "adapters/sdk/folder_watch.h"
#include "adapters/sdk/item_scales.h"
#include "adapters/sdk/log.h"
#include "adapters/sdk/repeating_timer.h"
#include "adapters/sdk/session.h"
#include "adapters/sdk/state_store.h"
#include "adapters/sdk/stop_signals.h"

namespace stockd::poslog {
namespace {

// Everything that lives as long as the adapter runs.
class PoslogAdapter {
 public:
  PoslogAdapter(const PoslogConfig& config, std::stop_source stop)
      : config_(config), stop_(std::move(stop)), scales_(config.scale) {}

  ~PoslogAdapter() {
    if (session_) session_->Stop();
  }
  PoslogAdapter(const PoslogAdapter&) = delete;
  PoslogAdapter& operator=(const PoslogAdapter&) = delete;

  absl::Status Open() {
    absl::StatusOr<sdk::FileQueue> queue =
        sdk::FileQueue::Open(config_.drop_directory, ".rejected.xml");
    if (!queue.ok()) return queue.status();
    queue_.emplace(*std::move(queue));
    absl::StatusOr<std::unique_ptr<sdk::StateStore>> state =
        sdk::StateStore::Open(config_.state_file);
    if (!state.ok()) return state.status();
    state_ = *std::move(state);
    return absl::OkStatus();
  }

  absl::StatusOr<AdapterOutcome> Serve(bool once) {
    if (absl::Status status = Connect(); !status.ok()) return status;
    FileWorker worker({.config = config_,
                       .queue = *queue_,
                       .session = *session_,
                       .catalogue = *catalogue_,
                       .state = *state_,
                       .scales = scales_,
                       .stop = stop_.get_token()});
    absl::Status status;
    {
      boost::asio::io_context context;
      const sdk::StopSignals signals(context, stop_);
      const sdk::FolderWatch watch(context, config_.drop_directory, config_.poll_interval,
                                   [&worker] { worker.Wake(); });
      const sdk::RepeatingTimer health_timer(context, config_.health_interval,
                                             [this] { LogHealth(); });
      if (!once && !config_.upload.listen.empty()) status = Listen(context);
      if (!status.ok()) return status;
      const std::jthread helper([&context] { context.run(); });
      status = once ? worker.RunOnce() : worker.Run();
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
    session_ = std::make_unique<sdk::Session>(
        sdk::SessionOptions{.source = config_.source,
                            .adapter = "stockd-poslog",
                            .backoff = config_.retry,
                            .answer_timeout = config_.answer_timeout},
        [channel] { return sdk::OpenConnectStream(channel); }, nullptr);
    session_->Start();
    spdlog::info("adapter started source={} drop_directory={} daemon={}", config_.source,
                 sdk::LogValue(config_.drop_directory.string()), config_.daemon.address);
    return absl::OkStatus();
  }

  absl::Status Listen(boost::asio::io_context& context) const {
    const absl::StatusOr<UploadListener> listener =
        UploadListener::Open(context, config_.upload, config_.drop_directory);
    if (!listener.ok()) return listener.status();
    spdlog::info("listening for uploads address={} port={}", config_.upload.listen,
                 listener->port());
    return absl::OkStatus();
  }

  void LogHealth() const { spdlog::info("health {}", sdk::ToLogLine(session_->health())); }

  const PoslogConfig& config_;
  std::stop_source stop_;
  sdk::ItemScales scales_;
  std::optional<sdk::FileQueue> queue_;
  std::unique_ptr<sdk::StateStore> state_;
  std::unique_ptr<sdk::CatalogueClient> catalogue_;
  std::unique_ptr<sdk::Session> session_;
};

}  // namespace

absl::StatusOr<AdapterOutcome> RunPoslogAdapter(const PoslogConfig& config, bool once,
                                                std::stop_source stop) {
  PoslogAdapter adapter(config, std::move(stop));
  if (absl::Status status = adapter.Open(); !status.ok()) return status;
  return adapter.Serve(once);
}

}  // namespace stockd::poslog
