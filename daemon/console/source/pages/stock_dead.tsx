// Items that lie there and are not sold.
import { getItems } from "../api/catalogue";
import { ask } from "../api/reports";
import { periodOf } from "../base/period";
import { useLanguage } from "../i18n/language";
import { Section, Segments } from "../ui/controls";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { Table } from "../ui/table";
import { ItemLink } from "../ui/words";
import { useState } from "preact/hooks";

const LIMIT = 500;
const SPANS = { "last-7-days": 7, "last-28-days": 28, "last-90-days": 90 } as const;
type Span = keyof typeof SPANS;

export function DeadStock() {
  const { t, number, money } = useLanguage();
  const known = useKnown();
  const [span, setSpan] = useState<Span>("last-28-days");
  const answer = useLoad(`dead ${span}`, async (signal) => {
    if (!known.has("on_hand") || !known.has("units_sold")) return [];
    const period = periodOf(span, Date.now(), known.zone, span);
    const { rows } = await ask(
      { figures: ["on_hand", "units_sold"], period, by: ["item"] },
      signal,
    );
    const sold = new Map(
      rows.filter((row) => row.figure === "units_sold").map((row) => [row.group[0], row.numerator]),
    );
    const dead = rows
      .filter(
        (row) =>
          row.figure === "on_hand" && row.numerator > 0 && (sold.get(row.group[0]) ?? 0) === 0,
      )
      .sort((a, b) => b.numerator - a.numerator)
      .slice(0, LIMIT);
    const items = await getItems(dead.map((row) => row.group[0] ?? ""));
    return dead
      .map((row) => {
        const sku = row.group[0] ?? "";
        const item = items.get(sku);
        return {
          sku,
          units: row.numerator,
          name: item?.name ?? "",
          currency: item?.currency ?? "",
          value:
            item === undefined || item.unitCostMicros === 0n
              ? undefined
              : (row.numerator * Number(item.unitCostMicros)) / 1e6,
        };
      })
      .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  });
  return (
    <Section title={t("dead.title")} note={t("dead.note")}>
      <Segments
        label={t("dead.since")}
        value={span}
        choose={(value) => setSpan(value as Span)}
        choices={Object.entries(SPANS).map(([value, days]) => ({
          value,
          name: t("days", { count: days }),
        }))}
      />
      <Shown of={answer} rows={5}>
        {(rows) => (
          <Table
            caption={t("dead.title")}
            captionHidden
            file="dead-stock"
            rows={rows}
            empty={t("dead.none")}
            rowKey={(row) => row.sku}
            rowsShown={14}
            columns={[
              {
                key: "item",
                title: t("column.item"),
                value: (row) => row.name || row.sku,
                show: (row) => <ItemLink sku={row.sku} name={row.name} />,
              },
              {
                key: "units",
                title: t("column.units"),
                isNumber: true,
                value: (row) => row.units,
                show: (row) => number(row.units),
              },
              {
                key: "value",
                title: t("dead.value"),
                isNumber: true,
                value: (row) => row.value,
                show: (row) => (row.value === undefined ? "–" : money(row.value, row.currency)),
              },
            ]}
          />
        )}
      </Shown>
    </Section>
  );
}
