// One figure by one dimension, worst first.
import { ask } from "../api/reports";
import type { Dimension, Row } from "../api/reports";
import { worstFirst } from "../base/figures";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { Bars } from "../ui/bars";
import { useKnown } from "../ui/frame";
import type { Known } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { mainCurrency, percentile } from "./question";
import type { Asked } from "./question";
import { getItems } from "../api/catalogue";

// Sums have no denominator: their share in the whole says more.
function noteOf(row: Row, known: Known, language: ReturnType<typeof useLanguage>): string {
  const { t, number } = language;
  if (row.value === undefined) {
    return row.missing.length > 0
      ? t("tile.missing", {
          facts: row.missing.map((name) => language.lookUp(`fact.${name}`, name)).join(", "),
        })
      : t("tile.nothing");
  }
  const median = percentile(row, 50),
    ninety = percentile(row, 90);
  if (median !== undefined && ninety !== undefined) {
    const inUnit = (value: number) => known.show(row.figure, value, row.currency);
    return t("bar.percentiles", {
      count: row.denominator ?? 0,
      half: inUnit(median),
      ninety: inUnit(ninety),
    });
  }
  const short = (value: number) =>
    number(value, Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : 1);
  return row.denominator === undefined
    ? ""
    : t("bar.of", { part: short(row.numerator), whole: short(row.denominator) });
}

const MARKS = [50, 90, 99];
// Items whose names are looked up; those further down are shown by their SKU.
const NAMED = 200;

export function Breakdown(props: {
  figure: string;
  by: Dimension;
  asked: Asked;
  current?: string;
  open?: (value: string) => void;
}) {
  const language = useLanguage();
  const { t } = language;
  const { view } = useNavigation();
  const known = useKnown();
  const { figure, by } = props;
  const order = worstFirst(figure, known.figures.byKey.get(figure)?.unit ?? "");
  const answer = useLoad(
    `by ${figure} ${by} ${view.currency} ${props.asked.key}`,
    async (signal) => {
      const { rows } = await ask(
        { figures: [figure], period: props.asked.period, by: [by], only: props.asked.only },
        signal,
      );
      const currency = mainCurrency(rows, view.currency);
      const shown = rows
        .filter((row) => row.currency === currency)
        .sort(
          (a, b) => order(a.value, b.value) || language.compare(a.group[0] ?? "", b.group[0] ?? ""),
        );
      const items =
        by === "item"
          ? await getItems(shown.slice(0, NAMED).map((row) => row.group[0] ?? ""))
          : new Map<string, never>();
      return { shown, currency, items };
    },
  );
  return (
    <Shown of={answer} rows={6}>
      {({ shown, currency, items }) => {
        if (shown.length === 0) return <p class="empty">{t("tile.nothing")}</p>;
        return (
          <Bars
            label={`${known.figureName(figure)}, ${t(`by.${by}`)}`}
            file={`${figure}-by-${by}`}
            show={(value) => known.show(figure, value, currency)}
            openHint={t("bars.open")}
            {...(props.open === undefined ? {} : { open: props.open })}
            bars={shown.map((row) => {
              const value = row.group[0] ?? "";
              const marks = MARKS.flatMap((percent) => percentile(row, percent) ?? []);
              return {
                key: value,
                name: by === "item" ? items.get(value)?.name || value : known.name(by, value),
                value: row.value,
                note: noteOf(row, known, language),
                isCurrent: props.current === value,
                ...(marks.length === 0 ? {} : { marks }),
              };
            })}
          />
        );
      }}
    </Shown>
  );
}
