// Paths: what is where, and reading, writing, copying and removing whole files. Open files are in open-files.ts.

import {
  accessSync, appendFileSync, closeSync, existsSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, realpathSync, renameSync, rmdirSync, statSync, unlinkSync,
  writeFileSync, writeSync, type Stats,
} from "node:fs";
import { resolve } from "node:path";
import { fatalInteger } from "../library/arguments.ts";
import type { Native } from "../vm/native.ts";
import type { Vm } from "../vm/vm.ts";
import { attempt, bool, bytesAt, bytesText, i64, list, nothing, object, pathAt, returning, text, u32, type Store } from "./results.ts";

/** Bytes copied at a time. */
const CHUNK = 1 << 20;
const DIRECTORY_MODE = 0o755, MAX_MODE = 2 ** 32 - 1, BAD_MODE = "make_dir() mode must be u32";

/** The folder that relative paths are seen from; each system has its own, so that scripts in one process do not move each other. */
export class Folder {
  current: string;

  constructor(start: string) {
    this.current = start;
  }

  /** No name at all is no path: it stays empty, and nothing is there. */
  path(name: string): string { return name === "" ? "" : resolve(this.current, name); }
}

export function fileSystemNatives(folder: Folder): (readonly [string, Native])[] {
  /** A builtin whose first argument is a path. */
  const onPath = (name: string, min: number, max: number, run: (vm: Vm, given: string, path: string, base: number, argc: number) => Store): readonly [string, Native] =>
    returning(name, min, max, (vm, base, argc) => {
      const given = pathAt(vm, base, name);
      return run(vm, given, folder.path(given), base, argc);
    });
  const done = (vm: Vm, failed: string, act: () => void): Store => {
    attempt(vm, failed, act);
    return nothing;
  };
  return [
    onPath("__exists", 1, 1, (_, __, path) => bool(existsSync(path))),
    onPath("__is_file", 1, 1, (_, __, path) => bool(found(statSync, path)?.isFile() === true)),
    onPath("__is_dir", 1, 1, (_, __, path) => bool(found(statSync, path)?.isDirectory() === true)),
    onPath("__read_file", 1, 1, (vm, given, path) => {
      if (found(lstatSync, path)?.isSymbolicLink() === true) vm.throwError(`Cannot read '${given}': symbolic links not allowed`);
      return bytesText(attempt(vm, `Failed to open '${given}'`, () => readFileSync(path)));
    }),
    onPath("__write_file", 2, 2, (vm, given, path, base) => {
      const data = bytesAt(vm, base + 1) ?? vm.fatal("write_file() requires string or buffer data");
      if (found(lstatSync, path)?.isSymbolicLink() === true) vm.throwError(`Cannot write '${given}': symbolic links not allowed`);
      return done(vm, `Failed to open '${given}'`, () => writeFileSync(path, data));
    }),
    onPath("__append_file", 2, 2, (vm, given, path, base) => {
      const data = bytesAt(vm, base + 1) ?? vm.fatal("append_file() requires string data");
      return done(vm, `Failed to open '${given}'`, () => appendFileSync(path, data));
    }),
    onPath("__copy_file", 2, 2, (vm, given, path, base) => copy(vm, given, path, pathAt(vm, base + 1, "__copy_file"), folder)),
    onPath("__remove_file", 1, 1, (vm, given, path) => done(vm, `Failed to remove file '${given}'`, () => unlinkSync(path))),
    onPath("__rename", 2, 2, (vm, given, path, base) => {
      const to = pathAt(vm, base + 1, "__rename");
      return done(vm, `Failed to rename '${given}' to '${to}'`, () => renameSync(path, folder.path(to)));
    }),
    onPath("__make_dir", 1, 2, (vm, given, path, base, argc) => {
      const mode = argc === 1 ? DIRECTORY_MODE : fatalInteger(vm, base + 1, BAD_MODE);
      if (mode < 0 || mode > MAX_MODE) vm.fatal(BAD_MODE);
      return done(vm, `Failed to create directory '${given}'`, () => mkdirSync(path, { mode }));
    }),
    onPath("__remove_dir", 1, 1, (vm, given, path) => done(vm, `Failed to remove directory '${given}'`, () => rmdirSync(path))),
    onPath("__list_dir", 1, 1, (vm, given, path) => list(attempt(vm, `Failed to open directory '${given}'`, () => readdirSync(path)).map(text))),
    onPath("__file_stat", 1, 1, (vm, given, path) => {
      const found = attempt(vm, `Failed to stat '${given}'`, () => statSync(path)), seconds = (ms: number): Store => i64(Math.floor(ms / 1000));
      return object([
        ["size", i64(found.size)], ["atime", seconds(found.atimeMs)], ["mtime", seconds(found.mtimeMs)], ["ctime", seconds(found.ctimeMs)], ["mode", u32(found.mode)],
        ["is_file", bool(found.isFile())], ["is_dir", bool(found.isDirectory())],
      ]);
    }),
    returning("__cwd", 0, 0, () => text(folder.current)),
    onPath("__chdir", 1, 1, (vm, given, path) => done(vm, `Failed to change directory to '${given}'`, () => {
      if (!statSync(path).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
      accessSync(path);
      folder.current = path;
    })),
    onPath("__absolute_path", 1, 1, (vm, given, path) => text(attempt(vm, `Failed to resolve path '${given}'`, () => realpathSync(path === "" ? nowhere() : path)))),
  ];
}

/** What is at a path; null when nothing is, or the system does not say. */
function found(look: (path: string) => Stats, path: string): Stats | null {
  try {
    return look(path);
  } catch {
    return null;
  }
}

/** As the system refuses the path that is empty. */
function nowhere(): never { throw Object.assign(new Error(), { code: "ENOENT" }); }

/** Copies in pieces: a large file need not fit the host's memory. */
function copy(vm: Vm, given: string, path: string, target: string, folder: Folder): Store {
  const from = attempt(vm, `Failed to open source file '${given}'`, () => openSync(path, "r"));
  try {
    const to = attempt(vm, `Failed to open destination file '${target}'`, () => openSync(folder.path(target), "w")), chunk = new Uint8Array(CHUNK);
    try {
      attempt(vm, `Failed to write to '${target}'`, () => {
        for (let got = readSync(from, chunk); got > 0; got = readSync(from, chunk)) for (let done = 0; done < got;) done += writeSync(to, chunk, done, got - done);
      });
    } finally {
      closeSync(to);
    }
  } finally {
    closeSync(from);
  }
  return nothing;
}
