#include "daemon/reports/contact_fold.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace stockd::reports {

ContactFold::ContactFold(Workspace& workspace, storage::JournalFeed& feed,
                         std::vector<std::string> online_channels)
    : work_(workspace), feed_(feed), online_channels_(std::move(online_channels)) {}

bool ContactFold::IsInShop(const ledger::JournalEntry& sale) const {
  return std::ranges::find(online_channels_, sale.channel) == online_channels_.end();
}

bool ContactFold::IsContacted(const ledger::JournalEntry& sale) {
  return work_.file().HasContact(sale.customer_reference, sale.position.item,
                                 sale.occurred_at - kContactWindow, sale.occurred_at);
}

// The sale was added while nobody knew of a contact.
void ContactFold::Restate(const ledger::JournalEntry& sale) {
  const ItemId item = sale.position.item;
  const CellPlace place{.location = ToNumber(sale.position.location),
                        .category = work_.items().At(item, sale.occurred_at).category,
                        .item = ToNumber(item)};
  const StrandId strand = work_.Intern({.channel = sale.channel,
                                        .fulfilment = sale.fulfilment_channel,
                                        .currency = sale.currency,
                                        .source = sale.source});
  const Amount amounts[] = {
      {Measure::kShopContactedValue,
       Int128{std::abs(sale.stated)} * work_.items().MicroUnits(item) * sale.unit_price_micros}};
  work_.AddFlow(sale.occurred_at, place, strand, amounts);
}

void ContactFold::AddContact(const storage::Contact& contact, Sequence known) {
  const Timestamp at = contact.occurred_at;
  if (work_.file().HasContact(contact.customer_reference, contact.item, at, at)) return;
  const Amount counted[] = {{Measure::kContacts, 1}};
  work_.AddPlaceFlow(at, 0, work_.Intern({}), counted);
  for (const PositionKey key : work_.PositionsOf(contact.item)) {
    for (const storage::FactMark& mark : feed_.FactsBetween(key, at, at + kContactWindow, known)) {
      if (mark.kind != ledger::EntryKind::kSale) continue;
      const auto sale = feed_.Entry(mark.sequence);
      if (sale && sale->customer_reference == contact.customer_reference && IsInShop(*sale) &&
          !IsContacted(*sale)) {
        Restate(*sale);
      }
    }
  }
  work_.file().AddContact(contact.customer_reference, contact.item, at);
}

}  // namespace stockd::reports
