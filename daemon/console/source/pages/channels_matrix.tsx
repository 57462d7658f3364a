// Net sales by where customers ordered and how they got it: an order for pick-up is web by the one
// and store by the other, so both are needed.
import { ask } from "../api/reports";
import { useNavigation } from "../base/view";
import { currenciesOf, mainCurrency } from "../figures/question";
import type { Asked } from "../figures/question";
import { useLanguage } from "../i18n/language";
import { saveCsv } from "../base/csv";
import { Section, Segments } from "../ui/controls";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";

export function SalesMatrix(props: { asked: Asked }) {
  const { t, percent, compare } = useLanguage();
  const { view, change } = useNavigation();
  const known = useKnown();
  const { asked } = props;
  const answer = useLoad(`matrix ${asked.key}`, async (signal) =>
    known.has("net_sales")
      ? (
          await ask(
            {
              figures: ["net_sales"],
              period: asked.period,
              by: ["channel", "fulfilment"],
              only: asked.only,
            },
            signal,
          )
        ).rows
      : [],
  );
  return (
    <Section title={t("matrix.title")} note={t("matrix.note")}>
      <Shown of={answer} rows={5}>
        {(all) => {
          const currency = mainCurrency(all, view.currency);
          const rows = all.filter((row) => row.currency === currency && row.numerator !== 0);
          const total = rows.reduce((sum, row) => sum + row.numerator, 0);
          if (rows.length === 0) return <p class="empty">{t("matrix.none")}</p>;
          const names = (place: 0 | 1) =>
            [...new Set(rows.map((row) => row.group[place] ?? ""))].sort(
              (a, b) => sumOf(place, b) - sumOf(place, a) || compare(a, b),
            );
          const sumOf = (place: 0 | 1, name: string) =>
            rows
              .filter((row) => row.group[place] === name)
              .reduce((sum, row) => sum + row.numerator, 0);
          const channels = names(0),
            ways = names(1);
          const at = (channel: string, way: string) =>
            rows.find((row) => row.group[0] === channel && row.group[1] === way)?.numerator;
          const most = Math.max(...rows.map((row) => row.numerator));
          const money = (value: number) => known.show("net_sales", value, currency);
          const save = () =>
            saveCsv(
              "sales-matrix",
              [t("channel"), t("method"), t("column.value"), t("currency")],
              rows.map((row) => [
                known.name("channel", row.group[0] ?? ""),
                known.name("fulfilment", row.group[1] ?? ""),
                row.numerator,
                row.currency,
              ]),
            );
          return (
            <>
              <p class="lead">
                {t("matrix.lead", {
                  money: money(total),
                  channel: known.name("channel", channels[0] ?? ""),
                  share: percent((sumOf(0, channels[0] ?? "") / total) * 100, 0),
                })}
              </p>
              {currenciesOf(all).length > 1 && (
                <Segments
                  label={t("currency")}
                  value={currency}
                  choose={(value) => change({ currency: value }, { replace: true })}
                  choices={currenciesOf(all).map((value) => ({ value, name: value }))}
                />
              )}
              <div class="scroller" tabIndex={0} role="group" aria-label={t("matrix.title")}>
                <table class="matrix">
                  <caption class="only-heard">{t("matrix.title")}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{t("matrix.corner")}</th>
                      {ways.map((way) => (
                        <th key={way} scope="col">
                          {known.name("fulfilment", way)}
                        </th>
                      ))}
                      <th scope="col">{t("matrix.all")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {channels.map((channel) => (
                      <tr key={channel}>
                        <th scope="row">{known.name("channel", channel)}</th>
                        {ways.map((way) => {
                          const value = at(channel, way);
                          return (
                            <td
                              key={way}
                              class={`heat heat-${value === undefined ? 0 : Math.max(1, Math.ceil((value / most) * 5))}`}
                            >
                              {value === undefined ? (
                                <span class="quiet">–</span>
                              ) : (
                                <>
                                  {money(value)}{" "}
                                  <span class="heat-share">
                                    {percent((value / total) * 100, 0)}
                                  </span>
                                </>
                              )}
                            </td>
                          );
                        })}
                        <td class="matrix-sum">
                          {money(sumOf(0, channel))}{" "}
                          <span class="heat-share">
                            {percent((sumOf(0, channel) / total) * 100, 0)}
                          </span>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                  <tfoot>
                    <tr>
                      <th scope="row">{t("matrix.all")}</th>
                      {ways.map((way) => (
                        <td key={way} class="matrix-sum">
                          {money(sumOf(1, way))}{" "}
                          <span class="heat-share">
                            {percent((sumOf(1, way) / total) * 100, 0)}
                          </span>
                        </td>
                      ))}
                      <td class="matrix-sum">{money(total)}</td>
                    </tr>
                  </tfoot>
                </table>
              </div>
              <div class="table-foot">
                <button type="button" class="link no-print" onClick={save}>
                  {t("table.csv")}
                </button>
              </div>
            </>
          );
        }}
      </Shown>
    </Section>
  );
}
