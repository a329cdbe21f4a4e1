// The example page in a real browser: the core in a page and in a module worker, under a policy that allows neither code
// from text nor WebAssembly. Skipped where there is no Chromium (apt-get install chromium).

import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/library.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const TYPES: { readonly [ending: string]: string } = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8" };
const POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; img-src 'self'; style-src 'unsafe-inline'";

/** The page is loaded when its image is there, and the image comes when both programs have written: only then does the browser show us the page. */
const WAITING = `<img src="/wait"><script type="module" src="/probe.js"></script></html>`;
const PROBE = `const timer = setInterval(() => {
  if (["page", "worker"].some((id) => document.getElementById(id).textContent === "")) return;
  clearInterval(timer);
  fetch("/written");
}, 20);`;

/** The files of the project the page asks for, and the two of this test. */
function serve(): Server {
  let waiting: ServerResponse | null = null;
  const send = (to: ServerResponse, type: string, body: string): void => void to.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(body);
  return createServer(({ url = "/" }, response) => {
    if (url === "/wait") return void (waiting = response);
    if (url === "/written") waiting?.writeHead(404).end();
    if (url === "/written") return send(response, "text/plain", "");
    if (url === "/probe.js") return send(response, TYPES["js"]!, PROBE);
    const path = `${root}${url.slice(1)}`, type = TYPES[/\.(\w+)$/.exec(url)?.[1] ?? ""];
    if (!/^\/(?:dist|tests\/browser)\/[\w/.-]+$/.test(url) || type === undefined || !existsSync(path)) return void response.writeHead(404).end();
    const text = readFileSync(path, "utf8");
    send(response, type, url.endsWith(".html") ? text.replace("</html>", WAITING) : text);
  });
}

/** The page as the browser has it when it is loaded. */
function pageAt(address: string): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), "boxelder-browser-"));
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", `--user-data-dir=${profile}`, "--dump-dom", address];
  return new Promise((done, fail) => {
    execFile(CHROMIUM!, flags, { timeout: 60_000, maxBuffer: 1 << 24 }, (error, out, errors) => {
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      if (error !== null) fail(new Error(`${error.message}\n${errors.slice(-2000)}`));
      else done(out);
    });
  });
}

test("the example page runs in a page and in a worker, without code from text and without WebAssembly", async (context) => {
  if (CHROMIUM === undefined) return context.skip("there is no Chromium");
  const server = serve().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  try {
    const page = await pageAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/tests/browser/page.html`);
    const shown = (id: string): string | undefined => new RegExp(`<pre id="${id}">([^<]*)</pre>`).exec(page)?.[1];
    expect([shown("page"), shown("worker")]).toEqual(["é [1,4,9] 610\n", "é [1,4,9] 610\n"]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}, 90_000);
