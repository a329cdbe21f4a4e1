// Which function compiles which kind of node: exactly one for each.

import type { Node, NodeKind } from "../ir/nodes.ts";
import type { NodeOf } from "../ir/walk.ts";
import { compileApply, compileAwait, compileCall, compileCallMethod, compileCallNative } from "./calls.ts";
import { compileBlock, compileBreak, compileContinue, compileIf, compileLabelled, compileReturn } from "./control.ts";
import type { FunctionCompiler } from "./core.ts";
import { compileFail, compileThrow, compileTry, compileWithDynamic } from "./exceptions.ts";
import { compileBinary, compileConst, compileConvert, compileLogic, compileUnary } from "./expressions.ts";
import { compileClosure } from "./functions.ts";
import { compileForEach, compileLoop } from "./loops.ts";
import { compileMatch } from "./match.ts";
import { compileArray, compileGetField, compileGetIndex, compileInterpolate, compileObject, compileSetField, compileSetIndex } from "./objects.ts";
import { compilePrimitive } from "./primitives.ts";
import { compileGetRef, compileIsRefParam, compileMakeRef, compileSetRef } from "./references.ts";
import { compileSwitch } from "./switch.ts";
import { compileDefineGlobal, compileGlobal, compileLet, compileLocal, compileScope, compileSetGlobal, compileSetLocal } from "./variables.ts";

export type Compiler<N extends Node> = (c: FunctionCompiler, node: N, dest: number) => void;
export type Compilers = { readonly [K in NodeKind]: Compiler<NodeOf<K>> };

export const COMPILERS: Compilers = {
  Const: compileConst, Local: compileLocal, SetLocal: compileSetLocal, Let: compileLet, Scope: compileScope,
  Global: compileGlobal, SetGlobal: compileSetGlobal, DefineGlobal: compileDefineGlobal, Block: compileBlock, Function: compileClosure,
  Call: compileCall, CallMethod: compileCallMethod, CallNative: compileCallNative, Apply: compileApply, Return: compileReturn,
  If: compileIf, Loop: compileLoop, ForEach: compileForEach, Labelled: compileLabelled, Break: compileBreak, Continue: compileContinue,
  Unary: compileUnary, Binary: compileBinary, Primitive: compilePrimitive, Logic: compileLogic, Array: compileArray, Object: compileObject, Interpolate: compileInterpolate,
  GetField: compileGetField, SetField: compileSetField, GetIndex: compileGetIndex, SetIndex: compileSetIndex, Throw: compileThrow,
  Fail: compileFail, Try: compileTry, Switch: compileSwitch, MakeRef: compileMakeRef, IsRefParam: compileIsRefParam, GetRef: compileGetRef,
  SetRef: compileSetRef, Convert: compileConvert, Await: compileAwait, Match: compileMatch, WithDynamic: compileWithDynamic,
};
