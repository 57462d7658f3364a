// Which items to count in a store, and why.
import { getItems } from "../api/catalogue";
import { LOOK_BACK_DAYS, suspectsOf } from "../api/suspects";
import { countList } from "../base/count_list";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { Section, Select } from "../ui/controls";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { Table } from "../ui/table";
import { ItemLink } from "../ui/words";

const LIMIT = 200;

export function CountList(props: { store: string }) {
  const { t, number } = useLanguage();
  const { change } = useNavigation();
  const known = useKnown();
  const { store } = props;
  const list = useLoad(`count ${store}`, async (signal) => {
    if (store === "") return null;
    const suspects = await suspectsOf(store, known.zone, known.has("late_facts"), signal);
    const rows = countList(suspects.signs).slice(0, LIMIT);
    const items = await getItems(rows.map((row) => row.sku));
    return rows.map((row) => ({
      ...row,
      name: items.get(row.sku)?.name ?? "",
      onHand: suspects.records.get(row.sku)?.onHand,
    }));
  });
  return (
    <Section id="count" title={t("count.title")} note={t("count.note", { days: LOOK_BACK_DAYS })}>
      <div class="controls no-print">
        <Select
          label={t("count.store")}
          value={store}
          choices={known.choices("location", t("board.choose"))}
          choose={(value) => change({ location: value }, { replace: true })}
        />
      </div>
      <Shown of={list} rows={4}>
        {(rows) =>
          rows === null ? (
            <p class="empty">{t("count.choose")}</p>
          ) : (
            <Table
              caption={t("count.title")}
              captionHidden
              file={`count-${store}`}
              rows={rows}
              empty={t("count.none")}
              rowKey={(row) => row.sku}
              columns={[
                {
                  key: "item",
                  title: t("column.item"),
                  value: (row) => row.name || row.sku,
                  show: (row) => (
                    <>
                      <ItemLink sku={row.sku} name={row.name} place={store} />{" "}
                      <span class="quiet code">{row.sku}</span>
                    </>
                  ),
                },
                {
                  key: "why",
                  title: t("column.why"),
                  value: (row) => row.suspicions.map((one) => t(`suspicion.${one}`)).join(", "),
                  show: (row) =>
                    row.suspicions.map((one) => (
                      <span key={one} class="flag">
                        {t(`suspicion.${one}`)}
                      </span>
                    )),
                },
                {
                  key: "units",
                  title: t("column.off"),
                  isNumber: true,
                  value: (row) => row.units,
                  show: (row) => number(row.units),
                },
                {
                  key: "record",
                  title: t("column.record"),
                  isNumber: true,
                  value: (row) => row.onHand,
                  show: (row) => (row.onHand === undefined ? "–" : number(row.onHand)),
                },
              ]}
            />
          )
        }
      </Shown>
    </Section>
  );
}
