// The pictures of the README, made by the tests themselves: SCREENSHOTS=1 npx playwright test story timeline

import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../screenshots");
const DESKTOP = { width: 1280, height: 800 };

export const wanted = Boolean(process.env.SCREENSHOTS);

/** One picture of what `page` shows. `ready` is called once it has its size. */
export async function picture(page, name, { viewport = DESKTOP, colorScheme = "light", top = true } = {}) {
  if (!wanted) return;
  const before = page.viewportSize();
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  if (top) await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: "disabled", caret: "hide" });
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(before);
}
