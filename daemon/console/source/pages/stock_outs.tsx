// How long shelves were empty; those that still are, are counted apart.
import { ask } from "../api/reports";
import { percentile } from "../figures/question";
import type { Asked } from "../figures/question";
import { useLanguage } from "../i18n/language";
import { Section } from "../ui/controls";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { Table } from "../ui/table";

export function RunningOuts(props: { asked: Asked }) {
  const { t, number, duration, compare } = useLanguage();
  const known = useKnown();
  const { asked } = props;
  const answer = useLoad(`runningOuts ${asked.key}`, async (signal) =>
    known.has("stock_out_duration")
      ? (
          await ask(
            {
              figures: ["stock_out_duration"],
              period: asked.period,
              by: ["location"],
              only: asked.only,
            },
            signal,
          )
        ).rows
      : [],
  );
  return (
    <Section title={t("outs.title")} note={t("outs.note")}>
      <Shown of={answer} rows={5}>
        {(rows) => {
          const list = rows
            .map((row) => ({
              place: known.locationName(row.group[0] ?? ""),
              row,
              running: Number(
                row.exclusions.find((one) => one.reason === "STILL_RUNNING")?.count ?? 0n,
              ),
            }))
            .filter(({ row, running }) => running > 0 || (row.denominator ?? 0) > 0)
            .sort((a, b) => b.running - a.running || compare(a.place, b.place));
          return (
            <Table
              caption={t("outs.title")}
              captionHidden
              file="stock-outs"
              rows={list}
              empty={t("outs.none")}
              rowKey={({ row }) => row.group[0] ?? ""}
              columns={[
                {
                  key: "place",
                  title: t("column.location"),
                  value: ({ place }) => place,
                  show: ({ place }) => place,
                },
                {
                  key: "running",
                  title: t("outs.running"),
                  isNumber: true,
                  value: ({ running }) => running,
                  show: ({ running }) =>
                    running > 0 ? <span class="ink-late">{number(running)}</span> : number(0),
                },
                {
                  key: "ended",
                  title: t("outs.ended"),
                  isNumber: true,
                  value: ({ row }) => row.denominator,
                  show: ({ row }) => number(row.denominator ?? 0),
                },
                {
                  key: "half",
                  title: t("column.percentile", { percent: "50" }),
                  isNumber: true,
                  value: ({ row }) => percentile(row, 50),
                  show: ({ row }) => shown(percentile(row, 50), duration),
                },
                {
                  key: "ninety",
                  title: t("column.percentile", { percent: "90" }),
                  isNumber: true,
                  value: ({ row }) => percentile(row, 90),
                  show: ({ row }) => shown(percentile(row, 90), duration),
                },
              ]}
            />
          );
        }}
      </Shown>
    </Section>
  );
}

function shown(hours: number | undefined, duration: (hours: number) => string): string {
  return hours === undefined ? "–" : duration(hours);
}
