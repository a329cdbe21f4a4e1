// The tree engine: evaluates the core IR directly, over the same heap and with the same semantic functions as the vm
// engine. It is the plain reading of the IR that the other engines are compared with; it must stay simple, and it must
// not use a value, a rule or an error text of its own where the shared functions have one.

import type { Node } from "../ir/nodes.ts";
import { evalApply, evalCallNative, evalIsRefParam, evalPrimitive } from "./calls.ts";
import { evalChain } from "./chains.ts";
import {
  evalBlock, evalBreak, evalContinue, evalForEach, evalIf, evalLabelled, evalLoop, evalReturn, evalSwitch,
} from "./control.ts";
import { evalArray, evalConst, evalObject, evalSetField, evalSetIndex } from "./data.ts";
import { evalFail, evalThrow, evalTry, evalWithDynamic } from "./exceptions.ts";
import { evalFunction } from "./functions.ts";
import { evalMatch } from "./match.ts";
import { evalAwait, evalConvert, evalInterpolate, evalUnary } from "./operators.ts";
import { type Completion, TreeState } from "./state.ts";
import {
  evalDefineGlobal, evalGetRef, evalGlobal, evalLet, evalLocal, evalMakeRef, evalScope, evalSetGlobal, evalSetLocal, evalSetRef,
} from "./variables.ts";

/** The evaluation of one node: counts the step, then dispatches. The kinds that programs use most come first. */
export class Evaluation extends TreeState {
  override eval(node: Node, dst: number): Completion {
    const { depth } = this;
    if (depth >= this.maxSteps) this.overflow();
    this.depth = depth + 1;
    let completion: Completion;
    switch (node.kind) {
      case "Local": completion = evalLocal(this, node, dst); break;
      case "Const": completion = evalConst(this, node, dst); break;
      case "Binary": case "Call": case "GetIndex": case "GetField": case "CallMethod": case "Logic": completion = evalChain(this, node, dst); break;
      case "SetLocal": completion = evalSetLocal(this, node, dst); break;
      case "If": completion = evalIf(this, node, dst); break;
      case "Block": completion = evalBlock(this, node, dst); break;
      case "Return": completion = evalReturn(this, node); break;
      case "Global": completion = evalGlobal(this, node, dst); break;
      case "Let": completion = evalLet(this, node, dst); break;
      case "Scope": completion = evalScope(this, node, dst); break;
      case "Loop": completion = evalLoop(this, node, dst); break;
      case "Unary": completion = evalUnary(this, node, dst); break;
      case "SetIndex": completion = evalSetIndex(this, node, dst); break;
      case "SetField": completion = evalSetField(this, node, dst); break;
      case "Primitive": completion = evalPrimitive(this, node, dst); break;
      case "CallNative": completion = evalCallNative(this, node, dst); break;
      case "SetGlobal": completion = evalSetGlobal(this, node, dst); break;
      case "Function": completion = evalFunction(this, node, dst); break;
      case "Array": completion = evalArray(this, node, dst); break;
      case "Object": completion = evalObject(this, node, dst); break;
      case "Break": completion = evalBreak(this, node); break;
      case "Continue": completion = evalContinue(this, node); break;
      case "Interpolate": completion = evalInterpolate(this, node, dst); break;
      case "Labelled": completion = evalLabelled(this, node, dst); break;
      case "ForEach": completion = evalForEach(this, node, dst); break;
      case "Switch": completion = evalSwitch(this, node, dst); break;
      case "Match": completion = evalMatch(this, node, dst); break;
      case "Convert": completion = evalConvert(this, node, dst); break;
      case "Throw": completion = evalThrow(this, node, dst); break;
      case "Try": completion = evalTry(this, node, dst); break;
      case "Fail": completion = evalFail(this, node); break;
      case "DefineGlobal": completion = evalDefineGlobal(this, node, dst); break;
      case "Apply": completion = evalApply(this, node, dst); break;
      case "MakeRef": completion = evalMakeRef(this, node, dst); break;
      case "IsRefParam": completion = evalIsRefParam(this, node, dst); break;
      case "GetRef": completion = evalGetRef(this, node, dst); break;
      case "SetRef": completion = evalSetRef(this, node, dst); break;
      case "Await": completion = evalAwait(this, node, dst); break;
      case "WithDynamic": completion = evalWithDynamic(this, node, dst); break;
    }
    this.depth = depth;
    return completion;
  }
}
