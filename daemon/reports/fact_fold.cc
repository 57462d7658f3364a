#include "daemon/reports/fact_fold.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "daemon/reports/distribution.h"

namespace stockd::reports {
namespace {

using ledger::EntryKind;

// A fact that was told later than this is late.
constexpr Duration kLateAfter = std::chrono::hours(1);

// The amounts of one fact; none has more.
class Amounts {
 public:
  void Add(Measure measure, Int128 amount) {
    if (amount != 0) amounts_[count_++] = {measure, amount};
  }
  std::span<const Amount> all() const { return {amounts_, count_}; }

 private:
  Amount amounts_[24];
  size_t count_ = 0;
};

void AddSale(const ledger::JournalEntry& fact, Int128 units, Amounts& amounts) {
  amounts.Add(Measure::kSaleLines, 1);
  amounts.Add(Measure::kSaleUnits, units);
  amounts.Add(Measure::kSaleValue, units * fact.unit_price_micros);
  if (fact.unit_price_micros == 0) {
    amounts.Add(Measure::kSaleUnpricedLines, 1);
  } else {
    amounts.Add(Measure::kSaleValueUnits, units);
  }
  if (fact.reference.empty()) return;
  amounts.Add(Measure::kOrderLines, 1);
  amounts.Add(Measure::kOrderUnits, units);
  amounts.Add(Measure::kOrderValue, units * fact.unit_price_micros);
  if (fact.unit_price_micros == 0) amounts.Add(Measure::kOrderUnpricedLines, 1);
}

// What is bought in a shop, by whether the customer saw it online before.
void AddShopSale(const ledger::JournalEntry& fact, Int128 units, ContactFold& contacts,
                 Amounts& amounts) {
  if (!contacts.IsInShop(fact)) return;
  amounts.Add(Measure::kShopLines, 1);
  if (fact.customer_reference.empty()) return;
  amounts.Add(Measure::kShopKnownLines, 1);
  amounts.Add(Measure::kShopKnownValue, units * fact.unit_price_micros);
  if (!contacts.IsContacted(fact)) return;
  amounts.Add(Measure::kShopContactedValue, units * fact.unit_price_micros);
}

void AddReturn(const ledger::JournalEntry& fact, Int128 units, Amounts& amounts) {
  amounts.Add(Measure::kReturnLines, 1);
  amounts.Add(Measure::kReturnUnits, units);
  amounts.Add(Measure::kReturnValue, units * fact.unit_price_micros);
  if (fact.unit_price_micros == 0) amounts.Add(Measure::kReturnUnpricedLines, 1);
}

// What the units cost, in the item's currency.
void AddCost(const ledger::JournalEntry& fact, Int128 units, const ItemState& state,
             Amounts& amounts) {
  if (fact.kind == EntryKind::kSale) {
    amounts.Add(Measure::kSaleCost, units * state.unit_cost_micros);
    if (state.unit_cost_micros == 0) amounts.Add(Measure::kSaleUncostedUnits, units);
  } else if (fact.kind == EntryKind::kReturn) {
    amounts.Add(Measure::kReturnCost, units * state.unit_cost_micros);
  }
}

}  // namespace

StrandId FactFold::Add(const ledger::JournalEntry& fact) {
  const ItemId item = fact.position.item;
  const ItemState& state = work_.items().At(item, fact.occurred_at);
  const Int128 units = Int128{std::abs(fact.stated)} * work_.items().MicroUnits(item);
  Amounts amounts;
  amounts.Add(Measure::kFactLines, 1);
  const Duration lateness = std::max(Duration{0}, fact.recorded_at - fact.occurred_at);
  if (lateness > kLateAfter) amounts.Add(Measure::kLateLines, 1);
  amounts.Add(Measure::kLatenessMicros, lateness.count());
  amounts.Add(BinMeasure(Distribution::kLatenessMicros, BinOf(lateness.count())), 1);
  switch (fact.kind) {
    case EntryKind::kSale:
      AddSale(fact, units, amounts);
      AddShopSale(fact, units, contacts_, amounts);
      break;
    case EntryKind::kReturn: AddReturn(fact, units, amounts); break;
    case EntryKind::kReceipt:
      amounts.Add(Measure::kReceiptLines, 1);
      amounts.Add(Measure::kReceiptUnits, units);
      break;
    case EntryKind::kTransferIn:
      amounts.Add(Measure::kTransferInLines, 1);
      amounts.Add(Measure::kTransferInUnits, units);
      break;
    case EntryKind::kTransferOut: amounts.Add(Measure::kTransferOutUnits, units); break;
    case EntryKind::kDamage: amounts.Add(Measure::kDamagedUnits, units); break;
    case EntryKind::kAdjustment:
      amounts.Add(fact.stated > 0 ? Measure::kAdjustedUpUnits : Measure::kAdjustedDownUnits, units);
      break;
    default: break;
  }
  strand_.channel = fact.channel;
  strand_.fulfilment = fact.fulfilment_channel;
  strand_.currency = fact.currency;
  strand_.source = fact.source;
  const CellPlace place{.location = ToNumber(fact.position.location),
                        .category = state.category,
                        .item = ToNumber(item)};
  const StrandId strand = work_.Intern(strand_);
  const std::string item_currency = work_.StrandOf(state.currency).currency;
  if (item_currency == fact.currency) {
    AddCost(fact, units, state, amounts);
    work_.AddFlow(fact.occurred_at, place, strand, amounts.all());
    return strand;
  }
  work_.AddFlow(fact.occurred_at, place, strand, amounts.all());
  Amounts costs;
  AddCost(fact, units, state, costs);
  if (costs.all().empty()) return strand;
  strand_.currency = item_currency;
  work_.AddFlow(fact.occurred_at, place, work_.Intern(strand_), costs.all());
  return strand;
}

}  // namespace stockd::reports
