#include "daemon/reports/rollup.h"

#include <algorithm>
#include <utility>

namespace stockd::reports {
namespace {

constexpr int kChangesMax = 10'000;  // Read at once, beside the entries.
constexpr int kOrderEventsMax = 5'000;
constexpr int kVisitsMax = 10'000;
constexpr int kContactsMax = 2'000;  // Each may read facts.
constexpr int kConfirmedMax = 16;    // Each may name thousands of positions.

// Tells two histories apart by one entry of each.
uint64_t Fingerprint(const ledger::JournalEntry& entry) {
  uint64_t hash = 0xcbf29ce484222325;
  const auto mix = [&hash](uint64_t value) {
    for (int i = 0; i < 8; ++i) {
      hash = (hash ^ (value >> (8 * i) & 0xff)) * 0x100000001b3;
    }
  };
  mix(entry.sequence);
  mix(entry.position.packed());
  mix(static_cast<uint64_t>(entry.kind));
  mix(static_cast<uint64_t>(entry.quantity));
  mix(static_cast<uint64_t>(ToMicros(entry.occurred_at)));
  mix(static_cast<uint64_t>(ToMicros(entry.recorded_at)));
  for (const char c : entry.event_id) mix(static_cast<unsigned char>(c));
  return hash;
}

}  // namespace

Rollup::Rollup(RollupFile& file, storage::JournalFeed& feed, absl::TimeZone zone,
               std::vector<std::string> online_channels)
    : file_(file),
      feed_(feed),
      work_(file, zone),
      contacts_(work_, feed, std::move(online_channels)),
      facts_(work_, contacts_),
      orders_(work_),
      holds_(work_, feed),
      lives_(work_, feed),
      stock_(work_, feed) {
  progress_ = file_.ReadProgress();
  const auto entry = feed_.Entry(progress_.sequence);
  if (progress_.sequence != 0 && (!entry || Fingerprint(*entry) != progress_.fingerprint)) {
    file_.Clear();
  }
  Start();
}

void Rollup::Start() {
  progress_ = file_.ReadProgress();
  item_changes_.clear();
  confirmed_.clear();
  visits_.clear();
  told_contacts_.clear();
  work_.Drop();
  work_.Load();
  orders_.Start();
  holds_.Start();
  stock_.Start(progress_.confirmed_id);
}

void Rollup::Clear() {
  file_.Clear();
  Start();
}

bool Rollup::Advance(int entries_max) {
  const Progress before = progress_;
  // Entries first: whatever was committed before one of them is then found by the later reads.
  const std::vector<ledger::JournalEntry> entries = feed_.Entries(progress_.sequence, entries_max);
  item_changes_ = feed_.ItemChanges(progress_.item_change_id, kChangesMax);
  confirmed_ = feed_.ConfirmedCounts(progress_.confirmed_id, kConfirmedMax);
  visits_ = feed_.Visits(progress_.visit_id, kVisitsMax);
  told_contacts_ = feed_.Contacts(progress_.contact_id, kContactsMax);
  const bool orders_changed = !feed_.OrderEvents(progress_.order_event, 1).empty();
  if (entries.empty() && item_changes_.empty() && confirmed_.empty() && visits_.empty() &&
      told_contacts_.empty() && !orders_changed) {
    return false;
  }
  const bool all_read = item_changes_.size() < kChangesMax && confirmed_.size() < kConfirmedMax &&
                        visits_.size() < kVisitsMax && told_contacts_.size() < kContactsMax;
  // Behind changes that were not read no entry may be applied.
  Sequence until = UINT64_MAX;
  if (item_changes_.size() == kChangesMax) until = item_changes_.back().after_sequence;
  if (confirmed_.size() == kConfirmedMax) {
    until = std::min(until, confirmed_.back().after_sequence);
  }
  if (visits_.size() == kVisitsMax) until = std::min(until, visits_.back().after_sequence);
  if (told_contacts_.size() == kContactsMax) {
    until = std::min(until, told_contacts_.back().after_sequence);
  }
  std::ranges::reverse(item_changes_);
  std::ranges::reverse(confirmed_);
  std::ranges::reverse(visits_);
  std::ranges::reverse(told_contacts_);
  file_.Begin();
  try {
    for (const ledger::JournalEntry& entry : entries) {
      if (entry.sequence > until) break;
      ApplyChangesBefore(entry.sequence);
      Apply(entry);
    }
    ApplyChangesBefore(progress_.sequence + 1);
    // Orders follow the facts, for items must be known.
    if (entries.size() < static_cast<size_t>(entries_max)) {
      progress_.order_event = lives_.Follow(progress_.order_event, kOrderEventsMax);
    }
    orders_.Flush();
    holds_.Flush();
    work_.Flush();
    file_.SaveProgress(progress_);
    file_.Commit();
  } catch (...) {
    file_.Rollback();
    Start();
    throw;
  }
  return progress_ != before || !all_read;
}

void Rollup::ApplyChangesBefore(Sequence next) {
  while (!item_changes_.empty() && item_changes_.back().after_sequence < next) {
    stock_.AddItemChange(item_changes_.back());
    progress_.item_change_id = item_changes_.back().id;
    item_changes_.pop_back();
  }
  while (!confirmed_.empty() && confirmed_.back().after_sequence < next) {
    stock_.AddConfirmed(confirmed_.back(), progress_.sequence);
    progress_.confirmed_id = confirmed_.back().id;
    confirmed_.pop_back();
  }
  while (!visits_.empty() && visits_.back().after_sequence < next) {
    AddVisits(visits_.back());
    visits_.pop_back();
  }
  while (!told_contacts_.empty() && told_contacts_.back().after_sequence < next) {
    contacts_.AddContact(told_contacts_.back().contact, progress_.sequence);
    progress_.contact_id = told_contacts_.back().id;
    told_contacts_.pop_back();
  }
}

// The latest count of an hour stands.
void Rollup::AddVisits(const storage::VisitRecord& record) {
  const storage::VisitCount& count = record.count;
  const StrandId strand = work_.Intern({.channel = count.channel});
  const int64_t known = file_.SwapVisits(strand, count.location, count.begins_at, count.visits);
  const Amount amounts[] = {{Measure::kVisits, Int128{count.visits} - known}};
  work_.AddPlaceFlow(count.begins_at, ToNumber(count.location), strand, amounts);
  progress_.visit_id = record.id;
}

// What stands came by receipts, transfers, returns and corrections; what is never sold is dead.
void Rollup::NoteAge(const ledger::JournalEntry& entry) {
  if (entry.kind == ledger::EntryKind::kSale) {
    StandingPosition& position = work_.Position(entry.position);
    position.last_sale_at = std::max(position.last_sale_at, entry.occurred_at);
    return;
  }
  work_.NoteInflow(entry.occurred_at, entry.position, entry.stated);
}

void Rollup::Apply(const ledger::JournalEntry& entry) {
  const StockFold::Known known{.before = progress_.sequence, .with = entry.sequence};
  if (ledger::IsFact(entry.kind)) {
    work_.NoteFact(entry.occurred_at, entry.position.location, entry.sequence);
  }
  if (entry.kind == ledger::EntryKind::kCount) {
    stock_.AddCount(entry.position, entry.occurred_at, entry.stated, known);
  } else if (ledger::IsFact(entry.kind)) {
    const StrandId strand = facts_.Add(entry);
    if (entry.kind == ledger::EntryKind::kSale) orders_.AddSale(entry, strand);
    if (entry.kind == ledger::EntryKind::kReturn) orders_.AddReturn(entry, strand);
    NoteAge(entry);
    stock_.AddDelta(entry.position, entry.occurred_at, entry.stated, known);
  } else if (entry.kind == ledger::EntryKind::kRebase) {
    stock_.TakeBack(entry.position, entry.recorded_at);
  }
  holds_.Add(entry);
  progress_.sequence = entry.sequence;
  progress_.fingerprint = Fingerprint(entry);
}

}  // namespace stockd::reports
