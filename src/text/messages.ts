// Every message the front ends can report, by code. The text exists once, here; tests assert codes and positions, never
// prose. E1xx: characters and tokens. E2xx: syntax. E3xx: meaning. W4xx: warnings, which never stop a program.
// {0}, {1} are filled in by `formatMessage`.

export const MESSAGES = {
  E101: "unexpected character {0}",
  E102: "unterminated string",
  E103: "unterminated template string",
  E104: "unterminated block comment",
  E105: "unknown escape sequence '\\{0}'",
  E106: "'\\x' must be followed by two hexadecimal digits",
  E107: "'\\u' must be followed by 1 to 6 hexadecimal digits in braces",
  E108: "code point {0} is out of range (the last one is 10FFFF)",
  E109: "empty rune literal",
  E110: "expected closing ' after rune literal",
  E111: "expected {0} digit after '{1}'",

  E201: "expected {0}",
  E202: "expected an expression",
  E203: "invalid assignment target",
  E204: "'{0}' needs a variable, an element or a field",
  E205: "a positional argument cannot follow a named argument",
  E206: "a required parameter must come before optional parameters",
  E207: "a 'ref' parameter cannot have a default value",
  E208: "the rest parameter must be the last parameter",
  E209: "a function cannot have more than {0} parameters",
  E210: "a call cannot have more than {0} arguments",
  E211: "'try' needs a 'catch' or a 'finally' block",
  E212: "expected 'case' or 'default' in a switch body",
  E213: "a function expression cannot start a statement",
  E214: "this cannot be exported",
  E215: "nesting too deep",
  E216: "a switch can have only one 'default'",
  E217: "only a loop can have a label",
  E218: "unmatched '{0}'",

  E301: "there is no enclosing loop labelled '{0}'",
  E302: "{0} is not available yet in this version",
  E303: "too many compound assignments nested in their own targets",
  E304: "this exceeds a limit of the VM: {0}",

  W401: "'{0}' is not defined anywhere in this program",
  W402: "'{0}' outside of a loop has no effect",
  W403: "'return' outside of a function has no effect",
  W404: "'defer' outside of a function never runs",
  W405: "the parameter '{0}' is hidden by an earlier one of the same name",
} as const;

export type MessageCode = keyof typeof MESSAGES;

export function formatMessage(code: MessageCode, args: readonly string[]): string {
  return MESSAGES[code].replace(/\{(\d)\}/g, (_, index: string) => args[Number(index)] ?? "");
}
