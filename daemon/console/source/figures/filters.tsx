// The controls above a page of figures.
import type { Dimension } from "../api/reports";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { PeriodPicker, Select } from "../ui/controls";
import { useKnown } from "../ui/frame";
import type { Asked } from "./question";

const METHODS = ["pickup", "ship", "ship_to_store", "local_delivery"] as const;

export function FigureFilters(props: { asked: Asked; dimensions: readonly Dimension[] }) {
  const { t } = useLanguage();
  const { view, change } = useNavigation();
  const known = useKnown();
  const shows = (dimension: Dimension) => props.dimensions.includes(dimension);
  const set = (name: string) => (value: string) =>
    change({ [name]: value, value: "" }, { replace: true });
  return (
    <div class="controls no-print">
      <PeriodPicker period={props.asked.period} choose={set("period")} />
      {shows("location") && (
        <Select
          label={t("location")}
          value={view.location ?? ""}
          choose={set("location")}
          choices={known.choices("location", t("all.location"))}
        />
      )}
      {shows("group") && known.names.groups.length > 0 && view.location === undefined && (
        <Select
          label={t("group")}
          value={view.group ?? ""}
          choose={set("group")}
          choices={known.choices("group", t("all.group"))}
        />
      )}
      {shows("channel") && (
        <Select
          label={t("channel")}
          value={view.channel ?? ""}
          choose={set("channel")}
          choices={known.choices("channel", t("all.channel"))}
        />
      )}
      {shows("fulfilment") && (
        <Select
          label={t("method")}
          value={view.fulfilment ?? ""}
          choose={set("fulfilment")}
          choices={[
            { value: "", name: t("all.method") },
            ...METHODS.map((method) => ({ value: method, name: t(`fulfilment.${method}`) })),
          ]}
        />
      )}
    </div>
  );
}
