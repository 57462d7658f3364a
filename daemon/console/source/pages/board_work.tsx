// The work on one order: what its state lets staff do, as the daemon says.
import { useRef, useState } from "preact/hooks";
import { OrderMove } from "contract/stockd/v1/order_types_pb";
import type { Fulfilment, Order } from "contract/stockd/v1/order_types_pb";
import type { ShortOptions } from "contract/stockd/v1/order_picking_pb";
import { getItems } from "../api/catalogue";
import { orders } from "../api/client";
import { listShortOptions, recordArrival, startPicking } from "../api/moves";
import type { Target } from "../api/moves";
import { nextDue, urgencyOf } from "../base/orders";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { useAction } from "../ui/action";
import type { Action } from "../ui/action";
import { FailureNote, Shown, useLoad, useNow } from "../ui/load";
import { Sheet } from "../ui/sheet";
import { DueText, methodName, StateMark } from "../ui/words";
import { CarrierForm, HandOverForm, ReadyForm, ReceiveForm } from "./board_forms";
import { PickForm } from "./board_pick";
import type { Shelves } from "./board_pick";
import { ShortForm } from "./board_short";

interface Work {
  readonly order: Order;
  readonly shelves: Shelves;
  readonly options: readonly ShortOptions[];
}

async function loadWork(target: Target, store: string, signal: AbortSignal): Promise<Work> {
  const order = (await orders.getOrder({ orderId: target.orderId }, { signal })).order!;
  const fulfilment = fulfilmentOf(order, target.fulfilment);
  const isMissing = fulfilment?.lines.some((line) => (line.units?.missing ?? 0n) > 0n) ?? false;
  const [items, picks, options] = await Promise.all([
    getItems(order.lines.map((line) => line.sku)),
    orders.listPicks({ location: store, ordersMax: 100 }, { signal }),
    isMissing ? listShortOptions(target) : [],
  ]);
  const places = new Map(picks.picks.map((pick) => [pick.sku, pick.shelfPosition]));
  return { order, options, shelves: { items, places } };
}

function fulfilmentOf(order: Order, number: number): Fulfilment | undefined {
  return order.fulfilments.find((one) => one.number === number);
}

export interface Step {
  readonly target: Target;
  readonly action: Action;
  // Does something to the order and shows it as it is then; says what was done.
  take(done: string, change: () => Promise<Order>): void;
}

function Steps(props: { work: Work; fulfilment: Fulfilment; step: Step }) {
  const { t } = useLanguage();
  const { work, fulfilment, step } = props;
  const may = (move: OrderMove) => fulfilment.allowedMoves.includes(move);
  const rest = fulfilment.lines.some((line) => (line.units?.claimed ?? 0n) > 0n);
  const missing = fulfilment.lines.some((line) => (line.units?.missing ?? 0n) > 0n);
  return (
    <>
      {may(OrderMove.START_PICKING) && (
        <button
          type="button"
          class="button button-main"
          disabled={step.action.isBusy}
          onClick={() => step.take(t("board.done.started"), () => startPicking(step.target))}
        >
          {t("board.start")}
        </button>
      )}
      {may(OrderMove.RECORD_PICK) && !may(OrderMove.START_PICKING) && rest && (
        <PickForm fulfilment={fulfilment} shelves={work.shelves} step={step} />
      )}
      {missing && (
        <ShortForm
          fulfilment={fulfilment}
          shelves={work.shelves}
          options={work.options}
          step={step}
        />
      )}
      {may(OrderMove.FINISH_PICKING) && !rest && !missing && (
        <ReadyForm fulfilment={fulfilment} step={step} />
      )}
      {may(OrderMove.SHIP) && <CarrierForm step={step} />}
      {may(OrderMove.RECEIVE_AT_STORE) && <ReceiveForm step={step} />}
      {may(OrderMove.HAND_OVER) && <HandOverForm fulfilment={fulfilment} step={step} />}
      {may(OrderMove.ARRIVE) && (
        <button
          type="button"
          class="button"
          disabled={step.action.isBusy}
          onClick={() => step.take(t("board.done.arrived"), () => recordArrival(step.target))}
        >
          {t("board.arrive")}
        </button>
      )}
    </>
  );
}

function Contents(props: { work: Work; fulfilment: Fulfilment }) {
  const { t, number } = useLanguage();
  return (
    <section aria-label={t("order.lines")}>
      <h3>{t("order.lines")}</h3>
      <ul class="lines">
        {props.fulfilment.lines.map((line) => (
          <li key={line.lineId} class="line">
            <span class="number">{number(line.units?.assigned ?? 0n)} ×</span>
            <strong>{props.work.shelves.items.get(line.sku)?.name || line.sku}</strong>
            <span class="quiet code">{line.sku}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function WorkSheet(props: {
  orderId: string;
  number: number;
  store: string;
  changed: () => void;
  close: () => void;
}) {
  const language = useLanguage();
  const { t } = language;
  const { change } = useNavigation();
  const now = useNow(10_000);
  const action = useAction();
  const [done, setDone] = useState("");
  const said = useRef<HTMLParagraphElement>(null);
  const target = { orderId: props.orderId, fulfilment: props.number };
  const work = useLoad(`work ${props.orderId} ${props.number}`, (signal) =>
    loadWork(target, props.store, signal),
  );
  const step: Step = {
    target,
    action,
    take: (text, move) => {
      setDone("");
      void action
        .run(async () => {
          await move();
        })
        .then((succeeded) => {
          props.changed();
          work.reload();
          if (!succeeded) return;
          setDone(text);
          // The button that was pressed may be gone: whoever uses the keyboard goes on from here.
          said.current?.focus();
        });
    },
  };
  return (
    <Sheet title={t("board.work", { order: props.orderId })} close={props.close}>
      <p
        ref={said}
        tabIndex={-1}
        class={done === "" ? "said" : "said note note-good"}
        role="status"
      >
        {done}
      </p>
      {action.failure && <FailureNote failure={action.failure} />}
      <Shown of={work} rows={8}>
        {(loaded) => {
          const fulfilment = fulfilmentOf(loaded.order, props.number);
          if (fulfilment === undefined) return <p class="empty">{t("board.gone")}</p>;
          return (
            <>
              <p class="part-head">
                <StateMark state={fulfilment.state} /> {methodName(language, fulfilment.method)} ·{" "}
                <DueText due={nextDue(fulfilment)} urgency={urgencyOf(fulfilment, now)} now={now} />
                {fulfilment.holdingArea !== "" && (
                  <>
                    {" "}
                    · {t("order.shelf")}: <strong>{fulfilment.holdingArea}</strong>
                  </>
                )}
              </p>
              <Steps work={loaded} fulfilment={fulfilment} step={step} />
              <Contents work={loaded} fulfilment={fulfilment} />
              <button
                type="button"
                class="link"
                onClick={() => change({ work: "", order: props.orderId })}
              >
                {t("board.story")}
              </button>
            </>
          );
        }}
      </Shown>
    </Sheet>
  );
}
