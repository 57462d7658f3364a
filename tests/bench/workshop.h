#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/daemon_process.h"
#include "tests/bench/feed_client.h"
#include "tests/bench/figures.h"
#include "tests/bench/index_memory.h"
#include "tests/bench/lag_client.h"
#include "tests/bench/load_client.h"
#include "tests/bench/options.h"
#include "tests/bench/process.h"
#include "tests/bench/stock_database.h"

namespace stockd::bench {

// A load run with what it cost the server.
struct Measured {
  LoadResult load;
  // Processor time, user and system.
  double server_us_per_call = 0;
  double client_us_per_call = 0;
};

// What the benchmarks work with: clients and servers, each a process of its own, and databases.
class Workshop {
 public:
  explicit Workshop(Options options);

  const Options& options() const { return options_; }
  // How large, or a smoke run's size.
  uint64_t size(uint64_t full, uint64_t smoke) const { return options_.smoke ? smoke : full; }
  // The same for what takes minutes to make: a tenth of it for a quick run.
  uint64_t large_size(uint64_t full, uint64_t smoke) const {
    return size(options_.quick ? full / 10 : full, smoke);
  }

  // A folder of this name for databases; it is emptied by who uses it.
  std::filesystem::path Folder(const std::string& name) const;
  std::filesystem::path Stock(const StockShape& shape) const;
  // Starts a daemon on a copy of such a database, in a folder of this name.
  std::unique_ptr<DaemonProcess> StartDaemon(const std::string& name, const StockShape& shape,
                                             const std::string& more_config = kReportsOff) const;
  // The yardstick's server, started at its first use.
  Process& Echo();

  // A load with the usual callers, warm-up and duration.
  LoadSpec Load(Call call, const StockShape& shape) const;
  // Runs a load against the daemon or the echo server. Throws BenchError when a call fails.
  Measured RunOnDaemon(LoadSpec spec, DaemonProcess& daemon);
  Measured RunOnHttp(LoadSpec spec, DaemonProcess& daemon);
  Measured RunOnEcho(LoadSpec spec);

  FeedSpec Feed(DaemonProcess& daemon, const StockShape& shape) const;
  FeedResult RunFacts(const FeedSpec& spec) const;
  FeedResult RunSnapshot(const FeedSpec& spec) const;
  LagResult RunLag(const LagSpec& spec) const;
  IndexMemory RunIndexMemory(uint64_t positions, uint64_t locations) const;

  // Calls both `repeats` times, one after the other, in turns of who is first.
  void Repeat(const std::function<void()>& subject, const std::function<void()>& yardstick) const;

 private:
  // Runs this program in a role with a document as its argument; its output is the answer.
  nlohmann::json RunRole(const std::string& role, const nlohmann::json& argument) const;
  Measured Run(const LoadSpec& spec, const Process& server);

  Options options_;
  std::unique_ptr<Process> echo_;
  std::string echo_address_;
  uint64_t run_ = 0;  // Load runs so far.
};

}  // namespace stockd::bench
