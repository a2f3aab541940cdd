import { defineConfig } from "@playwright/test";

const chromium = {
  browserName: "chromium",
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  },
};

// The story runs on PostgreSQL too where one is at hand.
const onPostgres = process.env.DATABASE_URL
  ? [{ name: "postgresql", testMatch: "story.spec.mjs", use: { ...chromium, database: process.env.DATABASE_URL } }]
  : [];

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  workers: Number(process.env.WORKERS ?? 2),
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  // Far above what a test takes: a hang ends here, and a busy machine does not.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [["line"], ["./support/counts.mjs"]],
  projects: [{ name: "chromium", use: chromium }, ...onPostgres],
});
