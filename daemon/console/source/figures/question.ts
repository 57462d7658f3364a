// What a page of figures asks about, as its address says it.
import type { Dimension, Filters, Row } from "../api/reports";
import { periodOf } from "../base/period";
import type { Period, PeriodName } from "../base/period";
import { useNavigation } from "../base/view";
import { useKnown } from "../ui/frame";

// A bar that somebody went down from is in the address as "=" and its name; this is all of them.
export const EVERYTHING = "*";

export interface Asked {
  readonly period: Period;
  readonly only: Filters;
  readonly key: string; // The same for the same question.
}

export function useAsked(filters: readonly Dimension[], otherwise: PeriodName): Asked {
  const { view } = useNavigation();
  const known = useKnown();
  const period = periodOf(view.period ?? "", Date.now(), known.zone, otherwise);
  const chosen = filters.flatMap((dimension) => {
    const value = view[dimension];
    return value === undefined ? [] : [[dimension, [value]] as const];
  });
  const only: Filters = Object.fromEntries(chosen);
  return { period, only, key: `${period.begin} ${period.end} ${JSON.stringify(only)}` };
}

// The currency that most of the money is in, unless one was chosen.
export function mainCurrency(rows: readonly Row[], wish?: string): string {
  const sums = new Map<string, number>();
  for (const row of rows) {
    sums.set(
      row.currency,
      (sums.get(row.currency) ?? 0) + Math.abs(row.denominator ?? row.numerator),
    );
  }
  if (wish !== undefined && sums.has(wish)) return wish;
  return [...sums].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}

export function currenciesOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.map((row) => row.currency))].filter((currency) => currency !== "").sort();
}

export function percentile(row: Row, percent: number): number | undefined {
  return row.percentiles.find((one) => one.percent === percent)?.value;
}
