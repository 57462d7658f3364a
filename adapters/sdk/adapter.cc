#include "adapters/sdk/adapter.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "adapters/sdk/clock.h"
#include "adapters/sdk/fact_pump.h"
#include "adapters/sdk/utf8.h"

namespace stockd::sdk {
namespace {

// Facts in memory; all others are on the disk.
constexpr size_t kFactsUnderWayMax = 10'000;
// See LevelWorker.
constexpr int kLevelUpdatesInFlight = 1;

absl::Status CheckFact(const v1::Fact& fact) {
  if (fact.event_id().empty()) {
    return absl::InvalidArgumentError("a fact without an event id cannot be told apart");
  }
  for (const std::string* text :
       {&fact.event_id(), &fact.sku(), &fact.location(), &fact.reference(), &fact.reservation_id(),
        &fact.channel(), &fact.currency(), &fact.supply_id(), &fact.device(),
        &fact.customer_reference(), &fact.fulfilment_channel(), &fact.original_reference()}) {
    if (IsUtf8(*text)) continue;
    return absl::InvalidArgumentError(fmt::format("fact {} has text that is not UTF-8: {}",
                                                  ToUtf8(fact.event_id()), ToUtf8(*text)));
  }
  return absl::OkStatus();
}

absl::Status CheckFact(const v1::OrderFact& fact) {
  if (fact.event_id().empty()) {
    return absl::InvalidArgumentError("a fact without an event id cannot be told apart");
  }
  for (const std::string* text :
       {&fact.event_id(), &fact.order_id(), &fact.holding_area(), &fact.code(), &fact.location(),
        &fact.note(), &fact.shipment().shipment_id(), &fact.shipment().carrier(),
        &fact.shipment().service(), &fact.shipment().tracking_number()}) {
    if (IsUtf8(*text)) continue;
    return absl::InvalidArgumentError(fmt::format("fact {} has text that is not UTF-8: {}",
                                                  ToUtf8(fact.event_id()), ToUtf8(*text)));
  }
  for (const v1::OrderLineQuantity& line : fact.lines()) {
    if (IsUtf8(line.line_id())) continue;
    return absl::InvalidArgumentError(
        fmt::format("fact {} has text that is not UTF-8", ToUtf8(fact.event_id())));
  }
  return absl::OkStatus();
}

class DurableAdapter final : public Adapter, public SessionListener {
 public:
  DurableAdapter(AdapterOptions options, AdapterParts parts, std::unique_ptr<AdapterStore> store)
      : options_(std::move(options)), listener_(parts.facts), store_(std::move(store)) {
    if (parts.levels != nullptr) levels_.emplace(parts.levels, store_.get());
    if (parts.orders != nullptr) orders_.emplace(parts.orders, options_.orders_anew);
    if (parts.snapshots != nullptr) snapshots_.emplace(parts.snapshots);
  }

  ~DurableAdapter() override { DurableAdapter::Stop(); }

  absl::Status Open() {
    absl::StatusOr<std::shared_ptr<grpc::Channel>> opened = OpenChannel(options_.daemon);
    if (!opened.ok()) return opened.status();
    quota_client_ = MakeQuotaClient(*opened);
    session_ = std::make_unique<Session>(
        SessionOptions{.source = options_.source,
                       .adapter = options_.adapter,
                       .wants_levels = levels_.has_value(),
                       .level_updates_in_flight_max = kLevelUpdatesInFlight,
                       .wants_orders = orders_.has_value(),
                       .facts_waiting_max = kFactsUnderWayMax,
                       .backoff = options_.backoff,
                       .answer_timeout = options_.answer_timeout,
                       .health_interval = options_.health_interval},
        [channel = *std::move(opened)] { return OpenConnectStream(channel); },
        levels_ ? &*levels_ : nullptr, this, orders_ ? &*orders_ : nullptr);
    return levels_ ? levels_->Load() : absl::OkStatus();
  }

  void Start() override {
    if (levels_) {
      levels_->Start({.acknowledge =
                          [this](uint64_t cursor, std::vector<v1::LevelResult> results) {
                            session_->AcknowledgeLevels(cursor, std::move(results));
                          },
                      .report_trouble =
                          [this](std::string_view trouble) { session_->ReportTrouble(trouble); }});
    }
    if (snapshots_) {
      snapshots_->Start([this](v1::SnapshotBegin begin, SnapshotRows* rows, std::stop_token stop) {
        return SendSnapshot(std::move(begin), rows, std::move(stop));
      });
    }
    if (orders_) {
      orders_->Start(
          {.acknowledge = [this](uint64_t cursor) { session_->AcknowledgeOrder(cursor); },
           .report_trouble =
               [this](std::string_view trouble) { session_->ReportTrouble(trouble); }});
    }
    order_pump_.Start(session_.get(), [this](const WaitingOrderFact& waiting) {
      if (listener_ != nullptr) listener_->OnOrderFactWaits(waiting);
    });
    pump_.Start(session_.get(), [this](const Acknowledged& said) { Report(said); });
    session_->Start();
    summary_ = std::jthread([this](const std::stop_token& stop) { LogSummaries(stop); });
    spdlog::info("adapter started source={} daemon={} facts_waiting={}", options_.source,
                 options_.daemon.address, store_->backlog().depth);
  }

  void Stop() override {
    const std::scoped_lock lock(stop_mutex_);
    if (!summary_.joinable()) return;  // Not started, or stopped before.
    summary_.request_stop();
    summary_.join();
    if (snapshots_) snapshots_->Stop();
    pump_.Stop();
    order_pump_.Stop();
    if (levels_) levels_->Stop();
    if (orders_) orders_->Stop();
    session_->Stop();
    spdlog::info("adapter stopped {}", ToLogLine(metrics()));
  }

  absl::Status Tell(std::vector<v1::Fact> facts, const TellOptions& options) override {
    const auto count = static_cast<int64_t>(facts.size());
    for (const v1::Fact& fact : facts) {
      if (absl::Status status = CheckFact(fact); !status.ok()) return status;
    }
    absl::Status status = store_->Add(std::move(facts), options);
    if (absl::IsResourceExhausted(status)) facts_refused_ += count;
    if (!status.ok()) return status;
    facts_told_ += count;
    pump_.Wake();
    return status;
  }

  absl::Status TellOrders(std::vector<v1::OrderFact> facts) override {
    for (const v1::OrderFact& fact : facts) {
      if (absl::Status status = CheckFact(fact); !status.ok()) return status;
    }
    absl::Status status = store_->AddOrderFacts(facts);
    if (status.ok()) order_pump_.Wake();
    return status;
  }

  absl::StatusOr<std::optional<std::string>> Place(std::string_view name) override {
    return store_->Get(name);
  }

  absl::StatusOr<bool> WaitUntilAcknowledged(std::chrono::milliseconds patience,
                                             std::stop_token stop) override {
    return pump_.WaitUntilEmpty(patience, std::move(stop));
  }

  absl::StatusOr<HeldQuota> TakeQuota(const v1::GrantQuotaRequest& request) override {
    const std::scoped_lock lock(quota_mutex_);
    const absl::StatusOr<std::optional<HeldQuota>> known = FindQuota(request.quota_id());
    if (!known.ok()) return known.status();
    if (*known) return **known;
    // By this machine's clock, whatever the daemon's says. When it was granted before and that was
    // not kept, it ends later here than there: nobody is harmed, for its units are claimed until it
    // is returned.
    const Timestamp asked_at = Now();
    v1::GrantQuotaResponse response;
    if (absl::Status status = quota_client_->Grant(request, &response); !status.ok()) return status;
    const HeldQuota quota{.quota_id = request.quota_id(),
                          .sku = request.position().sku(),
                          .location = request.position().location(),
                          .quantity = response.quota().quantity(),
                          .sold = response.quota().sold(),
                          .ends_at = asked_at + std::chrono::seconds(request.ttl().seconds())};
    if (absl::Status status = store_->PutQuota(quota); !status.ok()) return status;
    return quota;
  }

  absl::StatusOr<std::string> SellFromQuota(v1::Fact sale, const TellOptions& options) override {
    const std::scoped_lock lock(quota_mutex_);
    const absl::StatusOr<std::vector<HeldQuota>> held = store_->Quotas();
    if (!held.ok()) return held.status();
    const Timestamp now = Now();
    const auto quota = std::ranges::find_if(*held, [&](const HeldQuota& each) {
      return each.sku == sale.sku() && each.location == sale.location() && each.ends_at > now &&
             each.left() >= sale.quantity();
    });
    if (quota == held->end()) {
      return absl::FailedPreconditionError(
          fmt::format("no quota for {} of {} at {}", sale.quantity(), sale.sku(), sale.location()));
    }
    sale.set_reservation_id(quota->quota_id);
    TellOptions with_quota = options;
    with_quota.quota_id = quota->quota_id;
    std::vector<v1::Fact> facts;
    facts.push_back(std::move(sale));
    if (absl::Status status = Tell(std::move(facts), with_quota); !status.ok()) return status;
    return quota->quota_id;
  }

  absl::StatusOr<bool> ReturnQuota(std::string_view quota_id) override {
    const std::scoped_lock lock(quota_mutex_);
    const absl::StatusOr<std::optional<HeldQuota>> known = FindQuota(quota_id);
    if (!known.ok()) return known.status();
    if (!*known) return true;  // Returned before.
    HeldQuota quota = **known;
    quota.ends_at = std::min(quota.ends_at, Now());
    if (absl::Status status = store_->PutQuota(quota); !status.ok()) return status;
    if (store_->backlog().depth > 0) return false;
    v1::SettleQuotaRequest request;
    request.set_quota_id(quota.quota_id);
    request.set_sold(quota.sold);
    v1::SettleQuotaResponse response;
    if (absl::Status status = quota_client_->Settle(request, &response); !status.ok())
      return status;
    if (absl::Status status = store_->RemoveQuota(quota_id); !status.ok()) return status;
    return true;
  }

  absl::StatusOr<std::vector<HeldQuota>> quotas() override { return store_->Quotas(); }

  absl::StatusOr<v1::SnapshotAck> SendSnapshot(v1::SnapshotBegin begin, SnapshotRows* rows,
                                               std::stop_token stop) override {
    return session_->SendSnapshot(std::move(begin), rows, std::move(stop));
  }

  void ReportTrouble(std::string_view trouble) override { session_->ReportTrouble(trouble); }

  absl::Status failure() const override { return session_->failure(); }

  AdapterMetrics metrics() override {
    AdapterMetrics metrics{.session = session_->health(),
                           .facts_told = facts_told_,
                           .facts_refused = facts_refused_,
                           .outbox_depth = store_->backlog().depth};
    if (levels_) metrics.levels = levels_->counts();
    if (snapshots_) metrics.snapshots = snapshots_->counts();
    if (orders_) metrics.orders = orders_->counts();
    metrics.order_facts_waiting = store_->order_fact_depth();
    return metrics;
  }

 private:
  void OnAcknowledged() override { pump_.Wake(); }

  void OnSnapshotRequest(const v1::SnapshotRequest& request) override {
    if (snapshots_) snapshots_->Take(request);
  }

  void FillHealth(v1::AdapterHealth* health) override {
    const AdapterStore::Backlog backlog = store_->backlog();
    health->set_outbox_depth(backlog.depth);
    health->clear_oldest_waiting_time();
    if (backlog.oldest) *health->mutable_oldest_waiting_time() = *backlog.oldest;
  }

  absl::StatusOr<std::optional<HeldQuota>> FindQuota(std::string_view quota_id) {
    const absl::StatusOr<std::vector<HeldQuota>> held = store_->Quotas();
    if (!held.ok()) return held.status();
    const auto found = std::ranges::find(*held, quota_id, &HeldQuota::quota_id);
    return found == held->end() ? std::nullopt : std::optional(*found);
  }

  void Report(const Acknowledged& said) {
    if (listener_ == nullptr) return;
    for (const SetAsideFact& fact : said.set_aside) listener_->OnSetAside(fact);
    for (const auto& [device, mark] : said.devices) listener_->OnDeviceMark(mark);
  }

  void LogSummaries(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      never.wait_for(lock, stop, options_.summary_interval, [] { return false; });
      if (!stop.stop_requested()) spdlog::info("health {}", ToLogLine(metrics()));
    }
  }

  const AdapterOptions options_;
  FactListener* const listener_;
  const std::unique_ptr<AdapterStore> store_;
  std::optional<LevelWorker> levels_;
  std::optional<SnapshotAnswers> snapshots_;
  std::optional<OrderWorker> orders_;
  FactPump pump_{store_.get()};
  OrderFactPump order_pump_{store_.get()};
  std::unique_ptr<QuotaClient> quota_client_;
  std::mutex quota_mutex_;  // Held from the look at the quotas until they are changed.
  std::unique_ptr<Session> session_;
  std::atomic<int64_t> facts_told_ = 0;
  std::atomic<int64_t> facts_refused_ = 0;
  std::mutex stop_mutex_;
  std::jthread summary_;
};

}  // namespace

std::string ToLogLine(const AdapterMetrics& metrics) {
  return fmt::format(
      "{} facts_told={} facts_refused={} outbox_depth={} levels_applied={} level_conflicts={} "
      "level_retries={} levels_refused={} snapshots_requested={} snapshots_answered={} "
      "orders_taken={} order_facts_waiting={}",
      ToLogLine(metrics.session), metrics.facts_told, metrics.facts_refused, metrics.outbox_depth,
      metrics.levels.applied, metrics.levels.conflicts, metrics.levels.retries,
      metrics.levels.refused, metrics.snapshots.requested, metrics.snapshots.answered,
      metrics.orders.taken, metrics.order_facts_waiting);
}

absl::Status Adapter::Tell(v1::Fact fact) {
  std::vector<v1::Fact> facts;
  facts.push_back(std::move(fact));
  return Tell(std::move(facts), {});
}

absl::Status Adapter::TellOrder(v1::OrderFact fact) {
  std::vector<v1::OrderFact> facts;
  facts.push_back(std::move(fact));
  return TellOrders(std::move(facts));
}

absl::StatusOr<std::unique_ptr<Adapter>> Adapter::Open(AdapterOptions options, AdapterParts parts) {
  absl::StatusOr<std::unique_ptr<AdapterStore>> store =
      AdapterStore::Open(options.state_file, options.facts_max);
  if (!store.ok()) return store.status();
  auto adapter = std::make_unique<DurableAdapter>(std::move(options), parts, *std::move(store));
  if (absl::Status status = adapter->Open(); !status.ok()) return status;
  return adapter;
}

}  // namespace stockd::sdk
