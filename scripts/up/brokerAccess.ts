/** Who may write and read what at the embedded broker. */

import { createHash, timingSafeEqual } from "node:crypto";

/** Topics, each as it is or, with `/#` at its end, with everything under it. */
export type TopicFilter = string;

export type BrokerUser = {
  readonly password: string;
  readonly writes: readonly TopicFilter[];
  readonly reads: readonly TopicFilter[];
};

/** The oracle's name. No meter can have it: a meter's id has no space. */
export const ORACLE_USER = "condivisa oracle";

/** Who that is, if the password is right. */
export function userOf(
  users: Readonly<Record<string, BrokerUser>>,
  name: string | undefined,
  password: Uint8Array | undefined,
): BrokerUser | undefined {
  if (name === undefined || password === undefined || !Object.hasOwn(users, name)) return undefined;
  const user = users[name];
  return user !== undefined && timingSafeEqual(hashOf(password), hashOf(user.password)) ? user : undefined;
}

/** Whether all that a topic, or a filter with wildcards, stands for lies within one of the filters. */
export function isWithin(topic: string, filters: readonly TopicFilter[]): boolean {
  return filters.some((filter) => {
    if (topic === filter) return true;
    return filter.endsWith("/#") && topic.startsWith(filter.slice(0, -1));
  });
}

function hashOf(secret: string | Uint8Array): Buffer {
  return createHash("sha256").update(secret).digest();
}
