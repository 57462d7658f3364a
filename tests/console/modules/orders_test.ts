// What is promised, kept and pressing, by the same rules as the figures.
import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { FulfilmentMethod, FulfilmentSchema, OrderState } from "contract/stockd/v1/order_types_pb";
import {
  keptAt,
  nextDue,
  placeOf,
  promisedAt,
  urgencyOf,
  wasLate,
} from "../../../daemon/console/source/base/orders";

const NOW = Date.parse("2026-11-28T12:00:00Z");
const HOUR = 3_600_000;
const at = (hours: number) => timestampFromMs(NOW + hours * HOUR);

const pickup = (fields: object) =>
  create(FulfilmentSchema, { method: FulfilmentMethod.PICKUP, location: "S1", ...fields });
const parcel = (fields: object) =>
  create(FulfilmentSchema, { method: FulfilmentMethod.SHIP, location: "W1", ...fields });

test("the first promise is what counts, whatever was said later", () => {
  const late = pickup({
    state: OrderState.READY,
    readyTime: at(-1),
    readyPromise: { firstTime: at(-2), currentTime: at(1) },
  });
  assert.equal(promisedAt(late), NOW - 2 * HOUR);
  assert.equal(keptAt(late), NOW - HOUR);
  assert.ok(wasLate(late, NOW));
});

test("a parcel is on time when it is with the customer", () => {
  const delivered = (hours: number) =>
    parcel({
      state: OrderState.DELIVERED,
      closeTime: at(hours),
      deliveryPromise: { firstTime: at(-5), currentTime: at(-5) },
    });
  assert.ok(!wasLate(delivered(-5), NOW));
  assert.ok(wasLate(delivered(-4), NOW));
});

test("what has not come although it should have is late; what is cancelled is not", () => {
  const promise = { deliveryPromise: { firstTime: at(-1), currentTime: at(-1) } };
  assert.ok(wasLate(parcel({ state: OrderState.IN_TRANSIT, ...promise }), NOW));
  assert.ok(!wasLate(parcel({ state: OrderState.CANCELLED, ...promise }), NOW));
  assert.ok(!wasLate(parcel({ state: OrderState.IN_TRANSIT }), NOW));
});

test("what is due next follows the way of the order", () => {
  const promises = {
    readyPromise: { firstTime: at(1), currentTime: at(1) },
    deliveryPromise: { firstTime: at(20), currentTime: at(20) },
  };
  assert.deepEqual(nextDue(parcel({ state: OrderState.PICKING, ...promises })), {
    at: NOW + HOUR,
    what: "left",
  });
  assert.deepEqual(nextDue(parcel({ state: OrderState.IN_TRANSIT, ...promises })), {
    at: NOW + 20 * HOUR,
    what: "delivered",
  });
  assert.deepEqual(nextDue(pickup({ state: OrderState.PLACED, ...promises })), {
    at: NOW + HOUR,
    what: "ready",
  });
  assert.deepEqual(
    nextDue(pickup({ state: OrderState.READY, deadlineTime: at(30), ...promises })),
    { at: NOW + 30 * HOUR, what: "collected" },
  );
  assert.equal(nextDue(pickup({ state: OrderState.COLLECTED, ...promises })), undefined);
});

test("an order is at risk within the hour, and late from its instant on", () => {
  const due = (hours: number) =>
    urgencyOf(
      pickup({
        state: OrderState.PLACED,
        readyPromise: { firstTime: at(hours), currentTime: at(hours) },
      }),
      NOW,
    );
  assert.equal(due(2), "calm");
  assert.equal(due(1), "risk");
  assert.equal(due(0), "late");
  // The customer's own deadline is nobody's promise.
  assert.equal(urgencyOf(pickup({ state: OrderState.READY, deadlineTime: at(-1) }), NOW), "calm");
});

test("an order sent to a store is that store's work once it is on its way", () => {
  const sent = (state: OrderState) =>
    create(FulfilmentSchema, {
      method: FulfilmentMethod.SHIP_TO_STORE,
      location: "W1",
      destination: "S1",
      state,
    });
  assert.equal(placeOf(sent(OrderState.PICKING)), "W1");
  assert.equal(placeOf(sent(OrderState.IN_TRANSIT)), "S1");
  assert.equal(placeOf(sent(OrderState.READY)), "S1");
});
