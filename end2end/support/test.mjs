// What every test starts from: a server for each worker, visitors whose consoles are watched, and a developer's set-up.

import { test as base, expect } from "@playwright/test";
import { Backend } from "./backend.mjs";
import { furnish } from "./furnished.mjs";
import { Server } from "./server.mjs";

export { expect };

export const OWNER = { email: "owner@example.com", password: "correct horse battery" };

/** Nobody is signed in. */
export const NOBODY = { cookies: [], origins: [] };

/** Chromium says this of every page with such a status, also of one that is meant. */
export const said = (status) => new RegExp(`Failed to load resource: .* status of ${status} `);

/** Without scripts nobody asks for the wasm that the page preloads, and on a busy machine it is asked for late. */
const UNUSED_PRELOAD = /was preloaded using link preload but not used/;

const short = (text) => (text.length > 400 ? `${text.slice(0, 400)}…` : text);

/** Collects what a browser complains about. */
class Watch {
  #said = [];
  #allowed = [UNUSED_PRELOAD];

  /** Messages of this kind are part of the test. */
  allow(...patterns) {
    this.#allowed.push(...patterns);
  }

  async follow(context) {
    context.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.#said.push(short(`${message.type()}: ${message.text()}`));
    });
    context.on("weberror", (error) => this.#said.push(`exception: ${error.error()}`));
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        console.error(`Content security policy: ${event.violatedDirective} blocked ${event.blockedURI}`);
      });
    });
  }

  complaints() {
    return this.#said.filter((text) => !this.#allowed.some((pattern) => pattern.test(text)));
  }
}

export const test = base.extend({
  database: [undefined, { option: true, scope: "worker" }],

  /** A server that nobody has founded. */
  freshServer: async ({ database }, use, testInfo) => {
    const server = await Server.start({ database });
    await use(server);
    await keepLog(server, testInfo);
    await server.stop();
  },

  /** The worker's server, founded by its owner. */
  server: [
    async ({ database }, use) => {
      const server = await Server.start({ database });
      server.run(["member", "add", "--email", OWNER.email, "--role", "owner"], OWNER.password);
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  /** Signs the owner in, and again before the proof of who it is grows old: sensitive forms ask for one after 15 minutes. */
  signInOwner: [
    async ({ server, browser }, use) => {
      let [state, at] = [undefined, 0];
      await use(async () => {
        if (Date.now() - at < 8 * 60_000) return state;
        const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
        at = Date.now();
        await signIn(await context.newPage(), OWNER);
        state = await context.storageState();
        await context.close();
        return state;
      });
    },
    { scope: "worker" },
  ],

  /** The owner's session. */
  signedIn: async ({ signInOwner }, use) => use(await signInOwner()),

  /** An application with something in every list; tests look at it and change nothing. */
  furnished: [
    async ({ server, playwright }, use) => use(await furnish(server, playwright, addApplication)),
    { scope: "worker", timeout: 120_000 },
  ],

  baseURL: async ({ server }, use) => use(server.url),
  storageState: async ({ signedIn }, use) => use(signedIn),

  watch: [
    async ({}, use) => {
      const watch = new Watch();
      await use(watch);
      expect(watch.complaints(), "the console is silent").toEqual([]);
    },
    { auto: true },
  ],

  context: async ({ context, watch }, use) => {
    await watch.follow(context);
    await use(context);
  },

  /** Makes a browser of somebody else. */
  newVisitor: async ({ browser, server, watch }, use) => {
    const contexts = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ baseURL: server.url, storageState: NOBODY, ...options });
      contexts.push(context);
      await watch.follow(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },

  /** The browser of an end user, who has never seen the portal. */
  endUser: async ({ newVisitor }, use) => use(await newVisitor()),

  /** A new development application of the owner with an API key. */
  application: async ({ server }, use) => use(addApplication(server, "Acme")),

  /** An app at the sandbox. */
  client: async ({ server }, use) => use(await server.sandbox.addClient()),

  /** The application's backend, with Zoom set up. */
  backend: async ({ application, client }, use) => {
    await application.backend.setUp("zoom", client);
    await use(application.backend);
  },

  attachLog: [
    async ({ server }, use, testInfo) => {
      await use();
      await keepLog(server, testInfo);
    },
    { auto: true },
  ],
});

async function keepLog(server, testInfo) {
  if (testInfo.status !== testInfo.expectedStatus) {
    await testInfo.attach("server.log", { body: server.log(), contentType: "text/plain" });
  }
}

export function addApplication(server, name, environment = "development") {
  const { id } = server.run(["application", "add", name, "--environment", environment]);
  const { secret } = server.run(["api-key", "add", "--application", id, "--name", "Backend"]);
  const path = `/applications/${id}`;
  const add = (url) => server.run(["application", "return-address", "add", "--application", id, url]);
  return { id, name, path, backend: new Backend(server, secret), addReturnAddress: add };
}

/** Waits until scripts have taken the page over: a click before that would be lost. */
export async function hydrated(page) {
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "1", { timeout: 20_000 });
}

/** Opens a page of the portal and waits for its scripts. */
export async function open(page, address) {
  const response = await page.goto(address);
  await hydrated(page);
  return response;
}

export async function signIn(page, { email, password }, address = "/sign-in") {
  await page.goto(address);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}
