// What comes first, and what an address says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { countList } from "../../../daemon/console/source/base/count_list";
import { isRanked, verdictOf, worstFirst } from "../../../daemon/console/source/base/figures";
import { addressOf, changed, parseView } from "../../../daemon/console/source/base/view";

test("the item that most speaks against is counted first", () => {
  const list = countList([
    { sku: "A", suspicion: "drift", units: 900 },
    { sku: "B", suspicion: "missedPick", units: -1 },
    { sku: "B", suspicion: "drift", units: 1 },
    { sku: "C", suspicion: "claimsAtRisk", units: 1 },
    { sku: "D", suspicion: "claimsAtRisk", units: 3 },
    { sku: "C", suspicion: "claimsAtRisk", units: 2 },
  ]);
  assert.deepEqual(
    list.map((item) => item.sku),
    ["B", "D", "C", "A"],
  );
  assert.deepEqual(list[0]!.suspicions, ["missedPick", "drift"]);
  assert.equal(list[2]!.units, 2);
});

test("worst is low for rates of success, high for times and errors, and of sums the largest", () => {
  const order = (figure: string, unit: string) =>
    [3, undefined, 1, 2].sort(worstFirst(figure, unit));
  // Array.sort puts undefined last by itself; the comparison agrees.
  assert.deepEqual(order("on_time_delivery", "%"), [1, 2, 3, undefined]);
  assert.deepEqual(order("cycle_time", "hours"), [3, 2, 1, undefined]);
  assert.deepEqual(order("net_sales", "money"), [3, 2, 1, undefined]);
  assert.ok(worstFirst("otif", "%")(undefined, 5) > 0);
  assert.ok(!isRanked("net_sales", "money"));
});

test("more is better, worse or neither", () => {
  assert.equal(verdictOf("otif", 91, 90), "better");
  assert.equal(verdictOf("cycle_time", 91, 90), "worse");
  assert.equal(verdictOf("on_hand", 91, 90), "neutral");
  assert.equal(verdictOf("otif", 90, 90), "same");
});

test("an address says everything that was chosen, and nothing that was not", () => {
  const view = { page: "delivery", by: "carrier", value: "=Kuryer & Oğlu", lang: "tr" };
  const address = new URL(addressOf(view), "http://localhost");
  assert.equal(address.pathname, "/delivery");
  assert.deepEqual(parseView(address.pathname, address.search), view);
  assert.equal(addressOf({ page: "", lang: "" }), "/");
  assert.deepEqual(changed(view, { by: "", value: "", page: "stock" }), {
    page: "stock",
    lang: "tr",
  });
});
