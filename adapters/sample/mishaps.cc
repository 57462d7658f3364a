#include "adapters/sample/mishaps.h"

#include "adapters/sample/chain.h"
#include "adapters/sample/purposes.h"

namespace stockd::sample {

Mishaps::Mishaps(WorldParts& parts, TillTrade& tills, uint64_t seed)
    : parts_(parts), tills_(tills), random_(seed, kMishapPurpose) {}

void Mishaps::PlanMinute() {
  struct Chance {
    TillMishapKind kind;
    int64_t per_mille;  // Of all minutes.
  };
  constexpr Chance kChances[] = {{TillMishapKind::kLateFile, 25},
                                 {TillMishapKind::kSecondCopy, 30},
                                 {TillMishapKind::kGarbledRow, 40},
                                 {TillMishapKind::kTypedSku, 15}};
  for (const Chance& chance : kChances) {
    if (!random_.PerMille(chance.per_mille)) continue;
    parts_.agenda.Put(parts_.agenda.now_ms() + 2 * random_.Below(kMsPerMinute / 2),
                      [this, kind = chance.kind] { Happen(kind); });
  }
}

void Mishaps::Happen(TillMishapKind kind) {
  TillMishap mishap{.kind = kind, .minutes = random_.Between(20, 90)};
  mishap.site = static_cast<size_t>(random_.Below(static_cast<int64_t>(Stores().size())));
  mishap.till = static_cast<int>(random_.Between(1, Stores()[mishap.site].tills));
  const bool has_row = kind == TillMishapKind::kGarbledRow || kind == TillMishapKind::kTypedSku;
  if (has_row) mishap.number = tills_.NextNumber(mishap.site, mishap.till);
  parts_.Tell(mishap);
}

}  // namespace stockd::sample
