/** All routes of the register and of signing in. */

import type { Route } from "../http/route.ts";
import { ownRoutes } from "../register/ownRoutes.ts";
import { personRoutes } from "../register/personRoutes.ts";
import type { SignInContext } from "./context.ts";
import { invitationRoutes } from "./invitationRoutes.ts";
import { keyRoutes } from "./keyRoutes.ts";
import { passkeyRoutes } from "./passkeyRoutes.ts";
import { sessionRoutes } from "./sessionRoutes.ts";
import { walletRoutes } from "./walletRoutes.ts";

export function registerRoutes(context: SignInContext): Route[] {
  return [
    ...passkeyRoutes(context),
    ...invitationRoutes(context),
    ...walletRoutes(context),
    ...sessionRoutes(context),
    ...ownRoutes(context),
    ...personRoutes(context),
    ...keyRoutes(context),
  ];
}
