// The orders behind a figure, with what became of each: the way down from any bar.
import { useRef, useEffect } from "preact/hooks";
import type { ReportFulfilment, ReportOrder } from "contract/stockd/v1/report_service_pb";
import { explain } from "../api/reports";
import type { Filters, Share } from "../api/reports";
import { betterDirection } from "../base/figures";
import { instantOf } from "../base/orders";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { Segments } from "../ui/controls";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { Table } from "../ui/table";
import { methodName, Moment, OrderLink } from "../ui/words";
import type { Asked } from "./question";

const LIMIT = 500;

// Which of them somebody should look at.
export function badShare(figure: string, unit: string): Share {
  if (unit !== "%") return "all";
  return betterDirection(figure) === "up" ? "not-counted" : "counted";
}

function lateHours(parts: readonly ReportFulfilment[]): number | undefined {
  const late = parts.flatMap((part) =>
    part.lateBy === undefined ? [] : [Number(part.lateBy.seconds) / 3600],
  );
  return late.length === 0 ? undefined : Math.max(...late);
}

export function OrdersBehind(props: {
  figure: string;
  asked: Asked;
  only: Filters;
  title: string;
}) {
  const language = useLanguage();
  const { t } = language;
  const { view, change } = useNavigation();
  const known = useKnown();
  const heading = useRef<HTMLHeadingElement>(null);
  const { figure, asked } = props;
  const bad = badShare(figure, known.figures.byKey.get(figure)?.unit ?? "");
  const share: Share = bad === "all" || view.orders === "all" ? "all" : bad;
  const only = { ...asked.only, ...props.only };
  const key = `behind ${figure} ${share} ${asked.period.begin} ${asked.period.end} ${JSON.stringify(only)}`;
  const behind = useLoad(key, (signal) =>
    explain({ figures: [figure], period: asked.period, only }, share, LIMIT, signal),
  );
  // Whoever pressed a bar goes on here.
  useEffect(() => heading.current?.focus(), [props.title]);
  const reasons = (order: ReportOrder) => [
    ...new Set(order.fulfilments.flatMap((part) => part.reasons)),
  ];
  const last = (order: ReportOrder) => order.fulfilments.at(-1);
  const columns = [
    {
      key: "order",
      title: t("column.order"),
      value: (row: ReportOrder) => row.orderId,
      show: (row: ReportOrder) => <OrderLink id={row.orderId} />,
    },
    {
      key: "late",
      title: t("column.late"),
      isNumber: true,
      value: (row: ReportOrder) => lateHours(row.fulfilments),
      show: (row: ReportOrder) => {
        const hours = lateHours(row.fulfilments);
        return hours === undefined ? "–" : <span class="ink-late">{language.duration(hours)}</span>;
      },
    },
    {
      key: "reasons",
      title: t("column.reasons"),
      value: (row: ReportOrder) =>
        reasons(row)
          .map((reason) => language.lookUp(`trouble.${reason}`, reason))
          .join(", "),
      show: (row: ReportOrder) =>
        reasons(row).map((reason) => (
          <span key={reason} class="flag">
            {language.lookUp(`trouble.${reason}`, reason)}
          </span>
        )),
    },
    {
      key: "promised",
      title: t("column.promised"),
      value: (row: ReportOrder) => isoOf(instantOf(last(row)?.promiseTime)),
      show: (row: ReportOrder) => (
        <Moment at={instantOf(last(row)?.promiseTime)} zone={known.zone} />
      ),
    },
    {
      key: "kept",
      title: t("column.kept"),
      value: (row: ReportOrder) => isoOf(instantOf(last(row)?.metTime)),
      show: (row: ReportOrder) => <Moment at={instantOf(last(row)?.metTime)} zone={known.zone} />,
    },
    {
      key: "location",
      title: t("column.location"),
      value: (row: ReportOrder) => known.locationName(last(row)?.location ?? ""),
      show: (row: ReportOrder) => known.locationName(last(row)?.location ?? ""),
    },
    {
      key: "carrier",
      title: t("column.carrier"),
      value: (row: ReportOrder) => last(row)?.carrier ?? "",
      show: (row: ReportOrder) =>
        last(row)?.carrier || methodName(language, last(row)?.method ?? 0),
    },
  ];
  return (
    <section class="behind" aria-labelledby="behind">
      <header class="section-head">
        <h3 id="behind" ref={heading} tabIndex={-1}>
          {props.title}
        </h3>
        {bad !== "all" && (
          <Segments
            label={t("behind.which")}
            value={share === "all" ? "all" : "bad"}
            choices={[
              { value: "bad", name: t("behind.bad") },
              { value: "all", name: t("behind.all") },
            ]}
            choose={(value) => change({ orders: value === "all" ? "all" : "" }, { replace: true })}
          />
        )}
      </header>
      <Shown of={behind} rows={6}>
        {({ orders, truncated }) => (
          <>
            <Table
              caption={props.title}
              captionHidden
              file={`${figure}-orders`}
              rows={[...orders].sort(
                (a, b) => (lateHours(b.fulfilments) ?? 0) - (lateHours(a.fulfilments) ?? 0),
              )}
              rowKey={(row) => row.orderId}
              empty={t("behind.none")}
              columns={columns}
            />
            {truncated && <p class="quiet">{t("behind.truncated", { count: orders.length })}</p>}
          </>
        )}
      </Shown>
    </section>
  );
}

function isoOf(instant: number | undefined): string | undefined {
  return instant === undefined ? undefined : new Date(instant).toISOString();
}
