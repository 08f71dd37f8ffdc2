/**
 * The premium as a game of coalitions: what a coalition's plants would earn with what its members withdraw.
 *
 * The waterfall serves a coalition's plants in their order: the first k of them together min(Gₖ, W), Gₖ being what they
 * inject, and plant k what that is more than min(Gₖ₋₁, W). With tariffs T₁ … Tₙ of the hour and Tₙ₊₁ = 0, the premium is so
 * Σₖ (Tₖ − Tₖ₊₁) · min(Gₖ, W): shared energy of larger and larger sets of plants, each with a weight that no coalition
 * changes, and that is zero between plants of the same tariff.
 *
 * A grant makes the tariff of a plant T · (1 − F) + T · F · x, x = exempt / W being the exempt part of the coalition's own
 * withdrawals: both terms have weights of this kind, and the second is a game of its own: `ReducedHour`.
 */

import { type Batch, maskBit } from "./batch.ts";
import { byPlayer, type Game, type GameHour, positionsOf, type ReducedHour } from "./coalitionGame.ts";
import { hourlyTariff } from "./premium.ts";
import type { Plant, Roster } from "./roster.ts";

/** What a plant earns in an hour, 10⁻⁴ €/MWh: on all energy, and beyond that on what is shared with exempt points. */
type Tariff = { readonly onAll: number; readonly onExempt: number };
type Level = ReducedHour["levels"][number];
/** A plant in the hour: its owner's position among the players, and the Wh it injects. */
type Served = { readonly owner: number; readonly energy: number; readonly tariff: Tariff };

const NOTHING: Tariff = { onAll: 0, onExempt: 0 };

/**
 * The premium of a configuration's batches, 10⁻¹⁰ €; of all players together what `tallyBatch` accrues, but for its rounding
 * in hours with a grant.
 * @param players accounts, in the order of the game; those of other configurations have no energy here
 */
export function premiumGame(batches: readonly Batch[], roster: Roster, players: readonly number[]): Game {
  const rowOf = new Map(roster.injection.map(({ number }, row) => [number, row]));
  const plants = roster.plants.map((plant) => ({ plant, row: rowOf.get(plant.channel) ?? -1 }));
  const owners = positionsOf(roster.injection, players);
  const withdrawing = positionsOf(roster.withdrawal, players);
  const exempting = withdrawing.map((position, row) => (roster.withdrawal[row]?.exempt ? position : undefined));
  const hours: GameHour[] = [];
  const reduced: ReducedHour[] = [];
  for (const { hourCount, injected, withdrawn: rows, priceMask, prices } of batches) {
    for (let lane = 0; lane < hourCount; lane++) {
      const withdrawn = byPlayer(rows, withdrawing, lane, players.length);
      const exempt = byPlayer(rows, exempting, lane, players.length);
      const hasExempt = exempt.some((energy) => energy > 0);
      const price = (priceMask & maskBit(lane)) === 0 ? prices[lane] : undefined;
      const served = plants.flatMap(({ plant, row }): Served[] => {
        const [owner, energy = 0] = [owners[row], injected[row]?.[lane]];
        return owner === undefined || energy === 0
          ? []
          : [{ owner, energy, tariff: tariffOf(plant, price, hasExempt) }];
      });
      const levels = levelsOf(served, players.length);
      // Integer weights keep the fast method exact.
      const isPlain = ({ onAll, onExempt }: Level) => onExempt === 0 && Number.isInteger(onAll);
      for (const { injected, onAll } of levels.filter(isPlain)) hours.push({ injected, withdrawn, weight: onAll });
      const others = levels.filter((level) => !isPlain(level));
      if (others.length > 0) reduced.push({ withdrawn, exempt, levels: others });
    }
  }
  return { hours, reduced };
}

/** What the first plants inject together, wherever the next one's tariff is another. */
function levelsOf(served: readonly Served[], players: number): Level[] {
  const injected = new Float64Array(players);
  return served.flatMap(({ owner, energy, tariff }, position): Level[] => {
    injected[owner] = (injected[owner] ?? 0) + energy;
    const next = served[position + 1]?.tariff ?? NOTHING;
    const [onAll, onExempt] = [tariff.onAll - next.onAll, tariff.onExempt - next.onExempt];
    return onAll === 0 && onExempt === 0 ? [] : [{ injected: injected.slice(), onAll, onExempt }];
  });
}

function tariffOf(plant: Plant, price: number | undefined, hasExempt: boolean): Tariff {
  if (plant.regime === "42-bis") return { onAll: plant.tariff, onExempt: 0 };
  if (plant.regime === "none" || price === undefined) return NOTHING;
  const full = Number(hourlyTariff(plant, price));
  const { numerator, denominator } = plant.reduction;
  return {
    onAll: (full * (denominator - numerator)) / denominator,
    onExempt: hasExempt ? (full * numerator) / denominator : 0,
  };
}
