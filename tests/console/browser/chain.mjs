// An invented retailer with two months behind it: enough for every page to have something to show,
// and for each task to have one right answer.
import { FactTeller } from "./facts.mjs";
import { OrderTeller } from "./order_teller.mjs";

const DAY = 86_400_000,
  HOUR = 3_600_000,
  MINUTE = 60_000;

export const STORE = "S1";
export const WORST_CARRIER = "Kurier Północ";
// What a counting list of the store has to begin with, and why.
export const SUSPECTS = ["CAY-1", "KUB-2"];

export const ITEMS = [
  {
    sku: "CAY-1",
    name: "Çay bardağı, ince belli",
    category: "kitchen/glass",
    cost: 1.2,
    price: 3.5,
  },
  { sku: "ISK-1", name: "Işık, 5 W", category: "home/light", cost: 2.4, price: 7.9 },
  { sku: "TAV-1", name: "Tava, döküm, 28 cm", category: "kitchen/pans", cost: 18, price: 44.9 },
  { sku: "KUB-1", name: "Kubek żółty, 0,3 l", category: "kitchen/cups", cost: 2.1, price: 6.9 },
  { sku: "KUB-2", name: "Kubek biały, 0,3 l", category: "kitchen/cups", cost: 2.1, price: 6.5 },
  { sku: "SWI-1", name: "Świeca sojowa", category: "home/light", cost: 3.3, price: 9.9 },
  { sku: "MUG-1", name: "Mug, stoneware", category: "kitchen/cups", cost: 3.1, price: 8.5 },
  { sku: "THR-1", name: "Throw, wool, moss", category: "home/textile", cost: 21, price: 59 },
  { sku: "BRD-1", name: "Chopping board, beech", category: "kitchen/boards", cost: 8.5, price: 22 },
  { sku: "VAS-1", name: "Vase, hand-blown", category: "home/deco", cost: 24, price: 69 },
];

const LOCATIONS = [
  {
    code: "W1",
    name: "Magazyn Łódź",
    kind: "LOCATION_KIND_WAREHOUSE",
    timeZone: "Europe/Warsaw",
    ships: true,
    coordinate: { latitude: 51.76, longitude: 19.46 },
  },
  {
    code: "S1",
    name: "İstanbul Kadıköy",
    timeZone: "Europe/Istanbul",
    ships: true,
    collects: true,
    coordinate: { latitude: 40.99, longitude: 29.03 },
  },
  {
    code: "S2",
    name: "Łódź Piotrkowska",
    timeZone: "Europe/Warsaw",
    ships: true,
    collects: true,
    coordinate: { latitude: 51.77, longitude: 19.45 },
  },
  {
    code: "S3",
    name: "London Camden",
    timeZone: "Europe/London",
    collects: true,
    coordinate: { latitude: 51.54, longitude: -0.14 },
  },
];

// The same numbers each time.
export function makeChance(seed) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return { below: (limit) => Math.floor(next() * limit), share: next };
}

async function putCatalogue(daemon) {
  const micros = (amount) => Math.round(amount * 1e6);
  await daemon.call("CatalogueService", "PutItems", {
    items: ITEMS.map((item) => ({
      sku: item.sku,
      name: item.name,
      category: item.category,
      currency: "EUR",
      unitCostMicros: micros(item.cost),
      priceMicros: micros(item.price),
    })),
  });
  await daemon.call("CatalogueService", "PutLocations", { locations: LOCATIONS });
  await daemon.call("CatalogueService", "PutGroups", {
    groups: [
      { groupId: "tr", name: "Türkiye", locations: ["S1"] },
      { groupId: "pl", name: "Polska", locations: ["W1", "S2"] },
      { groupId: "uk", name: "United Kingdom", locations: ["S3"] },
    ],
  });
  await daemon.call("CatalogueService", "PutChannels", {
    channels: [
      { channelId: "web", name: "Web shop" },
      { channelId: "app", name: "App" },
      { channelId: "till", name: "Tills" },
    ],
  });
  await daemon.call("CatalogueService", "PutShelfPositions", {
    shelfPositions: ITEMS.map((item, number) => ({
      sku: item.sku,
      location: STORE,
      shelfPosition: `A-${number + 1}`,
    })),
  });
}

// A month of parcels by three carriers, one of which is late more often than not.
function parcelsOf(chance, begin, days, now) {
  const parcels = [];
  const carriers = [
    { name: "Hızlı Kargo", service: "standard", lateOf10: 1, hours: 30 },
    { name: "Parcel & Co", service: "next-day", lateOf10: 2, hours: 20 },
    { name: WORST_CARRIER, service: "standard", lateOf10: 6, hours: 40 },
  ];
  for (let day = 0; day < days; ++day) {
    for (const [number, carrier] of carriers.entries()) {
      const placed = begin + day * DAY + (8 + number * 3) * HOUR + chance.below(50) * MINUTE;
      const late = chance.below(10) < carrier.lateOf10;
      const delivered =
        placed + (late ? 58 + chance.below(30) : carrier.hours + chance.below(8)) * HOUR;
      if (delivered > now - DAY) continue;
      parcels.push({
        number: parcels.length,
        from: number === 0 ? "S2" : "W1",
        item: ITEMS[chance.below(ITEMS.length - 1)],
        units: 1 + chance.below(3),
        placed,
        promised: placed + 48 * HOUR,
        delivered,
        carrier,
        channel: chance.below(3) === 0 ? "app" : "web",
        error: chance.below(20) === 0 ? "DELIVERY_EXCEPTION_KIND_DAMAGED" : undefined,
        failedFirst: chance.below(9) === 0,
      });
    }
  }
  return parcels;
}

function pickupsOf(chance, begin, days, now) {
  const pickups = [];
  for (let day = 0; day < days; ++day) {
    const placed = begin + day * DAY + 9 * HOUR + chance.below(300) * MINUTE;
    const ready = placed + (30 + chance.below(110)) * MINUTE;
    const collected = ready + (2 + chance.below(40)) * HOUR;
    if (collected > now - DAY) continue;
    pickups.push({
      number: pickups.length,
      at: day % 2 === 0 ? "S2" : "S1",
      item: ITEMS[chance.below(ITEMS.length - 1)],
      units: 1 + chance.below(2),
      placed,
      promised: placed + 2 * HOUR,
      ready,
      collected,
      channel: day % 3 === 0 ? "app" : "web",
    });
  }
  return pickups;
}

// Several at a time: they share the daemon's commits.
async function tellAll(orders, tell) {
  const rest = [...orders];
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      while (rest.length > 0) await tell(rest.shift());
    }),
  );
}

// What goes on in the store right now.
async function tellToday(teller, now) {
  const item = (sku) => ITEMS.find((one) => one.sku === sku);
  const place = (id, sku, minutesAgo, minutesUntil, units = 2) =>
    teller.place({
      id,
      location: STORE,
      item: item(sku),
      units,
      placed: now - minutesAgo * MINUTE,
      promisedReady: now + minutesUntil * MINUTE,
      channel: "app",
      method: "FULFILMENT_METHOD_PICKUP",
    });
  await place("APP-1001", "TAV-1", 30, 90);
  await place("APP-1002", "MUG-1", 80, 25);
  await place("APP-1003", "THR-1", 200, -40);
  await place("APP-1004", "KUB-1", 20, 100);
  await teller.start("APP-1004");
  await place("APP-1005", "BRD-1", 150, 10);
  await teller.finish("APP-1005", 2, "B-3");
  await place("APP-1006", "SWI-1", 190, 5);
  await teller.finish("APP-1006", 2, "B-4");
  await teller.arrive("APP-1006");
  await place("APP-1007", "KUB-2", 60, 50);
  await teller.start("APP-1007");
  await teller.missing("APP-1007", 2);
}

export async function buildChain(daemon) {
  const now = Date.now();
  const begin = now - 64 * DAY;
  const chance = makeChance(7);
  await putCatalogue(daemon);
  const facts = new FactTeller(daemon, chance);
  await facts.tellHistory(
    LOCATIONS.map((one) => one.code),
    ITEMS,
    begin,
    now,
  );
  const teller = new OrderTeller(daemon);
  await tellAll(parcelsOf(chance, begin + DAY, 62, now), (order) => teller.parcel(order));
  await tellAll(pickupsOf(chance, begin + DAY, 62, now), (order) => teller.pickup(order));
  await tellToday(teller, now);
  await facts.tellTroubles(STORE, now);
  await daemon.tell("erp", [], { stay: true });
}
