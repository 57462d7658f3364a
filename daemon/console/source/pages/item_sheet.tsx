// One item: where it is, and why each figure is what it is.
import { availability } from "../api/client";
import { getItems } from "../api/catalogue";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { Sheet } from "../ui/sheet";
import { Table } from "../ui/table";
import { Explanation } from "./item_explained";

const LIMIT = 1000;

export function ItemSheet(props: { sku: string; close: () => void }) {
  const { t, number, money } = useLanguage();
  const { view, change } = useNavigation();
  const known = useKnown();
  const { sku } = props;
  const found = useLoad(
    `item ${sku}`,
    async (signal) => {
      const [items, where] = await Promise.all([
        getItems([sku]),
        availability.findAvailability({ sku, limit: LIMIT }, { signal }),
      ]);
      return { item: items.get(sku), rows: where.availabilities.filter((row) => row.ranged) };
    },
    20_000,
  );
  const place = view.place;
  return (
    <Sheet title={found.value?.item?.name || sku} close={props.close}>
      <Shown of={found} rows={8}>
        {({ item, rows }) => (
          <>
            <p class="quiet">
              <span class="code">{sku}</span>
              {item !== undefined && item.category !== "" && ` · ${item.category}`}
              {item !== undefined &&
                item.currency !== "" &&
                ` · ${money(Number(item.priceMicros) / 1e6, item.currency)}`}
            </p>
            <p class="lead lead-small">
              {t("item.lead", {
                units: number(
                  rows.reduce((sum, row) => sum + (row.available > 0n ? row.available : 0n), 0n),
                ),
                places: number(rows.filter((row) => row.available > 0n).length),
                all: number(rows.length),
              })}
            </p>
            {place !== undefined && place !== "" && <Explanation sku={sku} place={place} />}
            <Table
              caption={t("item.positions")}
              file={`item-${sku}`}
              rows={rows}
              empty={t("item.nowhere")}
              rowKey={(row) => row.location}
              tone={(row) => (row.available < 0n ? "tone-late" : "")}
              columns={[
                {
                  key: "place",
                  title: t("column.location"),
                  value: (row) => known.locationName(row.location),
                  show: (row) => (
                    <button
                      type="button"
                      class="link"
                      aria-expanded={row.location === place}
                      onClick={() =>
                        change(
                          { place: row.location === place ? "" : row.location },
                          { replace: true },
                        )
                      }
                    >
                      {known.locationName(row.location)}
                    </button>
                  ),
                },
                {
                  key: "available",
                  title: t("term.available"),
                  isNumber: true,
                  value: (row) => row.available,
                  show: (row) => <strong>{number(row.available)}</strong>,
                },
                ...(
                  [
                    "onHand",
                    "reserved",
                    "committed",
                    "safetyStock",
                    "unsellable",
                    "incoming",
                  ] as const
                ).map((term) => ({
                  key: term,
                  title: t(`term.${term}`),
                  isNumber: true,
                  value: (row: (typeof rows)[number]) => row.quantities?.[term] ?? 0n,
                  show: (row: (typeof rows)[number]) => number(row.quantities?.[term] ?? 0n),
                })),
              ]}
            />
          </>
        )}
      </Shown>
    </Sheet>
  );
}
