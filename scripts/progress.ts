/** How far a long command is: a bar on a terminal, plain lines otherwise. Always on standard error. */

import { Presets, SingleBar } from "cli-progress";

export type ShowProgress = (what: string, done: number, total: number) => void;

/** Call with the same words until done reaches total; then with the next. `stop` ends an open bar. */
export function progressDisplay(quiet: boolean): { show: ShowProgress; stop: () => void } {
  if (quiet) return { show: () => undefined, stop: () => undefined };
  return process.stderr.isTTY ? bars() : lines();
}

function bars(): { show: ShowProgress; stop: () => void } {
  let current: { what: string; bar: SingleBar } | undefined;
  const stop = () => {
    current?.bar.stop();
    current = undefined;
  };
  return {
    show(what, done, total) {
      if (current?.what !== what) {
        stop();
        const format = "{what} {bar} {value}/{total}";
        const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_classic);
        bar.start(total, 0, { what: what.padEnd(34) });
        current = { what, bar };
      }
      current?.bar.update(done);
      if (done >= total) stop();
    },
    stop,
  };
}

function lines(): { show: ShowProgress; stop: () => void } {
  return {
    show(what, done, total) {
      if (done >= total) process.stderr.write(`${what}: ${total}\n`);
    },
    stop: () => undefined,
  };
}
