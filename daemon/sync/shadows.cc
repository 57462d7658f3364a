#include "daemon/sync/shadows.h"

#include <algorithm>

namespace stockd::sync {
namespace {

using Kind = Judgement::Kind;

Judgement AgainstPending(const storage::Shadow& shadow, Quantity stated) {
  Judgement judgement{
      .kind = Kind::kEcho, .delta = stated - *shadow.pending, .after = Written(shadow)};
  if (judgement.delta != 0) judgement.kind = Kind::kMoved;
  judgement.after.known = stated;
  return judgement;
}

Judgement AgainstKnown(const storage::Shadow& shadow, Quantity stated) {
  Judgement judgement{.kind = Kind::kSame, .delta = stated - *shadow.known, .after = shadow};
  if (judgement.delta != 0) judgement.kind = Kind::kMoved;
  judgement.after.known = stated;
  return judgement;
}

Judgement ByFigures(const storage::Shadow& shadow, Quantity stated) {
  if (shadow.pending == stated) return AgainstPending(shadow, stated);
  if (!shadow.known) {
    Judgement first{.kind = Kind::kFirst, .delta = 0, .after = shadow};
    first.after.known = stated;
    return first;
  }
  if (!shadow.pending) return AgainstKnown(shadow, stated);
  const Quantity by_known = stated - *shadow.known;
  const Quantity by_pending = stated - *shadow.pending;
  if (by_known == 0) return AgainstKnown(shadow, stated);
  const bool pending_is_nearer = (by_known < 0) == (by_pending < 0)
                                     ? std::abs(by_pending) < std::abs(by_known)
                                     : by_pending < 0;
  return pending_is_nearer ? AgainstPending(shadow, stated) : AgainstKnown(shadow, stated);
}

}  // namespace

storage::Shadow Written(storage::Shadow shadow) {
  shadow.known = shadow.pending;
  shadow.known_version = shadow.pending_version;
  shadow.pending.reset();
  shadow.pending_version = 0;
  return shadow;
}

Judgement JudgeAbsolute(const storage::Shadow& shadow, Quantity stated, Sequence level_version) {
  const bool of_pending =
      level_version != 0 && shadow.pending && level_version == shadow.pending_version;
  const bool of_known = level_version != 0 && shadow.known && level_version == shadow.known_version;
  if (of_pending && !of_known) return AgainstPending(shadow, stated);
  if (of_known && !of_pending) return AgainstKnown(shadow, stated);
  if (level_version != 0 && level_version < shadow.known_version)
    return {.kind = Kind::kStale, .delta = 0, .after = shadow};
  return ByFigures(shadow, stated);
}

bool IsOwnVersion(const storage::Shadow& shadow, Sequence level_version) {
  const Sequence sent = shadow.pending ? shadow.pending_version : 0;
  return level_version != 0 && level_version <= std::max(shadow.known_version, sent);
}

Sequence NewestVersion(engine::UnitOfWork& unit, PositionKey position) {
  const engine::Bundles::Parts parts = unit.bundles().PartsOf(position.item);
  if (!parts.empty()) {
    Sequence newest = 0;
    for (const storage::BundlePart& part : parts) {
      newest =
          std::max(newest, NewestVersion(unit, {.item = part.item, .location = position.location}));
    }
    return newest;
  }
  const auto known = unit.Find(position);
  return known ? std::max(known->row.version, unit.catalogue().policy_sequence()) : 0;
}

void Shadows::Load(const std::vector<storage::Shadow>& pending) {
  const absl::MutexLock lock(&mutex_);
  for (const storage::Shadow& shadow : pending) pending_[shadow.source].insert(shadow.position);
}

void Shadows::Save(engine::UnitOfWork& unit, const storage::Shadow& shadow) {
  unit.store().SaveShadow(shadow);
  const absl::MutexLock lock(&mutex_);
  absl::btree_set<PositionKey>& pending = pending_[shadow.source];
  if (shadow.pending || shadow.is_owed()) {
    pending.insert(shadow.position);
  } else {
    pending.erase(shadow.position);
  }
}

void Shadows::SaveAfter(engine::UnitOfWork& unit, const storage::Shadow& before,
                        storage::Shadow after) {
  if (after == before) return;
  if (before.pending && !after.pending) {
    const Sequence newest = NewestVersion(unit, after.position);
    if (newest > after.known_version) after.pending_version = newest;
  }
  Save(unit, after);
}

void Shadows::Forget(engine::UnitOfWork& unit, SourceId source) {
  unit.store().ForgetShadows(source);
  const absl::MutexLock lock(&mutex_);
  pending_.erase(source);
}

std::vector<PositionKey> Shadows::Pending(SourceId source) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto found = pending_.find(source);
  if (found == pending_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

}  // namespace stockd::sync
