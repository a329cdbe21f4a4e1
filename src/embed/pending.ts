// Calls of the host that are answered later. What waits lies in the world (vm/host-table.ts), so that an image has it; here
// is what only a running host has: promises, timers, abort signals, and the answers that came while the script was running.

import { Root } from "../../heap/roots.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import { requireVm } from "../library/tasks.ts";
import { GUEST_THROW } from "../vm/errors.ts";
import { globalValueSlot } from "../vm/globals.ts";
import { addAnswer, addCall, addWaker, callAt, callCount, findCall, hostNames, isSystemName, plainName, removeCall, removeCalls, systemNameIndex, waitingCalls, type WaitingCall } from "../vm/host-table.ts";
import type { Store, Suspend } from "../vm/native.ts";
import { Outcome } from "../vm/outcome.ts";
import { answerSlot, next, park, raise, TURNS_ALONE, untilNextTimer } from "../vm/scheduler.ts";
import { isTask, Wait } from "../vm/task-cells.ts";
import type { Vm } from "../vm/vm.ts";
import type { Border } from "./border.ts";
import type { BoundFunction, HostBindings } from "./host-functions.ts";
import type { Done, RunFailure } from "./results.ts";

/** A call of a host function that has no answer yet. */
export interface PendingCall {
  readonly id: number;
  /** Full name of the function: "files.read". */
  readonly name: string;
  /** Structured copies of the arguments; none for builtins of the system. */
  readonly args: readonly unknown[];
}

/** How a call ends: with a value, or with an error that becomes an exception of the script. */
export type Answer = { readonly value: unknown } | { readonly error: unknown };

/** As the system answers: the value is made where it is to be. */
type Ending = Answer | { readonly store: Store };

/** Calls that are named when a script waits, at most. */
const MAX_NAMED = 8;
/** Longest time that JavaScript's timers know, in ms. */
const MAX_TIMER = 2 ** 31 - 1;

/** What the host keeps of a call it has begun. */
interface Begun { readonly abort: AbortController | null; readonly timer: ReturnType<typeof setTimeout> | null }

export class PendingCalls {
  readonly #begun = new Map<number, Begun>();
  /** Answers that are not in the world yet. */
  readonly #ready = new Map<number, Ending>();
  /** There is an answer that the script has not had the chance to see. */
  #hasNews = false;
  #notify: () => void = () => {};

  constructor(readonly vm: () => Vm, readonly border: Border, readonly bindings: () => HostBindings) {}

  /** Makes the script wait; see Park. */
  begin(vm: Vm, { index, fn, name }: BoundFunction, base: number, argc: number, promise: PromiseLike<unknown> | null, abort: AbortController | null): Outcome {
    const { waiter } = this.border.language(vm);
    // What the library has ready needs memory the first time; nothing has begun yet that could be left behind.
    if (waiter !== null) vm.globals.cell(waiter);
    const id = addCall(vm, index, base, argc), { timeout } = fn.spec;
    const timer = timeout === undefined ? null : setTimeout(() => this.cancel(id, new Error(`${name}() took longer than ${timeout} ms`)), timeout);
    this.#begun.set(id, { abort, timer });
    promise?.then((value) => this.#take(id, { value }), (error: unknown) => this.#take(id, { error }));
    return waiter === null ? this.#parkTask(vm, id, base) : this.#callWaiter(vm, id, base, waiter);
  }

  /** Lets the running task wait for a part of the system. */
  readonly suspend: Suspend = (vm, name, base, begin) => {
    requireVm(vm);
    const id = addCall(vm, systemNameIndex(vm, name), base, 0);
    this.#begun.set(id, { abort: null, timer: null });
    begin().then((store) => this.#take(id, { store }), (error: unknown) => this.#take(id, { error }));
    return this.#parkTask(vm, id, base);
  };

  /** After the world came out of an image: what its tasks waited for of the system of another process will never come. */
  endSystemCalls(): void {
    const names = hostNames(this.vm());
    for (const { id, nameIndex } of waitingCalls(this.vm())) {
      if (isSystemName(names[nameIndex] ?? "")) this.#ready.set(id, { error: new Error(`${plainName(names[nameIndex]!)}() was interrupted: the program went on from an image`) });
    }
    this.#hasNews = this.#ready.size > 0;
  }

  #parkTask(vm: Vm, id: number, base: number): Outcome {
    const hold = vm.heap.rootSlot(Root.Temp0);
    vm.heap.setCell(hold, CellKind.Task, park(vm, Wait.Host, base - 2, 0, Infinity));
    addWaker(vm, id, hold);
    vm.heap.setHole(hold);
    return next(vm);
  }

  #callWaiter({ heap, globals }: Vm, id: number, base: number, waiter: string): Outcome {
    heap.copySlot(base - 2, globalValueSlot(globals.cell(waiter)));
    heap.setI32(base, id);
    return Outcome.Replaced;
  }

  /** An answer from outside of the script's turn. */
  #take(id: number, answer: Ending): void {
    if (!this.#begun.has(id)) return;
    this.#ready.set(id, answer);
    this.#announce();
  }

  #announce(): void {
    this.#hasNews = true;
    this.#notify();
  }

  /** What the script waits for besides its calls may have come. */
  wake(): void { this.#announce(); }

  /** The calls without an answer, oldest first. */
  list(): PendingCall[] {
    const vm = this.vm(), names = hostNames(vm);
    return waitingCalls(vm).filter(({ id }) => !this.#ready.has(id)).map(({ id, nameIndex, args }) =>
      ({ id, name: plainName(names[nameIndex]!), args: this.border.read(vm, args, undefined, () => undefined) as unknown[] }));
  }

  /** The names of the oldest of them, for people. */
  names(): string {
    const vm = this.vm(), names = hostNames(vm), count = callCount(vm);
    const oldest = Array.from({ length: Math.min(count, MAX_NAMED) }, (_, i) => callAt(vm, i)).filter(({ id }) => !this.#ready.has(id)).map(({ nameIndex }) => plainName(names[nameIndex]!));
    return `${oldest.join(", ")}${count > MAX_NAMED ? ` and ${count - MAX_NAMED} more` : ""}`;
  }

  /** Answers a call; the script goes on when it is resumed. Throws RangeError when no such call waits, CopyError for a value that cannot be copied. */
  settle(id: number, answer: Answer, isRunning: boolean): void {
    const call = findCall(this.vm(), id);
    if (call === null || this.#ready.has(id)) throw new RangeError(`there is no call ${id} of the host that waits for an answer`);
    if (isRunning || this.vm().heap.hi(call.waker) === Hi.Null) this.#ready.set(id, answer);
    else this.#place(call, answer);
    this.#announce();
  }

  /** Ends a call with an error, and tells the function that nobody waits for it any more. */
  cancel(id: number, reason: unknown): void {
    this.#begun.get(id)?.abort?.abort(reason);
    this.#take(id, { error: reason });
  }

  /** Puts the answers that came into the world, in the order of the calls. */
  apply(): void {
    this.#hasNews = false;
    for (const id of [...this.#ready.keys()].sort((a, b) => a - b)) {
      const answer = this.#ready.get(id)!, call = findCall(this.vm(), id);
      if (call === null || this.vm().heap.hi(call.waker) === Hi.Null) continue;
      try {
        this.#place(call, answer);
      } catch (error) {
        // A result that cannot be copied is an error of the function.
        this.#place(findCall(this.vm(), id)!, { error });
      }
    }
  }

  #place({ id, nameIndex, waker }: WaitingCall, answer: Ending): void {
    const vm = this.vm(), { heap } = vm, value = heap.rootSlot(Root.Temp2), isForTask = isTask(heap, waker), held = heap.rootSlot(Root.Temp5);
    heap.copySlot(held, waker);
    try {
      const succeeded = this.#store(vm, value, nameIndex, answer, this.border.languages[isForTask ? 0 : 1]!);
      if (!isForTask) addAnswer(vm, held, succeeded, value);
      else (succeeded ? answerSlot : raise)(vm, heap.lo(held), value);
    } finally {
      heap.setHole(value);
      heap.setHole(held);
    }
    removeCall(vm, id);
    this.#forget(id);
  }

  /** Writes the value, or the exception, to a slot; true for a value. */
  #store(vm: Vm, dst: number, nameIndex: number, answer: Ending, language: Border["languages"][number]): boolean {
    const { heap } = vm, exception = heap.rootSlot(Root.Exception);
    heap.setHole(dst);
    try {
      if ("error" in answer) return this.bindings().raise(vm, answer.error);
      if ("store" in answer) {
        answer.store(vm, dst);
        return true;
      }
      this.bindings().check(hostNames(vm)[nameIndex]!, answer.value);
      this.border.write(vm, dst, answer.value, heap.rootSlot(Root.Temp3), language);
      return true;
    } catch (error) {
      if (error !== GUEST_THROW) throw error;
      heap.copySlot(dst, exception);
      heap.setHole(exception);
      return false;
    }
  }

  #forget(id: number): void {
    const timer = this.#begun.get(id)?.timer;
    if (timer !== undefined && timer !== null) clearTimeout(timer);
    this.#begun.delete(id);
    this.#ready.delete(id);
  }

  /** The run is given up: the functions are told, and answers that still come are for nobody. */
  giveUp(reason: unknown): void {
    for (const [id, { abort }] of this.#begun) {
      abort?.abort(reason);
      this.#forget(id);
    }
    this.#ready.clear();
    this.#hasNews = false;
    removeCalls(this.vm());
  }

  /** Goes on with a run as often as there are answers, until it ends or cannot go on. `give up`: when the signal fires. */
  async drive<T>(first: () => Done<T> | RunFailure, goOn: () => Done<T> | RunFailure, abort: (reason: unknown) => RunFailure, signal?: AbortSignal): Promise<Done<T> | RunFailure> {
    const vm = this.vm();
    try {
      vm.turnsLeft = TURNS_ALONE;
      let result = first();
      while (result.status === "error" && result.kind === "pending") {
        await this.#answered(signal);
        if (signal?.aborted === true) return abort(signal.reason);
        vm.turnsLeft = TURNS_ALONE;
        result = goOn();
      }
      return result;
    } finally {
      vm.turnsLeft = Infinity;
    }
  }

  /** Resolves when there is an answer, when another task's time has come, or when the signal fires. */
  async #answered(signal: AbortSignal | undefined): Promise<void> {
    if (this.#hasNews || signal?.aborted === true) return;
    const { host } = this.vm(), wait = untilNextTimer(this.vm());
    host.beforeWait?.();
    await new Promise<void>((resolve) => {
      const timer = wait === Infinity ? null : setTimeout(resolve, Math.min(MAX_TIMER, Math.ceil(wait))), wake = (): void => {
        if (timer !== null) clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      this.#notify = wake;
      signal?.addEventListener("abort", wake, { once: true });
    });
    this.#notify = () => {};
  }
}
