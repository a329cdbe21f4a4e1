// Modules of Node that few scripts need, loaded when one does: they take longer to load than a short script to run.

import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

export const childProcesses = (): typeof import("node:child_process") => load("node:child_process") as typeof import("node:child_process");
export const cryptography = (): typeof import("node:crypto") => load("node:crypto") as typeof import("node:crypto");
export const network = (): typeof import("node:net") => load("node:net") as typeof import("node:net");
export const datagrams = (): typeof import("node:dgram") => load("node:dgram") as typeof import("node:dgram");
export const webSockets = (): typeof import("ws") => load("ws") as typeof import("ws");
export const names = (): typeof import("node:dns") => load("node:dns") as typeof import("node:dns");
export const compression = (): typeof import("node:zlib") => load("node:zlib") as typeof import("node:zlib");
