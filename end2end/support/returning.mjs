// A developer's own pages on loopback, on another host name than Keybearer: where browsers return, and a page that opens
// the connect link in a popup.

import http from "node:http";

export class Application {
  static async start() {
    const application = new Application();
    application.visits = [];
    application.server = http.createServer((request, response) => application.#answer(request, response));
    await new Promise((resolve) => application.server.listen(0, "127.0.0.1", resolve));
    application.origin = `http://127.0.0.1:${application.server.address().port}`;
    application.returnUrl = `${application.origin}/connected`;
    return application;
  }

  #answer(request, response) {
    const url = new URL(request.url, this.origin);
    response.setHeader("content-type", "text/html; charset=utf-8");
    if (url.pathname === "/connected") {
      this.visits.push({ ...Object.fromEntries(url.searchParams), referer: request.headers.referer });
      response.end(page("Back at Acme", ""));
    } else if (url.pathname === "/opener") {
      response.end(page("Opener", OPENER));
    } else {
      response.end(page("Acme", ""));
    }
  }

  /** The page whose button opens `link` in a popup. */
  opener(link) {
    return `${this.origin}/opener#${encodeURIComponent(link)}`;
  }

  stop() {
    return new Promise((resolve) => {
      this.server.closeAllConnections();
      this.server.close(resolve);
    });
  }
}

const OPENER = `<button>Connect</button><output></output><script>
  const heard = [];
  addEventListener("message", (event) => {
    heard.push({ origin: event.origin, data: event.data });
    document.querySelector("output").textContent = JSON.stringify(heard);
  });
  document.querySelector("button").onclick = () => {
    window.popup = open(decodeURIComponent(location.hash.slice(1)), "connect", "width=480,height=640");
  };
</script>`;

function page(title, body) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
    <link rel="icon" href="data:,"></head><body><main><h1>${title}</h1>${body}</main></body></html>`;
}
