// What has run out, and how the day goes beside the same day of last week.
import { availability } from "../api/client";
import { getItems } from "../api/catalogue";
import { ask } from "../api/reports";
import type { Answer } from "../api/reports";
import { periodOf } from "../base/period";
import { addDays, beginOf } from "../base/zoned_time";
import { useLanguage } from "../i18n/language";
import { Bars } from "../ui/bars";
import { Chart } from "../ui/chart";
import { Section } from "../ui/controls";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { Table } from "../ui/table";
import { ItemLink } from "../ui/words";

const REFRESH_MS = 60_000;

async function loadShortfalls(store: string, signal: AbortSignal) {
  const answer = await availability.listShortfalls({ location: store, pageSize: 200 }, { signal });
  const items = await getItems(answer.shortfalls.map((one) => one.position?.sku ?? ""));
  return { shortfalls: answer.shortfalls, items };
}

function Shortfalls(props: { store: string }) {
  const { t, number } = useLanguage();
  const known = useKnown();
  const shortfalls = useLoad(
    `shortfalls ${props.store}`,
    (signal) => loadShortfalls(props.store, signal),
    REFRESH_MS,
  );
  return (
    <Shown of={shortfalls} rows={3}>
      {({ shortfalls: rows, items }) => (
        <Table
          caption={t("today.shortfalls")}
          file="shortfalls"
          rows={rows}
          empty={t("today.shortfalls.none")}
          rowKey={(row) => `${row.position?.sku}@${row.position?.location}`}
          columns={[
            {
              key: "item",
              title: t("column.item"),
              value: (row) => row.position?.sku,
              show: (row) => (
                <ItemLink
                  sku={row.position?.sku ?? ""}
                  place={row.position?.location ?? ""}
                  name={items.get(row.position?.sku ?? "")?.name ?? ""}
                />
              ),
            },
            {
              key: "location",
              title: t("column.location"),
              value: (row) => known.locationName(row.position?.location ?? ""),
              show: (row) => known.locationName(row.position?.location ?? ""),
            },
            {
              key: "missing",
              title: t("column.missing"),
              isNumber: true,
              value: (row) => row.missing,
              show: (row) => number(row.missing),
            },
          ]}
        />
      )}
    </Shown>
  );
}

export function StockOuts(props: { store: string }) {
  const { t, number } = useLanguage();
  const known = useKnown();
  const today = periodOf("today", Date.now(), known.zone, "today");
  const outs = useLoad(
    `outs ${props.store} ${today.begin}`,
    async (signal): Promise<Answer> =>
      known.has("stock_outs")
        ? ask(
            {
              figures: ["stock_outs", "stock_out_rate"],
              period: today,
              by: ["location"],
              only: props.store === "" ? {} : { location: [props.store] },
            },
            signal,
          )
        : { rows: [], sequence: 0n },
    REFRESH_MS,
  );
  return (
    <Section title={t("today.outs")} note={t("today.outs.note")}>
      <Shown of={outs} rows={5}>
        {({ rows }) => {
          const begun = rows
            .filter((row) => row.figure === "stock_outs" && row.numerator > 0)
            .sort((a, b) => b.numerator - a.numerator);
          const rate = (place: string) =>
            rows.find((row) => row.figure === "stock_out_rate" && row.group[0] === place)?.value;
          if (begun.length === 0) return <p class="empty">{t("today.outs.none")}</p>;
          return (
            <Bars
              label={t("today.outs")}
              file="stock-outs-today"
              show={(value) => number(value)}
              limit={6}
              bars={begun.map((row) => {
                const share = rate(row.group[0] ?? "");
                return {
                  key: row.group[0] ?? "",
                  name: known.locationName(row.group[0] ?? ""),
                  value: row.numerator,
                  note:
                    share === undefined
                      ? ""
                      : t("today.outs.share", { share: known.show("stock_out_rate", share) }),
                };
              })}
            />
          );
        }}
      </Shown>
      <Shortfalls store={props.store} />
    </Section>
  );
}

export function OrdersOfTheDay(props: { store: string }) {
  const language = useLanguage();
  const { t } = language;
  const known = useKnown();
  const today = periodOf("today", Date.now(), known.zone, "today");
  const weekAgo = {
    ...today,
    first: addDays(today.first, -7),
    last: addDays(today.last, -7),
    begin: beginOf(addDays(today.first, -7), known.zone),
    end: beginOf(addDays(today.last, -6), known.zone),
  };
  const only = props.store === "" ? {} : { location: [props.store] };
  const hours = useLoad(
    `hours ${props.store} ${today.begin}`,
    async (signal) => {
      if (!known.has("orders_placed")) return { now: [], before: [] };
      const [now, before] = await Promise.all(
        [today, weekAgo].map((period) =>
          ask({ figures: ["orders_placed"], period, bucket: "hour", only }, signal),
        ),
      );
      return { now: now!.rows, before: before!.rows };
    },
    REFRESH_MS,
  );
  return (
    <Section title={t("today.hours")} note={t("today.hours.note")}>
      <Shown of={hours} rows={6}>
        {({ now, before }) => {
          const begins = Array.from(
            { length: Math.round((today.end - today.begin) / 3_600_000) },
            (_, hour) => today.begin + hour * 3_600_000,
          );
          const values = (rows: typeof now, shift: number) =>
            begins.map((begin) =>
              // An hour that is not over says nothing yet.
              shift === 0 && begin + 3_600_000 > Date.now()
                ? undefined
                : (rows.find((row) => row.begin === begin - shift)?.numerator ?? 0),
            );
          return (
            <Chart
              title={known.figureName("orders_placed")}
              file="orders-by-hour"
              times={begins}
              zone={known.zone}
              timeName={(instant) => language.hour(instant, known.zone)}
              fromZero
              show={(value) => language.number(value, Number.isInteger(value) ? 0 : 1)}
              lines={[
                { name: t("today.hours.today"), values: values(now, 0), role: "main" },
                {
                  name: t("today.hours.before"),
                  values: values(before, today.begin - weekAgo.begin),
                  role: "before",
                },
              ]}
            />
          );
        }}
      </Shown>
    </Section>
  );
}
