/** Who and what stands behind the numbers of the chain, as far as the reader may know. */

/** A reader who may not know names gets a `nameOf` that knows none: numbers stand in their place. */
export type Names = {
  readonly community: string;
  readonly nameOf: (account: number) => string | undefined;
  /** The meter of a channel, as its owner calls it. */
  readonly meterOf: (configuration: number, channel: number) => string | undefined;
};

/** Nobody by name: what an auditor sees. */
export function withoutNames(community: string): Names {
  return { community, nameOf: () => undefined, meterOf: () => undefined };
}
