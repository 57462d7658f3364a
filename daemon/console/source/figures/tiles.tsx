// Figures of a period beside those of the period before. Pressing one shows it in detail below.
import { ask } from "../api/reports";
import type { Row } from "../api/reports";
import { verdictOf } from "../base/figures";
import { periodBefore } from "../base/period";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { useKnown } from "../ui/frame";
import type { Known } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { mainCurrency, percentile } from "./question";
import type { Asked } from "./question";

export interface Pair {
  readonly now: readonly Row[];
  readonly before: readonly Row[];
  readonly sequence: bigint;
}

// A figure that cannot be asked with these filters would fail the whole question.
export function askable(
  figures: readonly string[],
  asked: Asked,
  dimensionsOf: (figure: string) => readonly string[],
): string[] {
  const used = Object.keys(asked.only);
  return figures.filter((figure) =>
    used.every((dimension) => dimensionsOf(figure).includes(dimension)),
  );
}

export async function askBoth(
  figures: readonly string[],
  asked: Asked,
  signal: AbortSignal,
): Promise<Pair> {
  if (figures.length === 0) return { now: [], before: [], sequence: 0n };
  const [now, before] = await Promise.all(
    [asked.period, periodBefore(asked.period)].map((period) =>
      ask({ figures, period, only: asked.only }, signal),
    ),
  );
  return { now: now!.rows, before: before!.rows, sequence: now!.sequence };
}

function isShareOf(known: Known, figure: string): boolean {
  return known.figures.byKey.get(figure)?.unit === "%";
}

export function Change(props: { figure: string; now: Row; before: Row | undefined }) {
  const { t, number, percent } = useLanguage();
  const known = useKnown();
  const value = props.now.value,
    before = props.before?.value;
  if (
    value === undefined ||
    before === undefined ||
    (before === 0 && value !== 0 && !isShareOf(known, props.figure))
  )
    return <span class="change quiet">{t("change.none")}</span>;
  const verdict = verdictOf(props.figure, value, before);
  const isShare = isShareOf(known, props.figure);
  const points = value - before;
  if (verdict === "same" || Math.abs(points) < 1e-9)
    return <span class="change quiet">{t("change.same")}</span>;
  const sign = points > 0 ? "+" : "−";
  const size = isShare
    ? t("change.points", { points: `${sign}${number(Math.abs(points), 1)}` })
    : `${sign}${percent(Math.abs(points / before) * 100, Math.abs(points / before) < 0.1 ? 1 : 0)}`;
  return (
    <span class={`change change-${verdict}`}>
      <span aria-hidden="true">{points > 0 ? "▲" : "▼"}</span> {size}{" "}
      {verdict !== "neutral" && <span class="only-heard">{t(`change.${verdict}`)}</span>}
    </span>
  );
}

function Tile(props: { figure: string; pair: Pair; isCurrent: boolean; choose: () => void }) {
  const { t, percent, lookUp } = useLanguage();
  const { view } = useNavigation();
  const known = useKnown();
  const rows = props.pair.now.filter((row) => row.figure === props.figure);
  const currency = mainCurrency(rows, view.currency);
  const row = rows.find((one) => one.currency === currency);
  const before = props.pair.before.find(
    (one) => one.figure === props.figure && one.currency === currency,
  );
  const median = row === undefined ? undefined : percentile(row, 50);
  const ninety = row === undefined ? undefined : percentile(row, 90);
  const inUnit = (value: number) => known.show(props.figure, value, currency);
  return (
    <button type="button" class="tile" aria-pressed={props.isCurrent} onClick={props.choose}>
      <span class="tile-name">{known.figureName(props.figure)}</span>
      <span class="tile-value">
        {row?.value === undefined ? "–" : known.show(props.figure, row.value, row.currency)}
      </span>
      {median !== undefined && ninety !== undefined && (
        <span class="tile-more">
          {t("tile.percentiles", { half: inUnit(median), ninety: inUnit(ninety) })}
        </span>
      )}
      {row?.interval !== undefined && (
        <span class="tile-more">
          {t("tile.interval", {
            low: known.show(props.figure, row.interval[0]),
            high: known.show(props.figure, row.interval[1]),
          })}
        </span>
      )}
      {row !== undefined && row.value !== undefined ? (
        <Change figure={props.figure} now={row} before={before} />
      ) : (
        <span class="change quiet">
          {row !== undefined && row.missing.length > 0
            ? t("tile.missing", {
                facts: row.missing.map((name) => lookUp(`fact.${name}`, name)).join(", "),
              })
            : t("tile.nothing")}
        </span>
      )}
      {row?.coverage !== undefined && row.coverage < 0.995 && (
        <span class="tile-more">
          {t("tile.coverage", { share: percent(row.coverage * 100, 0) })}
        </span>
      )}
      {rows.length > 1 && (
        <span class="tile-more">{t("tile.currencies", { count: rows.length })}</span>
      )}
    </button>
  );
}

export function Tiles(props: {
  label: string;
  figures: readonly string[];
  asked: Asked;
  current: string;
  choose: (figure: string) => void;
}) {
  const { t } = useLanguage();
  const known = useKnown();
  const figures = askable(
    known.known(props.figures),
    props.asked,
    (figure) => known.figures.byKey.get(figure)?.dimensions ?? [],
  );
  const pair = useLoad(
    `tiles ${figures.join()} ${props.asked.key}`,
    (signal) => askBoth(figures, props.asked, signal),
    120_000,
  );
  return (
    <Shown of={pair} rows={6}>
      {(both) => (
        <>
          <div class="tiles" role="group" aria-label={props.label}>
            {figures.map((figure) => (
              <Tile
                key={figure}
                figure={figure}
                pair={both}
                isCurrent={figure === props.current}
                choose={() => props.choose(figure)}
              />
            ))}
          </div>
          {figures.length < props.figures.length &&
            figures.length < known.known(props.figures).length && (
              <p class="quiet">
                {t("tiles.left", { count: known.known(props.figures).length - figures.length })}
              </p>
            )}
        </>
      )}
    </Shown>
  );
}
