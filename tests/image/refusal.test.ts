// Images that are not fit to run are refused with an error that says which way.

import { expect, test } from "vitest";
import { reseal } from "../../src/image/container.ts";
import { library } from "../support/library.ts";
import { Random } from "../support/random.ts";

const made = (): Uint8Array => {
  const vm = library.createVM({ fuel: 500 });
  vm.run("let a = []; for (let i = 0; i < 1000; i++) { a.push(\"item \" + i); }");
  return vm.snapshot();
};
const image = made();

const codeOf = (bytes: unknown): string => {
  try {
    library.restoreVM(bytes as Uint8Array);
  } catch (error) {
    if (!(error instanceof library.ImageError)) throw error;
    return error.code;
  }
  return "none";
};

function changed(change: (words: Int32Array, bytes: Uint8Array) => void): Uint8Array {
  const copy = image.slice();
  change(new Int32Array(copy.buffer), copy);
  return copy;
}

test("bytes that are no image", () => {
  expect(codeOf(new Uint8Array(0))).toBe("truncated");
  expect(codeOf(new Uint8Array(100))).toBe("format");
  expect(codeOf("text")).toBe("format");
  expect(codeOf([new ArrayBuffer(8)])).toBe("format");
  expect(codeOf(new TextEncoder().encode("print(1);                            "))).toBe("format");
});

test("an image that ends early", () => {
  for (const length of [7, 8, 20, 31, 33, 100, 5000, image.length - 8, image.length - 1]) expect(codeOf(image.subarray(0, length)), `${length} bytes`).toBe("truncated");
});

test("an image of the other byte order", () => {
  expect(codeOf(changed((_, bytes) => new DataView(bytes.buffer).setInt32(8, new DataView(bytes.buffer).getInt32(8, true))))).toBe("byteOrder");
});

test("an image of another version", () => {
  expect(codeOf(changed((words) => words[4]!++))).toBe("version");
});

test("an image with longer tail", () => {
  const longer = new Uint8Array(image.length + 8);
  longer.set(image);
  expect(codeOf(longer)).toBe("damaged");
});

test("an image at an odd place of a buffer is read all the same", () => {
  const at = new Uint8Array(image.length + 3);
  at.set(image, 3);
  expect(codeOf(at.subarray(3))).toBe("none");
  expect(codeOf(Buffer.from(at).subarray(3))).toBe("none");
  expect(codeOf(Buffer.from(image))).toBe("none");
});

test("every flipped bit is found", () => {
  const random = new Random(4);
  for (let i = 0; i < 400; i++) {
    const at = random.below(image.length), bit = 1 << random.below(8);
    expect(codeOf(changed((_, bytes) => { bytes[at]! ^= bit; })), `bit ${bit} of byte ${at}`).not.toBe("none");
  }
});

test("a description with other types in it", () => {
  const text = new TextDecoder().decode(image), from = text.indexOf("{\"boxelder\""), start = Buffer.from(image).indexOf("{\"boxelder\"");
  expect(from).toBeGreaterThan(0);
  const json = (old: string, other: string): Uint8Array => changed((_, bytes) => {
    const at = Buffer.from(bytes.buffer).indexOf(old, start);
    expect(at, old).toBeGreaterThan(0);
    expect(other.length).toBe(old.length);
    bytes.set(new TextEncoder().encode(other), at);
    reseal(bytes);
  });
  expect(codeOf(json("\"fp\":", "\"fq\":"))).toBe("damaged");
  expect(codeOf(json("\"sources\":[", "\"sources\":{"))).toBe("damaged");
  expect(codeOf(json("\"engine\":\"vm\"", "\"engine\":\"xx\""))).toBe("engine");
  expect(codeOf(json("\"instructions\":\"", "\"instructions\":\"").fill(0x30, start + 20, start + 30))).not.toBe("none");
  expect(codeOf(json("\"mainIsLisp\":false", "\"mainIsLisp\":12345"))).toBe("damaged");
});

test("messages say what to do", () => {
  expect(() => library.restoreVM(image.subarray(0, 4000))).toThrow("the image ends before its end: copy the file again, or restore an older image");
});
