// Random bytes, AES, RSA and ECDSA of Node. Keys are PEM texts in fields of objects, so that they live in images and can be
// written to files. Bad keys and data are exceptions of the script; nothing here says why a decryption failed, on purpose.

import type { KeyPairKeyObjectResult } from "node:crypto";
import { findSlot, setField } from "../../heap/cells/object.ts";
import { textOf } from "../../heap/cells/string.ts";
import { internText } from "../../heap/symbols.ts";
import { CellHi, Hi } from "../../heap/value.ts";
import { isInteger, numberOf, rankOf } from "../vm/numeric.ts";
import type { Native } from "../vm/native.ts";
import type { Vm } from "../vm/vm.ts";
import { cryptography } from "./modules.ts";
import { bool, buffer, bytesAt, bytesText, catchable, nothing, object, shown, text, type Store } from "./results.ts";

const AES = "aes-256-cbc", KEY_BYTES = 32, IV_BYTES = 16;
const RSA_BITS = 2048, MIN_RSA_BITS = 1024, MAX_RSA_BITS = 8192;
const CURVES = ["prime256v1", "secp384r1", "secp521r1"];
/** Units of fuel a key or signature costs: about a millisecond of work. */
const KEY_WORK = 1 << 20;
const MAX_RANDOM = 1 << 26;

type KeyField = "private_key" | "public_key";

function data(vm: Vm, slot: number, name: string): Uint8Array {
  const bytes = bytesAt(vm, slot) ?? vm.throwError(`${shown(name)}() data must be a string or buffer`);
  vm.chargeFuel(bytes.length);
  return bytes;
}

/** The buffer argument with exactly so many bytes; 0: any number. */
function bufferArgument(vm: Vm, slot: number, count: number, error: string): Uint8Array {
  const bytes = vm.heap.hi(slot) === CellHi.Buffer ? bytesAt(vm, slot) : null;
  return bytes !== null && (count === 0 || bytes.length === count) ? bytes : vm.throwError(error);
}

/** The key in a field of the key pair in the slot. */
function keyOf(vm: Vm, slot: number, field: KeyField, name: string): string {
  const { heap } = vm, isObject = heap.hi(slot) === CellHi.Object, found = isObject ? findSlot(heap, heap.lo(slot), internText(heap, field)) : 0;
  if (found === 0 || heap.hi(found) !== CellHi.String) vm.throwError(`${shown(name)}() requires valid ${kindOf(name)} key pair`);
  return textOf(heap, heap.lo(found));
}

const kindOf = (name: string): string => (name.includes("ecdsa") ? "ECDSA" : "RSA");

function integer(vm: Vm, slot: number, isThere: boolean, otherwise: number): number {
  if (!isThere || vm.heap.hi(slot) === Hi.Null) return otherwise;
  const rank = rankOf(vm.heap, slot);
  return isInteger(rank) ? numberOf(vm.heap, slot, rank) : NaN;
}

/** What Node gives; its errors, which tell of the library beneath, become the one given. */
function trying<T>(vm: Vm, error: string, act: () => T): T {
  try {
    return act();
  } catch {
    return vm.throwError(error);
  }
}

const aes = (name: string, run: (given: Uint8Array, key: Uint8Array, iv: Uint8Array) => Buffer, failed: string, result: (bytes: Uint8Array) => Store): readonly [string, Native] =>
  catchable(name, 3, 3, (vm, base) => {
    const key = bufferArgument(vm, base + 1, KEY_BYTES, `${shown(name)}() requires 32-byte (256-bit) key`);
    const iv = bufferArgument(vm, base + 2, IV_BYTES, `${shown(name)}() requires 16-byte (128-bit) iv`);
    const given = data(vm, base, name);
    return result(trying(vm, `${shown(name)}() failed: ${failed}`, () => run(given, key, iv)));
  });

const pair = ({ privateKey, publicKey }: KeyPairKeyObjectResult): Store => object([
  ["private_key", text(privateKey.export({ type: "pkcs8", format: "pem" }) as string)], ["public_key", text(publicKey.export({ type: "spki", format: "pem" }) as string)],
]);

const signing = (name: string): readonly [string, Native] => catchable(name, 2, 2, (vm, base) => {
  const key = keyOf(vm, base + 1, "private_key", name), given = data(vm, base, name);
  vm.chargeFuel(KEY_WORK);
  return buffer(trying(vm, `${shown(name)}() requires valid ${kindOf(name)} key pair`, () => cryptography().createSign("SHA256").update(given).sign(key)));
});

const verifying = (name: string): readonly [string, Native] => catchable(name, 3, 3, (vm, base) => {
  const key = keyOf(vm, base + 2, "public_key", name), given = data(vm, base, name);
  const signature = bufferArgument(vm, base + 1, 0, `${shown(name)}() signature must be a buffer`);
  vm.chargeFuel(KEY_WORK);
  return bool(trying(vm, `${shown(name)}() requires valid ${kindOf(name)} key pair`, () => cryptography().createVerify("SHA256").update(given).verify(key, signature)));
});

function freeKeys(vm: Vm, base: number, argc: number): Store {
  const { heap } = vm, free = base + argc;
  if (heap.hi(base) !== CellHi.Object) vm.throwError("ecdsa_free_key() argument must be an object");
  heap.setNull(free);
  for (const field of ["private_key", "public_key"]) setField(heap, heap.lo(base), internText(heap, field), free);
  return nothing;
}

export const CRYPTOGRAPHY_NATIVES: readonly (readonly [string, Native])[] = [
  catchable("__random_bytes", 1, 1, (vm, base) => {
    const size = integer(vm, base, true, 0);
    if (!(size > 0)) vm.throwError("random_bytes() requires positive size");
    if (size > MAX_RANDOM || size > vm.heap.settings.maxBytes) vm.heap.outOfMemory();
    return buffer(cryptography().randomBytes(size));
  }),
  aes("__aes_encrypt", (given, key, iv) => { const cipher = cryptography().createCipheriv(AES, key, iv); return Buffer.concat([cipher.update(given), cipher.final()]); }, "bad data", buffer),
  aes("__aes_decrypt", (given, key, iv) => { const cipher = cryptography().createDecipheriv(AES, key, iv); return Buffer.concat([cipher.update(given), cipher.final()]); }, "wrong key or iv, or damaged data", bytesText),
  catchable("__rsa_generate_key", 0, 1, (vm, base, argc) => {
    const bits = integer(vm, base, argc > 0, RSA_BITS);
    if (!(bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS)) vm.throwError(`rsa_generate_key() requires ${MIN_RSA_BITS} to ${MAX_RSA_BITS} bits`);
    vm.chargeFuel(KEY_WORK * (bits >> 4));
    return pair(cryptography().generateKeyPairSync("rsa", { modulusLength: bits }));
  }),
  signing("__rsa_sign"), verifying("__rsa_verify"),
  catchable("__ecdsa_generate_key", 0, 1, (vm, base, argc) => {
    const isGiven = argc > 0 && vm.heap.hi(base) !== Hi.Null, curve = !isGiven ? CURVES[0]! : vm.heap.hi(base) === CellHi.String ? textOf(vm.heap, vm.heap.lo(base)) : "";
    if (!CURVES.includes(curve)) vm.throwError(`ecdsa_generate_key() requires one of the curves ${CURVES.join(", ")}`);
    vm.chargeFuel(KEY_WORK);
    return pair(cryptography().generateKeyPairSync("ec", { namedCurve: curve }));
  }),
  catchable("__ecdsa_free_key", 1, 1, freeKeys), signing("__ecdsa_sign"), verifying("__ecdsa_verify"),
];
