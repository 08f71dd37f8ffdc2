/** What signing in works with. */

import type { RegisterContext } from "../register/context.ts";
import type { Site } from "./site.ts";

export type SignInContext = RegisterContext & {
  readonly site: Site;
  /** That wallets sign in for. */
  readonly chainId: number;
};
