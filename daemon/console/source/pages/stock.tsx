// Stock: how fast it turns, where it is missing, what to count, and every item.
import type { Dimension } from "../api/reports";
import { useNavigation } from "../base/view";
import { FigureFilters } from "../figures/filters";
import { FigurePanel } from "../figures/panel";
import { useAsked } from "../figures/question";
import { Tiles } from "../figures/tiles";
import { useLanguage } from "../i18n/language";
import { useKnown } from "../ui/frame";
import { CountList } from "./stock_count";
import { DeadStock } from "./stock_dead";
import { ItemSearch } from "./stock_search";
import { RunningOuts } from "./stock_outs";
import { Trials } from "./stock_trials";

const FIGURES = [
  "turnover_units",
  "turnover_cost",
  "turnover_retail",
  "days_inventory_outstanding",
  "sell_through",
  "store_sell_through",
  "stock_out_rate",
  "stock_out_duration",
  "replenishment_time",
  "record_accuracy",
  "shrinkage",
  "stock_value",
  "on_hand",
  "gmroi",
  "stock_age",
  "aged_stock_share",
  "dead_stock_share",
  "dead_stock_value",
] as const;

const DIMENSIONS: readonly Dimension[] = ["location", "category", "group", "item"];
const FILTERS: readonly Dimension[] = ["location", "group", "category"];

export function Stock() {
  const { t } = useLanguage();
  const { view, change } = useNavigation();
  const known = useKnown();
  const asked = useAsked(FILTERS, "last-28-days");
  const figures = known.known(FIGURES);
  const figure = figures.find((key) => key === view.figure) ?? figures[0];
  // Items are reported over all places only.
  const isNarrowed = Object.keys(asked.only).length > 0;
  const dimensions = DIMENSIONS.filter((dimension) => dimension !== "item" || !isNarrowed);
  const by = dimensions.find((dimension) => dimension === view.by) ?? "location";
  const open = (value: string) => {
    if (by === "item") change({ item: value });
    else change({ [by]: value, by: by === "category" ? "location" : "category" });
  };
  return (
    <>
      <ItemSearch />
      <FigureFilters asked={asked} dimensions={FILTERS} />
      {view.category !== undefined && (
        <p class="chip">
          {t("by.category")}: <strong>{known.name("category", view.category)}</strong>{" "}
          <button type="button" class="link" onClick={() => change({ category: "" })}>
            {t("filter.remove")}
          </button>
        </p>
      )}
      {figure === undefined ? (
        <p class="empty">{t("figures.off")}</p>
      ) : (
        <>
          <Tiles
            label={t("stock.figures")}
            figures={FIGURES}
            asked={asked}
            current={figure}
            choose={(key) => change({ figure: key }, { replace: true })}
          />
          <FigurePanel
            figure={figure}
            by={by}
            dimensions={dimensions}
            asked={asked}
            choose={(value) => change({ by: value }, { replace: true })}
            open={open}
          />
        </>
      )}
      <CountList store={view.location ?? ""} />
      <div class="columns">
        <RunningOuts asked={asked} />
        <DeadStock />
      </div>
      <Trials />
    </>
  );
}
