// A headless browser, and how a person with a keyboard moves in it.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };
const TABS_MAX = 250;
const PATIENCE_MS = 20_000;

export class Browser {
  // `packages` is a folder that has node_modules; pictures go to `output`.
  static async start(packages, output) {
    const require = createRequire(join(packages, "package.json"));
    const executablePath = CHROMIUM.find(existsSync);
    assert.ok(executablePath, "chromium is missing; ./dev deps installs it");
    const browser = new Browser();
    browser.axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
    // Tests run as root in containers, where Chromium's own sandbox cannot.
    browser.chromium = await require("playwright-core").chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    browser.output = output;
    mkdirSync(output, { recursive: true });
    return browser;
  }

  // A page in a browser of its own. What it asks from elsewhere, and what it complains about, is kept.
  async open(url, { viewport = DESKTOP, colorScheme = "light", locale = "en-GB" } = {}) {
    const context = await this.chromium.newContext({
      viewport,
      colorScheme,
      locale,
      acceptDownloads: true,
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    const origin = new URL(url).origin;
    page.on("request", (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith("blob:"))
        complaints.push(`asked for ${request.url()}`);
    });
    page.complaints = complaints;
    await page.goto(url);
    await this.settled(page);
    return page;
  }

  // Everything that the page asked for has come.
  async settled(page) {
    await page.waitForFunction(
      () =>
        document.querySelector("main h2, main .lead, main .empty") !== null &&
        document.querySelector(".skeleton, [aria-busy='true']") === null,
    );
  }

  async picture(page, name) {
    await page.screenshot({ path: join(this.output, `${name}.png`), fullPage: true });
  }

  // What axe-core finds wrong, in words; by some rules or by all that hold here.
  async violations(
    page,
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  ) {
    await page.evaluate(this.axe);
    const found = await page.evaluate(
      (runOnly) => globalThis.axe.run(document, { runOnly }),
      rules,
    );
    return found.violations.map(
      (one) =>
        `${one.id}: ${one.help}: ${one.nodes
          .map((node) => `${node.target} ${node.failureSummary}`)
          .slice(0, 3)
          .join(" | ")}`,
    );
  }

  stop() {
    return this.chromium.close();
  }
}

// Presses Tab until the element has the focus, as somebody without a mouse does.
export async function tabTo(page, locator) {
  await locator.waitFor();
  for (let tabs = 0; tabs < TABS_MAX; ++tabs) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`the keyboard does not lead to ${locator}`);
}

export async function press(page, locator) {
  await tabTo(page, locator);
  await page.keyboard.press("Enter");
}

// Chooses with the arrow keys, as one does when the name begins with a letter one cannot type.
export async function choose(page, locator, name) {
  await tabTo(page, locator);
  const chosen = () => locator.evaluate((select) => select.selectedOptions[0].textContent);
  await page.keyboard.press("Home");
  for (let moves = 0; (await chosen()) !== name; ++moves) {
    assert.ok(moves < TABS_MAX, `there is no choice "${name}"`);
    await page.keyboard.press("ArrowDown");
  }
}
