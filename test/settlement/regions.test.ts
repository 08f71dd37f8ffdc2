import assert from "node:assert/strict";
import { CORRECTIONS, REGIONS } from "../../settlement/regions.ts";

describe("the correction by region", () => {
  it("is known for the twenty regions, two of them by two names", () => assert.equal(REGIONS.length, 22));

  // The law's three zones (rules.md, Premium), in 10⁻⁴ €/MWh.
  for (const [correction, regions] of [
    [
      100_000,
      ["Emilia-Romagna", "Friuli-VG", "Liguria", "Lombardia", "Piemonte", "Trentino-AA", "Valle d'Aosta", "Veneto"],
    ],
    [40_000, ["Lazio", "Marche", "Toscana", "Umbria", "Abruzzo"]],
    [0, ["Basilicata", "Calabria", "Campania", "Molise", "Puglia", "Sardegna", "Sicilia"]],
  ] as const) {
    it(`is ${correction / 10_000} €/MWh in ${regions.join(", ")}`, () => {
      assert.deepEqual(
        regions.map((region) => CORRECTIONS[region]),
        regions.map(() => correction),
      );
    });
  }

  it("is the same by the long names", () => {
    assert.equal(CORRECTIONS["Friuli-Venezia Giulia"], CORRECTIONS["Friuli-VG"]);
    assert.equal(CORRECTIONS["Trentino-Alto Adige"], CORRECTIONS["Trentino-AA"]);
  });
});
