// What a figure means and what it is made of, so that nobody has to believe it.
import { ask } from "../api/reports";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { FactsBehind } from "./facts_behind";
import { mainCurrency } from "./question";
import type { Asked } from "./question";

export function Definition(props: { figure: string; asked: Asked }) {
  const { t, number, percent, lookUp } = useLanguage();
  const { view } = useNavigation();
  const known = useKnown();
  const { figure, asked } = props;
  const definition = known.figures.byKey.get(figure);
  const answer = useLoad(`definition ${figure} ${asked.key}`, (signal) =>
    ask({ figures: [figure], period: asked.period, only: asked.only }, signal),
  );
  const short = (value: number) => number(value, Number.isInteger(value) ? 0 : 2);
  return (
    <details class="definition">
      <summary>{t("definition")}</summary>
      <p>{lookUp(`about.${figure}`, definition?.formula ?? "")}</p>
      <Shown of={answer} rows={2}>
        {({ rows, sequence }) => {
          const currency = mainCurrency(rows, view.currency);
          const row = rows.find((one) => one.currency === currency);
          if (row === undefined) return <p class="quiet">{t("tile.nothing")}</p>;
          return (
            <dl class="facts">
              <div>
                <dt>{t("definition.numerator")}</dt>
                <dd>{short(row.numerator)}</dd>
              </div>
              {row.denominator !== undefined && (
                <div>
                  <dt>{t("definition.denominator")}</dt>
                  <dd>{short(row.denominator)}</dd>
                </div>
              )}
              {row.coverage !== undefined && (
                <div>
                  <dt>{t("definition.coverage")}</dt>
                  <dd>{percent(row.coverage * 100)}</dd>
                </div>
              )}
              {row.exclusions
                .filter((one) => one.count > 0n)
                .map((one) => (
                  <div key={one.reason}>
                    <dt>{lookUp(`exclusion.${one.reason}`, one.reason)}</dt>
                    <dd>{number(one.count)}</dd>
                  </div>
                ))}
              <div>
                <dt>{t("definition.sequence")}</dt>
                <dd>{number(sequence)}</dd>
              </div>
            </dl>
          );
        }}
      </Shown>
      {definition?.behind === "facts" && <FactsBehind key={figure} figure={figure} asked={asked} />}
    </details>
  );
}
