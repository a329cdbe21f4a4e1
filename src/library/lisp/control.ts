// The control functions of Lisp, and the natives on which their part of the prelude stands.

import type { NativeInfo } from "../../vm/native.ts";
import { ARGUMENTS } from "./control/arguments.ts";
import { BINARY_PORTS } from "./control/binary-ports.ts";
import { DEFINITIONS } from "./control/definitions.ts";
import { DYNAMICS } from "./control/dynamics.ts";
import { HOST } from "./control/host.ts";
import { SOURCE_FILES } from "./control/source-files.ts";
import { HOST_CALLS } from "./control/host-calls.ts";
import { INTERACTION } from "./control/interaction.ts";
import { MODULES } from "./control/modules.ts";
import { PORTS } from "./control/ports.ts";
import { PROCEDURES } from "./control/procedures.ts";
import { PROMISES } from "./control/promises.ts";
import { RAISING } from "./control/raising.ts";
import { RECORDS } from "./control/records.ts";
import { STREAMS } from "./control/streams.ts";
import { STRUCT_NATIVES } from "./control/structs.ts";
import { VALUES } from "./control/values.ts";
import { LISP_STATE } from "./state.ts";

export const LISP_CONTROL: readonly NativeInfo[] = [
  ...LISP_STATE, ...STRUCT_NATIVES, ...DYNAMICS, ...ARGUMENTS, ...DEFINITIONS, ...RAISING, ...VALUES, ...RECORDS, ...PROCEDURES, ...PROMISES, ...PORTS,
  ...STREAMS, ...HOST, ...SOURCE_FILES, ...INTERACTION, ...MODULES, ...HOST_CALLS, ...BINARY_PORTS,
];
