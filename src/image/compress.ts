// Images made small with what the platform has for it. Commands in Node use its own library instead, which is not asynchronous;
// the bytes are the same form.

import { unwrapCompressed, wrapCompressed } from "./container.ts";
import { ImageError } from "./errors.ts";

/** A stream that bytes go into and come out of. */
interface ByteTransform { readonly writable: { getWriter(): { write(bytes: Uint8Array): Promise<void>; close(): Promise<void> } }; readonly readable: { getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }>; cancel(): Promise<void> } } }
type StreamMaker = new (format: string) => ByteTransform;

function streamMaker(name: "CompressionStream" | "DecompressionStream"): StreamMaker {
  const found = (globalThis as { readonly [name: string]: unknown })[name];
  if (typeof found !== "function") throw new ImageError("format", `this platform has no ${name}: keep images as they are, or compress them yourself`);
  return found as StreamMaker;
}

/** All that comes out of the stream for these bytes; null when it is more than `most`. */
async function pass({ writable, readable }: ByteTransform, bytes: Uint8Array, most: number): Promise<Uint8Array | null> {
  const writer = writable.getWriter(), reader = readable.getReader(), parts: Uint8Array[] = [];
  const written = writer.write(bytes).then(() => writer.close());
  // What is wrong with the bytes is told by the reading side.
  written.catch(() => {});
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value!.length;
    if (length > most) {
      await reader.cancel();
      return null;
    }
    parts.push(value!);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The image, compressed with deflate; `expandImage` gives it back. Needs CompressionStream. */
export async function compressImage(image: Uint8Array): Promise<Uint8Array> {
  const packed = await pass(new (streamMaker("CompressionStream"))("deflate"), image, Infinity);
  return wrapCompressed(packed!, image.length);
}

/** An image that `compressImage` or the command line made small; other bytes as they are. Throws ImageError. Needs DecompressionStream. */
export async function expandImage(bytes: Uint8Array): Promise<Uint8Array> {
  const found = unwrapCompressed(bytes);
  if (found === null) return bytes;
  const stream = new (streamMaker("DecompressionStream"))("deflate");
  let image: Uint8Array | null = null;
  try {
    image = await pass(stream, found.packed, found.expandedBytes);
  } catch { /* Said below. */ }
  if (image === null || image.length !== found.expandedBytes) throw new ImageError("checksum", "the image cannot be expanded: copy the file again, or restore an older image");
  return image;
}
