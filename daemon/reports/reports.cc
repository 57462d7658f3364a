#include "daemon/reports/reports.h"

#include <absl/time/time.h>
#include <sys/resource.h>

#include <utility>
#include <variant>

#include "daemon/reports/position_figures.h"

namespace stockd::reports {
namespace {

// Journal entries in one commit of the roll-ups: enough that neighbours share a cell's writing, few
// enough that a stop does not wait.
constexpr int kEntriesMax = 20'000;

// Reports can wait; who sells cannot. Linux gives each thread a priority of its own.
void GiveWay() { (void)setpriority(PRIO_PROCESS, 0, 10); }

// What the sums depend on beside the journal: roll-ups that were made for something else are made
// anew.
std::string MadeFor(const ReportsOptions& options) {
  std::string made_for = options.zone_name;
  for (const std::string& channel : options.online_channels) made_for += "\n" + channel;
  return made_for;
}

}  // namespace

Reports::Reports(engine::Engine& engine, const Clock& clock, ReportsOptions options)
    : engine_(engine), clock_(clock), options_(std::move(options)) {}

Reports::~Reports() { Stop(); }

std::string Reports::Open() {
  const auto zone = FindTimeZone(options_.zone_name);
  if (!zone) return "The time zone \"" + options_.zone_name + "\" of reports is not known.";
  grid_.emplace(*zone);
  auto feed = storage::OpenJournalFeed(options_.database, options_.cache_bytes, options_.vfs_name);
  if (auto* status = std::get_if<storage::Status>(&feed)) return std::move(status->error);
  feed_ = std::move(std::get<std::unique_ptr<storage::JournalFeed>>(feed));
  try {
    file_ = std::make_unique<RollupFile>(options_.rollups, MadeFor(options_), options_.cache_bytes);
    rollup_ = std::make_unique<Rollup>(*file_, *feed_, *zone, options_.online_channels);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  reader_ = std::make_unique<RollupReader>(options_.rollups, options_.cache_bytes / 4);
  const absl::MutexLock lock(&mutex_);
  state_.sequence = rollup_->progress().sequence;
  state_.order_event = rollup_->progress().order_event;
  return {};
}

void Reports::Start() {
  const auto kick = [this] {
    const absl::MutexLock lock(&mutex_);
    kicked_ = true;
  };
  engine_.changes().Listen(kick);
  engine_.order_events().Listen(kick);
  thread_ = std::thread([this] { Loop(); });
}

void Reports::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    ends_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Reports::Loop() {
  GiveWay();
  while (true) {
    {
      const absl::MutexLock lock(&mutex_);
      const auto is_called = [this]()
                                 ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return kicked_ || ends_; };
      mutex_.Await(absl::Condition(&is_called));
      if (ends_) return;
      kicked_ = false;
      wanted_ = false;
    }
    try {
      CatchUp();
    } catch (const std::runtime_error& error) {
      const absl::MutexLock lock(&mutex_);
      state_.failure = error.what();
    }
    const Duration wait = clock_.WaitFor(options_.interval);
    const absl::Duration patience =
        wait == Duration::max() ? absl::InfiniteDuration() : absl::Microseconds(wait.count());
    const absl::MutexLock lock(&mutex_);
    const auto is_wanted = [this]()
                               ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return wanted_ || ends_; };
    (void)mutex_.AwaitWithTimeout(absl::Condition(&is_wanted), patience);
  }
}

void Reports::NoteRecords() {
  const absl::MutexLock lock(&mutex_);
  ++records_noted_;
  kicked_ = true;
}

uint64_t Reports::records_noted() const {
  const absl::MutexLock lock(&mutex_);
  return records_noted_;
}

void Reports::CatchUp() {
  const uint64_t noted = records_noted();
  while (rollup_->Advance(kEntriesMax)) {
    const absl::MutexLock lock(&mutex_);
    state_.sequence = rollup_->progress().sequence;
    state_.order_event = rollup_->progress().order_event;
    state_.failure.clear();
    if (ends_) return;
  }
  const absl::MutexLock lock(&mutex_);
  state_.records_noted = noted;
}

bool Reports::WaitFor(Sequence sequence, uint64_t order_event, uint64_t records_noted,
                      std::chrono::milliseconds patience) {
  const absl::MutexLock lock(&mutex_);
  kicked_ = wanted_ = true;
  const auto holds = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return state_.sequence >= sequence && state_.order_event >= order_event &&
           state_.records_noted >= records_noted;
  };
  const auto is_there = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return holds() || !state_.failure.empty() || ends_;
  };
  (void)mutex_.AwaitWithTimeout(absl::Condition(&is_there), absl::Milliseconds(patience.count()));
  return holds();
}

ReportQuery Reports::UpToNow(ReportQuery query) const {
  query.now = clock_.Now();
  query.due_until = grid_->BeginOf(Level::kHour, grid_->BucketAt(Level::kHour, clock_.Now()));
  return query;
}

Progress Reports::Run(const ReportQuery& query, const std::function<bool(ReportRow&& row)>& row) {
  const RollupReader::Lease view = reader_->Borrow();
  return RunReport(UpToNow(query), *grid_, engine_.catalogue(), *view, row);
}

storage::JournalFeed& Reports::ExplainFeed() {
  if (explain_feed_) return *explain_feed_;
  auto feed = storage::OpenJournalFeed(options_.database, options_.cache_bytes, options_.vfs_name);
  if (auto* status = std::get_if<storage::Status>(&feed)) throw storage::ReadError(status->error);
  explain_feed_ = std::move(std::get<std::unique_ptr<storage::JournalFeed>>(feed));
  return *explain_feed_;
}

std::vector<std::optional<double>> Reports::OfPositions(const Figure& figure,
                                                        std::span<const PositionKey> positions,
                                                        Timestamp begin, Timestamp end,
                                                        Progress& progress) {
  const absl::MutexLock lock(&explain_mutex_);
  const RollupReader::Lease view = reader_->Borrow();
  progress = view->ReadProgress();
  return PositionValues(figure, positions, begin, end, engine_.catalogue(), *view, ExplainFeed());
}

FactPage Reports::Explain(const ReportQuery& query, const FactCursor& after, size_t limit) {
  const absl::MutexLock lock(&explain_mutex_);
  const RollupReader::Lease view = reader_->Borrow();
  return ExplainFigure(query, *grid_, engine_.catalogue(), *view, ExplainFeed(), after, limit);
}

OrderPage Reports::ExplainOrders(const ReportQuery& query, OrderShare share,
                                 const FactCursor& after, size_t limit) {
  const absl::MutexLock lock(&explain_mutex_);
  const RollupReader::Lease view = reader_->Borrow();
  return reports::ExplainOrders(UpToNow(query), *grid_, engine_.catalogue(), *view, ExplainFeed(),
                                share, after, limit);
}

ReportsState Reports::state() const {
  const absl::MutexLock lock(&mutex_);
  return state_;
}

}  // namespace stockd::reports
