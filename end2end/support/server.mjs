// The real program with its sandbox provider, on free ports and in a folder of its own.

import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Sandbox } from "./sandbox.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
const program = process.env.KEYBEARER ?? path.join(target, "debug/keybearer");
const STARTS_WITHIN = 30_000;
const STOPS_WITHIN = 10_000;

export class Server {
  /**
   * Starts one. `database` is the URL of a PostgreSQL that a database can be made in; SQLite otherwise. `environment`
   * has more settings.
   */
  static async start({ database, environment = {} } = {}) {
    const server = new Server();
    await server.#start(database, environment);
    return server;
  }

  async #start(database, environment) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "keybearer-end2end-"));
    const [port, sandboxPort] = await freePorts(2);
    this.url = `http://localhost:${port}`;
    this.sandbox = new Sandbox(`http://127.0.0.1:${sandboxPort}`);
    this.environment = {
      PATH: process.env.PATH,
      HOME: this.folder,
      KEYBEARER_LISTEN: `127.0.0.1:${port}`,
      KEYBEARER_PUBLIC_URL: this.url,
      KEYBEARER_SANDBOX_LISTEN: `127.0.0.1:${sandboxPort}`,
      KEYBEARER_ALLOW_PRIVATE_HOSTS: `tenants:127.0.0.1:${sandboxPort}`,
      KEYBEARER_CATALOGUE_DIR: path.join(root, "dev/catalogue"),
      KEYBEARER_MASTER_KEY_FILE: path.join(this.folder, "master.key"),
      ...(database ? this.#postgres(database) : { KEYBEARER_DATABASE_URL: `sqlite:${this.folder}/keybearer.db` }),
      ...environment,
    };
    this.logFile = path.join(this.folder, "server.log");
    const log = fs.openSync(this.logFile, "a");
    this.process = spawn(program, ["serve"], {
      cwd: this.folder,
      env: { ...this.environment, KEYBEARER_LOG: "debug", KEYBEARER_LOG_FORMAT: "json" },
      stdio: ["ignore", log, log],
    });
    fs.closeSync(log);
    this.exited = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.once("error", (error) => fs.appendFileSync(this.logFile, `${error}\n`));
    await this.#untilReady();
  }

  /** A database of its own in the PostgreSQL that was named, and a key that only SQLite would make by itself. */
  #postgres(database) {
    const name = `end2end_${process.pid}_${Date.now()}`;
    const made = spawnSync("psql", [database, "-qc", `create database ${name}`], { encoding: "utf8" });
    if (made.status !== 0) throw new Error(`No database could be made: ${made.stderr ?? made.error}`);
    fs.writeFileSync(path.join(this.folder, "master.key"), `e2e:${randomBytes(32).toString("base64")}\n`, { mode: 0o600 });
    const url = new URL(database);
    url.pathname = `/${name}`;
    this.dropDatabase = () => spawnSync("psql", [database, "-qc", `drop database ${name} with (force)`]);
    return { KEYBEARER_DATABASE_URL: url.href, KEYBEARER_UNSAFE_DURABILITY: "1" };
  }

  async #untilReady() {
    const until = Date.now() + STARTS_WITHIN;
    while (Date.now() < until && this.process.exitCode === null) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`keybearer serve is not ready:\n${this.log()}`);
  }

  /** Everything that it has printed. */
  log() {
    return fs.existsSync(this.logFile) ? fs.readFileSync(this.logFile, "utf8") : "";
  }

  /** Runs another command of the same program against the same database. */
  run(args, input = "") {
    const done = spawnSync(program, [...args, "--json"], {
      cwd: this.folder,
      env: this.environment,
      input,
      encoding: "utf8",
    });
    if (done.status !== 0) throw new Error(`keybearer ${args.join(" ")}: ${done.stderr || done.error}`);
    return done.stdout.trim() ? JSON.parse(done.stdout) : null;
  }

  async stop() {
    if (this.process.exitCode === null) {
      this.process.kill("SIGTERM");
      const late = setTimeout(() => this.process.kill("SIGKILL"), STOPS_WITHIN);
      await this.exited;
      clearTimeout(late);
    }
    this.dropDatabase?.();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

async function freePorts(count) {
  const listeners = await Promise.all(Array.from({ length: count }, listen));
  const ports = listeners.map((listener) => listener.address().port);
  await Promise.all(listeners.map((listener) => new Promise((resolve) => listener.close(resolve))));
  return ports;
}

function listen() {
  return new Promise((resolve, reject) => {
    const listener = net.createServer().once("error", reject);
    listener.listen(0, "127.0.0.1", () => resolve(listener));
  });
}
