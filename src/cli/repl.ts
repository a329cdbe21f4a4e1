// `boxelder repl`: reads, runs and prints in one VM that lives as long as the session. Input continues over lines while
// the language says that something is still open. Must not keep state of its own about the script.

import { createInterface, type Interface } from "node:readline/promises";
import { VERSION, type BoxelderVm, type LanguagePlugin, type Restart, type RunOptions, type RunResult, type Style } from "../index.ts";
import type { OptionValues } from "../options.ts";
import { ConsoleHost } from "./console-host.ts";
import { History } from "./history.ts";
import { languageOf, loadLanguage, partsFor, type Parts } from "./parts.ts";
import { failureText, styleOf } from "./report.ts";
import { Session, statsText } from "./session.ts";
import { disassemble as listing } from "../tools.ts";

const PROMPT = "> ", MORE = "… ";

const HELP = `.help         this list
.exit         leave (also Ctrl-D)
.dis CODE     show what CODE is compiled to
.heap         heap figures
.gc           collect garbage now
An input may span lines: it runs when it is complete. An empty line runs it as it is.
After an error with restarts, the number of one goes on from there; a value it takes follows the number.`;

/** The number of a restart, and the text of its argument. */
const CHOICE = /^\s*(\d+)(?:\s+([^]*))?$/;

/** The restarts by number; empty when there are none. */
function restartsText(restarts: readonly Restart[], style: Style): string {
  if (restarts.length === 0) return "";
  const lines = restarts.map(({ name, report }, i) => `  ${i + 1}: ${name}${report === "" ? "" : ` - ${report}`}`);
  return `${lines.join("\n")}\n${style.hint("restart number (and value), or go on:")}\n`;
}

class Repl {
  /** Lines of an input that is not complete yet. */
  #pending: string[] = [];
  #inputs = 0;
  /** Ways to go on that the last input offered. */
  #restarts: readonly Restart[] = [];
  readonly #host = new ConsoleHost(["<repl>"]);
  readonly #session: Session;

  constructor(readonly values: OptionValues, parts: Parts, readonly plugin: LanguagePlugin) {
    this.#session = new Session(values, this.#host, parts);
  }

  get vm(): BoxelderVm { return this.#session.vm; }
  get prompt(): string { return this.#pending.length > 0 ? MORE : PROMPT; }

  /** One line of input; false when the session is to end. */
  async accept(line: string): Promise<boolean> {
    if (this.#pending.length === 0 && line.startsWith(".")) return this.#command(line);
    this.#pending.push(line);
    const text = this.#pending.join("\n");
    if (line.trim() !== "" && this.#isIncomplete(text)) return true;
    this.#pending = [];
    if (text.trim() !== "") await this.#run(text);
    return true;
  }

  /** Forgets an unfinished input. */
  interrupt(): void {
    this.#pending = [];
  }

  /** Ends an input that the end of the stream cut off, then the session. */
  async finish(): Promise<void> {
    if (this.#pending.length > 0) await this.#run(this.#pending.join("\n"));
    this.#session.finish();
  }

  #options(): RunOptions {
    return { language: this.plugin.language.name, name: `<input ${this.#inputs}>`, repl: true };
  }

  /** For languages that do not say: the first thing wrong is that the text ends. */
  #isIncomplete(text: string): boolean {
    const { isIncomplete } = this.plugin.language;
    if (isIncomplete !== undefined) return isIncomplete(text);
    const [first] = this.vm.check(text, this.#options());
    return first !== undefined && first.severity === "error" && first.span.end >= text.trimEnd().length;
  }

  async #run(text: string): Promise<void> {
    const choice = this.#restarts.length === 0 ? null : CHOICE.exec(text);
    if (choice === null) {
      this.#inputs++;
      return this.#show(await this.vm.runAsync(text, this.#options()));
    }
    const index = Number(choice[1]) - 1;
    if (this.#restarts[index] === undefined) console.log(`there is no restart ${choice[1]!}`);
    else this.#show(this.vm.restart(index, choice[2]));
  }

  #show(result: RunResult): void {
    this.#host.flush();
    this.#restarts = result.status === "error" ? result.restarts : [];
    if (result.status === "error") {
      const style = styleOf(this.values);
      this.#host.writeError(new TextEncoder().encode(failureText(result, this.vm, style) + restartsText(result.restarts, style)));
      if (result.kind === "exit") process.exit(result.exitCode);
    } else if (result.value !== this.plugin.nothing) console.log(result.value);
  }

  #command(line: string): boolean {
    const [, name, rest] = /^\.(\w*)\s*(.*)$/s.exec(line) ?? [];
    switch (name) {
      case "exit": return false;
      case "help": console.log(HELP); break;
      case "heap": console.log(statsText(this.vm)); break;
      case "gc": this.vm.collect(); console.log(statsText(this.vm)); break;
      case "dis": this.#disassemble(rest ?? ""); break;
      default: console.log(`there is no command '${line}'; .help lists them`);
    }
    return true;
  }

  #disassemble(text: string): void {
    const shown = listing(this.vm, text, { ...this.#options(), stage: "bytecode" });
    console.log(typeof shown === "string" ? shown : failureText(shown, this.vm, styleOf(this.values)));
  }

  /** Names that continue the word before the cursor. */
  complete(line: string): [string[], string] {
    const word = this.plugin.word.exec(line)![0];
    const names = new Set([...this.plugin.language.keywords, ...this.vm.globalNames(this.plugin.language.name)]);
    return [word === "" ? [] : [...names].filter((name) => name.startsWith(word)).sort(), word];
  }
}

async function converse(repl: Repl, lines: Interface): Promise<void> {
  lines.on("SIGINT", () => {
    repl.interrupt();
    // To the end of the line, then delete to its beginning: an interrupt drops what was typed.
    lines.write(null, { ctrl: true, name: "e" });
    lines.write(null, { ctrl: true, name: "u" });
    console.log();
    lines.setPrompt(repl.prompt);
    lines.prompt();
  });
  lines.prompt();
  for await (const line of lines) {
    if (!(await repl.accept(line))) break;
    lines.setPrompt(repl.prompt);
    lines.prompt();
  }
}

export async function repl(values: OptionValues): Promise<number> {
  const language = languageOf("", values.language);
  const session = new Repl(values, await partsFor(values, [language]), await loadLanguage(language)), terminal = process.stdin.isTTY === true;
  const history = new History();
  if (terminal) console.log(`Boxelder ${VERSION}; .help lists commands`);
  const lines = createInterface({
    input: process.stdin, output: terminal ? process.stdout : undefined, terminal, prompt: PROMPT,
    history: terminal ? history.read() : [], completer: (line: string) => session.complete(line),
  });
  if (terminal) lines.on("history", (entries: string[]) => history.remember(entries));
  await converse(session, lines);
  lines.close();
  history.write();
  await session.finish();
  return 0;
}
