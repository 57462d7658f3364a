// What store staff do to an order. Each call is named once, so that sending it again does nothing
// twice.
import { FulfilmentMethod, OrderMove, UnitReason } from "contract/stockd/v1/order_types_pb";
import type { Order } from "contract/stockd/v1/order_types_pb";
import type { ShortOptions, SubstituteOption } from "contract/stockd/v1/order_picking_pb";
import { newRequestId, orders } from "./client";

export { OrderMove };

export interface Target {
  readonly orderId: string;
  readonly fulfilment: number;
}

function named(target: Target) {
  return { orderId: target.orderId, fulfilment: target.fulfilment, requestId: newRequestId() };
}

export interface FoundLine {
  readonly lineId: string;
  readonly picked: bigint;
  readonly missing: bigint;
  readonly reason: UnitReason;
}

export async function startPicking(target: Target): Promise<Order> {
  return (await orders.startPicking(named(target))).order!;
}

export async function recordPick(
  target: Target,
  lines: readonly FoundLine[],
): Promise<{ order: Order; options: readonly ShortOptions[] }> {
  const answer = await orders.recordPick({ ...named(target), lines: [...lines] });
  return { order: answer.order!, options: answer.options };
}

export async function undoPick(
  target: Target,
  lineId: string,
  picked: bigint,
  found: bigint,
): Promise<Order> {
  return (await orders.undoPick({ ...named(target), lines: [{ lineId, picked, found }] })).order!;
}

export async function substitute(
  target: Target,
  lineId: string,
  quantity: bigint,
  by: SubstituteOption,
): Promise<Order> {
  const answer = await orders.substituteLine({
    ...named(target),
    lineId,
    quantity,
    substituteSku: by.sku,
    substituteQuantity: quantity,
    substituteLineId: `${lineId}~${by.sku}`.slice(0, 120),
    unitPriceMicros: by.priceMicros,
    currency: by.currency,
  });
  return answer.order!;
}

export async function sendFromElsewhere(
  target: Target,
  lineId: string,
  quantity: bigint,
): Promise<Order> {
  return (
    await orders.replanFulfilment({
      ...named(target),
      lines: [{ lineId, quantity }],
      method: FulfilmentMethod.SHIP,
    })
  ).order!;
}

export async function cancelUnits(
  target: Target,
  lineId: string,
  quantity: bigint,
): Promise<Order> {
  return (
    await orders.cancelUnits({
      ...named(target),
      lines: [{ lineId, quantity }],
      reason: UnitReason.NOT_FOUND,
    })
  ).order!;
}

export async function finishPicking(target: Target, holdingArea: string): Promise<Order> {
  return (await orders.finishPicking({ ...named(target), holdingArea })).order!;
}

export async function ship(
  target: Target,
  carrier: string,
  trackingNumber: string,
): Promise<Order> {
  return (
    await orders.shipUnits({
      ...named(target),
      shipment: { shipmentId: newRequestId(), carrier, trackingNumber, parcels: 1 },
    })
  ).order!;
}

export async function receive(target: Target, holdingArea: string): Promise<Order> {
  return (await orders.receiveAtStore({ ...named(target), holdingArea })).order!;
}

export async function recordArrival(target: Target): Promise<Order> {
  return (await orders.recordArrival(named(target))).order!;
}

export async function handOver(target: Target, code: string): Promise<Order> {
  return (await orders.handOver({ ...named(target), code })).order!;
}

export async function listShortOptions(target: Target): Promise<readonly ShortOptions[]> {
  return (await orders.listShortOptions(target)).options;
}
