// Which items of a store to count first: those whose record contradicts something that happened.

export type Suspicion = "claimsAtRisk" | "negative" | "missedPick" | "drift" | "quarantine";

const WEIGHTS: Readonly<Record<Suspicion, number>> = {
  claimsAtRisk: 50,
  missedPick: 40,
  negative: 30,
  drift: 20,
  quarantine: 10,
};

export interface Sign {
  readonly sku: string;
  readonly suspicion: Suspicion;
  readonly units: number; // How far off, as far as is known.
}

export interface ToCount {
  readonly sku: string;
  readonly suspicions: readonly Suspicion[];
  readonly units: number;
  readonly score: number;
}

// One entry for each item, the most suspect first. Several signs weigh more than one; among equals
// the larger difference comes first.
export function countList(signs: readonly Sign[]): ToCount[] {
  const items = new Map<string, { suspicions: Set<Suspicion>; units: number }>();
  for (const sign of signs) {
    const item = items.get(sign.sku) ?? { suspicions: new Set(), units: 0 };
    item.suspicions.add(sign.suspicion);
    item.units = Math.max(item.units, Math.abs(sign.units));
    items.set(sign.sku, item);
  }
  const list = [...items].map(([sku, { suspicions, units }]) => {
    const sorted = [...suspicions].sort((a, b) => WEIGHTS[b] - WEIGHTS[a]);
    return {
      sku,
      units,
      suspicions: sorted,
      score: sorted.reduce((sum, one) => sum + WEIGHTS[one], 0),
    };
  });
  return list.sort((a, b) => b.score - a.score || b.units - a.units || (a.sku < b.sku ? -1 : 1));
}
