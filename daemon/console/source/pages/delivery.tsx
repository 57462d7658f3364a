// Delivery: how long it takes, how reliable it is, and who or what lets it down.
import { ask } from "../api/reports";
import type { Dimension } from "../api/reports";
import { worstFirst } from "../base/figures";
import { useNavigation } from "../base/view";
import { FigureFilters } from "../figures/filters";
import { OrdersBehind } from "../figures/orders_behind";
import { FigurePanel } from "../figures/panel";
import { EVERYTHING, useAsked } from "../figures/question";
import type { Asked } from "../figures/question";
import { Tiles } from "../figures/tiles";
import { useLanguage } from "../i18n/language";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { DeliveryParts } from "./delivery_parts";

const FIGURES = [
  "on_time_delivery",
  "otif",
  "in_full",
  "perfect_order",
  "cycle_time",
  "delivery_lateness",
  "delivery_error_rate",
  "first_attempt_rate",
  "ready_time",
  "ready_on_time",
  "unit_fill_rate",
  "pick_accuracy",
  "no_show_rate",
] as const;

const DIMENSIONS: readonly Dimension[] = [
  "carrier",
  "service",
  "location",
  "group",
  "channel",
  "fulfilment",
];
const FILTERS: readonly Dimension[] = ["location", "group", "channel", "fulfilment"];

// Too few deliveries say nothing about a carrier.
const ENOUGH = 5;

function Lead(props: { asked: Asked }) {
  const { t } = useLanguage();
  const known = useKnown();
  const carriers = useLoad(`lead ${props.asked.key}`, async (signal) => {
    if (!known.has("on_time_delivery")) return null;
    const [all, by] = await Promise.all([
      ask(
        { figures: ["on_time_delivery"], period: props.asked.period, only: props.asked.only },
        signal,
      ),
      ask(
        {
          figures: ["on_time_delivery"],
          period: props.asked.period,
          by: ["carrier"],
          only: props.asked.only,
        },
        signal,
      ),
    ]);
    const order = worstFirst("on_time_delivery", "%");
    const worst = by.rows
      .filter((row) => row.group[0] !== "" && (row.denominator ?? 0) >= ENOUGH)
      .sort((a, b) => order(a.value, b.value))[0];
    return { all: all.rows[0], worst };
  });
  return (
    <Shown of={carriers} rows={1}>
      {(answer) => {
        const value = answer?.all?.value;
        if (value === undefined) return <p class="lead">{t("delivery.lead.nothing")}</p>;
        const worst = answer?.worst;
        return (
          <p class="lead">
            {t("delivery.lead", { share: known.show("on_time_delivery", value) })}{" "}
            {worst?.value !== undefined &&
              t("delivery.lead.worst", {
                carrier: known.name("carrier", worst.group[0] ?? ""),
                share: known.show("on_time_delivery", worst.value),
              })}
          </p>
        );
      }}
    </Shown>
  );
}

export function Delivery() {
  const { t } = useLanguage();
  const { view, change } = useNavigation();
  const known = useKnown();
  const asked = useAsked(FILTERS, "last-28-days");
  const figures = known.known(FIGURES);
  const figure = view.figure !== undefined && known.has(view.figure) ? view.figure : figures[0];
  const by = DIMENSIONS.find((dimension) => dimension === view.by) ?? "carrier";
  return (
    <>
      <FigureFilters asked={asked} dimensions={FILTERS} />
      {figure === undefined ? (
        <p class="empty">{t("figures.off")}</p>
      ) : (
        <>
          <Lead asked={asked} />
          <Tiles
            label={t("delivery.figures")}
            figures={FIGURES}
            asked={asked}
            current={figure}
            choose={(key) => change({ figure: key, value: "" }, { replace: true })}
          />
          <FigurePanel
            figure={figure}
            by={by}
            dimensions={DIMENSIONS}
            asked={asked}
            choose={(value) => change({ by: value, value: "" }, { replace: true })}
            {...(view.value === undefined ? {} : { current: view.value.slice(1) })}
            open={(value) => change({ value: `=${value}`, orders: "" })}
          >
            {view.value !== undefined && (
              <OrdersBehind
                figure={figure}
                asked={asked}
                only={view.value === EVERYTHING ? {} : { [by]: [view.value.slice(1)] }}
                title={t("behind.title", {
                  figure: known.figureName(figure),
                  name:
                    view.value === EVERYTHING
                      ? t("behind.everything")
                      : known.name(by, view.value.slice(1)),
                })}
              />
            )}
          </FigurePanel>
          <DeliveryParts asked={asked} />
        </>
      )}
    </>
  );
}
