// People type names without accents, in any case, and Turkish has four letters i.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold, matches, spellings } from "../../../daemon/console/source/base/search_text";

test("the four letters i are one", () => {
  assert.equal(fold("IĞDIR"), fold("ığdır"));
  assert.equal(fold("İSTANBUL"), fold("istanbul"));
  assert.equal(fold("ISPARTA"), fold("isparta"));
  assert.equal(fold("I\u0307zmir"), fold("izmir"));
});

test("accents do not matter, also those that are no accents", () => {
  assert.equal(fold("Łódź"), "lodz");
  assert.equal(fold("çay bardağı"), "cay bardagi");
  assert.equal(fold("Gauß"), "gauss");
});

test("every word has to be somewhere", () => {
  assert.ok(matches("bardak cay", "Çay bardağı", "CAY-1") === false);
  assert.ok(matches("bardag cay", "Çay bardağı", "CAY-1"));
  assert.ok(matches("IŞIK", "ışık, 5 W"));
  assert.ok(matches("isik", "Işık"));
  assert.ok(matches("zolty kubek", "Kubek żółty", "MUG-9"));
  assert.ok(!matches("mug blue", "Mug, red"));
  assert.ok(matches("", "anything"));
});

test("a server that knows only ASCII is asked in all spellings", () => {
  assert.deepEqual(spellings("  "), []);
  assert.ok(spellings("ışık").includes("Işık"));
  assert.ok(spellings("ışık").includes("IŞIK"));
  assert.ok(spellings("izmir").includes("İzmir"));
  assert.equal(new Set(spellings("abc")).size, spellings("abc").length);
});
