// Values of rows: checked, and with the reason when they are not right.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/files/row_reader.h"

namespace stockd::files {

// What becomes of a row.
struct RowVerdict {
  enum class Fate { kTaken, kSkipped, kRejected };

  Fate fate = Fate::kTaken;
  // kSkipped: which rule. kRejected: why.
  std::string reason;
  std::string detail;

  static RowVerdict Taken() { return {}; }
  static RowVerdict Skipped(std::string rule) { return {Fate::kSkipped, std::move(rule), {}}; }
  static RowVerdict Rejected(std::string_view reason, std::string detail) {
    return {Fate::kRejected, std::string(reason), std::move(detail)};
  }
  static RowVerdict Rejected(const RowProblem& problem) {
    return Rejected(problem.reason, problem.detail);
  }
};

// The largest quantity of the contract.
inline constexpr int64_t kQuantityMax = 1'000'000'000'000;

// Reads the values of one row. The first value that is wrong is kept as problem(); values after it
// are read all the same, so that code need not look after each one.
class RowValues {
 public:
  // An id of 1 to 128 bytes.
  std::string Id(std::string_view field, std::string_view value);
  // The same, or nothing.
  std::string OptionalId(std::string_view field, std::string_view value);
  // Text of at most `bytes_max`.
  std::string Text(std::string_view field, std::string_view value, size_t bytes_max);
  // A decimal in the smallest unit, within the contract's range.
  int64_t Quantity(std::string_view value, int scale, char separator);
  // Millionths; 0 when there is none.
  int64_t Price(std::string_view field, std::string_view value, char separator);
  // ISO 4217; empty when there is none.
  std::string Currency(std::string_view value);
  // Whole number; `fallback` when there is none.
  int64_t Number(std::string_view field, std::string_view value, int64_t min, int64_t max,
                 int64_t fallback);
  // true, yes, 1 and the like; `fallback` when there is none.
  bool Flag(std::string_view field, std::string_view value, bool fallback);

  void Refuse(std::string_view reason, std::string detail);
  const std::optional<RowProblem>& problem() const { return problem_; }

 private:
  std::optional<RowProblem> problem_;
};

}  // namespace stockd::files
