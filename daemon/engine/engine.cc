#include "daemon/engine/engine.h"

#include <absl/time/time.h>
#include <pthread.h>

#include <algorithm>
#include <utility>

namespace stockd::engine {
namespace {

constexpr Duration kTidyEvery = std::chrono::seconds(10);
constexpr int kTidyRowsMax = 200;
constexpr size_t kRowsPerLoad = 8192;

}  // namespace

Engine::Engine(storage::Store& store, const Clock& clock, EngineOptions options)
    : store_(store), clock_(clock), options_(options), pickup_codes_(options.pickup_key) {}

Engine::~Engine() {
  // Whoever cares about the outcome has called Stop() and looked at it.
  (void)Stop();
}

storage::Status Engine::Load(storage::LoadVisitor others) {
  std::vector<RowChange> rows;  // Read, but not in the index yet.
  const auto load_rows = [&] {
    memory_.index.Load(rows);
    rows.clear();
  };
  storage::LoadVisitor visitor = std::move(others);
  visitor.item = [&](storage::Item item) { memory_.catalogue.PutItem(std::move(item)); };
  visitor.location = [&](storage::Location location) {
    memory_.catalogue.PutLocation(std::move(location));
  };
  visitor.calendar = [&](LocationId location, fulfilment::StoreCalendar calendar) {
    memory_.catalogue.PutCalendar(location, std::move(calendar));
  };
  visitor.group = [&](storage::Group group) { memory_.catalogue.PutGroup(std::move(group)); };
  visitor.channel = [&](storage::Channel channel) {
    memory_.catalogue.PutChannel(std::move(channel));
  };
  visitor.safety_stock = [&](storage::SafetyStock rule) { memory_.catalogue.PutSafetyStock(rule); };
  visitor.source = [&](storage::Source source) { memory_.catalogue.PutSource(std::move(source)); };
  visitor.sku_mapping = [&](storage::SkuMapping mapping) {
    memory_.mappings.Put(std::move(mapping));
  };
  visitor.location_mapping = [&](storage::LocationMapping mapping) {
    memory_.mappings.Put(std::move(mapping));
  };
  visitor.bundle_part = [&](ItemId bundle, storage::BundlePart part) {
    memory_.bundles.AddPart(bundle, part);
  };
  visitor.position_count = [&](int64_t count) { memory_.index.Reserve(count); };
  visitor.position = [&](PositionKey key, const ledger::Position& row) {
    if (key == PositionKey{}) {
      memory_.catalogue.SetPolicySequence(row.version);
      return;
    }
    rows.push_back({.position = key, .row = row});
    if (rows.size() == kRowsPerLoad) load_rows();
  };
  visitor.coverage = [&](storage::CountCoverage coverage) {
    load_rows();
    for (const PositionKey key : coverage.positions) {
      memory_.index.NoteCounted(key, coverage.as_of);
    }
  };
  visitor.open_reservation = [&](ledger::Reservation reservation) {
    load_rows();
    for (const ledger::ReservationLine& line : reservation.lines) {
      if (line.held == 0) continue;
      const HeldChange held{
          .position = line.position, .deadline = reservation.expires_at, .change = line.held};
      memory_.index.Publish({}, {&held, 1});
    }
    memory_.open.Add(std::move(reservation));
  };
  visitor.supply = [&](ledger::Supply supply) { memory_.supplies.Put(supply); };
  visitor.open_order = [&](fulfilment::Order order) {
    memory_.orders.orders.Add(std::move(order));
  };
  visitor.booked_picks = [&](LocationId location, Timestamp slot_start, int count) {
    memory_.orders.booked.Add(location, slot_start, count);
  };
  storage::Status status = store_.Load(visitor, counters_);
  if (!status.ok()) return status;
  load_rows();
  now_micros_.store(ToMicros(counters_.recorded_at), std::memory_order_release);
  memory_.quarantine_count = counters_.quarantine_count;
  memory_.open_count = static_cast<int64_t>(memory_.open.size());
  memory_.changes.Start(counters_.sequence);
  memory_.orders.log.Start(counters_.order_event_number);
  memory_.orders.open_count = static_cast<int64_t>(memory_.orders.orders.size());
  unit_ =
      std::make_unique<UnitOfWork>(store_, memory_, counters_, pickup_codes_, options_.fact_limits);
  return {};
}

void Engine::Start() {
  // Named for whoever looks at the process with `top -H` or `perf`.
  completer_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "completion");
    CompletionLoop();
  });
  writer_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "writer");
    WriterLoop();
  });
}

void Engine::Submit(std::unique_ptr<Task> task, Admission admission, Lane lane) {
  std::optional<CommitOutcome> refused;
  {
    const absl::MutexLock lock(&queue_mutex_);
    refused = Refusal(1, admission, lane);
    if (!refused) {
      queue_.Push(std::move(task), lane);
      if (writer_waits_) queue_changed_.Signal();
      return;
    }
  }
  task->Complete(*refused);
}

void Engine::Submit(std::vector<std::unique_ptr<Task>> tasks, Admission admission, Lane lane) {
  std::optional<CommitOutcome> refused;
  {
    const absl::MutexLock lock(&queue_mutex_);
    refused = Refusal(tasks.size(), admission, lane);
    if (!refused) {
      for (std::unique_ptr<Task>& task : tasks) queue_.Push(std::move(task), lane);
      if (writer_waits_) queue_changed_.Signal();
      return;
    }
  }
  for (const std::unique_ptr<Task>& task : tasks) task->Complete(*refused);
}

std::optional<CommitOutcome> Engine::Refusal(size_t count, Admission admission, Lane lane) const {
  if (!failure_.empty()) return CommitOutcome::kFailed;
  if (stopping_) return CommitOutcome::kStopping;
  if (admission == Admission::kAlways) return std::nullopt;
  const size_t callers = queue_.callers();
  const size_t waiting = lane == Lane::kCallers ? callers : queue_.size() - callers;
  if (waiting + count > options_.queue_max) return CommitOutcome::kBusy;
  return std::nullopt;
}

void Engine::Wake() {
  const absl::MutexLock lock(&queue_mutex_);
  woken_ = true;
  queue_changed_.Signal();
}

storage::Status Engine::Stop() {
  {
    const absl::MutexLock lock(&queue_mutex_);
    stopping_ = true;
    queue_changed_.Signal();
  }
  if (!writer_.joinable()) return {};
  WriterState running = WriterState::kRunning;
  state_.compare_exchange_strong(running, WriterState::kStopping);
  writer_.join();
  {
    const absl::MutexLock lock(&completed_mutex_);
    completion_ends_ = true;
    completed_changed_.Signal();
  }
  completer_.join();
  if (state() == WriterState::kFailed) return {failure()};
  return store_.Checkpoint();
}

Timestamp Engine::Now() const {
  return std::max(clock_.Now(), FromMicros(now_micros_.load(std::memory_order_acquire)));
}

std::string Engine::failure() const {
  const absl::MutexLock lock(&queue_mutex_);
  return failure_;
}

size_t Engine::queue_depth() const {
  const absl::MutexLock lock(&queue_mutex_);
  return queue_.size();
}

Timestamp Engine::AdvanceNow() {
  const Timestamp now = Now();
  now_micros_.store(ToMicros(now), std::memory_order_release);
  return now;
}

void Engine::WriterLoop() {
  while (true) {
    Batch batch;
    if (!NextBatch(batch)) return;
    RunBatch(std::move(batch));
  }
}

bool Engine::NextBatch(Batch& batch) {
  // The writer owns the open reservations, so it may look without the lock. After a failure nothing
  // is cleared any more.
  const Timestamp deadline =
      state() == WriterState::kFailed
          ? kTimestampMax
          : std::min(memory_.open.next_deadline(), memory_.orders.orders.next_due());
  const absl::MutexLock lock(&queue_mutex_);
  while (queue_.empty() && !stopping_ && !woken_) {
    writer_waits_ = true;
    if (deadline == kTimestampMax) {
      queue_changed_.Wait(&queue_mutex_);
    } else {
      const Timestamp now = Now();
      if (deadline <= now) break;
      const Duration wait = clock_.WaitFor(deadline - now);
      if (wait == Duration::max()) {
        queue_changed_.Wait(&queue_mutex_);
      } else {
        queue_changed_.WaitWithTimeout(&queue_mutex_, absl::FromChrono(wait));
      }
    }
  }
  writer_waits_ = false;
  woken_ = false;
  if (queue_.empty() && stopping_) return false;
  queue_.Take(options_.batch_max, batch);
  return true;
}

void Engine::RunBatch(Batch batch) {
  if (state() == WriterState::kFailed) {
    HandOver(std::move(batch), CommitOutcome::kFailed);
    return;
  }
  unit_->Begin(AdvanceNow());
  unit_->ExpireDue(options_.expiries_per_batch_max);
  for (const auto& task : batch) task->Run(*unit_);
  TidyUp();
  const Timestamp decided_at = clock_.Now();
  if (storage::Status status = unit_->Commit(); !status.ok()) {
    Fail(status.error);
    HandOver(std::move(batch), CommitOutcome::kFailed);
    return;
  }
  // Before the replies, so that a caller reads its own writes.
  unit_->Publish();
  Measure(batch.size(), clock_.Now() - decided_at);
  commit_count_.fetch_add(1, std::memory_order_relaxed);
  command_count_.fetch_add(batch.size(), std::memory_order_relaxed);
  HandOver(std::move(batch), CommitOutcome::kCommitted);
}

void Engine::Measure(size_t commands, Duration commit_took) {
  measures_.batch_commands.Observe(static_cast<int64_t>(commands));
  measures_.commit_micros.Observe(std::max<int64_t>(0, commit_took.count()));
  measures_.late_facts.fetch_add(unit_->TakeLateFacts(), std::memory_order_relaxed);
  measures_.next_deadline.store(memory_.open.next_deadline(), std::memory_order_relaxed);
}

void Engine::TidyUp() {
  const Timestamp now = unit_->now();
  if (now < tidy_at_) return;
  tidy_at_ = now + kTidyEvery;
  store_.ForgetRequests(now - options_.keep_requests, kTidyRowsMax);
  store_.ForgetOrderRequests(now - options_.keep_requests, kTidyRowsMax);
  memory_.orders.booked.Forget(now - storage::kSlotsKept);
  store_.ForgetCoverages(now - options_.fact_limits.look_back, kTidyRowsMax);
}

void Engine::Fail(const std::string& error) {
  {
    const absl::MutexLock lock(&queue_mutex_);
    failure_ = error;
  }
  // Only now: who sees that the writer failed also sees why.
  state_.store(WriterState::kFailed, std::memory_order_release);
  if (on_failure_) on_failure_(error);
}

void Engine::HandOver(Batch tasks, CommitOutcome outcome) {
  if (tasks.empty()) return;
  const absl::MutexLock lock(&completed_mutex_);
  completed_.push_back({std::move(tasks), outcome});
  completed_changed_.Signal();
}

void Engine::CompletionLoop() {
  while (true) {
    std::deque<Completed> ready;
    {
      const absl::MutexLock lock(&completed_mutex_);
      while (completed_.empty() && !completion_ends_) completed_changed_.Wait(&completed_mutex_);
      if (completed_.empty()) return;
      ready.swap(completed_);
    }
    for (Completed& batch : ready) {
      for (auto& task : batch.tasks) {
        task->Complete(batch.outcome);
        task.reset();
      }
    }
  }
}

}  // namespace stockd::engine
