// What console pages know about figures beside their definitions: which way is better, and how one
// period compares with another.

// Of these a smaller value is the better one; of all others a larger one.
const SMALLER_IS_BETTER = new Set([
  "cycle_time",
  "net_cycle_time",
  "release_time",
  "picking_time",
  "handover_time",
  "transit_time",
  "delivery_error_rate",
  "error_wrong_item",
  "error_wrong_quantity",
  "error_wrong_address",
  "error_damaged",
  "error_lost",
  "no_stock_rate",
  "record_error_rate",
  "oversold_rate",
  "short_line_rate",
  "substitution_rate",
  "ready_time",
  "pickup_dwell",
  "counter_wait",
  "no_show_rate",
  "return_rate",
  "cross_returns",
  "returns_to_sales",
  "units_returned",
  "stock_out_rate",
  "stock_outs",
  "stock_out_rate_shown",
  "demand_stock_out_rate",
  "delivery_lateness",
  "damaged_stock_rate",
  "fact_lateness",
  "ready_time_open",
  "hold_release",
  "units_damaged",
  "dead_stock",
  "dead_stock_share",
  "dead_stock_value",
  "aged_stock_share",
  "stock_age",
  "stock_out_duration",
  "record_error",
  "shrinkage",
  "days_inventory_outstanding",
  "late_facts",
  "hold_expiry",
  "hold_waste",
  "refusal_rate",
  "replenishment_time",
]);

// More or less of these is neither good nor bad.
const NEITHER = new Set([
  "count_surplus",
  "days_of_supply",
  "units_received",
  "units_adjusted_up",
  "units_adjusted_down",
  "units_transferred_in",
  "units_transferred_out",
  "on_hand",
  "on_hand_average",
  "on_hand_midpoint",
  "stock_value",
  "stock_value_average",
  "pickup_share",
  "sales_share",
]);

export type Direction = "up" | "down" | "none";

export function betterDirection(figure: string): Direction {
  if (NEITHER.has(figure)) return "none";
  return SMALLER_IS_BETTER.has(figure) ? "down" : "up";
}

export type Verdict = "better" | "worse" | "same" | "neutral";

export function verdictOf(figure: string, value: number, before: number): Verdict {
  if (value === before) return "same";
  const direction = betterDirection(figure);
  if (direction === "none") return "neutral";
  return value > before === (direction === "up") ? "better" : "worse";
}

// Of sums, which are neither good nor bad by themselves, the largest is what one looks for.
const SUMS = new Set(["money", "units", "count"]);

export function isRanked(figure: string, unit: string): boolean {
  return (
    betterDirection(figure) !== "none" && (!SUMS.has(unit) || betterDirection(figure) === "down")
  );
}

// Sorts the worst first, of sums the largest; what has no value comes last.
export function worstFirst(
  figure: string,
  unit: string,
): (a: number | undefined, b: number | undefined) => number {
  const sign = isRanked(figure, unit) && betterDirection(figure) === "up" ? 1 : -1;
  return (a, b) => {
    if (a === undefined || b === undefined)
      return Number(a === undefined) - Number(b === undefined);
    return sign * (a - b);
  };
}
