// Where the time goes, how it is spread, and what goes wrong.
import { ask } from "../api/reports";
import type { Row } from "../api/reports";
import { useNavigation } from "../base/view";
import { EVERYTHING, percentile } from "../figures/question";
import type { Asked } from "../figures/question";
import { useLanguage } from "../i18n/language";
import { Bars } from "../ui/bars";
import { Section } from "../ui/controls";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { Table } from "../ui/table";

const TIMES = [
  "cycle_time",
  "net_cycle_time",
  "release_time",
  "picking_time",
  "handover_time",
  "transit_time",
];
const ERRORS = [
  "error_wrong_item",
  "error_wrong_quantity",
  "error_wrong_address",
  "error_damaged",
  "error_lost",
];
const PERCENTS = [50, 90, 95, 99];

// From the fastest half to the slowest hundredth, as a bar that grows lighter.
function Spread(props: { row: Row; most: number }) {
  const at = (percent: number) =>
    `${Math.min(100, ((percentile(props.row, percent) ?? 0) / props.most) * 100)}%`;
  return (
    <span class="spread" aria-hidden="true">
      {[...PERCENTS].reverse().map((percent) => (
        <span key={percent} class={`spread-${percent}`} style={{ width: at(percent) }} />
      ))}
    </span>
  );
}

export function DeliveryParts(props: { asked: Asked }) {
  const { t, number, duration } = useLanguage();
  const { change } = useNavigation();
  const known = useKnown();
  const { asked } = props;
  const figures = known.known([...TIMES, ...ERRORS]);
  const answer = useLoad(`parts ${asked.key}`, (signal) =>
    ask({ figures, period: asked.period, only: asked.only }, signal),
  );
  return (
    <Shown of={answer} rows={8}>
      {({ rows }) => {
        const times = TIMES.flatMap(
          (figure) => rows.find((row) => row.figure === figure && row.value !== undefined) ?? [],
        );
        const errors = ERRORS.flatMap((figure) => rows.find((row) => row.figure === figure) ?? []);
        const most = Math.max(...times.map((row) => percentile(row, 99) ?? 0), 1e-9);
        return (
          <div class="columns columns-table">
            <Section title={t("delivery.times")} note={t("delivery.times.note")}>
              <Table
                caption={t("delivery.times")}
                captionHidden
                file="delivery-times"
                rows={times}
                empty={t("tile.nothing")}
                rowKey={(row) => row.figure}
                columns={[
                  {
                    key: "name",
                    title: t("column.figure"),
                    value: (row) => known.figureName(row.figure),
                    show: (row) => (
                      <>
                        {known.figureName(row.figure)}
                        <Spread row={row} most={most} />
                      </>
                    ),
                  },
                  ...PERCENTS.map((percent) => ({
                    key: String(percent),
                    title: t("column.percentile", { percent: String(percent) }),
                    isNumber: true,
                    value: (row: Row) => percentile(row, percent),
                    show: (row: Row) => {
                      const value = percentile(row, percent);
                      return value === undefined ? "–" : duration(value);
                    },
                  })),
                  {
                    key: "mean",
                    title: t("column.mean"),
                    isNumber: true,
                    value: (row) => row.value,
                    show: (row) => (row.value === undefined ? "–" : duration(row.value)),
                  },
                ]}
              />
            </Section>
            <Section title={t("delivery.errors")} note={t("delivery.errors.note")}>
              {errors.every((row) => row.value === undefined) ? (
                <p class="empty">{t("tile.nothing")}</p>
              ) : (
                <Bars
                  label={t("delivery.errors")}
                  file="delivery-errors"
                  show={(value) => known.show("delivery_error_rate", value)}
                  openHint={t("bars.open")}
                  open={(figure) => change({ figure, value: EVERYTHING, orders: "" })}
                  bars={errors.map((row) => ({
                    key: row.figure,
                    name: known.figureName(row.figure),
                    value: row.value,
                    note: t("bar.of", {
                      part: number(row.numerator),
                      whole: number(row.denominator ?? 0),
                    }),
                  }))}
                />
              )}
            </Section>
          </div>
        );
      }}
    </Shown>
  );
}
