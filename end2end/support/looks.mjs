// What every page must be in every size and theme: accessible, within the window, and looked at in a picture.

import AxeBuilder from "@axe-core/playwright";
import { expect } from "@playwright/test";
import { expectCraft, expectSteady, scriptsRun } from "./craft.mjs";

const THEMES = ["light", "dark"];
const WIDTHS = [1280, 375];

/** Checks the page as it stands, in both themes and both widths. */
export async function expectGoodLooks(page, testInfo, name) {
  await expectSteady(page, name);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const which = `${name}-${width}-${colorScheme}`;
      await page.screenshot({ path: testInfo.outputPath(`${which}.png`), fullPage: true, animations: "disabled" });
      expect.soft(await violations(page), `${which}: axe`).toEqual([]);
    }
    await expectCraft(page, `${name} at ${width} px`);
    expect.soft(await overflow(page), `${name} at ${width} px: wider than the window`).toEqual([]);
  }
}

async function violations(page) {
  if (!(await page.evaluate(scriptsRun))) return violationsOfHtml(page);
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.flatMap(({ id, help, nodes }) => {
    return nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)} ${node.any[0]?.message ?? ""}`);
  });
}

/** axe needs scripts, so it looks at the same HTML in a page that runs them, with what is there for those without. */
async function violationsOfHtml(page) {
  const html = (await page.content())
    .replaceAll(/<script\b.*?<\/script>/gs, "")
    .replaceAll(/<(\/?)noscript\b/g, "<$1div");
  const context = await page.context().browser().newContext({ javaScriptEnabled: true, viewport: page.viewportSize() });
  try {
    const copy = await context.newPage();
    const dark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
    await copy.emulateMedia({ colorScheme: dark ? "dark" : "light", reducedMotion: "reduce" });
    await copy.route(page.url(), (route) => route.fulfill({ contentType: "text/html", body: html }));
    await copy.goto(page.url());
    return await violations(copy);
  } finally {
    await context.close();
  }
}

/** What sticks out to the right, if the document scrolls sideways. */
function overflow(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.body.querySelectorAll("*")].filter((element) => {
      return element.getBoundingClientRect().right > clientWidth + 1;
    });
    return [`${scrollWidth} > ${clientWidth}`, ...wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
  });
}
