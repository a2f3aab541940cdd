// Lighthouse on the pages that people see first, against the release program. Prints the scores; a score below its mark
// ends with status 1, with what Lighthouse found. Performance depends on the machine, so this is no test of `make test`.

import * as chromeLauncher from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";
import { request } from "@playwright/test";
import { connectQuietly } from "../support/connect.mjs";
import { Server } from "../support/server.mjs";
import { OWNER, addApplication } from "../support/test.mjs";

const CATEGORIES = ["performance", "accessibility", "best-practices"];
/** A member's desktop; an end user's phone, on the slow network that Lighthouse imitates. */
const PORTAL = { config: desktopConfig, least: 95 };
const CONNECT = { config: undefined, least: 100 };

const server = await Server.start();
const chrome = await chromeLauncher.launch({
  chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"],
});
try {
  process.exitCode = (await measure()) ? 0 : 1;
} finally {
  chrome.kill();
  await server.stop();
}

async function measure() {
  server.run(["member", "add", "--email", OWNER.email, "--role", "owner"], OWNER.password);
  const application = addApplication(server, "Acme");
  await application.backend.setUp("zoom", await server.sandbox.addClient());
  for (let number = 0; number < 20; number++) {
    const session = await application.backend.invite({ end_user: { id: `user_${number}`, name: "Ada Lovelace" }, providers: ["zoom"] });
    await connectQuietly(server, { request }, session.url, { user: "ada@example.com" });
  }
  const link = await application.backend.invite({ end_user: { id: "user_42" }, providers: ["zoom"] });
  const Cookie = await signedIn();
  const pages = [
    ["overview", application.path, PORTAL, { Cookie }],
    ["connected accounts", `${application.path}/connected-accounts`, PORTAL, { Cookie }],
    ["set-up page", `${application.path}/providers/new/zoom`, PORTAL, { Cookie }],
    ["connect page", new URL(link.url).pathname, CONNECT, {}],
  ];
  let good = true;
  console.log(`${"page".padEnd(22)}${CATEGORIES.map((name) => name.padStart(16)).join("")}   bytes`);
  for (const [name, path, { config, least }, extraHeaders] of pages) {
    const options = { port: chrome.port, onlyCategories: CATEGORIES, extraHeaders, logLevel: "error" };
    const { lhr } = await lighthouse(server.url + path, options, config);
    const scores = CATEGORIES.map((category) => Math.round(lhr.categories[category].score * 100));
    const bytes = lhr.audits["total-byte-weight"].numericValue;
    console.log(`${name.padEnd(22)}${scores.map((score) => String(score).padStart(16)).join("")}   ${bytes}`);
    if (scores.every((score) => score >= least)) continue;
    good = false;
    for (const { title, displayValue, score, scoreDisplayMode } of Object.values(lhr.audits)) {
      if (score !== null && score < 0.9 && scoreDisplayMode !== "informative") console.log(`    ${title} ${displayValue ?? ""}`);
    }
  }
  return good;
}

/** The owner's cookies. */
async function signedIn() {
  const context = await request.newContext({ baseURL: server.url, extraHTTPHeaders: { Origin: server.url } });
  const page = await (await context.get("/sign-in")).text();
  const _action = /name="_action" value="([^"]+)"/.exec(page)[1];
  await context.post("/sign-in", { form: { _action, ...OWNER }, maxRedirects: 0 });
  const { cookies } = await context.storageState();
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}
