// Orders and what became of them, told step by step as an order system would.
export class OrderTeller {
  constructor(daemon) {
    this.daemon = daemon;
    this.number = 0;
  }

  named(orderId, at) {
    this.number += 1;
    return {
      orderId,
      requestId: `step-${this.number}`,
      ...(at === undefined ? {} : { occurTime: new Date(at).toISOString() }),
    };
  }

  call(method, request) {
    return this.daemon.call("OrderService", method, request);
  }

  async place({
    id,
    location,
    item,
    units,
    placed,
    promisedReady,
    promisedDelivery,
    channel,
    method,
    customer = "c-1",
  }) {
    const time = (at) => new Date(at).toISOString();
    await this.call("PlaceOrder", {
      orderId: id,
      channel,
      customerReference: customer,
      placeTime: time(placed),
      lines: [
        {
          lineId: "1",
          sku: item.sku,
          quantity: units,
          unitPriceMicros: Math.round(item.price * 1e6),
          currency: "EUR",
        },
      ],
      fulfilments: [
        {
          method,
          location,
          ...(promisedReady === undefined ? {} : { promisedReadyTime: time(promisedReady) }),
          ...(promisedDelivery === undefined
            ? {}
            : { promisedDeliveryTime: time(promisedDelivery) }),
        },
      ],
    });
  }

  start(id, at) {
    return this.call("StartPicking", this.named(id, at));
  }

  async finish(id, units, holdingArea, begin, end) {
    await this.start(id, begin);
    await this.call("RecordPick", {
      ...this.named(id, end),
      lines: [{ lineId: "1", picked: units }],
    });
    await this.call("FinishPicking", { ...this.named(id, end), holdingArea });
  }

  missing(id, units) {
    return this.call("RecordPick", {
      ...this.named(id),
      lines: [{ lineId: "1", missing: units, reason: "UNIT_REASON_NOT_FOUND" }],
    });
  }

  arrive(id) {
    return this.call("RecordArrival", this.named(id));
  }

  async parcel({
    number,
    from,
    item,
    units,
    placed,
    promised,
    delivered,
    carrier,
    channel,
    error,
    failedFirst,
  }) {
    const id = `WEB-${5000 + number}`;
    const taken = placed + (delivered - placed) / 4;
    await this.place({
      id,
      location: from,
      item,
      units,
      placed,
      promisedDelivery: promised,
      channel,
      customer: `c-${number % 45}`,
      method: "FULFILMENT_METHOD_SHIP",
    });
    await this.finish(
      id,
      units,
      "",
      placed + (delivered - placed) / 12,
      placed + (delivered - placed) / 6,
    );
    await this.call("ShipUnits", {
      ...this.named(id, taken),
      shipment: {
        shipmentId: "p1",
        carrier: carrier.name,
        service: carrier.service,
        trackingNumber: `T${number}`,
      },
    });
    if (failedFirst)
      await this.call("RecordAttempt", {
        ...this.named(id, delivered - 3_600_000),
        shipmentId: "p1",
      });
    await this.call("RecordDelivery", { ...this.named(id, delivered), shipmentId: "p1" });
    if (error !== undefined) {
      await this.call("RecordException", {
        ...this.named(id, delivered + 60_000),
        kind: error,
        lines: [{ lineId: "1", quantity: 1 }],
      });
    }
    if (number % 4 === 0) {
      await this.call("RateOrder", {
        ...this.named(id, delivered + 3_600_000),
        rating: { nps: 4 + (number % 7), csat: 2 + ((number / 4) % 4) },
      });
    }
  }

  async pickup({ number, at, item, units, placed, promised, ready, collected, channel }) {
    const id = `APP-${number}`;
    await this.place({
      id,
      location: at,
      item,
      units,
      placed,
      promisedReady: promised,
      channel,
      customer: `c-${number % 45}`,
      method: "FULFILMENT_METHOD_PICKUP",
    });
    await this.finish(id, units, "B-1", placed + (ready - placed) / 2, ready);
    await this.call("HandOver", {
      ...this.named(id, collected),
      withoutCode: true,
      note: "told by the shop's own system",
    });
  }
}
