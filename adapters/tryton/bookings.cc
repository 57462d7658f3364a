#include "adapters/tryton/bookings.h"

#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <utility>

#include "adapters/sdk/content_hash.h"

namespace stockd::tryton {
namespace {

constexpr size_t kMarkSize = 8;

bool IsOnHand(std::string_view bucket) {
  return bucket == "free" || bucket == "reserved" || bucket == "committed";
}

// By what happened, else by the sign alone: corrections of counts, rebases, damage.
BookingKind KindOf(std::string_view kind, bool entered) {
  if (kind == "sale") return BookingKind::kSale;
  if (kind == "return") return BookingKind::kReturn;
  if (kind == "receipt") return BookingKind::kReceipt;
  if (kind == "transfer_out") return BookingKind::kTransferOut;
  if (kind == "transfer_in") return BookingKind::kTransferIn;
  return entered ? BookingKind::kGain : BookingKind::kLoss;
}

std::string ContentOf(const v1::JournalEntry& entry) {
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}.{}\n", entry.sequence(), entry.kind(), entry.source(),
                     entry.cause(), entry.quantity(), entry.occurred_at().seconds(),
                     entry.occurred_at().nanos());
}

// Whether the opening levels hold it. What happened before their instant and was recorded before
// they were in force was absorbed by them, together with its rebase; what was recorded later was
// recorded with its rebase, and both are booked.
bool IsInOpening(const v1::JournalEntry& entry, const Opening& opening) {
  if (entry.sequence() <= opening.sequence_before) return true;
  return entry.sequence() <= opening.sequence_after &&
         sdk::FromProto(entry.occurred_at()) <= opening.as_of;
}

}  // namespace

std::vector<Booking> BookingsOf(const std::vector<v1::JournalEntry>& entries,
                                BookingProgress progress, std::string_view own_source,
                                const Opening& opening, std::string_view key_prefix) {
  struct Group {
    Booking booking;
    sdk::ContentHash content;
  };
  std::map<BookingKind, Group> groups;
  for (const v1::JournalEntry& entry : entries) {
    const bool left = IsOnHand(entry.from_bucket());
    const bool entered = IsOnHand(entry.to_bucket());
    if (left == entered) continue;
    if (entry.sequence() <= progress.booked || entry.sequence() > progress.planned) continue;
    if (entry.source() == own_source || IsInOpening(entry, opening)) continue;
    // A sale that takes units out of a claim and free ones has several entries; the first states
    // all of it.
    if (entry.kind() == "sale_rest") continue;
    const int64_t quantity =
        entry.kind() == "sale" ? std::abs(entry.stated_quantity()) : entry.quantity();
    if (quantity == 0) continue;
    const BookingKind kind = KindOf(entry.kind(), entered);
    Group& group = groups[kind];
    group.booking.kind = kind;
    group.booking.sequence = entry.sequence();
    group.booking.quantity += quantity;
    group.content.Add(ContentOf(entry));
  }
  std::vector<Booking> bookings;
  for (auto& [kind, group] : groups) {
    group.booking.key = fmt::format("{}{}-{}", key_prefix, group.booking.sequence,
                                    group.content.TakeName().substr(0, kMarkSize));
    bookings.push_back(std::move(group.booking));
  }
  return bookings;
}

}  // namespace stockd::tryton
