// The two ways to SQLite in Node: its own module (from Node 22.5 on), or the package node-sqlite3-wasm, which needs nothing
// compiled. Both keep whole numbers (bigint) apart from others, and columns in order.

import { createRequire } from "node:module";

/** A bigint is an INTEGER, a number a REAL. */
export type SqlValue = bigint | number | string | Uint8Array | null;
export type Row = readonly (readonly [column: string, value: SqlValue])[];

export interface Connection {
  /** Throws when the text is no statement. */
  check(sql: string): void;
  /** The rows of the first statement in the text, one at a time. */
  rows(sql: string, values: readonly SqlValue[]): Iterable<Row>;
  /** Does all statements in the text. */
  run(sql: string): void;
  close(): void;
}

export interface Opening { readonly readOnly: boolean; readonly mustExist: boolean }
export type Driver = (path: string, opening: Opening) => Connection;

const UNOPENED = "unable to open database file";

interface NodeSqlite {
  readonly DatabaseSync: new (path: string, options: { readOnly: boolean }) => {
    exec(sql: string): void;
    close(): void;
    prepare(sql: string): {
      setReadBigInts(on: boolean): void;
      columns?(): { readonly name: string }[];
      iterate(...values: SqlValue[]): Iterable<{ readonly [column: string]: SqlValue }>;
    };
  };
}

function nodeDriver({ DatabaseSync }: NodeSqlite): Driver {
  return (path, { readOnly, mustExist }) => {
    if (mustExist && path !== ":memory:" && !exists(path)) throw new Error(UNOPENED);
    const database = new DatabaseSync(path, { readOnly });
    return {
      check: (sql) => void database.prepare(sql),
      *rows(sql, values) {
        const statement = database.prepare(sql);
        statement.setReadBigInts(true);
        const names = statement.columns?.().map(({ name }) => name);
        for (const row of statement.iterate(...values)) yield (names ?? Object.keys(row)).map((name) => [name, row[name]!] as const);
      },
      run: (sql) => database.exec(sql),
      close: () => database.close(),
    };
  };
}

/** The package, with what it does not speak of but has: by it whole numbers are told from others. */
interface WasmSqlite {
  readonly Database: new (path: string, options: { readOnly: boolean; fileMustExist: boolean }) => {
    exec(sql: string): void;
    close(): void;
    prepare(sql: string): {
      readonly _ptr: number;
      _getColumnNames(): string[];
      _bindValue(value: SqlValue, place: number): void;
      iterate(values: readonly SqlValue[]): Iterable<{ readonly [column: string]: SqlValue }>;
      finalize(): void;
    };
  };
  _sqlite3_column_type(statement: number, column: number): number;
  _sqlite3_bind_double(statement: number, place: number, value: number): number;
}
type WasmStatement = ReturnType<InstanceType<WasmSqlite["Database"]>["prepare"]>;

const INTEGER = 1;

function wasmDriver(library: WasmSqlite): Driver {
  return (path, { readOnly, mustExist }) => {
    const database = opened(() => new library.Database(path, { readOnly, fileMustExist: mustExist }));
    return {
      check: (sql) => database.prepare(sql).finalize(),
      *rows(sql, values) {
        const statement = database.prepare(sql), names = statement._getColumnNames();
        bindExactly(library, statement);
        try {
          for (const row of statement.iterate(values)) {
            yield names.map((name, i) => {
              const value = row[name]!;
              return [name, Number.isSafeInteger(value) && library._sqlite3_column_type(statement._ptr, i) === INTEGER ? BigInt(value as number) : value] as const;
            });
          }
        } finally {
          finalize(statement);
        }
      },
      run: (sql) => database.exec(sql),
      close: () => database.close(),
    };
  };
}

/** The package takes 2.0 for a whole number. */
function bindExactly(library: WasmSqlite, statement: WasmStatement): void {
  const bind = statement._bindValue;
  statement._bindValue = (value, place): void => {
    if (typeof value !== "number" || library._sqlite3_bind_double(statement._ptr, place, value) !== 0) bind.call(statement, value, place);
  };
}

/** Its words for a file that cannot be opened name the file; SQLite's do not. */
function opened<T>(open: () => T): T {
  try {
    return open();
  } catch {
    throw new Error(UNOPENED);
  }
}

/** A statement that failed says so again when it is given back. */
function finalize(statement: { finalize(): void }): void {
  try {
    statement.finalize();
  } catch {
    // The error has been told.
  }
}

const load = createRequire(import.meta.url);
const exists = (path: string): boolean => (load("node:fs") as typeof import("node:fs")).existsSync(path);

function loaded<T>(module: string): T | null {
  try {
    return load(module) as T;
  } catch {
    return null;
  }
}

let known: Driver | null = null;

/** The driver there is; null: none. */
export function sqliteDriver(): Driver | null {
  if (known !== null) return known;
  const own = loaded<NodeSqlite>("node:sqlite"), wasm = own === null ? loaded<WasmSqlite>("node-sqlite3-wasm") : null;
  known = own !== null ? nodeDriver(own) : wasm !== null ? wasmDriver(wasm) : null;
  return known;
}
