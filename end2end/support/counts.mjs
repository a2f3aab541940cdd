// Says at the end how many tests of each file did what, so that a file that lost its tests is noticed, and which failed why.

import path from "node:path";
import { stripVTControlCharacters } from "node:util";

const LINES_OF_A_FAILURE = 8;

export default class Counts {
  #last = new Map();

  onTestEnd(test, result) {
    this.#last.set(test.id, { test, result, status: test.outcome() === "skipped" ? "skipped" : result.status });
  }

  onEnd() {
    const byFile = new Map();
    const failed = [];
    for (const { test, result, status } of this.#last.values()) {
      const file = path.basename(test.location.file, ".spec.mjs");
      const counts = byFile.get(file) ?? {};
      counts[status] = (counts[status] ?? 0) + 1;
      byFile.set(file, counts);
      if (["failed", "timedOut"].includes(status)) failed.push({ name: `${file}: ${test.title}`, result });
    }
    console.log("");
    for (const [file, counts] of [...byFile].sort(([a], [b]) => a.localeCompare(b))) {
      const words = Object.entries(counts).map(([status, count]) => `${count} ${status}`);
      console.log(`  ${file}: ${words.join(", ")}`);
    }
    for (const { name, result } of failed) {
      console.log(`\n  ${name} (${Math.round(result.duration / 1000)} s)`);
      for (const line of reason(result)) console.log(`    ${line}`);
    }
  }

  printsToStdio() {
    return true;
  }
}

function reason({ errors }) {
  const text = errors.map(({ message }) => message ?? "").join("\n");
  const lines = stripVTControlCharacters(text).split("\n").filter((line) => line.trim());
  return lines.slice(0, LINES_OF_A_FAILURE).map((line) => line.slice(0, 200));
}
