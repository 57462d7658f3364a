// The console in a browser, before a real daemon: what logistics staff do with it, by keyboard, in
// three languages; nothing that axe-core finds; pictures of every page.
//
// Usage: node console_test.mjs STOCKD_PROGRAM WORK_FOLDER PROTO_FOLDER OUTPUT_FOLDER
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test as testOf } from "node:test";
import { pathToFileURL } from "node:url";
import { Browser, choose, DESKTOP, PHONE, press, tabTo } from "./browser.mjs";
import { buildChain, ITEMS, STORE, SUSPECTS, WORST_CARRIER } from "./chain.mjs";
import { Daemon } from "./daemon.mjs";

const [program, work, proto, output] = process.argv.slice(2);
const PAGES = {
  today: "/today",
  delivery: "/delivery?period=last-month",
  stock: `/stock?location=${STORE}`,
  board: `/board?store=${STORE}`,
  sources: "/sources",
  channels: "/channels",
};

const PATIENCE_MS = 150_000;
const test = (name, run) => testOf(name, { timeout: PATIENCE_MS }, run);

let daemon, browser, texts;

before(async () => {
  daemon = await Daemon.start(program, work, proto);
  await buildChain(daemon);
  browser = await Browser.start(work, output);
  texts = (await import(pathToFileURL(join(work, "texts/messages.mjs")).href)).TEXTS;
});
after(async () => {
  await browser?.stop();
  assert.equal(await daemon?.stop(), 0, "the daemon stops in good order");
});

const open = (path, options) => browser.open(`${daemon.url}${path}`, options);
const close = (page) => page.context().close();

// --- tasks -----------------------------------------------------------------------------------------
test("find the worst carrier of last month and open one late order behind it, by keyboard", async () => {
  const page = await open("/");
  await press(page, page.getByRole("link", { name: "Delivery" }));
  await choose(page, page.getByLabel("Period"), "Last month");
  await page.getByText(`Worst: ${WORST_CARRIER}`).waitFor();
  const bars = page.locator("button.bar");
  await page.waitForFunction(
    (name) => document.querySelector("button.bar")?.textContent.startsWith(name),
    WORST_CARRIER,
  );
  await press(page, bars.first());
  const heading = page.getByRole("heading", { name: `On-time delivery: ${WORST_CARRIER}` });
  await page.waitForFunction(() => document.activeElement?.id === "behind");
  const order = page.locator(".behind tbody tr").first().getByRole("button");
  await press(page, order);
  const sheet = page.getByRole("dialog");
  await sheet.getByText("What happened").waitFor();
  const id = new URL(page.url()).searchParams.get("order");
  const { order: told } = await daemon.call("OrderService", "GetOrder", { orderId: id });
  const part = told.fulfilments[0];
  assert.equal(part.shipments[0].carrier, WORST_CARRIER);
  assert.ok(
    Date.parse(part.closeTime) > Date.parse(part.deliveryPromise.firstTime),
    "the order was late",
  );
  await sheet.getByText("Late", { exact: true }).waitFor();
  await sheet.getByText("Taken by the carrier").waitFor();
  await browser.picture(page, "order");
  // The address says it all: whoever gets it sees the same.
  const same = await open(page.url().slice(daemon.url.length));
  await same.getByRole("dialog").getByText("What happened").waitFor();
  await close(same);
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });
  assert.ok(
    await order.evaluate((element) => element === document.activeElement),
    "the focus returns",
  );
  await heading.waitFor();
  assert.deepEqual(page.complaints, []);
  await close(page);
});

test("find which items to count in a store, and why the record says what it says, by keyboard", async () => {
  const page = await open("/today");
  await press(page, page.getByRole("link", { name: "Stock", exact: true }));
  await choose(page, page.getByLabel("In the store"), "İstanbul Kadıköy");
  const rows = page.locator("section[aria-labelledby='count'] tbody tr");
  await rows.nth(1).waitFor();
  const shown = await rows.locator(".code").allTextContents();
  assert.deepEqual(shown.slice(0, 2).sort(), [...SUSPECTS].sort());
  await rows.filter({ hasText: "CAY-1" }).getByText("Promised, but not there").waitFor();
  await rows.filter({ hasText: "KUB-2" }).getByText("Not found when picked").waitFor();
  const download = page.waitForEvent("download");
  await press(
    page,
    page.locator("section[aria-labelledby='count']").getByRole("button", { name: "Save as CSV" }),
  );
  assert.equal((await download).suggestedFilename(), `count-${STORE}.csv`);
  await press(page, rows.filter({ hasText: "CAY-1" }).getByRole("button"));
  const sheet = page.getByRole("dialog");
  await sheet.getByText("Why, in İstanbul Kadıköy").waitFor();
  await sheet.getByText("Latest count").waitFor();
  await sheet.getByText("basket-1").first().waitFor();
  assert.deepEqual(await browser.violations(page), []);
  await browser.picture(page, "item");
  await close(page);
});

test("pick an order and hand it over by its code, by keyboard", async () => {
  const page = await open("/board");
  await choose(page, page.getByLabel("Store"), "İstanbul Kadıköy");
  await tabTo(page, page.getByLabel("Order, customer or shelf"));
  await page.keyboard.type("app-1001");
  const card = page.locator(".card");
  await page.waitForFunction(() => document.querySelectorAll(".card").length === 1);
  await press(page, card);
  const sheet = page.getByRole("dialog");
  await press(page, sheet.getByRole("button", { name: "Start picking" }));
  await sheet.getByText("Picking has begun.").waitFor();
  await browser.picture(page, "pick");
  assert.deepEqual(await browser.violations(page), []);
  await press(page, sheet.getByRole("button", { name: "Record what was found" }));
  await tabTo(page, sheet.getByLabel("Where it is kept"));
  await page.keyboard.type("B-9");
  await page.keyboard.press("Enter");
  const code = sheet.getByLabel("Pick-up code");
  await tabTo(page, code);
  const { codes } = await daemon.call("OrderService", "GetOrder", {
    orderId: "APP-1001",
    includeCodes: true,
  });
  await page.keyboard.type(codes[0].code === "000000" ? "000001" : "000000");
  await page.keyboard.press("Enter");
  await sheet.getByText("This code is wrong.").waitFor();
  await tabTo(page, code);
  await page.keyboard.press("Control+A");
  await page.keyboard.type(codes[0].code);
  await page.keyboard.press("Enter");
  await sheet.getByText("Handed over.").waitFor();
  const { order } = await daemon.call("OrderService", "GetOrder", { orderId: "APP-1001" });
  assert.equal(order.state, "ORDER_STATE_COLLECTED");
  await page.keyboard.press("Escape");
  await page.getByText("Nothing to pick.").waitFor();
  await close(page);
});

test("decide about units that are missing", async () => {
  const page = await open(`/board?store=${STORE}&work=APP-1007%231`);
  const sheet = page.getByRole("dialog");
  await sheet.getByText("Not there: what now?").waitFor();
  await browser.picture(page, "missing");
  await press(page, sheet.getByRole("button", { name: "It has turned up" }));
  await sheet.getByText("It is looked for again.").waitFor();
  await sheet.getByRole("button", { name: "Record what was found" }).waitFor();
  await close(page);
});

test("mend what waits: say which of our items is meant", async () => {
  const page = await open("/sources");
  const group = page.locator(".work").filter({ hasText: "MISC-77" });
  await press(page, group.locator("summary"));
  await tabTo(page, group.getByLabel("“MISC-77” is our item"));
  await page.keyboard.type("mug");
  await press(page, group.locator(".found").getByRole("button").first());
  await page.getByText("The name is known now").waitFor();
  await group.waitFor({ state: "detached" });
  await page.locator(".work").filter({ hasText: "MISC-78" }).waitFor();
  await close(page);
});

test("see what visits came to, and how the times behind a figure are spread", async () => {
  const begin = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 48 * 3_600_000;
  await daemon.call("ReportService", "RecordVisits", {
    counts: Array.from({ length: 24 }, (_, hour) => ({
      channel: "web",
      beginTime: new Date(begin + hour * 3_600_000).toISOString(),
      visits: "40",
    })),
  });
  const page = await open(`${PAGES.channels}?figure=conversion&period=last-28-days`);
  await page.locator(".tile", { hasText: "Conversion" }).getByText(/\d/).first().waitFor();
  await page.goto(`${daemon.url}/delivery?period=last-month&figure=cycle_time`);
  await press(page, page.getByText("How the times are spread"));
  await page.getByRole("list", { name: /: how the times/ }).waitFor();
  assert.deepEqual(await browser.violations(page), []);
  assert.deepEqual(page.complaints, []);
  await close(page);
});

test("an experiment says what is tried and whether it is too early to tell", async () => {
  await daemon.call("ExperimentService", "StartExperiment", {
    experimentId: "buffer-2",
    policy: "EXPERIMENT_POLICY_SAFETY_STOCK",
    groupId: "pl",
    skus: ITEMS.slice(0, 2).map((item) => item.sku),
    valueA: "0",
    valueB: "2",
    seed: "7",
  });
  const page = await open("/stock");
  const row = page.locator("tr", { hasText: "buffer-2" });
  await row.getByText("Safety stock 0 or 2").waitFor();
  await row.getByText("Too early to say").waitFor();
  await choose(page, page.getByLabel("Compared by"), "Units sold");
  await row.getByText("Polska").waitFor();
  assert.equal(new URL(page.url()).searchParams.get("trial"), "units_sold");
  assert.deepEqual(await browser.violations(page), []);
  await browser.picture(page, "stock-experiments");
  await close(page);
  await daemon.call("ExperimentService", "EndExperiment", { experimentId: "buffer-2" });
});

test("see an order come in without doing anything", async () => {
  const page = await open("/today");
  await page.locator(".is-live").waitFor();
  const placed = page.locator(".station-PLACED .station-count");
  const count = Number(await placed.textContent());
  await daemon.call("OrderService", "PlaceOrder", {
    orderId: "LIVE-1",
    channel: "app",
    lines: [{ lineId: "1", sku: "MUG-1", quantity: 1 }],
    fulfilments: [{ method: "FULFILMENT_METHOD_PICKUP", location: "S2" }],
  });
  await page.waitForFunction(
    (wanted) =>
      document.querySelector(".station-PLACED .station-count").textContent === String(wanted),
    count + 1,
  );
  await close(page);
});

// --- languages -------------------------------------------------------------------------------------
for (const [code, name, words] of [
  [
    "tr",
    "Türkçe",
    {
      nav: "Teslimat",
      figure: "Zamanında teslimat oranı",
      percent: /%\d+,\d/,
      board: "Toplanacak",
      search: ["isik", "IŞIK", "ışık"],
    },
  ],
  [
    "pl",
    "Polski",
    {
      nav: "Dostawy",
      figure: "Dostawy na czas",
      percent: /\d+,\d%/,
      board: "Do zebrania",
      search: ["zolty", "ŻÓŁTY", "kubek żół"],
    },
  ],
]) {
  test(`switch to ${name} by keyboard; it is complete`, async () => {
    const page = await open("/delivery?period=last-month");
    // The label changes with the languages that are passed on the way.
    await choose(page, page.locator(".settings select").first(), name);
    await page.getByRole("link", { name: words.nav }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), code);
    await page.getByRole("heading", { name: words.figure }).waitFor();
    assert.match(await page.locator(".tile-value").first().textContent(), words.percent);
    assert.equal(new URL(page.url()).searchParams.get("lang"), code);
    await browser.settled(page);
    await browser.picture(page, `delivery-${code}`);
    for (const path of Object.values(PAGES)) {
      await page.goto(`${daemon.url}${path}`);
      await browser.settled(page);
      await saysNothingEnglish(page, code);
    }
    await page.goto(`${daemon.url}/stock`);
    for (const query of words.search) {
      await page.getByRole("searchbox").fill(query);
      await page
        .locator(".found")
        .getByText(code === "tr" ? "Işık, 5 W" : "Kubek żółty, 0,3 l")
        .waitFor();
    }
    assert.deepEqual(page.complaints, []);
    await close(page);
  });
}

// A text of the English list that stands on a page in another language was forgotten there.
async function saysNothingEnglish(page, code) {
  const lines = new Set(
    (await page.locator("body").innerText()).split("\n").map((line) => line.trim()),
  );
  const forgotten = Object.entries(texts.en)
    .filter(
      ([key, text]) =>
        typeof text === "string" &&
        !text.includes("{") &&
        text !== texts[code][key] &&
        !Object.values(texts[code]).includes(text) &&
        lines.has(text),
    )
    .map(([key]) => key);
  assert.deepEqual(forgotten, [], page.url());
}

// --- pages -----------------------------------------------------------------------------------------
for (const [name, path] of Object.entries(PAGES)) {
  for (const [device, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    test(`${name} on a ${device}: accessible by day and night, nothing from elsewhere`, async () => {
      const page = await open(path, { viewport });
      assert.deepEqual(await browser.violations(page), []);
      await browser.picture(page, `${name}-${device}`);
      await page.emulateMedia({ colorScheme: "dark" });
      assert.deepEqual(
        await browser.violations(page, ["color-contrast", "link-in-text-block"]),
        [],
      );
      await browser.picture(page, `${name}-${device}-dark`);
      assert.ok(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        "nothing is wider than the screen",
      );
      assert.deepEqual(page.complaints, []);
      await close(page);
    });
  }
}

test("a wall screen shows more, not just larger", async () => {
  const page = await open(PAGES.board, { viewport: { width: 2560, height: 1440 } });
  await browser.picture(page, "board-wall");
  await close(page);
});

test("on paper there is what is shown, and no controls", async () => {
  const page = await open(PAGES.delivery);
  await page.emulateMedia({ media: "print" });
  assert.ok(!(await page.getByRole("navigation").isVisible()));
  assert.ok(!(await page.getByLabel("Period").isVisible()));
  assert.ok(await page.getByText("came as promised").isVisible());
  await close(page);
});

// --- states ----------------------------------------------------------------------------------------
test("what cannot be loaded says so and can be tried again", async () => {
  const page = await open("/sources");
  await page.route("**/stockd.v1.AdapterService/**", (route) => route.abort());
  await press(page, page.getByRole("link", { name: "Today" }));
  const failed = page.getByRole("alert").first();
  await failed.waitFor();
  assert.deepEqual(await browser.violations(page), []);
  await browser.picture(page, "failed");
  await page.unroute("**/stockd.v1.AdapterService/**");
  await failed.getByRole("button", { name: "Try again" }).click();
  await page.locator(".mark").first().waitFor();
  await close(page);
});

test("what is not fresh any more says how old it is", async () => {
  const page = await open(PAGES.board);
  await page.locator(".card").first().waitFor();
  await page.route("**/stockd.v1.OrderService/ListOrders", (route) => route.abort());
  await page.getByText("This is from").waitFor();
  assert.ok(await page.locator(".card").first().isVisible());
  await browser.picture(page, "stale");
  await close(page);
});

test("a store without orders, a period without facts and an unknown order say that", async () => {
  const board = await open("/board?store=S3");
  await board.getByText("Nobody waits at the counter. Nothing is to be picked.").waitFor();
  await close(board);
  const delivery = await open("/delivery?period=2020-01-01..2020-01-31");
  await delivery.getByText("Nothing was promised for this period.").waitFor();
  assert.deepEqual(await browser.violations(delivery), []);
  await browser.picture(delivery, "empty");
  await close(delivery);
  const order = await open("/today?order=nobody");
  await order.getByText("There is no such order.").waitFor();
  await close(order);
});
