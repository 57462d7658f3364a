#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/daemon_process.h"
#include "tests/support/random.h"
#include "tests/support/temp_directory.h"
#include "tests/system/claim_worker.h"
#include "tests/system/files_adapter.h"
#include "tests/system/retail_files.h"

namespace stockd::system_test {

// The shop of the retail data at work: the daemon, an ERP, the tills and the web shop as real
// processes, and some checkouts that reserve all the time.
class RetailShop {
 public:
  // What happened while it ran, besides what the adapters' summaries say.
  struct Events {
    std::map<std::string, int64_t> kills;  // By process.
    int64_t files_dropped = 0;
    std::map<std::string, int64_t> rows_dropped;  // By source; a file dropped twice counts twice.
  };

  RetailShop(const RetailData& data, uint64_t seed);

  // Starts everything. False, with a failed expectation, when the daemon does not start.
  [[nodiscard]] bool Start();

  void Drop(const RetailFileText& file, const std::string& name);
  // kill -9 of the daemon or of an adapter, and starts it again.
  [[nodiscard]] bool KillOne(support::Random& random);
  // Whether every file that was dropped was taken to its end within `patience`.
  [[nodiscard]] bool WaitUntilTaken(std::chrono::milliseconds patience);
  // The customers pay or give up; nothing is held afterwards.
  void CloseCheckouts();
  // Waits until all three level files show these figures; else says which ones differ.
  void ExpectLevels(const LevelsByPosition& expected, std::chrono::seconds patience);
  // Waits until nothing is in quarantine but facts with this reason, that many of each source.
  void ExpectQuarantined(const std::string& reason, const std::map<std::string, int64_t>& counts);
  // Facts that the daemon says it has applied since ever, by source.
  std::map<std::string, int64_t> AppliedFacts();
  // `stockctl verify` finds nothing, and says so.
  std::string ExpectNoDrift();

  // What `stockctl explain` says about a position.
  std::string Explain(const PositionName& position);

  const std::vector<std::unique_ptr<ClaimWorker>>& checkouts() const { return checkouts_; }
  // The sum over all checkouts.
  ClaimWorker::Tally CheckoutTally() const;
  const Events& events() const { return events_; }
  int64_t kill_count() const;
  FilesAdapter& adapter(const std::string& source);
  // The ends of all logs, for the message of a failure.
  std::string LogTails() const;

 private:
  std::map<std::pair<std::string, std::string>, int64_t> QuarantinedBySourceAndReason();

  support::TempDirectory folder_;
  support::DaemonProcess daemon_;
  std::array<FilesAdapter, 3> adapters_;
  std::vector<PositionName> positions_;
  uint64_t seed_;
  std::vector<std::unique_ptr<ClaimWorker>> checkouts_;
  std::optional<support::GrpcClient> client_;
  Events events_;
};

}  // namespace stockd::system_test
