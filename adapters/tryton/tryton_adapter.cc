#include "adapters/tryton/tryton_adapter.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "adapters/http_client/http_client.h"
#include "adapters/sdk/adapter.h"
#include "adapters/sdk/catalogue_client.h"
#include "adapters/sdk/clock.h"
#include "adapters/sdk/journal_client.h"
#include "adapters/sdk/log.h"
#include "adapters/sdk/random_seed.h"
#include "adapters/sdk/stop_signals.h"
#include "adapters/tryton/catalogue_reader.h"
#include "adapters/tryton/document_writer.h"
#include "adapters/tryton/level_booker.h"
#include "adapters/tryton/move_reader.h"
#include "adapters/tryton/opening.h"
#include "adapters/tryton/tryton_client.h"
#include "adapters/tryton/tryton_state.h"

namespace stockd::tryton {
namespace {

constexpr std::chrono::seconds kSummaryInterval{60};

// Answers the daemon's requests to compare. Figures that others' bookings or untold moves are still
// on their way to are reported as drift and are none a moment later.
class StockSnapshots final : public sdk::SnapshotSource {
 public:
  StockSnapshots(TrytonClient* client, const ProductBook* products)
      : client_(*client), products_(*products) {}

  void Begin(std::shared_ptr<const StockPlaces> places) {
    const std::scoped_lock lock(mutex_);
    places_ = std::move(places);
  }

  absl::StatusOr<sdk::Snapshot> Read(const v1::SnapshotRequest& request) override {
    if (!request.compare_only()) {
      return absl::FailedPreconditionError(
          "Tryton's figures are told once, at the opening; a later one would undo what other "
          "channels did and Tryton does not know yet");
    }
    std::shared_ptr<const StockPlaces> places;
    {
      const std::scoped_lock lock(mutex_);
      places = places_;
    }
    if (places == nullptr) return absl::UnavailableError("the catalogue is not read yet");
    std::vector<Warehouse> wanted;
    for (const Warehouse& warehouse : places->warehouses()) {
      const bool is_wanted =
          request.locations().empty() ||
          std::ranges::find(request.locations(), warehouse.location) != request.locations().end();
      if (is_wanted) wanted.push_back(warehouse);
    }
    const sdk::Timestamp as_of = sdk::Now();
    absl::StatusOr<StockReading> reading = ReadStock(client_, wanted, *products_.Get());
    if (!reading.ok()) return reading.status();
    return sdk::Snapshot{.as_of = as_of,
                         .rows = std::make_unique<LevelRows>(std::move(reading->levels))};
  }

 private:
  TrytonClient& client_;
  const ProductBook& products_;
  std::mutex mutex_;
  std::shared_ptr<const StockPlaces> places_;
};

// Everything that lives as long as the adapter runs.
class TrytonAdapter {
 public:
  TrytonAdapter(const AdapterConfig& config, std::stop_source stop)
      : config_(config), stop_(std::move(stop)) {}

  ~TrytonAdapter() {
    stop_.request_stop();
    if (http_) http_->Stop();
    if (adapter_) adapter_->Stop();
  }

  absl::Status Open() {
    std::error_code error;
    std::filesystem::create_directories(config_.state_directory, error);
    if (error) {
      return absl::FailedPreconditionError(
          fmt::format("{} cannot be made: {}", config_.state_directory.string(), error.message()));
    }
    absl::StatusOr<std::unique_ptr<TrytonState>> state =
        TrytonState::Open(config_.state_directory / "tryton.sqlite");
    if (!state.ok()) return state.status();
    state_ = *std::move(state);
    absl::StatusOr<std::unique_ptr<http_client::HttpClient>> http =
        http_client::HttpClient::Make(config_.http);
    if (!http.ok()) return http.status();
    http_ = *std::move(http);
    client_.emplace(config_.access, http_.get());
    absl::StatusOr<std::shared_ptr<grpc::Channel>> channel = sdk::OpenChannel(config_.daemon);
    if (!channel.ok()) return channel.status();
    catalogue_client_ = sdk::MakeCatalogueClient(*channel);
    journal_ = sdk::MakeJournalClient(*channel);
    catalogue_.emplace(CatalogueReader::Options{.locations = config_.locations,
                                                .are_locations_put = config_.are_locations_put,
                                                .are_items_put = config_.are_items_put,
                                                .retry = config_.retry},
                       &*client_, catalogue_client_.get(), &products_);
    moves_.emplace(
        MoveReader::Options{.overlap = config_.overlap, .key_prefix = config_.key_prefix},
        &*client_, state_.get());
    writer_.emplace(&*client_, state_.get());
    snapshots_.emplace(&*client_, &products_);
    if (config_.is_booking) {
      booker_.emplace(
          LevelBooker::Options{
              .source = config_.source, .key_prefix = config_.key_prefix, .retry = config_.retry},
          journal_.get(), state_.get(), &*writer_, &products_, stop_.get_token(),
          [this](std::string_view trouble) { Report(booking_trouble_, trouble); });
    }
    absl::StatusOr<std::unique_ptr<sdk::Adapter>> adapter =
        sdk::Adapter::Open({.source = config_.source,
                            .adapter = "stockd-tryton 1.0",
                            .daemon = config_.daemon,
                            .state_file = config_.state_directory / "outbox.sqlite",
                            .backoff = config_.retry,
                            .answer_timeout = config_.answer_timeout},
                           {.levels = booker_ ? &*booker_ : nullptr, .snapshots = &*snapshots_});
    if (!adapter.ok()) return adapter.status();
    adapter_ = *std::move(adapter);
    return absl::OkStatus();
  }

  absl::Status Serve() {
    boost::asio::io_context context;
    const sdk::StopSignals signals(context, stop_);
    const std::jthread signal_thread([&context] { context.run(); });
    // Calls to Tryton end at once with the stop, and with them all waits for them.
    const std::stop_callback stop_calls(stop_.get_token(), [this] { http_->Stop(); });
    adapter_->Start();
    spdlog::info("adapter started source={} tryton={} database={} daemon={}", config_.source,
                 config_.access.url, config_.access.database, config_.daemon.address);
    sdk::Backoff pauses(config_.retry, sdk::RandomSeed());
    while (!stop_.stop_requested() && adapter_->failure().ok()) {
      const absl::Status status = Round();
      LogSummary();
      if (stop_.stop_requested()) break;
      Report(status);
      if (status.ok()) {
        pauses.Reset();
        Wait(config_.poll_interval);
      } else {
        Wait(pauses.Next());
      }
    }
    context.stop();
    const absl::Status failure = adapter_->failure();
    spdlog::info("adapter ends {}", Summary());
    return failure;
  }

 private:
  // What is done again and again; each part only when the one before succeeded.
  absl::Status Round() {
    if (!places_ || sdk::SteadyNow() >= catalogue_due_) {
      if (absl::Status status = RefreshCatalogue(); !status.ok()) return status;
    }
    const std::shared_ptr<const ProductBook::Products> products = products_.Get();
    if (!state_->opening()) {
      const absl::Status status = OpenStock(*client_, *moves_, *state_, *journal_, *adapter_,
                                            *places_, *products, stop_.get_token());
      if (!status.ok()) return status;
      if (absl::Status told = moves_->RetrySetAside(*places_, *products, *adapter_); !told.ok()) {
        return told;
      }
    }
    if (booker_) booker_->Begin(places_);
    return moves_->Poll(*places_, *products, *adapter_);
  }

  absl::Status RefreshCatalogue() {
    absl::StatusOr<std::shared_ptr<const StockPlaces>> places =
        catalogue_->Refresh(stop_.get_token());
    if (!places.ok()) return places.status();
    if (booker_) {
      absl::Status status = writer_->LoadTerms(config_.customer_party, config_.supplier_party);
      if (!status.ok()) return status;
    }
    places_ = *std::move(places);
    snapshots_->Begin(places_);
    catalogue_due_ = sdk::SteadyNow() + config_.catalogue_interval;
    return moves_->RetrySetAside(*places_, *products_.Get(), *adapter_);
  }

  void Report(const absl::Status& status) {
    std::string trouble;
    if (!status.ok()) {
      trouble = std::string(status.message());
    } else if (const auto waiting = state_->set_aside(); !waiting.empty()) {
      trouble = fmt::format("{} moves of Tryton are set aside, the first is {}: {}", waiting.size(),
                            waiting.front().move, waiting.front().reason);
    }
    Report(reading_trouble_, trouble);
  }

  // Both threads have their troubles; the daemon is told of one.
  void Report(std::string& mine, std::string_view trouble) {
    const std::scoped_lock lock(trouble_mutex_);
    if (trouble == mine) return;
    mine = std::string(trouble);
    if (!mine.empty()) spdlog::warn("trouble reason={}", sdk::LogValue(mine));
    adapter_->ReportTrouble(reading_trouble_.empty() ? booking_trouble_ : reading_trouble_);
  }

  std::string Summary() {
    const MoveCounts moves = moves_->counts();
    const TrytonMetrics tryton = client_->metrics();
    return fmt::format(
        "facts_told={} echoes={} moves_of_no_use={} moves_set_aside={} booked={} calls={} "
        "logins={} warnings_confirmed={} {} {}",
        moves.told, moves.echoes, moves.of_no_use, moves.set_aside, booker_ ? booker_->booked() : 0,
        tryton.calls, tryton.logins, tryton.warnings_confirmed,
        http_client::ToLogLine(http_->metrics()), sdk::ToLogLine(adapter_->metrics()));
  }

  void LogSummary() {
    if (sdk::SteadyNow() < summary_due_) return;
    summary_due_ = sdk::SteadyNow() + kSummaryInterval;
    spdlog::info("summary {}", Summary());
  }

  void Wait(std::chrono::milliseconds pause) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    never.wait_for(lock, stop_.get_token(), pause, [] { return false; });
  }

  const AdapterConfig& config_;
  std::stop_source stop_;
  std::unique_ptr<TrytonState> state_;
  std::unique_ptr<http_client::HttpClient> http_;
  std::optional<TrytonClient> client_;
  ProductBook products_;
  std::unique_ptr<sdk::CatalogueClient> catalogue_client_;
  std::unique_ptr<sdk::JournalClient> journal_;
  std::optional<CatalogueReader> catalogue_;
  std::optional<MoveReader> moves_;
  std::optional<DocumentWriter> writer_;
  std::optional<StockSnapshots> snapshots_;
  std::optional<LevelBooker> booker_;
  std::unique_ptr<sdk::Adapter> adapter_;
  std::shared_ptr<const StockPlaces> places_;
  sdk::SteadyTime catalogue_due_;
  sdk::SteadyTime summary_due_ = sdk::SteadyNow() + kSummaryInterval;
  std::mutex trouble_mutex_;
  std::string reading_trouble_;
  std::string booking_trouble_;
};

}  // namespace

absl::Status RunTrytonAdapter(const AdapterConfig& config, std::stop_source stop) {
  TrytonAdapter adapter(config, std::move(stop));
  if (absl::Status status = adapter.Open(); !status.ok()) return status;
  return adapter.Serve();
}

}  // namespace stockd::tryton
