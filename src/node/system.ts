// What machine and user this is.

import * as os from "node:os";
import type { Native } from "../vm/native.ts";
import { i32, i64, returning, text } from "./results.ts";

/** Names of processors as uname has them. */
const ARCHITECTURES: { readonly [name: string]: string } = { x64: "x86_64", arm64: "aarch64", ia32: "i686", arm: "armv7l" };
const PLATFORMS: { readonly [name: string]: string } = { darwin: "macos", win32: "windows" };

export const SYSTEM_NATIVES: readonly (readonly [string, Native])[] = [
  ...Object.entries({
    __platform: () => PLATFORMS[os.platform()] ?? os.platform(), __arch: () => ARCHITECTURES[os.arch()] ?? os.arch(), __os_name: () => os.type(), __os_version: () => os.release(),
    __hostname: () => os.hostname(), __username: () => os.userInfo().username, __homedir: () => os.homedir(), __tmpdir: () => os.tmpdir(),
  }).map(([name, value]) => returning(name, 0, 0, () => text(value()))),
  returning("__cpu_count", 0, 0, () => i32(os.cpus().length)),
  ...Object.entries({ __total_memory: () => os.totalmem(), __free_memory: () => os.freemem(), __uptime: () => os.uptime() })
    .map(([name, value]) => returning(name, 0, 0, () => i64(value()))),
];
