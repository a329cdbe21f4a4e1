// Every message the front ends can report, by code. The text exists once, here; tests assert codes and positions, never
// prose. E1xx: characters and tokens. E2xx: syntax. E3xx: meaning. W4xx: warnings, which never stop a program. E5xx: the
// reader of Lisp. E6xx: forms of Lisp; E601 is an error of kind arity, E603 of kind type, the others of kind eval.
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

  E501: "unexpected character: '{0}'",
  E502: "unterminated string",
  E503: "empty hex escape \\x;",
  E504: "hex escape \\x missing terminating semicolon",
  E505: "\\{0} escape requires exactly {1} hex digits",
  E506: "invalid unicode scalar value {0}",
  E507: "unknown character name: {0}",
  E508: "expected keyword name after ':'",
  E509: "unterminated {0}",
  E510: "mismatched bracket: expected `{0}` to close `{1}`, found `{2}`",
  E511: "unexpected closing `{0}`",
  E512: "unexpected end of input",
  E513: "unexpected character after #: '{0}'",
  E514: "{0} requires an expression after it",
  E515: "map literal must have even number of forms",
  E516: "unexpected `.`",
  E517: "expected `{0}`, got `{1}`",
  E518: "#u8(...): byte value {0} out of range 0..255",
  E519: "#u8(...): expected integer, got {0}",
  E520: "input nested too deeply (limit {0})",
  E521: "unterminated f-string",
  E522: "unterminated interpolation in f-string",
  E523: "empty interpolation in f-string",
  E524: "f-string interpolation must contain exactly one expression",
  E525: "{0}",
  E527: "unterminated block comment",
  E528: "unterminated symbol",
  E529: "datum label #{0}# is not defined",
  E530: "datum label #{0}= is defined twice",

  E601: "{0} expects {1}, got {2}",
  E602: "{0}: {1}",
  E603: "expected {0}, got {1}",
  E604: "expansion of macro '{0}' does not end (limit {1})",
  E605: "no matching syntax-rules clause for macro '{0}'",
  E606: "form nested too deeply (limit {0})",
  E607: "{0}",
  E608: "this is no expression: {0}",

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
