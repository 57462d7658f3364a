// Transactions to facts.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/poslog/poslog_config.h"
#include "adapters/poslog/sold_lines.h"
#include "adapters/poslog/till_clock.h"
#include "adapters/poslog/transaction.h"
#include "stockd/v1/types.pb.h"

namespace stockd::poslog {

// What becomes of a transaction.
struct MappedTransaction {
  enum class Fate { kTaken, kSkipped, kRejected };

  Fate fate = Fate::kTaken;
  std::string reason;  // kSkipped: which rule. kRejected: why, UPPER_SNAKE.
  std::string detail;  // kRejected: for people.
  std::string key;     // store/workstation/business day/sequence; empty: it has none.
  std::vector<v1::Fact> facts;
  // The till and its number of the transaction; 0: it has none, or none is followed. The same for
  // all facts, and told even when there are none.
  std::string device;
  uint64_t device_sequence = 0;
  std::map<std::string, int64_t> lines_skipped;  // By kind.
  int64_t lines_voided = 0;
  bool is_time_repeated = false;
};

// For one thread.
class TransactionMapping {
 public:
  // Decimals of an item's smallest unit.
  using ScaleOf = std::function<int(std::string_view)>;

  // INVALID_ARGUMENT when a time zone is unknown.
  [[nodiscard]] static absl::StatusOr<TransactionMapping> Make(const PoslogConfig& config,
                                                               ScaleOf scale_of);

  // `is_utf8`: see TransactionScanner::is_utf8().
  [[nodiscard]] MappedTransaction Map(const Transaction& transaction, bool is_utf8) const;

 private:
  struct Store {
    std::string location;
    TillClock clock;
  };
  // Of one transaction.
  struct Work;

  TransactionMapping(MappingRules rules, ScaleOf scale_of, TillClock clock);

  void FillKey(Work& work) const;
  std::string SkipRule(Work& work) const;
  void FillLines(Work& work) const;
  void FillFacts(Work& work) const;
  std::string ItemOf(const WrittenLine& line, Work& work) const;
  int64_t QuantityOf(const WrittenLine& line, const std::string& item, Work& work) const;
  void FillPrice(const WrittenLine& line, v1::Fact& fact, Work& work) const;

  MappingRules rules_;
  ScaleOf scale_of_;
  TillClock clock_;
  std::map<std::string, Store, std::less<>> stores_;
};

}  // namespace stockd::poslog
