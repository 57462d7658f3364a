// A line over time, drawn by uPlot; the same figures are there as a table for whoever does not see
// it, or wants to read them exactly.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { useLanguage } from "../i18n/language";
import { Table } from "./table";

export interface Line {
  readonly name: string;
  readonly values: readonly (number | undefined)[];
  // "main" stands out, "before" is what it is compared with; others take colours in turn.
  readonly role: "main" | "before" | "other";
}

interface Props {
  readonly title: string;
  readonly file: string;
  readonly times: readonly number[]; // Instants, milliseconds.
  readonly zone: string;
  readonly timeName: (instant: number) => string;
  readonly lines: readonly Line[];
  readonly show: (value: number) => string;
  readonly fromZero: boolean;
}

const HEIGHT = 220;
// A line through so few values would not be seen.
const SPARSE = 8;

// Colours are named once, for light and dark; a canvas wants them as they are now.
function colourReader(element: HTMLElement): (name: string) => string {
  return (name) => {
    element.style.color = `var(${name})`;
    const { color } = getComputedStyle(element);
    element.style.color = "";
    return color;
  };
}

function colours(element: HTMLElement, lines: readonly Line[]): string[] {
  const colour = colourReader(element);
  let others = 0;
  return lines.map((line) => {
    if (line.role === "main") return colour("--accent");
    if (line.role === "before") return colour("--ink-faint");
    others += 1;
    return colour(`--line-${((others - 1) % 6) + 1}`);
  });
}

function options(props: Props, element: HTMLElement, width: number): uPlot.Options {
  const colour = colourReader(element);
  const stroke = colours(element, props.lines);
  const font = `13px ${getComputedStyle(element).fontFamily}`;
  const grid = { stroke: colour("--rule"), width: 1 };
  return {
    width,
    height: HEIGHT,
    padding: [10, 26, 0, 4],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 8 } },
    scales: {
      x: { time: true },
      y: {
        range: (_plot, low, high) =>
          (props.fromZero
            ? [0, Math.max(high, 1e-9) * 1.08]
            : uPlot.rangeNum(low ?? 0, high ?? 1, 0.1, true)) as [number, number],
      },
    },
    axes: [
      {
        stroke: colour("--ink-soft"),
        font,
        grid: { show: false },
        ticks: grid,
        space: 80,
        values: (_plot, splits) => splits.map((seconds) => props.timeName(seconds * 1000)),
      },
      {
        stroke: colour("--ink-soft"),
        font,
        grid,
        ticks: { show: false },
        size: 76,
        values: (_plot, splits) => splits.map(props.show),
      },
    ],
    series: [
      {},
      ...props.lines.map((line, number) => ({
        label: line.name,
        stroke: stroke[number]!,
        width: line.role === "before" ? 1.5 : 2.25,
        ...(line.role === "before" ? { dash: [5, 4] } : {}),
        points: {
          show: line.values.filter((value) => value !== undefined).length <= SPARSE,
          size: 6,
        },
        spanGaps: false,
      })),
    ],
  };
}

export function Chart(props: Props) {
  const { t } = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const told = useRef<HTMLParagraphElement>(null);
  const content = JSON.stringify([props.times, props.lines, props.title]);
  useEffect(() => {
    const element = box.current!;
    let plot: uPlot | undefined;
    const draw = () => {
      plot?.destroy();
      plot = new uPlot(
        { ...options(props, element, element.clientWidth), hooks: { setCursor: [tell] } },
        [
          props.times.map((time) => time / 1000),
          ...props.lines.map((line) => line.values.map((value) => value ?? null)),
        ],
        element,
      );
    };
    const tell = (shown: uPlot) => {
      const index = shown.cursor.idx;
      if (told.current === null) return; // The last word of a plot that is taken away.
      told.current.textContent =
        index === null || index === undefined
          ? "\u00a0"
          : [
              props.timeName(props.times[index]!),
              ...props.lines.map(
                (line) =>
                  `${line.name}: ${
                    line.values[index] === undefined ? "–" : props.show(line.values[index])
                  }`,
              ),
            ].join("  ·  ");
    };
    draw();
    const resized = new ResizeObserver(() => {
      if (plot !== undefined && Math.abs(plot.width - element.clientWidth) > 1) draw();
    });
    resized.observe(element);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    dark.addEventListener("change", draw);
    return () => {
      resized.disconnect();
      theme.disconnect();
      dark.removeEventListener("change", draw);
      plot?.destroy();
    };
  }, [content]);
  const rows = props.times.map((time, index) => ({ time, index }));
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">{props.title}</span>
        <ul class="chart-names">
          {props.lines.map((line, number) => (
            <li
              key={line.name}
              class={`chart-name chart-${line.role} chart-line-${
                (props.lines.slice(0, number).filter((one) => one.role === "other").length % 6) + 1
              }`}
            >
              {line.name}
            </li>
          ))}
        </ul>
      </figcaption>
      <div ref={box} class="chart-box" aria-hidden="true" />
      <p ref={told} class="chart-told" aria-hidden="true">
        {"\u00a0"}
      </p>
      <details class="chart-table">
        <summary>{t("chart.table")}</summary>
        <Table
          caption={props.title}
          captionHidden
          file={props.file}
          rows={rows}
          empty=""
          rowKey={(row) => String(row.time)}
          columns={[
            {
              key: "time",
              title: t("chart.time"),
              show: (row) => props.timeName(row.time),
              value: (row) => new Date(row.time).toISOString(),
            },
            ...props.lines.map((line, number) => ({
              key: String(number),
              title: line.name,
              isNumber: true,
              show: (row: { index: number }) => {
                const value = line.values[row.index];
                return value === undefined ? "–" : props.show(value);
              },
              value: (row: { index: number }) => line.values[row.index],
            })),
          ]}
        />
      </details>
    </figure>
  );
}
