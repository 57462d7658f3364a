// What one stream has come to while its events are gone through.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/check/recording.h"
#include "adapters/check/report.h"

namespace stockd::check {

// A check in the making: failed as soon as one thing is wrong, passed when it was tried.
class Rule {
 public:
  Rule(std::string name, std::string claim, std::string missing)
      : result_{.name = std::move(name), .claim = std::move(claim), .why = std::move(missing)} {}

  // One case was in order.
  void Pass() {
    if (result_.verdict == Verdict::kNotTried) result_.verdict = Verdict::kPassed, result_.why = "";
  }
  // The first thing that is wrong is told.
  void Fail(std::string why) {
    if (result_.verdict != Verdict::kFailed) result_.why = std::move(why);
    result_.verdict = Verdict::kFailed;
  }
  void Judge(bool is_right, std::string why) { is_right ? Pass() : Fail(std::move(why)); }

  const CheckResult& result() const { return result_; }

 private:
  CheckResult result_;
};

// One stream.
struct StreamState {
  int64_t opened_at_ms = 0;
  std::optional<v1::Hello> hello;
  std::optional<v1::Welcome> welcome;
  int frames = 0;  // From the adapter.
  uint64_t last_batch = 0;
  std::map<uint64_t, std::vector<v1::Fact>> open_batches;
  std::map<uint64_t, v1::LevelUpdate> updates;  // By cursor, that came.
  std::optional<int64_t> snapshot_rows;         // Of the snapshot that was begun.
};

}  // namespace stockd::check
