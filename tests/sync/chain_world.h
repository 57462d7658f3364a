#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/random.h"
#include "tests/sync/chain_shop.h"

namespace stockd::support {

// A chain in small, for one seed: an ERP, two tills, two web shops and a board over one daemon, for
// a week or two. What is told is repeated, reordered, lost, delayed for days; sessions break,
// levels are refused, the daemon restarts, tills sell quotas while they are cut off, baskets
// reserve, people count. What physically happens is known: it is the oracle.
class ChainWorld {
 public:
  ChainWorld(ChainFixture& daemon, uint64_t seed);

  // Lives through it and comes to rest. What does not hold then, or did not on the way; empty: all
  // is well.
  std::string Run(int steps);

  int power_cut_count() const { return power_cuts_; }

 private:
  struct Place {
    PositionKey key;
    std::string sku;
    std::string location;
    Quantity there = 0;  // Sellable units that stand there.
    Quantity aside = 0;  // Of them, in quotas of tills.
  };
  struct Quota {
    std::string id;
    size_t place = 0;
    Quantity left = 0;
    Timestamp ends_at{};
  };
  // A snapshot of counts that somebody made and has not told yet.
  struct CountSheet {
    std::string id;
    Timestamp as_of{};
    std::vector<v1::SnapshotRow> rows;
  };
  // The facts of one source on their way.
  struct Network {
    std::vector<v1::Fact> waiting;
    std::vector<v1::Fact> told;
  };

  std::string NewId(const char* what) { return name_ + what + std::to_string(++ids_); }
  Place& AnyPlace() { return places_[random_.Below(places_.size())]; }
  static Quantity Free(const Place& place) { return place.there - place.aside; }

  void Step();
  // What happens.
  void Receive();
  void SellAtTill();
  void TakeBack();
  void AdjustOrDamage();
  void Transfer();
  void SellInShop();
  void GrantQuota();
  void SellFromQuota();
  void FillBasket();
  void Count();
  void CountByChance();
  void LoseAFact();
  void WriteCountSheet();
  // What is told.
  v1::Fact& Happen(SourceId source, v1::FactKind kind, const Place& place, Quantity quantity);
  void HappenAtTill(v1::FactKind kind, const Place& place, Quantity quantity,
                    const std::string& reservation_id = {});
  void Tell(Network& network, SourceId source, size_t count);
  void TellCountSheets();
  bool TellAllShops();
  void TellSheet(const CountSheet& sheet);
  void MapNames();
  // Sessions.
  void MoveASession();
  void BreakSomething();
  // After a cut of its power, too: the disk then holds what it may.
  void RestartDaemon();
  // Calls until it is committed, with the daemon started again after each cut of its power: as a
  // caller does who got no answer. The same call must be safe to repeat.
  template <typename Call>
  auto Insist(Call call) {
    auto done = call();
    while (done.outcome != engine::CommitOutcome::kCommitted && daemon_.is_dark()) {
      RestartDaemon();
      done = call();
    }
    return done;
  }

  void ComeToRest();
  void RefuseSome(ChainShop& shop);
  void Judge();
  void JudgeOnTheWay();
  void JudgePlace(const Place& place);
  void JudgeNumbers();
  void Fail(const std::string& what);

  ChainFixture& daemon_;
  Random random_;
  const std::string name_;
  int ids_ = 0;
  std::vector<Place> places_;
  std::map<std::string, ItemId> items_;
  bool names_are_mapped_ = false;
  Network erp_;
  Network tills_;
  std::map<std::string, uint64_t> numbers_;  // Given by each till so far.
  std::map<std::string, std::set<uint64_t>> told_numbers_;
  std::vector<Quota> quotas_;
  std::vector<CountSheet> sheets_;
  ChainShop shop_;
  ChainShop market_;
  ChainShop board_;
  std::vector<ChainShop*> shops_;  // Those that sell.
  int levels_at_rest_ = 0;
  int judged_ = 0;  // How often, on the way.
  std::string fault_;
  int power_cuts_ = 0;
};

}  // namespace stockd::support
