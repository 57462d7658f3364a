// Channels: where customers buy, how they get it, whether they are content and come back.
import type { Dimension } from "../api/reports";
import { useNavigation } from "../base/view";
import { FigureFilters } from "../figures/filters";
import { FigurePanel } from "../figures/panel";
import { useAsked } from "../figures/question";
import { Tiles } from "../figures/tiles";
import { useLanguage } from "../i18n/language";
import { useKnown } from "../ui/frame";
import { Journey } from "./channels_journey";
import { SalesMatrix } from "./channels_matrix";

const FIGURES = [
  "net_sales",
  "average_order_value",
  "units_per_order",
  "orders",
  "pickup_share",
  "attach_rate",
  "customer_retention",
  "customer_value",
  "nps",
  "csat",
  "return_rate",
  "cross_returns",
  "visits",
  "conversion",
  "ropo_share",
] as const;

const DIMENSIONS: readonly Dimension[] = ["channel", "fulfilment", "location", "group", "category"];
const FILTERS: readonly Dimension[] = ["location", "group", "channel", "fulfilment"];

export function Channels() {
  const { t } = useLanguage();
  const { view, change } = useNavigation();
  const known = useKnown();
  const asked = useAsked(FILTERS, "last-28-days");
  const figures = known.known(FIGURES);
  const figure = figures.find((key) => key === view.figure) ?? figures[0];
  const kept = figure === undefined ? [] : (known.figures.byKey.get(figure)?.dimensions ?? []);
  const dimensions = DIMENSIONS.filter((dimension) => kept.includes(dimension));
  const by = dimensions.find((dimension) => dimension === view.by) ?? dimensions[0];
  return (
    <>
      <FigureFilters asked={asked} dimensions={FILTERS} />
      {figure === undefined ? (
        <p class="empty">{t("figures.off")}</p>
      ) : (
        <>
          <SalesMatrix asked={asked} />
          <Tiles
            label={t("channels.figures")}
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
          />
          <Journey asked={asked} />
        </>
      )}
    </>
  );
}
