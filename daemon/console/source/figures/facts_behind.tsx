// The facts behind a figure, as they were told.
import { FactKind } from "contract/stockd/v1/types_pb";
import { useState } from "preact/hooks";
import { getItems } from "../api/catalogue";
import { explain } from "../api/reports";
import { instantOf } from "../base/orders";
import { useLanguage } from "../i18n/language";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { Table } from "../ui/table";
import { ItemLink, Moment } from "../ui/words";
import type { Asked } from "./question";

const LIMIT = 500;

function List(props: { figure: string; asked: Asked }) {
  const { t, number, lookUp } = useLanguage();
  const known = useKnown();
  const { figure, asked } = props;
  const behind = useLoad(`facts ${figure} ${asked.key}`, async (signal) => {
    const { facts, truncated } = await explain(
      { figures: [figure], period: asked.period, only: asked.only },
      "all",
      LIMIT,
      signal,
    );
    return { facts, truncated, items: await getItems(facts.map(({ fact }) => fact?.sku ?? "")) };
  });
  const kindOf = (kind: FactKind | undefined) => {
    const name = FactKind[kind ?? FactKind.UNSPECIFIED] ?? "";
    return lookUp(`entry.${name.toLowerCase()}`, name);
  };
  return (
    <Shown of={behind} rows={4}>
      {({ facts, truncated, items }) => (
        <>
          <Table
            caption={t("facts.title")}
            file={`${figure}-facts`}
            rows={facts}
            empty={t("facts.none")}
            rowsShown={20}
            rowKey={(row) => String(row.sequence)}
            columns={[
              {
                key: "when",
                title: t("column.when"),
                value: (row) => String(instantOf(row.fact?.occurredAt) ?? ""),
                show: (row) => <Moment at={instantOf(row.fact?.occurredAt)} zone={known.zone} />,
              },
              {
                key: "what",
                title: t("column.what"),
                value: (row) => kindOf(row.fact?.kind),
                show: (row) => kindOf(row.fact?.kind),
              },
              {
                key: "item",
                title: t("column.item"),
                value: (row) => row.fact?.sku,
                show: (row) => (
                  <ItemLink
                    sku={row.fact?.sku ?? ""}
                    name={items.get(row.fact?.sku ?? "")?.name ?? ""}
                  />
                ),
              },
              {
                key: "location",
                title: t("column.location"),
                value: (row) => known.locationName(row.fact?.location ?? ""),
                show: (row) => known.locationName(row.fact?.location ?? ""),
              },
              {
                key: "units",
                title: t("column.units"),
                isNumber: true,
                value: (row) => row.fact?.quantity,
                show: (row) => number(row.fact?.quantity ?? 0n),
              },
              {
                key: "source",
                title: t("column.source"),
                value: (row) => row.source,
                show: (row) => row.source,
              },
              {
                key: "reference",
                title: t("column.reference"),
                value: (row) => row.fact?.reference,
                show: (row) => <span class="code">{row.fact?.reference}</span>,
              },
            ]}
          />
          {truncated && <p class="quiet">{t("facts.truncated", { count: facts.length })}</p>}
        </>
      )}
    </Shown>
  );
}

// Asked for only when somebody wants to see them.
export function FactsBehind(props: { figure: string; asked: Asked }) {
  const { t } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        class="button no-print"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {t("facts.show")}
      </button>
      {isOpen && <List figure={props.figure} asked={props.asked} />}
    </>
  );
}
