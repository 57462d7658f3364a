// Names ranked by a value, worst first, each a way down to what is behind it.
import { saveCsv } from "../base/csv";
import { useLanguage } from "../i18n/language";

export interface Bar {
  readonly key: string;
  readonly name: string;
  readonly value: number | undefined;
  readonly note: string;
  // Percentiles, drawn as marks on the bar.
  readonly marks?: readonly number[];
  readonly isCurrent?: boolean;
}

export function Bars(props: {
  label: string;
  file: string;
  bars: readonly Bar[];
  show: (value: number) => string;
  open?: (key: string) => void;
  openHint?: string;
  limit?: number;
}) {
  const { t } = useLanguage();
  const bars = props.bars.slice(0, props.limit ?? 30);
  const most = Math.max(...bars.flatMap((bar) => [bar.value ?? 0, ...(bar.marks ?? [])]), 1e-9);
  const width = (value: number) => `${Math.max(0, Math.min(100, (value / most) * 100))}%`;
  const content = (bar: Bar) => (
    <>
      <span class="bar-name">{bar.name}</span>
      <span class="bar-value">{bar.value === undefined ? "–" : props.show(bar.value)}</span>
      <span class="bar-track" aria-hidden="true">
        {bar.value !== undefined && <span class="bar-fill" style={{ width: width(bar.value) }} />}
        {bar.marks?.map((mark) => (
          <span key={mark} class="bar-mark" style={{ left: width(mark) }} />
        ))}
      </span>
      <span class="bar-note">{bar.note}</span>
    </>
  );
  return (
    <div>
      <ol class="bars" aria-label={props.label}>
        {bars.map((bar) => (
          <li key={bar.key}>
            {props.open === undefined ? (
              <div class="bar">{content(bar)}</div>
            ) : (
              <button
                type="button"
                class="bar"
                aria-pressed={bar.isCurrent ?? false}
                title={props.openHint}
                onClick={() => props.open!(bar.key)}
              >
                {content(bar)}
              </button>
            )}
          </li>
        ))}
      </ol>
      <div class="table-foot">
        {props.bars.length > bars.length && (
          <span class="quiet">{t("bars.more", { count: props.bars.length - bars.length })}</span>
        )}
        <button
          type="button"
          class="link no-print"
          onClick={() =>
            saveCsv(
              props.file,
              [props.label, t("column.value"), t("column.note")],
              props.bars.map((bar) => [bar.name, bar.value, bar.note]),
            )
          }
        >
          {t("table.csv")}
        </button>
      </div>
    </div>
  );
}
