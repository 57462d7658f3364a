// What the compiler cannot see of the translations: that they fill in the same names, and say
// something of their own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseLanguage, makeLanguage } from "../../../daemon/console/source/i18n/language";
import { LANGUAGES, TEXTS } from "../../../daemon/console/source/i18n/messages";

const formsOf = (text: string | Record<string, string>) =>
  typeof text === "string" ? { other: text } : text;
const namesIn = (text: string) =>
  [...text.matchAll(/\{(\w+)\}/g)]
    .map((match) => match[1])
    .sort()
    .join();
const keys = Object.keys(TEXTS.en) as (keyof typeof TEXTS.en)[];

test("every translation fills in the same names as English", () => {
  for (const code of LANGUAGES) {
    for (const key of keys) {
      const wanted = namesIn(formsOf(TEXTS.en[key] as string).other!);
      for (const [form, text] of Object.entries(formsOf(TEXTS[code][key] as string))) {
        // "One order" need not say its number.
        const said =
          form === "one" && !text.includes("{count}") ? namesIn(`{count}${text}`) : namesIn(text);
        assert.equal(said, wanted, `${code}: ${key} (${form})`);
      }
    }
  }
});

test("no text is empty, has stray spaces or a word that is not its language's", () => {
  const foreign = {
    en: /[ğşıİąęłżź]/,
    tr: /\b(the|and|zamówienie|nie)\b/i,
    pl: /\b(the|and|sipariş|bir)\b/i,
  };
  for (const code of LANGUAGES) {
    for (const key of keys) {
      for (const text of Object.values(formsOf(TEXTS[code][key] as string))) {
        assert.ok(text.length > 0 && text === text.trim(), `${code}: ${key}`);
        assert.ok(!foreign[code].test(text), `${code}: ${key}: ${text}`);
      }
    }
  }
});

test("few texts are the same in two languages", () => {
  for (const code of ["tr", "pl"] as const) {
    const same = keys.filter(
      (key) => JSON.stringify(TEXTS[code][key]) === JSON.stringify(TEXTS.en[key]),
    );
    assert.deepEqual(
      same.filter((key) => !["behind.title", "by.group", "group", "change.points"].includes(key)),
      [],
      code,
    );
  }
});

test("plurals follow each language's own rules", () => {
  const late = (code: "en" | "tr" | "pl", count: number) =>
    makeLanguage(code).t("today.lead.late", { count });
  assert.equal(late("en", 1), "1 order is late.");
  assert.equal(late("en", 0), "0 orders are late.");
  assert.equal(late("tr", 3), "3 sipariş gecikti.");
  assert.equal(late("pl", 1), "1 zamówienie jest spóźnione.");
  assert.equal(late("pl", 2), "2 zamówienia są spóźnione.");
  assert.equal(late("pl", 5), "5 zamówień jest spóźnionych.");
  assert.equal(late("pl", 12), "12 zamówień jest spóźnionych.");
  assert.equal(late("pl", 22), "22 zamówienia są spóźnione.");
});

test("numbers, money and percent are written as people write them", () => {
  const spaces = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
  assert.equal(makeLanguage("en").percent(92.44), "92.4%");
  assert.equal(makeLanguage("tr").percent(92.44), "%92,4");
  assert.equal(spaces(makeLanguage("pl").percent(92.44)), "92,4%");
  assert.equal(spaces(makeLanguage("pl").number(1234567)), "1 234 567");
  assert.equal(makeLanguage("tr").number(1234567), "1.234.567");
  assert.equal(spaces(makeLanguage("pl").money(12.5, "PLN")), "12,50 zł");
  assert.equal(makeLanguage("tr").money(12.5, "TRY"), "₺12,50");
  assert.equal(makeLanguage("en").money(12.5, ""), "12.50");
});

test("times are told in the unit that fits", () => {
  const { duration } = makeLanguage("en");
  assert.match(duration(5 / 3600), /^5\.0 sec/);
  assert.match(duration(0.5), /^30 min/);
  assert.match(duration(30), /^30\.0 h/);
  assert.match(duration(96), /^4\.0 day/);
});

test("names are in the order of their language", () => {
  const sorted = (code: "en" | "tr" | "pl", names: string[]) =>
    [...names].sort(makeLanguage(code).compare);
  assert.deepEqual(sorted("tr", ["Şile", "Sivas", "Çorum", "Cizre", "Iğdır", "İzmir"]), [
    "Cizre",
    "Çorum",
    "Iğdır",
    "İzmir",
    "Sivas",
    "Şile",
  ]);
  assert.deepEqual(sorted("pl", ["Łódź", "Lublin", "Żory", "Zabrze"]), [
    "Lublin",
    "Łódź",
    "Zabrze",
    "Żory",
  ]);
  assert.deepEqual(sorted("en", ["A-10", "A-2"]), ["A-2", "A-10"]);
});

test("the language is the first that is wished for and known", () => {
  assert.equal(chooseLanguage(undefined, "", "tr-TR"), "tr");
  assert.equal(chooseLanguage("pl", "tr", "en"), "pl");
  assert.equal(chooseLanguage("fr", null, "de-DE"), "en");
});
