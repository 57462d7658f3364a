// Policy experiments, as pages ask for them.
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { ExperimentPolicy } from "contract/stockd/v1/experiment_service_pb";
import type { CompareExperimentResponse, Experiment } from "contract/stockd/v1/experiment_service_pb";
import { experiments, failureOf } from "./client";

export type Policy = "safety-stock" | "hold-days";

export interface Trial {
  readonly id: string;
  readonly policy: Policy;
  readonly group: string;
  readonly a: number;
  readonly b: number;
  readonly begin: number;
  readonly end: number | undefined; // While it runs there is none.
}

export type Comparison = CompareExperimentResponse;

const PAGES = 20;

function trialOf(experiment: Experiment): Trial {
  return {
    id: experiment.experimentId,
    policy:
      experiment.policy === ExperimentPolicy.HOLD_OPEN_DAYS ? "hold-days" : "safety-stock",
    group: experiment.groupId,
    a: Number(experiment.valueA),
    b: Number(experiment.valueB),
    begin: experiment.beginTime === undefined ? 0 : timestampMs(experiment.beginTime),
    end: experiment.endTime === undefined ? undefined : timestampMs(experiment.endTime),
  };
}

// The newest first.
export async function listTrials(signal: AbortSignal): Promise<Trial[]> {
  const trials: Trial[] = [];
  let pageToken = "";
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await experiments.listExperiments({ pageSize: 100, pageToken }, { signal });
    trials.push(...answer.experiments.map(trialOf));
    pageToken = answer.nextPageToken;
    if (pageToken === "") break;
  }
  return trials.sort((a, b) => b.begin - a.begin);
}

const HOUR_MS = 3_600_000;

// Figures are kept by the hour. Where the daemon's days begin at half past, it has the last word.
function hasFullHour(trial: Trial): boolean {
  const until = Math.min(Date.now(), trial.end ?? Infinity);
  return Math.ceil(trial.begin / HOUR_MS) < Math.floor(until / HOUR_MS);
}

// Nothing when no full hour has passed, or the figure is not known of what takes part.
export async function compare(
  trial: Trial,
  figure: string,
  signal: AbortSignal,
): Promise<Comparison | undefined> {
  if (!hasFullHour(trial)) return undefined;
  try {
    return await experiments.compareExperiment({ experimentId: trial.id, figure }, { signal });
  } catch (error) {
    const { reason } = failureOf(error);
    if (reason === "EXPERIMENT_TOO_YOUNG" || reason === "DIMENSIONS_UNSUPPORTED") return undefined;
    throw error;
  }
}
