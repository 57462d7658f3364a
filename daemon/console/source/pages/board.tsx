// The pick-up board of one store: what to pick, what is ready, who waits.
import { FulfilmentMethod, OrderState } from "contract/stockd/v1/order_types_pb";
import { listOrders } from "../api/orders";
import { isClosed, nextDue, partsOf, placeOf, urgencyOf } from "../base/orders";
import type { Part } from "../base/orders";
import { matches } from "../base/search_text";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { Select } from "../ui/controls";
import { useKnown } from "../ui/frame";
import { Shown, useLoad, useNow } from "../ui/load";
import { readMemory, writeMemory } from "../ui/memory";
import { Empty } from "../ui/skeleton";
import { useId } from "preact/hooks";
import { BoardCard } from "./board_card";
import { WorkSheet } from "./board_work";

const REFRESH_MS = 10_000;

const COLUMNS = ["toPick", "picking", "ready", "counter"] as const;
type ColumnKey = (typeof COLUMNS)[number];

function columnOf(state: OrderState): ColumnKey | undefined {
  switch (state) {
    case OrderState.PLACED:
      return "toPick";
    case OrderState.PICKING:
    case OrderState.SHORT:
      return "picking";
    case OrderState.PACKED:
    case OrderState.READY:
    case OrderState.IN_TRANSIT:
      return "ready";
    case OrderState.CUSTOMER_WAITING:
      return "counter";
    default:
      return undefined;
  }
}

// Parcels that have left are nobody's work here, unless they come to this store.
function isWorkHere(part: Part, store: string): boolean {
  const { fulfilment } = part;
  if (isClosed(fulfilment.state) || placeOf(fulfilment) !== store) return false;
  return (
    fulfilment.state !== OrderState.IN_TRANSIT ||
    fulfilment.method === FulfilmentMethod.SHIP_TO_STORE
  );
}

function sortKey(part: Part): number {
  const arrived = part.fulfilment.arriveTime?.seconds;
  return arrived === undefined
    ? (nextDue(part.fulfilment)?.at ?? Infinity)
    : Number(arrived) * 1000;
}

function Lead(props: { parts: readonly Part[]; overdue: number }) {
  const { t } = useLanguage();
  const waiting = props.parts.filter(
    (part) => part.fulfilment.state === OrderState.CUSTOMER_WAITING,
  ).length;
  const toPick = props.parts.filter((part) => part.fulfilment.state === OrderState.PLACED).length;
  return (
    <p class="lead">
      {waiting > 0 ? (
        <span class="ink-late">{t("board.lead.waiting", { count: waiting })}</span>
      ) : (
        t("board.lead.nobody")
      )}{" "}
      {toPick === 0 ? t("board.lead.nothing") : t("board.lead.toPick", { count: toPick })}
      {props.overdue > 0 && (
        <>
          {" "}
          <span class="ink-late">{t("board.lead.overdue", { count: props.overdue })}</span>
        </>
      )}
    </p>
  );
}

function Columns(props: { parts: readonly Part[]; now: number; store: string; query: string }) {
  const { t } = useLanguage();
  const found = props.parts.filter(
    (part) =>
      props.query === "" ||
      matches(
        props.query,
        part.order.orderId,
        part.order.customerReference,
        part.fulfilment.holdingArea,
      ),
  );
  const isOverdue = (part: Part) => urgencyOf(part.fulfilment, props.now) === "late";
  const overdue = found.filter(isOverdue);
  const cards = (parts: readonly Part[]) =>
    [...parts]
      .sort((a, b) => sortKey(a) - sortKey(b))
      .map((part) => (
        <BoardCard
          key={`${part.order.orderId}/${part.fulfilment.number}`}
          part={part}
          now={props.now}
        />
      ));
  return (
    <>
      <Lead parts={props.parts} overdue={props.parts.filter(isOverdue).length} />
      {overdue.length > 0 && (
        <section class="lane lane-overdue" aria-labelledby="lane-overdue">
          <h2 id="lane-overdue">
            {t("board.overdue")} <span class="count">{overdue.length}</span>
          </h2>
          <ul class="cards cards-row">{cards(overdue)}</ul>
        </section>
      )}
      <div class="board">
        {COLUMNS.map((key) => {
          const parts = found.filter(
            (part) => columnOf(part.fulfilment.state) === key && !isOverdue(part),
          );
          return (
            <section key={key} class={`lane lane-${key}`} aria-labelledby={`lane-${key}`}>
              <h2 id={`lane-${key}`}>
                {t(`board.${key}`)} <span class="count">{parts.length}</span>
              </h2>
              {parts.length === 0 ? (
                <p class="quiet lane-empty">{t(`board.${key}.none`)}</p>
              ) : (
                <ul class="cards">{cards(parts)}</ul>
              )}
            </section>
          );
        })}
      </div>
    </>
  );
}

export function Board() {
  const { t } = useLanguage();
  const { view, change } = useNavigation();
  const known = useKnown();
  const now = useNow(10_000);
  const search = useId();
  const places = known.choices("location", t("board.choose"));
  const store = view.store ?? readMemory("store", "");
  const work = useLoad(
    `board ${store}`,
    async (signal) =>
      store === "" ? null : listOrders({ location: store, openOnly: true }, signal),
    REFRESH_MS,
  );
  const choose = (value: string) => {
    writeMemory("store", value);
    change({ store: value, work: "" }, { replace: true });
  };
  const [orderId, number] = (view.work ?? "").split("#");
  return (
    <>
      <div class="controls no-print">
        <Select label={t("board.store")} value={store} choices={places} choose={choose} />
        {store !== "" && (
          <span class="control control-wide">
            <label for={search}>{t("board.search")}</label>
            <input
              id={search}
              type="search"
              value={view.q ?? ""}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => change({ q: event.currentTarget.value }, { replace: true })}
            />
          </span>
        )}
      </div>
      {store === "" ? (
        <Empty text={t("board.noStore")} hint={t("board.noStore.hint")} />
      ) : (
        <Shown of={work} rows={10}>
          {(list) => (
            <Columns
              store={store}
              now={now}
              query={view.q ?? ""}
              parts={partsOf(list?.orders ?? []).filter((part) => isWorkHere(part, store))}
            />
          )}
        </Shown>
      )}
      {orderId !== undefined && orderId !== "" && (
        <WorkSheet
          key={view.work}
          orderId={orderId}
          number={Number(number ?? "1")}
          store={store}
          changed={work.reload}
          close={() => change({ work: "" })}
        />
      )}
    </>
  );
}
