/** The accounts that hold what is not divided yet. */

/** Ids of the two accounts that every community has beside its own. */
export const RESERVES = { excess: "accantonamento-eccedenza", advance: "accantonamento-anticipi" } as const;
