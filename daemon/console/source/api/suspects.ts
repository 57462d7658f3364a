// Gathers what speaks against the records of a store, from all who know something.
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { FactKind } from "contract/stockd/v1/types_pb";
import type { Quantities } from "contract/stockd/v1/types_pb";
import type { Sign } from "../base/count_list";
import { adapters, availability, reconciliations, reports } from "./client";

const PAGE = 1000;
const POSITIONS_MAX = 20_000;
const DAY_MS = 86_400_000;
export const LOOK_BACK_DAYS = 28;
const PAGES_MAX = 20;
// The source under which the daemon records what happens to orders.
const OWN_SOURCE = "stockd";
const BEYOND_REPAIR = new Set(["SKU_UNKNOWN", "LOCATION_UNKNOWN", "CHANNEL_UNKNOWN"]);

export interface Suspects {
  readonly signs: readonly Sign[];
  readonly records: ReadonlyMap<string, Quantities>;
}

async function records(store: string, signal: AbortSignal): Promise<Map<string, Quantities>> {
  const found = new Map<string, Quantities>();
  let pageToken = "";
  do {
    const page = await availability.listAvailability(
      { location: store, pageSize: PAGE, pageToken },
      { signal },
    );
    for (const row of page.availabilities) {
      if (row.quantities !== undefined) found.set(row.sku, row.quantities);
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== "" && found.size < POSITIONS_MAX);
  return found;
}

async function claimsAtRisk(store: string, signal: AbortSignal): Promise<Sign[]> {
  const page = await availability.listShortfalls({ location: store, pageSize: PAGE }, { signal });
  return page.shortfalls.map((one) => ({
    sku: one.position?.sku ?? "",
    suspicion: "claimsAtRisk",
    units: Number(one.missing),
  }));
}

// Units that pickers did not find are recorded as adjustments by the daemon itself.
async function missedPicks(store: string, zone: string, signal: AbortSignal): Promise<Sign[]> {
  const hour = Math.ceil(Date.now() / 3_600_000) * 3_600_000;
  const signs: Sign[] = [];
  let pageToken = "";
  let pages = 0;
  do {
    const page = await reports.explainFigure(
      {
        query: {
          figures: ["late_facts"],
          timeZone: zone,
          locations: [store],
          sources: [OWN_SOURCE],
          beginTime: timestampFromMs(hour - LOOK_BACK_DAYS * DAY_MS),
          endTime: timestampFromMs(hour),
        },
        pageSize: PAGE,
        pageToken,
      },
      { signal },
    );
    for (const { fact } of page.facts) {
      if (fact?.kind !== FactKind.ADJUSTMENT || fact.quantity >= 0n) continue;
      signs.push({ sku: fact.sku, suspicion: "missedPick", units: Number(fact.quantity) });
    }
    pageToken = page.nextPageToken;
    pages += 1;
  } while (pageToken !== "" && pages < PAGES_MAX);
  return signs;
}

async function drifts(store: string, signal: AbortSignal): Promise<Sign[]> {
  const { sources } = await adapters.listSources({}, { signal });
  const latest = await Promise.all(
    sources
      .filter((source) => source.reconcileTime !== undefined)
      .map(async ({ source }) => {
        const [last] = (
          await reconciliations.listReconciliations({ source, pageSize: 1 }, { signal })
        ).reconciliations;
        return last === undefined
          ? []
          : (
              await reconciliations.getReconciliation(
                { source, reconciliationId: last.reconciliationId, pageSize: PAGE },
                { signal },
              )
            ).drifts;
      }),
  );
  return latest
    .flat()
    .filter((drift) => drift.position?.location === store && !drift.repaired)
    .map((drift) => ({
      sku: drift.position!.sku,
      suspicion: "drift",
      units: Number(drift.stated - drift.expected),
    }));
}

async function setAside(store: string, signal: AbortSignal): Promise<Sign[]> {
  const page = await adapters.listQuarantine({ pageSize: PAGE }, { signal });
  return page.facts
    .filter((one) => one.fact?.location === store && !BEYOND_REPAIR.has(one.reason))
    .map((one) => ({
      sku: one.fact!.sku,
      suspicion: "quarantine",
      units: Number(one.fact!.quantity),
    }));
}

export async function suspectsOf(
  store: string,
  zone: string,
  hasReports: boolean,
  signal: AbortSignal,
): Promise<Suspects> {
  const [known, ...signs] = await Promise.all([
    records(store, signal),
    claimsAtRisk(store, signal),
    hasReports ? missedPicks(store, zone, signal) : [],
    drifts(store, signal),
    setAside(store, signal),
  ]);
  const negative: Sign[] = [...known]
    .filter(([, units]) => units.onHand < 0n)
    .map(([sku, units]) => ({ sku, suspicion: "negative", units: Number(units.onHand) }));
  return { signs: [...signs.flat(), ...negative], records: known };
}
