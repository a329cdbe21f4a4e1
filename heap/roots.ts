// The named root slots in the world's header. Everything reachable from them, and from the running stack, lives.

export const enum Root {
  /** Exception being thrown. */
  Exception,
  /** Slots of Global cells, or whatever the engine keeps its globals in. */
  Globals,
  /** SymbolTable cell; the table itself is a root, its entries are weak. */
  SymbolTable,
  /** Running Stack cell. */
  Stack,
  /** Slots: empty root shapes by rounded inline capacity. */
  EmptyShapes,
  /** Value of the finished program. */
  Result,
  /** Receiver of the method call being bound, else a hole. */
  Receiver,
  /** Object: registry of the types defined by programs. */
  Types,
  /** Slots: code cells only the host refers to (tree functions, entry points). */
  Codes,
  /** String: text of the out-of-memory error, made in advance. */
  OutOfMemory,
  /** Slots: symbols the host keeps addresses of. */
  KnownSymbols,
  /** An i32 constant for operations on immediate operands. */
  Immediate,
  Modules, Library, Tasks, Host, Handles,
  /** Lisp: the innermost entry of the chain of handlers, winds and restarts, or null. */
  Dynamic,
  /** Lisp: the condition of running out of memory, made in advance. */
  OutOfMemoryCondition,
  /** Free for short use by the engine; whoever writes one clears it. */
  Temp0, Temp1, Temp2, Temp3, Temp4, Temp5, Temp6, Temp7,
  /** Used inside heap/ while a cell is not yet linked anywhere; one owner each. */
  HoldString, HoldSymbol, HoldShape, HoldTable, HoldObject, HoldArray, HoldCode, HoldBuffer, HoldKey,
  HoldList, HoldKeyword, HoldMap, HoldLeft, HoldRight, HoldNode,
  HoldNumerator, HoldDenominator, HoldReal, HoldImaginary,
  /** The symbols last interned by text, see internText. */
  Recent0, Recent1, Recent2, Recent3, Recent4, Recent5, Recent6, Recent7,
  Last = Recent7,
}
