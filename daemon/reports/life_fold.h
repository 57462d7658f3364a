#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/reports/life_sums.h"
#include "daemon/reports/workspace.h"
#include "daemon/storage/journal_feed.h"

namespace stockd::reports {

// Keeps what customers' orders add to the figures: whenever something happened to an order, what it
// added before is taken out and what it adds now is put in. Thread-compatible.
class LifeFold {
 public:
  LifeFold(Workspace& workspace, storage::JournalFeed& feed);
  ~LifeFold();
  LifeFold(const LifeFold&) = delete;
  LifeFold& operator=(const LifeFold&) = delete;

  // Takes in what happened to orders after the event `after`, at most `events_max` events. Returns
  // the last one taken in; `after` when there was none.
  uint64_t Follow(uint64_t after, int events_max);

 private:
  struct Statements;

  void Retell(uint64_t order_number);
  std::string Find(uint64_t order_number);
  void Add(const std::vector<LifePart>& parts, int sign);
  // Notes where and when the order now adds something, so that it is found by place and day.
  void SaveDays(uint64_t order_number, const std::vector<LifePart>& before,
                const std::vector<LifePart>& now);
  [[noreturn]] void Fail(const char* doing);

  Workspace& work_;
  storage::JournalFeed& feed_;
  std::unique_ptr<Statements> statements_;
};

}  // namespace stockd::reports
