#include "daemon/sync/source_rules.h"

#include <algorithm>
#include <utility>

namespace stockd::sync {
namespace {

bool Restricts(const storage::SourceRule& rule) {
  return rule.closed || rule.kinds != 0 || !rule.channels.empty();
}

bool HasChannel(ledger::EntryKind kind) {
  return kind == ledger::EntryKind::kSale || kind == ledger::EntryKind::kReturn;
}

}  // namespace

SourceRights::SourceRights(storage::SourceRule fallback, bool echoes,
                           std::vector<storage::SourceRule> rules)
    : fallback_(std::move(fallback)), echoes_(echoes), rules_(std::move(rules)) {
  std::ranges::sort(rules_, {}, &storage::SourceRule::location);
  for (size_t i = 0; i < rules_.size(); ++i) at_[rules_[i].location] = i;
  compares_all_ = true;
  const auto look = [this](const storage::SourceRule& rule) {
    const bool compares = rule.absolute == storage::AbsoluteRule::kAudit;
    compares_some_ = compares_some_ || compares;
    compares_all_ = compares_all_ && compares;
    if (rule.absolute == storage::AbsoluteRule::kDiff) tracked_ = true;
    if (rule.absolute != storage::AbsoluteRule::kCount || Restricts(rule)) plain_ = false;
  };
  // A rule for all locations takes the place of the configured one.
  if (!at_.contains(kNoLocation)) look(fallback_);
  for (const storage::SourceRule& rule : rules_) look(rule);
  if (echoes_) tracked_ = true;
  if (tracked_) plain_ = false;
}

const storage::SourceRule& SourceRights::At(LocationId location) const {
  if (at_.empty()) return fallback_;
  if (const auto own = at_.find(location); own != at_.end()) return rules_[own->second];
  if (const auto all = at_.find(kNoLocation); all != at_.end()) return rules_[all->second];
  return fallback_;
}

ledger::Reason SourceRights::Refusal(ledger::EntryKind kind, LocationId location,
                                     std::string_view channel) const {
  if (plain_) return ledger::Reason::kNone;
  const storage::SourceRule& rule = At(location);
  if (rule.closed) return ledger::Reason::kLocationNotAllowed;
  if (rule.kinds != 0 && (rule.kinds >> static_cast<uint32_t>(kind) & 1U) == 0)
    return ledger::Reason::kKindNotAllowed;
  if (HasChannel(kind) && !rule.channels.empty() &&
      std::ranges::find(rule.channels, channel) == rule.channels.end()) {
    return ledger::Reason::kChannelNotAllowed;
  }
  return ledger::Reason::kNone;
}

void SourceRules::Load(const std::vector<storage::SourceRule>& rules) {
  absl::flat_hash_map<SourceId, std::vector<storage::SourceRule>> by_source;
  for (const storage::SourceRule& rule : rules) by_source[rule.source].push_back(rule);
  const absl::MutexLock lock(&mutex_);
  for (auto& [source, own] : by_source) {
    rights_[source] = std::make_shared<const SourceRights>(storage::SourceRule{.source = source},
                                                           false, std::move(own));
  }
}

void SourceRules::Configure(const std::vector<Default>& defaults) {
  const absl::MutexLock lock(&mutex_);
  for (const Default& each : defaults) {
    std::shared_ptr<const SourceRights>& rights = rights_[each.source];
    rights = std::make_shared<const SourceRights>(
        storage::SourceRule{.source = each.source, .absolute = each.absolute}, each.echoes,
        rights ? rights->rules() : std::vector<storage::SourceRule>());
  }
}

std::shared_ptr<const SourceRights> SourceRules::Of(SourceId source) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto found = rights_.find(source);
  return found == rights_.end() ? no_rules_ : found->second;
}

bool SourceRules::Change(engine::UnitOfWork& unit, const storage::SourceRule& rule, bool remove,
                         std::string_view note) {
  const std::shared_ptr<const SourceRights> before = Of(rule.source);
  std::vector<storage::SourceRule> rules = before->rules();
  const auto at = std::ranges::find(rules, rule.location, &storage::SourceRule::location);
  storage::SourceRuleChange change{
      .changed_at = unit.now(), .rule = rule, .removed = remove, .note = std::string(note)};
  if (remove) {
    if (at == rules.end()) return false;  // There is nothing to remove, or it was removed before.
    change.rule = *at;
    rules.erase(at);
    unit.store().DeleteSourceRule(rule.source, rule.location);
  } else {
    if (at != rules.end() && *at == rule) return false;
    if (at != rules.end()) {
      *at = rule;
    } else {
      rules.push_back(rule);
    }
    unit.store().SaveSourceRule(rule);
  }
  unit.store().AddSourceRuleChange(change);
  auto after =
      std::make_shared<const SourceRights>(before->fallback(), before->echoes(), std::move(rules));
  const bool newly_tracked = after->tracked() && !before->tracked();
  const absl::MutexLock lock(&mutex_);
  rights_[rule.source] = std::move(after);
  return newly_tracked;
}

}  // namespace stockd::sync
