#pragma once

#include <map>
#include <memory>
#include <string>

#include "daemon/reports/rollup_rows.h"
#include "daemon/storage/connection.h"

namespace stockd::reports {

// What became of a hold. Values are stored.
enum class HoldEnd : uint8_t {
  kOpen = 0,
  kConverted = 1,  // Units were committed or sold.
  kExpired = 2,    // None were, and the last ones left at the deadline,
  kReleased = 3,   // or were given back.
};

struct HoldRow {
  Timestamp created_at = kTimestampMax;
  LocationId location = kNoLocation;  // Of its first line.
  StrandId strand = 0;
  HoldEnd end = HoldEnd::kOpen;
  bool counts = false;  // Not a quota, and held for a time.

  bool known() const { return created_at != kTimestampMax; }
  friend bool operator==(const HoldRow&, const HoldRow&) = default;
};

// Units that a hold holds at one position.
struct HeldUnits {
  Quantity units = 0;
  Timestamp since{};       // Up to here the time is added up.
  Int128 unit_micros = 0;  // Units times microseconds of those that are there.

  friend bool operator==(const HeldUnits&, const HeldUnits&) = default;
};

// The tables of the roll-up file about holds. Functions throw RollupError. Thread-compatible.
class HoldRows {
 public:
  // The connection outlives it.
  HoldRows(storage::Connection& connection, std::string path);
  ~HoldRows();
  HoldRows(const HoldRows&) = delete;
  HoldRows& operator=(const HoldRows&) = delete;

  HoldRow FindHold(uint64_t number);
  void SaveHold(uint64_t number, const HoldRow& row);
  std::map<PositionKey, HeldUnits> Lines(uint64_t number);
  // Replaces the lines; those without units are left out.
  void SaveLines(uint64_t number, const std::map<PositionKey, HeldUnits>& lines);

 private:
  struct Statements;

  void Run(storage::Statement& statement);
  bool Step(storage::Statement& statement);
  [[noreturn]] void Fail(const char* doing);

  storage::Connection& connection_;
  const std::string path_;
  std::unique_ptr<Statements> statements_;
};

}  // namespace stockd::reports
