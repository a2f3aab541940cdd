// What a machine can judge of craft on a page that stands: weights, edges, targets, times, empty states, words.
// Everything in `findings` runs inside the page.

import { expect } from "@playwright/test";

export async function expectCraft(page, name) {
  expect.soft(await page.evaluate(findings), `${name}: craft`).toEqual([]);
}

/**
 * Layout that moved while the page loaded (web.dev/cls): at most 0.02. What a press brings, or a change of the window's
 * size, is no part of it. Where scripts are off nothing can be observed, and nothing comes late.
 */
export async function expectSteady(page, name) {
  if (!(await page.evaluate(scriptsRun))) return;
  const { shift, what } = await page.evaluate(
    () =>
      new Promise((resolve) => {
        let pressed = Infinity;
        const moves = [];
        new PerformanceObserver((list) => (pressed = list.getEntries()[0].startTime)).observe({ type: "first-input", buffered: true });
        new PerformanceObserver((list) => moves.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true });
        const counts = (move) => !move.hadRecentInput && move.startTime < pressed;
        const sum = () => moves.filter(counts).reduce((total, move) => total + move.value, 0);
        const words = ({ node, previousRect: from, currentRect: to }) =>
          `${node?.outerHTML?.slice(0, 80) ?? node?.nodeName}: ${from.x},${from.y} ${from.width}x${from.height} to ${to.x},${to.y} ${to.width}x${to.height}`;
        const what = () => moves.filter(counts).flatMap((move) => move.sources.map(words)).slice(0, 6);
        requestAnimationFrame(() => requestAnimationFrame(() => resolve({ shift: sum(), what: what() })));
      }),
  );
  expect.soft(shift, `${name}: layout shift: ${what.join("; ")}`).toBeLessThanOrEqual(0.02);
}

/** Whether the page runs scripts. Where they are off, <noscript> holds elements; otherwise text. */
export function scriptsRun() {
  const holder = document.createElement("div");
  holder.innerHTML = "<noscript><i></i></noscript>";
  return holder.querySelector("i") === null;
}

function findings() {
  const found = [];
  const seen = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && element.getClientRects().length > 0;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)].filter(seen);
  const brief = (element) => element.outerHTML.replaceAll(/\s+/g, " ").slice(0, 140);
  const gallery = location.pathname === "/gallery";
  // A dialog is a screen of its own, and what is behind it is inert.
  const screen = document.querySelector("dialog:modal") ?? document.body;

  const primary = all('[data-look="primary"], dialog:modal [data-look="danger"]', screen);
  if (primary.length > 1 && !gallery) found.push(`${primary.length} primary buttons: ${primary.map(brief).join(" ")}`);

  const sizes = new Set();
  const weights = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const hidden = element.closest(".visually-hidden, .skip-link, script, style, option, svg");
    if (!texts.currentNode.data.trim() || hidden || !seen(element)) continue;
    const style = getComputedStyle(element);
    // Fixed-width letters look larger than their number and are set a step smaller beside text of any size.
    if (!style.fontFamily.includes("mono")) sizes.add(style.fontSize);
    weights.add(style.fontWeight);
  }
  if (sizes.size > 4) found.push(`${sizes.size} text sizes: ${[...sizes]}`);
  if (weights.size > 3) found.push(`${weights.size} weights: ${[...weights]}`);

  const start = (element) => Math.round(element.getBoundingClientRect().left);
  const edges = all("main .page-header, main > .stack, main > .table, main > .filters, main > form > .table, main > .columns");
  const lines = new Set(edges.map(start));
  if ([...lines].some((x) => Math.abs(x - [...lines][0]) > 1)) {
    found.push(`left edges at ${[...lines]}: ${edges.map((edge) => `${edge.className} ${start(edge)}`).join(", ")}`);
  }

  for (const time of all("time")) {
    if (!time.title || !time.dateTime) found.push(`a time without its exact instant: ${brief(time)}`);
    if (!getComputedStyle(time).fontVariantNumeric.includes("tabular-nums")) found.push(`figures that jump: ${brief(time)}`);
  }

  const coarse = matchMedia("(pointer: coarse)").matches;
  const least = coarse ? 44 : 24;
  for (const target of all("button, summary, .button, .nav-link, .menu-link, .tab, input:not([type=hidden]), select, textarea", screen)) {
    const label = target.matches("input[type=checkbox], input[type=radio]") ? target.closest(".choice, label, td") : null;
    const { height } = (label ?? target).getBoundingClientRect();
    if (height < least - 0.5 && !gallery) found.push(`${height.toFixed(1)} px high, ${least} at least: ${brief(target)}`);
  }

  for (const empty of all(".empty-state")) {
    const ways = all("a, button", empty);
    if (ways.length > 1) found.push(`an empty state with ${ways.length} actions: ${brief(empty)}`);
  }
  for (const panel of all(".error-panel")) {
    if (all("a, button", panel).length === 0) found.push(`an error without a way out: ${brief(panel)}`);
  }

  const words = document.body.innerText;
  for (const word of [/\bplease\b/i, /\bsuccessfully\b/i, /\boops\b/i]) {
    if (word.test(words)) found.push(`the page says ${word.exec(words)[0]}`);
  }
  for (const button of all("button:not(.copy-button *), .button", screen)) {
    const label = button.innerText.trim();
    if (/^(ok|yes|no|submit)$/i.test(label)) found.push(`a button says ${label}`);
    const titleCase = label.split(/\s+/).slice(1).some((word) => /^[A-Z][a-z]+$/.test(word));
    const names = /Keybearer|Zoom|Sandbox|Acme|Google|OAuth|OpenID|CSV|JSON|API/;
    if (titleCase && !names.test(label) && !button.closest(".menu, .nav")) found.push(`title case on a button: ${label}`);
  }
  const headings = all("h1");
  if (headings.length !== 1 && !document.querySelector("h1.visually-hidden")) found.push(`${headings.length} h1`);
  return found;
}
