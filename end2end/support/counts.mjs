// Says at the end how many tests of each file did what, so that a file that lost its tests is noticed.

import path from "node:path";

export default class Counts {
  #byFile = new Map();
  #last = new Map();

  onTestEnd(test, result) {
    const file = path.basename(test.location.file, ".spec.mjs");
    this.#last.set(test.id, { file, status: test.outcome() === "skipped" ? "skipped" : result.status });
  }

  onEnd() {
    for (const { file, status } of this.#last.values()) {
      const counts = this.#byFile.get(file) ?? {};
      counts[status] = (counts[status] ?? 0) + 1;
      this.#byFile.set(file, counts);
    }
    console.log("");
    for (const [file, counts] of [...this.#byFile].sort(([a], [b]) => a.localeCompare(b))) {
      const words = Object.entries(counts).map(([status, count]) => `${count} ${status}`);
      console.log(`  ${file}: ${words.join(", ")}`);
    }
  }

  printsToStdio() {
    return true;
  }
}
