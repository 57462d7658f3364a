#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "daemon/reports/report_query.h"
#include "tests/reports/history.h"

namespace stockd::reports {

// What reports must say, worked out from the plain list of what was told: for each question it goes
// through everything, position by position and instant by instant. Shares the formulas of figures
// with the daemon, and nothing else.
class Oracle {
 public:
  explicit Oracle(const World& world);

  // What was told, and what the ledger made of it, in the order in which it learned.
  void Learn(const Told& told, const std::optional<SnapshotTaken>& taken);

  // The rows of a report, as text, ordered as RunReport() orders them.
  std::vector<std::string> Report(const ReportQuery& query) const;

  // On hand behind everything.
  Quantity OnHand(PositionKey key) const;
  // When it fell to nothing and rose again.
  std::vector<Flip> Flips(PositionKey key) const;
  // What stands at the end: units, when anything of it was first known, when it was last sold, and
  // when units came, one instant for each.
  struct Standing {
    Quantity on_hand = 0;
    Timestamp first_at{};
    Timestamp last_sale_at = kTimestampMin;
    std::vector<Timestamp> units_came;  // In the order of time.
  };
  Standing StandingOf(PositionKey key) const;
  int64_t MicroUnits(ItemId item) const { return micro_units_.at(item); }
  int64_t CostOf(ItemId item) const { return items_.at(item).back().unit_cost_micros; }
  // What was told of the position, for the message of a failure.
  std::string Story(PositionKey key) const;
  // All positions that anything was told of.
  std::vector<PositionKey> Positions() const;

 private:
  friend class OracleSums;

  struct Fact {
    ledger::Fact told;
    Timestamp recorded_at;
    Quantity effect = 0;  // On on_hand; of a count: what was counted.
  };
  struct ItemState {
    Timestamp from;
    std::string category;
    std::string currency;
    int64_t unit_cost_micros = 0;
    int64_t price_micros = 0;
  };
  struct Position {
    std::multimap<Timestamp, Quantity> deltas;
    std::map<Timestamp, Quantity> counts;
    std::map<Timestamp, Quantity> confirmed;  // Also among the counts.

    Quantity At(Timestamp instant) const;
    Quantity Before(Timestamp count) const;  // By the books, with the deltas of that instant.
    std::set<Timestamp> Instants() const;
    Timestamp First() const { return *Instants().begin(); }
  };

  // Sale lines of one source and reference; `line` stands for them.
  struct Order {
    const Fact* line = nullptr;
    std::string customer;
  };
  std::map<std::pair<std::string, SourceId>, Order> Orders() const;
  // The order whose units come back, if it is known.
  const Order* SaleOf(const Fact& fact,
                      const std::map<std::pair<std::string, SourceId>, Order>& orders) const;
  std::vector<std::string> CustomerRows(const ReportQuery& query, const Figure& figure) const;

  bool IsContacted(const ledger::Fact& sale) const;
  const ItemState& StateAt(ItemId item, Timestamp instant) const;

  const World& world_;
  std::set<std::pair<SourceId, std::string>> known_;
  std::vector<Fact> facts_;
  std::map<PositionKey, Position> positions_;
  std::map<ItemId, std::vector<ItemState>> items_;
  std::map<ItemId, int64_t> micro_units_;
  std::map<std::tuple<std::string, LocationId, Timestamp>, int64_t> visits_;
  std::vector<storage::Contact> contacts_;
  Timestamp latest_confirmed_ = kTimestampMin;
};

// A row as text, with everything that it says.
std::string Shown(const ReportRow& row);

// Whether a report may leave the row out: nothing of its group happened.
bool SaysNothing(const ReportRow& row);

}  // namespace stockd::reports
