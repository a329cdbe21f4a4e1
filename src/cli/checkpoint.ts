// Checkpoints: images of a running script in a file that is always whole. Each is written beside the file, forced to the disk
// and put in its place; so whenever the process or the machine stops, the file is the last checkpoint that was finished.

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import { unwrapCompressed, wrapCompressed } from "../image/container.ts";
import { ImageError } from "../image/errors.ts";
import type { RunResult } from "../index.ts";
import type { ConsoleHost } from "./console-host.ts";
import { CommandError } from "./failures.ts";
import type { Session } from "./session.ts";

/** Replaces a file by these bytes, or leaves it as it is. */
export function writeWhole(path: string, bytes: Uint8Array): void {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const descriptor = openSync(beside, "w");
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(beside, { force: true });
    throw new CommandError(`cannot write the checkpoint '${path}': ${(error as Error).message}`);
  }
}

/** The new name is on the disk too. Not every system lets folders be opened. */
function syncFolder(path: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch {
    return;
  }
  try {
    fsyncSync(descriptor);
  } catch { /* Then its own rules hold. */ } finally {
    closeSync(descriptor);
  }
}

/** Reads an image from a file; a compressed one comes expanded. */
export function readImageFile(path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new CommandError(`cannot read the image '${path}': ${(error as Error).message}`);
  }
  return refusals(path, () => {
    const packed = unwrapCompressed(bytes);
    if (packed === null) return bytes;
    try {
      return inflateSync(packed.packed, { maxOutputLength: packed.expandedBytes });
    } catch {
      throw new ImageError("checksum", "the image cannot be expanded: copy the file again, or restore an older image");
    }
  });
}

/** What is wrong with an image is the user's to know, with the name of the file. */
export function refusals<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof ImageError) throw new CommandError(`${path}: ${error.message}`);
    throw error;
  }
}

/** `all`: fuel the run may use in all, Infinity for no limit. */
export interface CheckpointPlan { readonly path: string; readonly every: number; readonly all: number; readonly compress: boolean; readonly thaw: boolean }

/**
 * Goes on with a run to its end, with a checkpoint whenever so much fuel was used. What the script wrote before a checkpoint has
 * left the process when the checkpoint is in its place. The file of a run that ended is removed: there is nothing to go on with.
 */
export async function runWithCheckpoints(session: Session, first: RunResult, host: ConsoleHost, { path, every, all, compress, thaw }: CheckpointPlan): Promise<RunResult> {
  let result = first, left = all - every;
  while (result.status === "error" && result.kind === "outOfFuel" && left > 0) {
    host.flush();
    const image = session.vm.snapshot();
    writeWhole(path, compress ? wrapCompressed(deflateSync(image), image.length) : image);
    if (thaw) session.thaw(image);
    result = await session.vm.resumeAsync({ fuel: Math.min(every, left) });
    left -= every;
  }
  host.flush();
  if (result.status !== "error" || result.kind !== "outOfFuel") rmSync(path, { force: true });
  return result;
}
