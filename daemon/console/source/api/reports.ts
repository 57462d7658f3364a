// Figures, as pages ask for them.
import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { ReportBucket, ReportOrderShare } from "contract/stockd/v1/report_service_pb";
import type {
  Figure,
  ReportBin,
  ReportExclusion,
  ReportFact,
  ReportOrder,
  ReportPercentile,
} from "contract/stockd/v1/report_service_pb";
import type { Bucket, Period } from "../base/period";
import { failureOf, reports } from "./client";

export type Dimension =
  "location" | "group" | "category" | "item" | "channel" | "fulfilment" | "carrier" | "service";

export type Filters = Readonly<Partial<Record<Dimension, readonly string[]>>>;

export interface Question {
  readonly figures: readonly string[];
  readonly period: Period;
  readonly bucket?: Bucket;
  readonly by?: readonly Dimension[];
  readonly only?: Filters;
  readonly histogram?: boolean;
}

// One figure of one group and one stretch of time.
export interface Row {
  readonly figure: string;
  readonly begin: number;
  readonly end: number;
  readonly group: readonly string[];
  readonly currency: string;
  readonly numerator: number;
  readonly denominator: number | undefined;
  readonly value: number | undefined;
  readonly exclusions: readonly ReportExclusion[];
  readonly coverage: number | undefined;
  readonly missing: readonly string[];
  readonly percentiles: readonly ReportPercentile[];
  readonly interval: readonly [number, number] | undefined;
  readonly histogram: readonly ReportBin[];
}

export interface Answer {
  readonly rows: readonly Row[];
  // Everything up to this entry of the journal is in the rows, and nothing beyond it.
  readonly sequence: bigint;
}

const BUCKETS: Readonly<Record<Bucket, ReportBucket>> = {
  hour: ReportBucket.HOUR,
  day: ReportBucket.DAY,
  week: ReportBucket.WEEK,
  month: ReportBucket.MONTH,
};

const HOUR_MS = 3_600_000;

// Where the question ends: what has not happened yet would count as if everything stood still.
// Figures of items, and of categories in places, are kept by whole days.
function endOf(question: Question, now: number): number {
  const asked = new Set<string>([...(question.by ?? []), ...Object.keys(question.only ?? {})]);
  const whole =
    question.figures.some((figure) => OF_CUSTOMERS.has(figure)) ||
    asked.has("item") ||
    (asked.has("category") && (asked.has("location") || asked.has("group")));
  if (whole) return question.period.end;
  const hour = Math.ceil((now + 1) / HOUR_MS) * HOUR_MS;
  return Math.max(question.period.begin + HOUR_MS, Math.min(question.period.end, hour));
}

function requestOf(question: Question) {
  const only = question.only ?? {};
  const list = (dimension: Dimension) => [...(only[dimension] ?? [])];
  return {
    figures: [...question.figures],
    beginTime: timestampFromMs(question.period.begin),
    endTime: timestampFromMs(endOf(question, Date.now())),
    timeZone: question.period.zone,
    bucket: question.bucket === undefined ? ReportBucket.UNSPECIFIED : BUCKETS[question.bucket],
    groupBy: [...(question.by ?? [])],
    locations: list("location"),
    groups: list("group"),
    categories: list("category"),
    skus: list("item"),
    channels: list("channel"),
    fulfilments: list("fulfilment"),
    carriers: list("carrier"),
    services: list("service"),
    withHistogram: question.histogram ?? false,
  };
}

// Figures about customers are kept by whole days, whatever they are asked by.
const OF_CUSTOMERS = new Set([
  "active_customers",
  "repeat_customers",
  "orders_per_customer",
  "customer_retention",
  "customer_value",
  "attach_rate",
]);

const NOTHING: Answer = { rows: [], sequence: 0n };

function merged(answers: readonly Answer[]): Answer {
  const sequences = answers.map((answer) => answer.sequence).filter((sequence) => sequence > 0n);
  return { rows: answers.flatMap((answer) => answer.rows), sequence: sequences[0] ?? 0n };
}

function isUnaligned(error: unknown): boolean {
  return failureOf(error).reason === "PERIOD_UNALIGNED";
}

// One figure that cannot be told of this period leaves the others standing.
async function askTogether(question: Question, signal?: AbortSignal): Promise<Answer> {
  try {
    return await askOnce(question, signal);
  } catch (error) {
    if (!isUnaligned(error) || question.figures.length === 1) throw error;
    return merged(
      await Promise.all(
        question.figures.map((figure) =>
          askOnce({ ...question, figures: [figure] }, signal).catch((failed: unknown) => {
            if (isUnaligned(failed)) return NOTHING;
            throw failed;
          }),
        ),
      ),
    );
  }
}

export async function ask(question: Question, signal?: AbortSignal): Promise<Answer> {
  const ofCustomers = question.figures.filter((figure) => OF_CUSTOMERS.has(figure));
  const others = question.figures.filter((figure) => !OF_CUSTOMERS.has(figure));
  const parts = [others, ofCustomers].filter((figures) => figures.length > 0);
  return merged(
    await Promise.all(parts.map((figures) => askTogether({ ...question, figures }, signal))),
  );
}

async function askOnce(question: Question, signal?: AbortSignal): Promise<Answer> {
  const rows: Row[] = [];
  let sequence = 0n;
  const stream = reports.queryReport(requestOf(question), {
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const message of stream) {
    sequence = message.sequence;
    for (const row of message.rows) {
      rows.push({
        figure: row.figure,
        begin: row.beginTime === undefined ? 0 : timestampMs(row.beginTime),
        end: row.endTime === undefined ? 0 : timestampMs(row.endTime),
        group: row.group,
        currency: row.currency,
        numerator: Number(row.numerator),
        denominator: row.denominator === "" ? undefined : Number(row.denominator),
        value: row.value,
        exclusions: row.exclusions,
        coverage: row.coverage,
        missing: row.missing,
        percentiles: row.percentiles,
        interval:
          row.intervalLow === undefined || row.intervalHigh === undefined
            ? undefined
            : [row.intervalLow, row.intervalHigh],
        histogram: row.histogram,
      });
    }
  }
  return { rows, sequence };
}

// What is behind a figure: orders, or facts.
export interface Behind {
  readonly orders: readonly ReportOrder[];
  readonly facts: readonly ReportFact[];
  // Whether there is more than was read.
  readonly truncated: boolean;
}

const BEHIND_PAGES = 20;

// Which orders: all, those the numerator counts, or those it does not.
export type Share = "all" | "counted" | "not-counted";

const SHARES: Readonly<Record<Share, ReportOrderShare>> = {
  all: ReportOrderShare.UNSPECIFIED,
  counted: ReportOrderShare.COUNTED,
  "not-counted": ReportOrderShare.NOT_COUNTED,
};

export async function explain(
  question: Question,
  share: Share,
  limit: number,
  signal?: AbortSignal,
): Promise<Behind> {
  const orders: ReportOrder[] = [];
  const facts: ReportFact[] = [];
  let pageToken = "";
  let pages = 0;
  do {
    const page = await reports.explainFigure(
      { query: requestOf(question), orders: SHARES[share], pageSize: limit, pageToken },
      { ...(signal === undefined ? {} : { signal }) },
    );
    orders.push(...page.orders);
    facts.push(...page.facts);
    pageToken = page.nextPageToken;
    pages += 1;
  } while (pageToken !== "" && orders.length + facts.length < limit && pages < BEHIND_PAGES);
  return { orders, facts, truncated: pageToken !== "" };
}

export interface Figures {
  readonly byKey: ReadonlyMap<string, Figure>;
  // The time zone whose days and months are kept.
  readonly zone: string;
}

export async function listFigures(signal?: AbortSignal): Promise<Figures> {
  const answer = await reports.listFigures({}, { ...(signal === undefined ? {} : { signal }) });
  return {
    byKey: new Map(answer.figures.map((figure) => [figure.key, figure])),
    zone: answer.timeZone === "" ? "UTC" : answer.timeZone,
  };
}
