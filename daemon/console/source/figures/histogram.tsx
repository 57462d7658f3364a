// How the times behind a figure are spread.
import { ask } from "../api/reports";
import { useLanguage } from "../i18n/language";
import { Bars } from "../ui/bars";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import type { Asked } from "./question";

export function Histogram(props: { figure: string; asked: Asked }) {
  const { t, number, percent } = useLanguage();
  const known = useKnown();
  const { figure, asked } = props;
  const answer = useLoad(`histogram ${figure} ${asked.key}`, (signal) =>
    ask({ figures: [figure], period: asked.period, only: asked.only, histogram: true }, signal),
  );
  return (
    <Shown of={answer} rows={6}>
      {({ rows }) => {
        const bins = rows[0]?.histogram ?? [];
        if (bins.length === 0) return null;
        const all = bins.reduce((sum, bin) => sum + Number(bin.count), 0);
        const show = (value: number) => known.show(figure, value);
        return (
          <details class="definition">
            <summary>{t("histogram")}</summary>
            <Bars
              label={t("histogram.of", { figure: known.figureName(figure) })}
              file={`${figure}-histogram`}
              show={(value) => number(value)}
              bars={bins.map((bin) => ({
                key: String(bin.low),
                name:
                  bin.high === undefined
                    ? t("histogram.from", { low: show(bin.low) })
                    : t("histogram.between", { low: show(bin.low), high: show(bin.high) }),
                value: Number(bin.count),
                note: percent((Number(bin.count) / all) * 100),
              }))}
            />
          </details>
        );
      }}
    </Shown>
  );
}
