/** How far readings can be trusted; the position is the grade's number on the chain. */
export const GRADES = ["indicative", "estimated", "distributor", "GSE-matched"] as const;
export type Grade = (typeof GRADES)[number];
