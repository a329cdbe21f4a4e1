// The names of modules' globals: that of the module, a mark no program can write, and the name itself.

/** Between a module's name and that of its global. */
export const MODULE_MARK = "\0";

/** The name as its module writes it. */
export const plainName = (name: string): string => name.slice(name.lastIndexOf(MODULE_MARK) + 1);
