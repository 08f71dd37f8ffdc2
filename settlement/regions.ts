/** The correction of the CACER tariff for photovoltaic plants, by region (rules.md, Premium). 10⁻⁴ €/MWh. */

const NORTH = 100_000;
const CENTRE = 40_000;
const SOUTH = 0;

/** FC of every region; the two long names of the North also in short. */
export const CORRECTIONS = {
  Abruzzo: CENTRE,
  Basilicata: SOUTH,
  Calabria: SOUTH,
  Campania: SOUTH,
  "Emilia-Romagna": NORTH,
  "Friuli-Venezia Giulia": NORTH,
  "Friuli-VG": NORTH,
  Lazio: CENTRE,
  Liguria: NORTH,
  Lombardia: NORTH,
  Marche: CENTRE,
  Molise: SOUTH,
  Piemonte: NORTH,
  Puglia: SOUTH,
  Sardegna: SOUTH,
  Sicilia: SOUTH,
  Toscana: CENTRE,
  "Trentino-Alto Adige": NORTH,
  "Trentino-AA": NORTH,
  Umbria: CENTRE,
  "Valle d'Aosta": NORTH,
  Veneto: NORTH,
} as const;

export type Region = keyof typeof CORRECTIONS;

export const REGIONS = Object.keys(CORRECTIONS).filter((name): name is Region => name in CORRECTIONS);
