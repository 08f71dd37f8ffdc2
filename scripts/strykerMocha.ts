/**
 * Stryker's runner for Mocha, told where Mocha 12 keeps three modules of its command line: the runner asks for them
 * without the extension `.cjs` that they have now.
 */

import { registerHooks } from "node:module";

const MOVED = /\/mocha\/lib\/cli\/(run-helpers|options|collect-files)$/;

registerHooks({
  resolve: (specifier, context, next) => next(MOVED.test(specifier) ? `${specifier}.cjs` : specifier, context),
});

const { strykerPlugins, strykerValidationSchema } = await import("@stryker-mutator/mocha-runner");

export { strykerPlugins, strykerValidationSchema };
