#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/storage/reader.h"
#include "daemon/sync/feed_pump.h"
#include "daemon/sync/source_book.h"

namespace stockd::sync {

// Asks sources for snapshots to compare: when a person wants it, and by itself those that the
// configuration gives a `reconcile_every`. Thread-safe.
class ReconcileSchedule final : public Subscriber {
 public:
  // `reader` tells when each source was compared last; throws storage::ReadError.
  ReconcileSchedule(engine::Engine& engine, SourceBook& sources, storage::Reader& reader);

  // Whether any source is asked by itself: only then the pump has to call.
  bool has_schedule() const { return !rows_.empty(); }

  // Asks a source now, for all its locations or these. Returns the id under which its snapshot will
  // come, or an empty text when no session can be asked.
  std::string Ask(std::string_view source, const std::vector<std::string>& locations);

  bool Pump(Timestamp now) override;

 private:
  struct Row {
    std::string source;
    Duration every{};
    Timestamp due_at{};  // The first Pump() after it at which the source is connected asks.
  };

  engine::Engine& engine_;
  SourceBook& sources_;
  std::vector<Row> rows_;  // Touched by the pump's thread only, once it runs.
  std::atomic<int64_t> last_id_{0};
};

}  // namespace stockd::sync
