// Where the open orders stand, and which of them will not be in time.
import { OrderState } from "contract/stockd/v1/order_types_pb";
import { nextDue, placeOf, unitsOf, urgencyOf } from "../base/orders";
import type { Part } from "../base/orders";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { Section } from "../ui/controls";
import { useKnown } from "../ui/frame";
import { Table } from "../ui/table";
import { DueText, methodName, OrderLink, StateMark, stateName } from "../ui/words";

const STATIONS = [
  OrderState.PLACED,
  OrderState.PICKING,
  OrderState.SHORT,
  OrderState.PACKED,
  OrderState.IN_TRANSIT,
  OrderState.READY,
  OrderState.CUSTOMER_WAITING,
] as const;

// The way of an order, station by station. Pressing one shows its orders only.
export function Stations(props: { parts: readonly Part[]; now: number }) {
  const language = useLanguage();
  const { t } = language;
  const { view, change } = useNavigation();
  return (
    <ol class="stations" aria-label={t("today.stations")}>
      {STATIONS.map((state) => {
        const here = props.parts.filter((part) => part.fulfilment.state === state);
        const late = here.filter((part) => urgencyOf(part.fulfilment, props.now) === "late").length;
        const key = OrderState[state]!;
        const isCurrent = view.state === key;
        return (
          <li key={key} class={`station station-${key}`}>
            <button
              type="button"
              aria-pressed={isCurrent}
              onClick={() => change({ state: isCurrent ? "" : key }, { replace: true })}
            >
              <span class="station-count">{language.number(here.length)}</span>
              <span class="station-name">{stateName(language, state)}</span>
              <span class="station-late">
                {late > 0 ? t("today.late", { count: late }) : "\u00a0"}
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

export function OrdersAtRisk(props: { parts: readonly Part[]; now: number }) {
  const language = useLanguage();
  const { t } = language;
  const { view } = useNavigation();
  const known = useKnown();
  const inState =
    view.state === undefined
      ? undefined
      : (OrderState[view.state as keyof typeof OrderState] as OrderState | undefined);
  const rows = props.parts
    .filter((part) =>
      inState === undefined
        ? urgencyOf(part.fulfilment, props.now) !== "calm"
        : part.fulfilment.state === inState,
    )
    .map((part) => ({
      ...part,
      due: nextDue(part.fulfilment),
      urgency: urgencyOf(part.fulfilment, props.now),
    }))
    .sort((a, b) => (a.due?.at ?? Infinity) - (b.due?.at ?? Infinity));
  return (
    <Section
      title={inState === undefined ? t("today.risk") : stateName(language, inState)}
      note={inState === undefined ? t("today.risk.note") : t("today.state.note")}
    >
      <Table
        caption={t("today.risk")}
        captionHidden
        file="orders-at-risk"
        rows={rows}
        rowKey={(row) => `${row.order.orderId}/${row.fulfilment.number}`}
        tone={(row) => `tone-${row.urgency}`}
        empty={inState === undefined ? t("today.risk.none") : t("today.state.none")}
        columns={[
          {
            key: "due",
            title: t("column.due"),
            value: (row) => row.due?.at,
            show: (row) => <DueText due={row.due} urgency={row.urgency} now={props.now} />,
          },
          {
            key: "order",
            title: t("column.order"),
            value: (row) => row.order.orderId,
            show: (row) => <OrderLink id={row.order.orderId} />,
          },
          {
            key: "state",
            title: t("column.state"),
            value: (row) => stateName(language, row.fulfilment.state),
            show: (row) => <StateMark state={row.fulfilment.state} />,
          },
          {
            key: "method",
            title: t("column.method"),
            value: (row) => methodName(language, row.fulfilment.method),
            show: (row) => methodName(language, row.fulfilment.method),
          },
          {
            key: "location",
            title: t("column.location"),
            value: (row) => known.locationName(placeOf(row.fulfilment)),
            show: (row) => known.locationName(placeOf(row.fulfilment)),
          },
          {
            key: "channel",
            title: t("column.channel"),
            value: (row) => known.name("channel", row.order.channel),
            show: (row) => known.name("channel", row.order.channel),
          },
          {
            key: "units",
            title: t("column.units"),
            isNumber: true,
            value: (row) => unitsOf(row.fulfilment),
            show: (row) => language.number(unitsOf(row.fulfilment)),
          },
        ]}
      />
    </Section>
  );
}
