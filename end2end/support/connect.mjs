// An end user's way through the connect pages and the sandbox's consent page.

import { expect } from "@playwright/test";

/** Opens a connect link and presses Continue, up to the provider's consent page. */
export async function goToConsent(page, link) {
  await page.goto(link);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { name: /^Allow .* to use your account\?$/ })).toBeVisible();
}

/** Answers the consent page. `user` is a part of the label: "Ada". */
export async function decide(page, decision, user = "Ada") {
  const users = page.getByLabel("Sign in as");
  const label = (await users.getByRole("option").allTextContents()).find((text) => text.includes(user));
  await users.selectOption({ label });
  await page.getByRole("button", { name: decision, exact: true }).click();
}

/** The whole way in a browser. */
export async function connect(page, link, { decision = "Allow", user } = {}) {
  await goToConsent(page, link);
  await decide(page, decision, user);
}

/** Allows, and stays on the consent page: gives the address to which the provider sends the browser back. */
export async function allowAndStay(page, link, user = "ada@example.com") {
  await goToConsent(page, link);
  const authorize = new URL(page.url());
  const form = { ...Object.fromEntries(authorize.searchParams), user, decision: "allow" };
  return location(await page.request.post(`${authorize.origin}${authorize.pathname}`, { form, maxRedirects: 0 }));
}

/** The same without a browser, for what only has to be there. */
export async function connectQuietly(server, playwright, link, { decision = "allow", user = "ada@example.com" } = {}) {
  const visitor = await playwright.request.newContext({ maxRedirects: 0 });
  try {
    const begun = await visitor.post(link, { headers: { origin: server.url }, form: {} });
    const authorize = new URL(location(begun));
    const fields = Object.fromEntries(authorize.searchParams);
    const allowed = await visitor.post(`${server.sandbox.url}/oauth/authorize`, { form: { ...fields, user, decision } });
    const back = await visitor.get(location(allowed));
    const result = await visitor.get(new URL(location(back), server.url).href);
    expect(result.status()).toBeLessThan(400);
  } finally {
    await visitor.dispose();
  }
}

function location(answer) {
  const { location } = answer.headers();
  if (!location) throw new Error(`${answer.url()} leads nowhere: ${answer.status()}`);
  return location;
}
