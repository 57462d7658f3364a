// One figure over time, beside the period before.
import { ask } from "../api/reports";
import { bucketOf, periodBefore } from "../base/period";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { Chart } from "../ui/chart";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { mainCurrency } from "./question";
import type { Asked } from "./question";

const FROM_ZERO = new Set(["money", "units", "count", "money/order", "units/order"]);

export function Trend(props: { figure: string; asked: Asked }) {
  const language = useLanguage();
  const { t } = language;
  const { view } = useNavigation();
  const known = useKnown();
  const { figure, asked } = props;
  const bucket = bucketOf(asked.period);
  const answer = useLoad(`trend ${figure} ${asked.key}`, async (signal) => {
    const [now, before] = await Promise.all(
      [asked.period, periodBefore(asked.period)].map((period) =>
        ask({ figures: [figure], period, bucket, only: asked.only }, signal),
      ),
    );
    return { now: now!.rows, before: before!.rows };
  });
  const timeName = (instant: number) =>
    bucket === "hour"
      ? language.hour(instant, known.zone)
      : bucket === "month"
        ? language.month(instant, known.zone)
        : language.shortDay(instant, known.zone);
  return (
    <Shown of={answer} rows={6}>
      {({ now, before }) => {
        const currency = mainCurrency(now, view.currency);
        const mine = now.filter((row) => row.currency === currency);
        const times = [...new Set(mine.map((row) => row.begin))].sort((a, b) => a - b);
        if (mine.every((row) => row.value === undefined))
          return <p class="empty">{t("tile.nothing")}</p>;
        const begins = [...new Set(before.map((row) => row.begin))].sort((a, b) => a - b);
        const then = begins.map(
          (begin) => before.find((row) => row.begin === begin && row.currency === currency)?.value,
        );
        return (
          <Chart
            title={known.figureName(figure)}
            file={`${figure}-trend`}
            times={times}
            zone={known.zone}
            timeName={timeName}
            show={(value) => known.show(figure, value, currency)}
            fromZero={FROM_ZERO.has(known.figures.byKey.get(figure)?.unit ?? "")}
            lines={[
              {
                name: t("trend.now"),
                role: "main",
                values: times.map((time) => mine.find((row) => row.begin === time)?.value),
              },
              {
                name: t("trend.before"),
                role: "before",
                values: times.map((_, index) => then[index]),
              },
            ]}
          />
        );
      }}
    </Shown>
  );
}
