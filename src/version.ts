// The version this build reports; package.json has the same, which a test checks.

export const VERSION = "0.1.0";
