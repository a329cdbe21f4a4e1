// Databases of SQLite. A database is a number for scripts; connections belong to this process and end with it. Rows become
// values of the script only while they fit its memory. A query cannot be interrupted while it gives no row.

import { elementSlot, length as arrayLength } from "../../heap/cells/array.ts";
import { textOf } from "../../heap/cells/string.ts";
import { setInt64 } from "../../heap/cells/wide.ts";
import { CellHi, Hi } from "../../heap/value.ts";
import { integerArgument } from "../library/arguments.ts";
import { bigIntegerOf } from "../vm/integers64.ts";
import { isInteger, numberOf, rankOf } from "../vm/numeric.ts";
import type { Native } from "../vm/native.ts";
import type { Vm } from "../vm/vm.ts";
import type { Folder } from "./file-system.ts";
import { buffer, bytesAt, f64, i32, list, nothing, object, returning, stringAt, text, type Store } from "./results.ts";
import { sqliteDriver, type Connection, type Row, type SqlValue } from "./sqlite-drivers.ts";

const MISSING = "SQLite needs Node 22.5 or later, or the package node-sqlite3-wasm: run `npm install node-sqlite3-wasm`";
const CLOSED = "Database is closed", MISUSE = 21, ERROR = 1;
const enum OpenFlag { ReadOnly = 1, Create = 4 }

/** Codes of errors by what SQLite says: drivers keep the words only. */
const CODES: readonly (readonly [words: RegExp, code: number])[] = [
  [/constraint failed/, 19], [/database is locked/, 5], [/table is locked/, 6], [/readonly database/, 8], [/interrupted/, 9], [/disk I\/O error/, 10], [/malformed/, 11],
  [/is full/, 13], [/unable to open/, 14], [/too big/, 18], [/datatype mismatch/, 20], [/not authorized/, 23], [/out of range/, 25], [/not a database/, 26],
];

interface Failure { readonly message: string; readonly code: number }
const NO_FAILURE: Failure = { message: "not an error", code: 0 };
/** A connection, and what went wrong with it last. */
interface Database { readonly connection: Connection; failure: Failure }

const failureOf = (error: unknown): Failure => {
  const message = error instanceof Error ? error.message : String(error);
  return { message, code: CODES.find(([words]) => words.test(message))?.[1] ?? ERROR };
};

/** A parameter of a statement; objects and functions have no place in a database. */
function valueAt(vm: Vm, slot: number): SqlValue {
  const { heap } = vm, hi = heap.hi(slot), rank = rankOf(heap, slot);
  if (hi === Hi.Null) return null;
  if (hi === Hi.Bool) return BigInt(heap.lo(slot));
  if (isInteger(rank)) return BigInt.asIntN(64, bigIntegerOf(heap, slot));
  if (rank !== 0) return numberOf(heap, slot, rank);
  if (hi === CellHi.String) return textOf(heap, heap.lo(slot));
  return hi === CellHi.Buffer ? bytesAt(vm, slot) : vm.throwError("Cannot bind value: give null, a bool, a number, a string or a buffer");
}

/** The values of the array in the slot, none for null. */
function valuesAt(vm: Vm, slot: number, isThere: boolean): SqlValue[] {
  const { heap } = vm;
  if (!isThere || heap.hi(slot) === Hi.Null) return [];
  if (heap.hi(slot) !== CellHi.Array) vm.throwError("sqlite_query() parameters must be an array");
  return Array.from({ length: arrayLength(heap, heap.lo(slot)) }, (_, i) => valueAt(vm, elementSlot(heap, heap.lo(slot), i)));
}

const store = (value: SqlValue): Store => {
  if (value === null) return nothing;
  if (typeof value === "bigint") return ({ heap }, slot) => setInt64(heap, slot, value);
  if (typeof value === "number") return f64(value);
  return typeof value === "string" ? text(value) : value.length === 0 ? text("") : buffer(value);
};

const sizeOf = (row: Row): number => row.reduce((sum, [, value]) => sum + 16 + (typeof value === "string" || value instanceof Uint8Array ? value.length : 0), 16);

/** The open databases of a script. */
export class Databases extends Map<number, Database> {
  /** Number of the one opened last. */
  last = 0;

  close(): void {
    for (const { connection } of this.values()) connection.close();
    this.clear();
  }
}

export function sqliteNatives(databases: Databases, folder: Folder): (readonly [string, Native])[] {
  const handleAt = (vm: Vm, slot: number, name: string): number => {
    const rank = rankOf(vm.heap, slot);
    return isInteger(rank) ? numberOf(vm.heap, slot, rank) : vm.throwError(`${name}() takes a database as its number`);
  };
  /** Does something with the database in the slot; what SQLite says against it is thrown and remembered. */
  const using = <T>(vm: Vm, slot: number, name: string, act: (connection: Connection) => T): T => {
    const database = databases.get(handleAt(vm, slot, name)) ?? vm.throwError(CLOSED);
    database.failure = NO_FAILURE;
    vm.chargeFuel(1 << 10);
    try {
      return act(database.connection);
    } catch (error) {
      database.failure = failureOf(error);
    }
    return vm.throwError(`SQL error: ${database.failure.message}`);
  };
  const open = (vm: Vm, path: string, flags: number): Store => {
    const driver = sqliteDriver() ?? vm.throwError(MISSING), place = path === ":memory:" || path === "" ? ":memory:" : folder.path(path);
    try {
      databases.set(++databases.last, { connection: driver(place, { readOnly: (flags & OpenFlag.ReadOnly) !== 0, mustExist: (flags & OpenFlag.Create) === 0 }), failure: NO_FAILURE });
    } catch (error) {
      vm.throwError(`Failed to open database '${path}': ${failureOf(error).message}`);
    }
    return i32(databases.last);
  };
  return [
    returning("__sqlite_open", 2, 2, (vm, base) => open(vm, stringAt(vm, base, "__sqlite_open"), integerArgument(vm, base + 1, "sqlite_open() flags must be an integer"))),
    returning("__sqlite_close", 1, 1, (vm, base) => {
      using(vm, base, "sqlite_close", (connection) => connection.close());
      databases.delete(handleAt(vm, base, "sqlite_close"));
      return nothing;
    }),
    returning("__sqlite_check", 2, 2, (vm, base) => {
      const sql = stringAt(vm, base + 1, "__sqlite_check");
      using(vm, base, "sqlite_check", (connection) => connection.check(sql));
      return nothing;
    }),
    returning("__sqlite_query", 2, 3, (vm, base, argc) => {
      const sql = stringAt(vm, base + 1, "__sqlite_query"), values = valuesAt(vm, base + 2, argc > 2), rows: Row[] = [];
      let size = 0;
      using(vm, base, "sqlite_query", (connection) => {
        for (const row of connection.rows(sql, values)) {
          rows.push(row);
          if ((size += sizeOf(row)) > vm.heap.settings.maxBytes) break;
        }
      });
      if (size > vm.heap.settings.maxBytes) vm.heap.outOfMemory();
      vm.chargeFuel(size);
      return list(rows.map((row) => object(row.map(([name, value]) => [name, store(value)]))));
    }),
    returning("__sqlite_run", 2, 2, (vm, base) => {
      const sql = stringAt(vm, base + 1, "__sqlite_run");
      using(vm, base, "sqlite_run", (connection) => connection.run(sql));
      return nothing;
    }),
    returning("__sqlite_error", 1, 1, (vm, base) => {
      const { message, code } = databases.get(handleAt(vm, base, "sqlite_error"))?.failure ?? { message: CLOSED, code: MISUSE };
      return object([["message", text(message)], ["code", i32(code)]]);
    }),
  ];
}
