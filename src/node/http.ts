// Requests over HTTP by Node's own fetch: the task that makes one waits for all of the answer. No answer may be larger than
// the memory of the script.

import { elementSlot, length } from "../../heap/cells/array.ts";
import { findSlot } from "../../heap/cells/object.ts";
import { textOf } from "../../heap/cells/string.ts";
import { internText } from "../../heap/symbols.ts";
import { CellHi, Hi } from "../../heap/value.ts";
import type { Native, Store } from "../vm/native.ts";
import type { Vm } from "../vm/vm.ts";
import { buffer, bytesAt, bytesText, i32, nothing, object, reason, returning, shown, stringAt, text } from "./results.ts";

interface Request { readonly method: string; readonly url: string; readonly body: Uint8Array | null; readonly headers: readonly (readonly [string, string])[] }

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
/** Those that never have a body. */
const BARE = new Set(["GET", "HEAD"]);

export class Fetches {
  /** Requests without an answer. */
  readonly #running = new Set<AbortController>();

  close(): void { for (const each of this.#running) each.abort(); }

  natives(): (readonly [string, Native])[] {
    const requesting = (name: string, min: number, max: number, requestOf: (vm: Vm, base: number, argc: number) => Request): readonly [string, Native] => [name, (vm, base, argc) => {
      if (argc < min || argc > max) vm.fatal(`${shown(name)}() expects ${min === max ? min : `${min}-${max}`} arguments`);
      const request = requestOf(vm, base, argc);
      if (!METHODS.has(request.method)) vm.throwError(`HTTP method not supported: ${request.method}`);
      return vm.suspend(vm, name, base, () => this.#fetch(request, vm.heap.settings.maxBytes));
    }];
    return [
      requesting("__lws_http_get", 1, 2, (vm, base, argc) => ({ method: "GET", url: stringAt(vm, base, "__lws_http_get"), body: null, headers: argc > 1 ? headersAt(vm, base + 1, "http_get") : [] })),
      requesting("__lws_http_post", 3, 3, (vm, base) => ({ method: "POST", url: stringAt(vm, base, "__lws_http_post"), body: bodyAt(vm, base + 1, "http_post"), headers: headersAt(vm, base + 2, "http_post") })),
      requesting("__lws_http_request", 4, 4, (vm, base) => ({
        method: stringAt(vm, base, "__lws_http_request"), url: stringAt(vm, base + 1, "__lws_http_request"), body: bodyAt(vm, base + 2, "http_request"), headers: headersAt(vm, base + 3, "http_request"),
      })),
      part("__lws_response_status", "status"), part("__lws_response_headers", "headers"), part("__lws_response_redirect", "redirect"), part("__lws_response_body_binary", "body"),
      returning("__lws_response_body", 1, 1, (vm, base) => bytesText(bytesAt(vm, partOf(vm, base, "__lws_response_body", "body")) ?? new Uint8Array(0))),
      returning("__lws_response_free", 1, 1, (vm, base) => (partOf(vm, base, "__lws_response_free", "status"), nothing)),
    ];
  }

  /** Status, headers as lines, body, and where the answer came from when that is not where it was asked for. */
  async #fetch({ method, url, body, headers }: Request, most: number): Promise<Store> {
    const abort = new AbortController();
    this.#running.add(abort);
    try {
      const answer = await fetch(url, { method, headers: headers as [string, string][], signal: abort.signal, ...(BARE.has(method) || body === null ? {} : { body: body as Uint8Array<ArrayBuffer> }) });
      const bytes = await bodyOf(answer, most), lines = [...answer.headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
      return object([["status", i32(answer.status)], ["headers", text(lines)], ["redirect", answer.redirected ? text(answer.url) : nothing], ["body", buffer(bytes)]]);
    } catch (error) {
      const { cause } = error as { cause?: unknown };
      throw new Error(`HTTP request failed: ${method} ${url}: ${reason(cause ?? error)}`);
    } finally {
      this.#running.delete(abort);
    }
  }
}

async function bodyOf(answer: Response, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    total += piece.length;
    if (total > most) throw new Error("the answer does not fit the memory of the script");
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function bodyAt(vm: Vm, slot: number, name: string): Uint8Array | null {
  return vm.heap.hi(slot) === Hi.Null ? null : bytesAt(vm, slot) ?? vm.throwError(`${name}() body must be a string, a buffer or null`);
}

/** An array of "Name: value", a type of content, or null. */
function headersAt(vm: Vm, slot: number, name: string): (readonly [string, string])[] {
  const { heap } = vm;
  if (heap.hi(slot) === Hi.Null) return [];
  if (heap.hi(slot) === CellHi.String) return [["Content-Type", textOf(heap, heap.lo(slot))]];
  if (heap.hi(slot) !== CellHi.Array) vm.throwError(`${name}() headers must be an array of strings, a type of content or null`);
  return Array.from({ length: length(heap, heap.lo(slot)) }, (_, i) => {
    const item = elementSlot(heap, heap.lo(slot), i), line = heap.hi(item) === CellHi.String ? textOf(heap, heap.lo(item)) : "", colon = line.indexOf(":");
    return colon > 0 ? [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const : vm.throwError(`${name}() headers must be strings like "Name: value"`);
  });
}

/** Slot of a part of an answer. */
function partOf(vm: Vm, slot: number, name: string, key: string): number {
  const { heap } = vm, found = heap.hi(slot) === CellHi.Object ? findSlot(heap, heap.lo(slot), internText(heap, key)) : 0;
  return found === 0 ? vm.throwError(`${shown(name)}() requires the answer to a request`) : found;
}

const part = (name: string, key: string): readonly [string, Native] =>
  returning(name, 1, 1, (vm, base) => ({ heap }, slot) => heap.copySlot(slot, partOf(vm, base, name, key)));
