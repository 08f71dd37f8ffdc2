/** Where the measured readings of real homes are, for those who have them: they stand outside the project. */

import { existsSync } from "node:fs";
import { join } from "node:path";

export const MEASURED = join(import.meta.dirname, "../../../shared/data/meters/hourly.csv");

export const HAS_MEASURED = existsSync(MEASURED);
