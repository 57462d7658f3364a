// The facts of a retailer's stock: counts, receipts, sales, returns, and some that cannot be applied.
const DAY = 86_400_000,
  HOUR = 3_600_000;

export class FactTeller {
  constructor(daemon, chance) {
    this.daemon = daemon;
    this.chance = chance;
    this.number = 0;
  }

  fact(kind, sku, location, quantity, at, more = {}) {
    this.number += 1;
    return {
      event_id: `f-${this.number}`,
      kind: `FACT_KIND_${kind}`,
      sku,
      location,
      quantity: String(quantity),
      occurred_at: { seconds: Math.floor(at / 1000), nanos: 0 },
      ...more,
    };
  }

  priced(item) {
    return { unit_price_micros: String(Math.round(item.price * 1e6)), currency: "EUR" };
  }

  async tellHistory(locations, items, begin, now) {
    const facts = [],
      sales = [];
    for (const location of locations) {
      for (const item of items) {
        facts.push(this.fact("COUNT", item.sku, location, 160, begin));
        for (const day of [12, 30, 48])
          facts.push(this.fact("RECEIPT", item.sku, location, 40, begin + day * DAY));
      }
      if (location === "W1") continue;
      for (let at = begin + 9 * HOUR; at < now - HOUR; at += DAY)
        this.tellDay(sales, location, items, at);
    }
    facts.push(...this.countAgain("S3", items, sales, begin + 50 * DAY));
    await this.daemon.tell("erp", facts);
    await this.daemon.tell("pos", sales);
  }

  // A store that sells over the counter only is counted once more; most of its records are right.
  countAgain(location, items, sales, at) {
    return items.map((item, number) => {
      const moved = sales
        .filter(
          (fact) =>
            fact.sku === item.sku &&
            fact.location === location &&
            fact.occurred_at.seconds * 1000 <= at,
        )
        .reduce(
          (sum, fact) => sum + (fact.kind === "FACT_KIND_SALE" ? -1 : 1) * Number(fact.quantity),
          0,
        );
      return this.fact("COUNT", item.sku, location, 280 + moved - (number % 4 === 0 ? 1 : 0), at);
    });
  }

  tellDay(sales, location, items, at) {
    for (let receipt = 0; receipt < 3; ++receipt) {
      const item = items[this.chance.below(items.length - 1)]; // The last one is never sold.
      const time = at + this.chance.below(600) * 60_000;
      const reference = `${location}-${Math.floor(at / DAY)}-${receipt}`;
      sales.push(
        this.fact("SALE", item.sku, location, 1 + this.chance.below(3), time, {
          reference,
          channel: "till",
          fulfilment_channel: "counter",
          customer_reference: `c-${this.chance.below(60)}`,
          ...this.priced(item),
        }),
      );
      if (this.chance.below(14) > 0) continue;
      sales.push(
        this.fact("RETURN", item.sku, location, 1, time + HOUR, {
          reference: `${reference}-r`,
          original_reference: reference,
          channel: "till",
          fulfilment_channel: "counter",
          ...this.priced(item),
        }),
      );
    }
  }

  async tellTroubles(store, now) {
    await this.daemon.tell("pos", [
      // More sold at the till than is left beside the claims: somebody's order is at risk.
      this.fact("COUNT", "CAY-1", store, 3, now - 3 * HOUR),
      ...["MISC-77", "MISC-77", "MISC-78"].map((sku) =>
        this.fact("SALE", sku, store, 1, now - 2 * HOUR, { channel: "till" }),
      ),
      this.fact("SALE", "MUG-1", "S9", 1, now - 2 * HOUR, { channel: "till" }),
      ...[1, 2, 5].map((sequence) =>
        this.fact("SALE", "MUG-1", store, 1, now - HOUR, {
          channel: "till",
          device: `${store}/till-1`,
          device_sequence: sequence,
        }),
      ),
    ]);
    await this.daemon.call("ReservationService", "CreateReservation", {
      reservationId: "basket-1",
      ttl: "7200s",
      lines: [{ position: { sku: "CAY-1", location: store }, quantity: 3 }],
    });
    await this.daemon.tell("pos", [
      this.fact("SALE", "CAY-1", store, 2, now - 60_000, { channel: "till" }),
    ]);
  }
}
