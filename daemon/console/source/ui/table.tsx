// A table that can be sorted, read aloud, put on a phone and saved as CSV.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { saveCsv } from "../base/csv";
import type { CsvValue } from "../base/csv";
import { useLanguage } from "../i18n/language";

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly show: (row: Row) => ComponentChildren;
  // What sorting and CSV take; a number where there is one.
  readonly value: (row: Row) => CsvValue;
  readonly isNumber?: boolean;
}

interface Props<Row> {
  readonly caption: string;
  // Name of the CSV file, without its ending.
  readonly file: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly empty: string;
  readonly tone?: (row: Row) => string;
  readonly captionHidden?: boolean;
  // Rows shown at first.
  readonly rowsShown?: number;
}

const ROWS_SHOWN = 50;

function compareValues(a: CsvValue, b: CsvValue, text: (a: string, b: string) => number): number {
  const aMissing = a === null || a === undefined,
    bMissing = b === null || b === undefined;
  if (aMissing || bMissing) return Number(aMissing) - Number(bMissing);
  if (typeof a === "string" || typeof b === "string") return text(String(a), String(b));
  return a < b ? -1 : Number(a > b);
}

export function Table<Row>(props: Props<Row>) {
  const { t, compare } = useLanguage();
  const [sort, setSort] = useState<{ key: string; down: boolean } | undefined>();
  const [limit, setLimit] = useState(props.rowsShown ?? ROWS_SHOWN);
  const column = props.columns.find((one) => one.key === sort?.key);
  const rows =
    column === undefined
      ? props.rows
      : [...props.rows].sort(
          (a, b) =>
            (sort!.down ? -1 : 1) * compareValues(column.value(a), column.value(b), compare),
        );
  const save = () =>
    saveCsv(
      props.file,
      props.columns.map((one) => one.title),
      rows.map((row) => props.columns.map((one) => one.value(row))),
    );
  const press = (key: string) =>
    setSort(sort?.key !== key ? { key, down: false } : sort.down ? undefined : { key, down: true });
  if (rows.length === 0) return <p class="empty">{props.empty}</p>;
  return (
    <div class="table-box">
      <table role="table" class="table">
        <caption class={props.captionHidden ? "only-heard" : ""}>{props.caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {props.columns.map((one) => (
              <th
                key={one.key}
                role="columnheader"
                scope="col"
                class={one.isNumber ? "number" : ""}
                aria-sort={sort?.key !== one.key ? "none" : sort.down ? "descending" : "ascending"}
              >
                <button type="button" class="sort" onClick={() => press(one.key)}>
                  {one.title}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.slice(0, limit).map((row) => (
            <tr role="row" key={props.rowKey(row)} class={props.tone?.(row) ?? ""}>
              {props.columns.map((one) => (
                <td
                  key={one.key}
                  role="cell"
                  data-title={one.title}
                  class={one.isNumber ? "number" : ""}
                >
                  <div class="cell">{one.show(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div class="table-foot">
        {rows.length > limit && (
          <button type="button" class="button" onClick={() => setLimit(limit + 200)}>
            {t("table.more", { count: rows.length - limit })}
          </button>
        )}
        <button type="button" class="link no-print" onClick={save}>
          {t("table.csv")}
        </button>
      </div>
    </div>
  );
}
