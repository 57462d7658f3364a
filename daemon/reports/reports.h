#pragma once

#include <absl/synchronization/mutex.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "daemon/base/clock.h"
#include "daemon/engine/engine.h"
#include "daemon/reports/explain_orders.h"
#include "daemon/reports/report_query.h"
#include "daemon/reports/rollup.h"
#include "daemon/reports/rollup_reader.h"

namespace stockd::reports {

struct ReportsOptions {
  std::string database;           // The main one, which the engine writes.
  std::string rollups;            // The file of the roll-ups; made when missing.
  std::string zone_name = "UTC";  // IANA name; days and months of the roll-ups are its own.
  std::vector<std::string> online_channels = OnlineChannels();  // Their sales are made online.
  Duration interval = std::chrono::seconds(1);  // Between two looks at a journal that grows.
  int64_t cache_bytes = int64_t{64} << 20;
  std::string vfs_name;
};

// How the roll-ups stand.
struct ReportsState {
  Sequence sequence = 0;       // They hold everything up to this journal entry
  uint64_t order_event = 0;    // and this event of an order.
  uint64_t records_noted = 0;  // and records noted so often.
  std::string failure;         // Why they do not go on; empty when they do.
};

// The reports: a thread that keeps the roll-ups in step with the journal, and questions to them.
// The thread reads the main database over a connection of its own and writes a file of its own, so
// the writer never waits for it. Public members are thread-safe.
class Reports {
 public:
  // Whether a listener keeps it informed is up to Start(); `engine` and `clock` outlive it.
  Reports(engine::Engine& engine, const Clock& clock, ReportsOptions options);
  ~Reports();
  Reports(const Reports&) = delete;
  Reports& operator=(const Reports&) = delete;

  // Opens the file and reads how far it is. A text for people on failure.
  std::string Open();
  // Begins to follow. Called once, before the engine starts.
  void Start();
  // Ends the thread. Idempotent.
  void Stop();

  // Waits until the roll-ups hold everything up to the journal entry and the event of an order, at
  // most `patience`. False when they do not then. They are brought up to date at once, without
  // waiting for the interval.
  bool WaitFor(Sequence sequence, uint64_t order_event, uint64_t records_noted,
               std::chrono::milliseconds patience);

  // Something that is neither journal entry nor event of an order was committed: visits or
  // contacts.
  void NoteRecords();
  // How often that was.
  uint64_t records_noted() const;

  // See PositionValues(); `progress` says what they are pinned to.
  std::vector<std::optional<double>> OfPositions(const Figure& figure,
                                                 std::span<const PositionKey> positions,
                                                 Timestamp begin, Timestamp end,
                                                 Progress& progress);
  // See RunReport().
  Progress Run(const ReportQuery& query, const std::function<bool(ReportRow&& row)>& row);

  // See ExplainFigure().
  FactPage Explain(const ReportQuery& query, const FactCursor& after, size_t limit);

  // See reports::ExplainOrders().
  OrderPage ExplainOrders(const ReportQuery& query, OrderShare share, const FactCursor& after,
                          size_t limit);

  Timestamp now() const { return clock_.Now(); }
  ReportsState state() const;
  const TimeGrid& grid() const { return *grid_; }

 private:
  void Loop();
  // The query, with what is due by now.
  ReportQuery UpToNow(ReportQuery query) const;
  storage::JournalFeed& ExplainFeed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(explain_mutex_);
  // Follows until nothing is new or it is told to stop.
  void CatchUp();

  engine::Engine& engine_;
  const Clock& clock_;
  const ReportsOptions options_;
  std::optional<TimeGrid> grid_;
  std::unique_ptr<storage::JournalFeed> feed_;  // The thread's, as are the next two.
  std::unique_ptr<RollupFile> file_;
  std::unique_ptr<Rollup> rollup_;
  std::unique_ptr<RollupReader> reader_;
  absl::Mutex explain_mutex_;
  std::unique_ptr<storage::JournalFeed> explain_feed_ ABSL_GUARDED_BY(explain_mutex_);
  std::thread thread_;

  mutable absl::Mutex mutex_;
  bool kicked_ ABSL_GUARDED_BY(mutex_) = true;
  uint64_t records_noted_ ABSL_GUARDED_BY(mutex_) = 0;
  bool wanted_ ABSL_GUARDED_BY(mutex_) = false;  // Somebody waits: do not wait for the interval.
  bool ends_ ABSL_GUARDED_BY(mutex_) = false;
  ReportsState state_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::reports
