// What is promised about an order and whether it was kept, by the same rules as the figures: for
// what customers collect it is the time when it is ready, for parcels the time when it is delivered.
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { FulfilmentMethod, OrderState } from "contract/stockd/v1/order_types_pb";
import type { Fulfilment, Order } from "contract/stockd/v1/order_types_pb";

export const RISK_MS = 60 * 60_000;

export function instantOf(time: Timestamp | undefined): number | undefined {
  return time === undefined ? undefined : timestampMs(time);
}

export function isCollected(fulfilment: Fulfilment): boolean {
  return (
    fulfilment.method === FulfilmentMethod.PICKUP ||
    fulfilment.method === FulfilmentMethod.SHIP_TO_STORE
  );
}

export function isClosed(state: OrderState): boolean {
  return state >= OrderState.COLLECTED;
}

function isWithCustomer(state: OrderState): boolean {
  return (
    state === OrderState.COLLECTED ||
    state === OrderState.DELIVERED ||
    state === OrderState.RETURNED
  );
}

// The first promise is what is measured against.
export function promisedAt(fulfilment: Fulfilment): number | undefined {
  return instantOf(
    (isCollected(fulfilment) ? fulfilment.readyPromise : fulfilment.deliveryPromise)?.firstTime,
  );
}

// When the promise was kept; undefined: not yet.
export function keptAt(fulfilment: Fulfilment): number | undefined {
  if (isCollected(fulfilment)) return instantOf(fulfilment.readyTime);
  return isWithCustomer(fulfilment.state) ? instantOf(fulfilment.closeTime) : undefined;
}

// Whether it came later than first promised, or has not come although it should have.
export function wasLate(fulfilment: Fulfilment, now: number): boolean {
  const promised = promisedAt(fulfilment);
  if (promised === undefined || fulfilment.state === OrderState.CANCELLED) return false;
  return (keptAt(fulfilment) ?? (promised <= now ? Infinity : promised)) > promised;
}

export interface Due {
  readonly at: number;
  // What has to happen until then.
  readonly what: "ready" | "left" | "delivered" | "collected";
}

// What has to happen next, by the promises as they stand now.
export function nextDue(fulfilment: Fulfilment): Due | undefined {
  if (isClosed(fulfilment.state)) return undefined;
  const ready = instantOf(fulfilment.readyPromise?.currentTime);
  const isPicked = fulfilment.state >= OrderState.PACKED;
  if (ready !== undefined && !isPicked) {
    return { at: ready, what: isCollected(fulfilment) ? "ready" : "left" };
  }
  const delivery = instantOf(fulfilment.deliveryPromise?.currentTime);
  if (delivery !== undefined && !isCollected(fulfilment))
    return { at: delivery, what: "delivered" };
  const deadline = instantOf(fulfilment.deadlineTime);
  if (deadline !== undefined && fulfilment.state === OrderState.READY) {
    return { at: deadline, what: "collected" };
  }
  return undefined;
}

export type Urgency = "late" | "risk" | "calm";

// How pressing the next promise is. A deadline for the customer is nobody's promise.
export function urgencyOf(fulfilment: Fulfilment, now: number): Urgency {
  const due = nextDue(fulfilment);
  if (due === undefined || due.what === "collected") return "calm";
  if (due.at <= now) return "late";
  return due.at <= now + RISK_MS ? "risk" : "calm";
}

export interface Part {
  readonly order: Order;
  readonly fulfilment: Fulfilment;
}

export function partsOf(orders: readonly Order[]): Part[] {
  return orders.flatMap((order) => order.fulfilments.map((fulfilment) => ({ order, fulfilment })));
}

export function unitsOf(fulfilment: Fulfilment): bigint {
  return fulfilment.lines.reduce(
    (sum, line) =>
      sum +
      (line.units === undefined
        ? 0n
        : line.units.assigned - line.units.cancelled - line.units.substituted),
    0n,
  );
}

// Where the work on a fulfilment is done now: its counter once it is there, else where it is picked.
export function placeOf(fulfilment: Fulfilment): string {
  return fulfilment.method === FulfilmentMethod.SHIP_TO_STORE &&
    fulfilment.state >= OrderState.IN_TRANSIT
    ? fulfilment.destination
    : fulfilment.location;
}
