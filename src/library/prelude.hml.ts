// The part of the library that calls back into scripts, written in Hemlock: a native never re-enters the engines, so
// callbacks may throw, be paused and recurse as deep as any other call. Names start with $, which scripts cannot write.
//
// Type descriptors: an i32 code for a plain type, or [code, ...]: [37, T] array of T, [48, "Name", [arguments]] user type,
// [49, T] nullable, [50, [parts]] compound. The codes are those of src/ir/types.ts; a test compares them.

export const LIBRARY_SOURCE = `
const $I32 = 20;
const $ARRAY = 37;
const $OBJECT = 38;
const $NULL = 39;
const $NAMED = 48;
const $NULLABLE = 49;

// ---- callbacks; their parameters are rest parameters so that wrong counts get errors that name the method

fn $array_map(...given) {
  if (given.length != 1) { throw "map() expects 1 argument (callback function)"; }
  let f = given[0];
  $check_callback(f, self.length > 0 ? 1 : 0, "map() argument must be a function");
  let result = [];
  for (let i = 0; i < self.length; i++) {
    result.push(f(self[i]));
  }
  return result;
}

fn $array_filter(...given) {
  if (given.length != 1) { throw "filter() expects 1 argument (predicate function)"; }
  let f = given[0];
  $check_callback(f, self.length > 0 ? 1 : 0, "filter() argument must be a function");
  let result = [];
  for (let i = 0; i < self.length; i++) {
    let value = self[i];
    if (f(value)) { result.push(value); }
  }
  return result;
}

fn $array_reduce(...given) {
  if (given.length != 1 && given.length != 2) { throw "reduce() expects 1 or 2 arguments (reducer function, optional initial value)"; }
  let f = given[0];
  let i = given.length == 2 ? 0 : 1;
  $check_callback(f, self.length > i ? 2 : 0, "reduce() first argument must be a function");
  if (self.length < i) { throw "reduce() on empty array with no initial value"; }
  let result = i == 0 ? given[1] : self[0];
  for (; i < self.length; i++) {
    result = f(result, self[i]);
  }
  return result;
}

fn $apply(...given) {
  if (given.length != 2) { throw "apply() expects 2 arguments (function, args_array)"; }
  let f = given[0];
  let list = given[1];
  if (!$is_callable(f)) { throw "apply() first argument must be a function"; }
  if ($kind(list) != $ARRAY) { throw "apply() second argument must be an array"; }
  $check_arity(f, list.length);
  return $apply_array(f, list);
}

// ---- signals: a handler is called where the script raises its signal

const $signals = {};

fn $signal_number(signal, name) {
  let kind = $kind(signal);
  if (kind < 16 || kind > 23) { $fatal(name + "() signum must be an integer"); }
  if (signal < 0 || signal >= 64) { $fatal(name + "() signum " + signal + " out of range [0, 64)"); }
  return "" + signal;
}

fn $signal(...given) {
  if (given.length != 2) { $fatal("signal() expects 2 arguments (signum, handler)"); }
  let key = $signal_number(given[0], "signal");
  let handler = given[1];
  if ($kind(handler) != $NULL && !$is_callable(handler)) { $fatal("signal() handler must be a function or null"); }
  let before = $has_field($signals, key) ? $signals[key] : null;
  $signals[key] = handler;
  return before;
}

// What a handler throws is nobody's: the script was not doing anything that could have failed.
fn $raise(...given) {
  if (given.length != 1) { $fatal("raise() expects 1 argument (signum)"); }
  let key = $signal_number(given[0], "raise");
  let handler = $has_field($signals, key) ? $signals[key] : null;
  if ($kind(handler) == $NULL) { $default_signal(given[0]); return null; }
  let arguments = given;
  try { $check_arity(handler, 1); } catch (e) { arguments = []; }
  try { $apply_array(handler, arguments); } catch (e) { }
  return null;
}

// ---- functions of native libraries; what knows them is a part of the system

const $callbacks = [];

fn $import_library(path) { ffi_open(path); }

fn $ffi_bind(...given) {
  let bound = $foreign_bind(given);
  return fn(...arguments) { return $foreign_call(bound, arguments); };
}

// Runs the deferred functions, last first. All run, whatever the others throw; the exception thrown last is passed on.
fn $run_defers(list) {
  let failed = false;
  let error = null;
  while (list.length > 0) {
    let deferred = list.pop();
    try { deferred(); } catch (e) { failed = true; error = e; }
  }
  if (failed) { throw error; }
}

// ---- conversion to types; mode: 0 variable, 1 parameter, 2 return value

fn $convert(value, type, mode) {
  if ($kind(type) != $ARRAY) { return $convert_scalar(value, type); }
  let head = type[0];
  if (head == $NULLABLE) {
    if ($kind(value) == $NULL) { return null; }
    return $convert(value, type[1], mode);
  }
  if (head == $ARRAY) { return $convert_array(value, type[1], mode); }
  if (head == $NAMED) { return $convert_named(value, type[1], type[2], mode); }
  if ($kind(value) != $OBJECT) { $fatal("Compound type requires an object"); }
  for (part in type[1]) { value = $convert(value, part, mode); }
  return value;
}

fn $convert_array(value, element, mode) {
  if ($kind(value) != $ARRAY) { $fatal("Expected array, got non-array"); }
  if ($kind(element) != $ARRAY) { return $convert_elements(value, element); }
  $array_element_type(value, 0, null);
  for (let i = 0; i < value.length; i++) {
    value[i] = $convert(value[i], element, mode);
  }
  $array_element_type(value, element[0], element);
  return value;
}

fn $convert_rest(list, type) {
  for (let i = 0; i < list.length; i++) {
    list[i] = $convert(list[i], type, 1);
  }
  return list;
}

fn $convert_named(value, name, arguments, mode) {
  let type = $type_get(name);
  if ($kind(type) == $NULL) { $fatal("Unknown type '" + name + "'"); }
  if (type.is_enum) {
    if ($kind(value) != $I32) { $fatal("Expected enum value (i32) for type '" + name + "'"); }
    return value;
  }
  if (arguments.length != type.parameters.length) {
    $fatal("Type '" + name + "' expects " + type.parameters.length + " type argument(s), got " + arguments.length);
  }
  if ($kind(value) != $OBJECT) { $fatal("Expected object for type '" + name + "', got non-object"); }
  for (field in type.fields) { $convert_field(value, field, type, arguments, name, mode); }
  $stamp(value, name);
  return value;
}

// A field is [name, descriptor or null, optional, function giving the default or null].
fn $convert_field(target, field, type, arguments, name, mode) {
  let key = field[0];
  if ($has_field(target, key)) {
    let declared = field[1];
    if ($kind(declared) == $NULL) { return null; }
    if (arguments.length > 0) { declared = $substitute(declared, type.parameters, arguments); }
    target[key] = $convert(target[key], declared, mode);
    return null;
  }
  if (!field[2]) { $fatal("Object missing required field '" + key + "' for type '" + name + "'"); }
  let initial = field[3];
  if ($kind(initial) == $NULL) { target[key] = null; }
  else { target[key] = initial(); }
}

// The descriptor with type parameters replaced by the arguments given for them.
fn $substitute(type, parameters, arguments) {
  if ($kind(type) != $ARRAY) { return type; }
  let head = type[0];
  if (head == $NAMED) {
    let at = parameters.find(type[1]);
    if (at >= 0) { return arguments[at]; }
    return [head, type[1], $substitute_all(type[2], parameters, arguments)];
  }
  if (head == $ARRAY || head == $NULLABLE) { return [head, $substitute(type[1], parameters, arguments)]; }
  return [head, $substitute_all(type[1], parameters, arguments)];
}

fn $substitute_all(types, parameters, arguments) {
  let result = [];
  for (type in types) { result.push($substitute(type, parameters, arguments)); }
  return result;
}

// ---- definitions

fn $define_type(name, parameters, fields) {
  $type_put(name, { is_enum: false, parameters: parameters, fields: fields });
}

// Values that are null count on from the one before.
fn $make_enum(name, names, values) {
  let result = {};
  let next = 0;
  for (i, key in names) {
    let value = values[i];
    if ($kind(value) == $NULL) { value = next; }
    if ($kind(value) != $I32) { throw "Enum variant '" + key + "' value must be i32"; }
    result[key] = value;
    next = value + 1;
  }
  $stamp(result, name);
  $type_put(name, { is_enum: true, parameters: [], fields: [] });
  return result;
}
`;
