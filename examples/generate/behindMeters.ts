/** What is behind the meters of a model community. */

import type { MeterEntry } from "../../oracle/communityFile.ts";
import type { MemberClass } from "../../settlement/roster.ts";
import type { Load } from "./loadShapes.ts";
import type { BehindMeter } from "./meters.ts";

/** Of the community of examples/magliano. */
export const BEHIND_MAGLIANO: Readonly<Record<string, BehindMeter>> = {
  municipio: { load: "townHall", size: 1 },
  scuola: { load: "school", size: 0.9 },
  parrocchia: { load: "church", size: 1 },
  forno: { load: "bakery", size: 0.9 },
  "bar-centrale": { load: "bar", size: 1.05 },
  ferramenta: { load: "shop", size: 1 },
  "casa-conti": { load: "household", size: 1.3 },
  "casa-serra": { load: "household", size: 1.1 },
  "casa-bianchi": { load: "household", size: 0.9 },
  "casa-rossi": { load: "household", size: 1.2 },
  "casa-verdi": { load: "household", size: 0.7 },
  "casa-neri": { load: "household", size: 1.4 },
};

const USUAL: Readonly<Record<MemberClass, Load>> = {
  persona_fisica: "household",
  impresa: "shop",
  ente_territoriale: "townHall",
  ente_ricerca: "school",
  ente_religioso: "church",
  terzo_settore: "shop",
  ente_ambientale: "shop",
};

/** What is usual behind a meter of a member of this class. */
export function usuallyBehind({ id, class: own }: MeterEntry, memberClass: MemberClass): BehindMeter {
  return BEHIND_MAGLIANO[id] ?? { load: USUAL[own ?? memberClass], size: 1 };
}
