// One order with all that happened to it.
import { orders } from "../api/client";
import { getItems } from "../api/catalogue";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { DeliveryExceptionKind, UnitReason } from "contract/stockd/v1/order_types_pb";
import type { Fulfilment, Order, OrderEvent } from "contract/stockd/v1/order_types_pb";
import type { Item } from "contract/stockd/v1/catalogue_service_pb";
import { instantOf, nextDue, promisedAt, urgencyOf, wasLate } from "../base/orders";
import { useLanguage } from "../i18n/language";
import { useKnown } from "../ui/frame";
import { Shown, useLoad, useNow } from "../ui/load";
import { Sheet } from "../ui/sheet";
import { Table } from "../ui/table";
import {
  DueText,
  eventName,
  ItemLink,
  methodName,
  Moment,
  StateMark,
  unitReasonName,
} from "../ui/words";

const REFRESH_MS = 15_000;
const EVENTS = 500;

interface Story {
  readonly order: Order;
  readonly events: readonly OrderEvent[];
  readonly items: ReadonlyMap<string, Item>;
}

async function loadStory(orderId: string, signal: AbortSignal): Promise<Story> {
  const [got, listed] = await Promise.all([
    orders.getOrder({ orderId }, { signal }),
    orders.listOrderEvents({ orderId, pageSize: EVENTS }, { signal }),
  ]);
  const order = got.order!;
  return {
    order,
    events: listed.events,
    items: await getItems(order.lines.map((line) => line.sku)),
  };
}

function Facts(props: { fulfilment: Fulfilment; order: Order; now: number }) {
  const language = useLanguage();
  const { t } = language;
  const known = useKnown();
  const { fulfilment, now } = props;
  const zone = known.location(fulfilment.location)?.timeZone || known.zone;
  const promised = promisedAt(fulfilment);
  const place =
    fulfilment.destination === ""
      ? known.locationName(fulfilment.location)
      : t("order.fromTo", {
          from: known.locationName(fulfilment.location),
          to: known.locationName(fulfilment.destination),
        });
  const shipment = fulfilment.shipments.at(-1);
  return (
    <div class="part">
      <p class="part-head">
        <StateMark state={fulfilment.state} /> {methodName(language, fulfilment.method)} · {place}
        {wasLate(fulfilment, now) && <span class="flag flag-late">{t("order.late")}</span>}
      </p>
      <dl class="facts">
        <div>
          <dt>{t("order.promised")}</dt>
          <dd>
            <Moment at={promised} zone={zone} />
          </dd>
        </div>
        <div>
          <dt>{t("order.next")}</dt>
          <dd>
            <DueText due={nextDue(fulfilment)} urgency={urgencyOf(fulfilment, now)} now={now} />
          </dd>
        </div>
        {fulfilment.deadlineTime && (
          <div>
            <dt>{t("order.keptUntil")}</dt>
            <dd>
              <Moment at={instantOf(fulfilment.deadlineTime)} zone={zone} />
            </dd>
          </div>
        )}
        {fulfilment.holdingArea !== "" && (
          <div>
            <dt>{t("order.shelf")}</dt>
            <dd>{fulfilment.holdingArea}</dd>
          </div>
        )}
        {shipment && (
          <div>
            <dt>{t("order.carrier")}</dt>
            <dd>
              {[shipment.carrier, shipment.service, shipment.trackingNumber]
                .filter((text) => text !== "")
                .join(" · ")}
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}

function Lines(props: { story: Story }) {
  const language = useLanguage();
  const { t, number } = language;
  const { order, items } = props.story;
  return (
    <Table
      caption={t("order.lines")}
      file={`order-${order.orderId}`}
      rows={order.lines}
      empty=""
      rowKey={(line) => line.lineId}
      columns={[
        {
          key: "item",
          title: t("column.item"),
          value: (line) => line.sku,
          show: (line) => <ItemLink sku={line.sku} name={items.get(line.sku)?.name ?? ""} />,
        },
        {
          key: "ordered",
          title: t("column.ordered"),
          isNumber: true,
          value: (line) => line.ordered,
          show: (line) => number(line.ordered),
        },
        {
          key: "picked",
          title: t("column.picked"),
          isNumber: true,
          value: (line) => pickedOf(line.units),
          show: (line) => number(pickedOf(line.units)),
        },
        {
          key: "missing",
          title: t("column.missing"),
          isNumber: true,
          value: (line) => line.units?.missing,
          show: (line) => number(line.units?.missing ?? 0n),
        },
        {
          key: "price",
          title: t("column.price"),
          isNumber: true,
          value: (line) => Number(line.unitPriceMicros) / 1e6,
          show: (line) =>
            line.currency === ""
              ? "–"
              : language.money(Number(line.unitPriceMicros) / 1e6, line.currency),
        },
      ]}
    />
  );
}

function pickedOf(units: Order["lines"][number]["units"]): bigint {
  return units === undefined
    ? 0n
    : units.picked +
        units.shipped +
        units.handedOver +
        units.delivered +
        units.returned +
        units.lost;
}

function Events(props: { story: Story }) {
  const language = useLanguage();
  const { t } = language;
  const known = useKnown();
  const detail = (event: OrderEvent) =>
    [
      event.exception === DeliveryExceptionKind.UNSPECIFIED
        ? ""
        : language.lookUp(
            `exception.${DeliveryExceptionKind[event.exception]}`,
            DeliveryExceptionKind[event.exception] ?? "",
          ),
      event.reason === UnitReason.UNSPECIFIED ? "" : unitReasonName(language, event.reason),
      event.lines
        .map(
          (line) =>
            `${language.number(line.quantity)} × ${
              props.story.order.lines.find((one) => one.lineId === line.lineId)?.sku ?? line.lineId
            }`,
        )
        .join(", "),
      event.note,
    ]
      .filter((text) => text !== "")
      .join(" · ");
  return (
    <section aria-label={t("order.events")}>
      <h3>{t("order.events")}</h3>
      <ol class="story">
        {props.story.events.map((event) => (
          <li key={String(event.number)}>
            <Moment
              at={event.occurTime === undefined ? undefined : timestampMs(event.occurTime)}
              zone={known.location(event.location)?.timeZone || known.zone}
            />
            <span>
              <strong>{eventName(language, event.kind)}</strong>{" "}
              <span class="quiet">{detail(event)}</span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function OrderSheet(props: { id: string; close: () => void }) {
  const { t } = useLanguage();
  const known = useKnown();
  const now = useNow();
  const story = useLoad(`order ${props.id}`, (signal) => loadStory(props.id, signal), REFRESH_MS);
  return (
    <Sheet title={t("order.title", { order: props.id })} close={props.close}>
      <Shown of={story} rows={10}>
        {(loaded) => (
          <>
            <p class="quiet">
              {t("order.placed")}{" "}
              <Moment at={instantOf(loaded.order.placeTime)} zone={known.zone} />
              {" · "}
              {known.name("channel", loaded.order.channel)}
              {loaded.order.customerReference !== "" &&
                ` · ${t("order.customer")} ${loaded.order.customerReference}`}
            </p>
            {loaded.order.fulfilments.map((fulfilment) => (
              <Facts
                key={fulfilment.number}
                fulfilment={fulfilment}
                order={loaded.order}
                now={now}
              />
            ))}
            <Lines story={loaded} />
            <Events story={loaded} />
          </>
        )}
      </Shown>
    </Sheet>
  );
}
