/** The contracts of a community, by what they are. */

import type { Address } from "viem";
import type { ContractName } from "../../chain/artifacts.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";

export const CONTRACT_KINDS = [
  "roles",
  "community",
  "ruleBook",
  "receiptBook",
  "treasury",
  "token",
  "redemptions",
  "ledger",
] as const;
export type ContractKind = (typeof CONTRACT_KINDS)[number];

/** What each was compiled from. */
export const ARTIFACTS: Readonly<Record<ContractKind, ContractName>> = {
  roles: "CommunityRoles",
  community: "Community",
  ruleBook: "RuleBook",
  receiptBook: "ReceiptBook",
  treasury: "Treasury",
  token: "CreditToken",
  redemptions: "Redemptions",
  ledger: "EnergyLedger",
};

/** A contract that the factory made. */
export type Contract = {
  readonly address: Address;
  readonly community: number;
  readonly kind: ContractKind;
  /** Of a ledger. */
  readonly configuration: number | undefined;
};

/** Undefined while the community is not complete. */
export function addressesOf(contracts: readonly Contract[]): CommunityAddresses | undefined {
  const at = (kind: ContractKind) => contracts.find((contract) => contract.kind === kind)?.address;
  const [roles, community, ruleBook, receiptBook] = [at("roles"), at("community"), at("ruleBook"), at("receiptBook")];
  const [treasury, token, redemptions] = [at("treasury"), at("token"), at("redemptions")];
  if (!roles || !community || !ruleBook || !receiptBook || !treasury || !token || !redemptions) return undefined;
  const ledgers = contracts
    .filter(({ kind }) => kind === "ledger")
    .toSorted((a, b) => (a.configuration ?? 0) - (b.configuration ?? 0))
    .map(({ address }) => address);
  return { roles, community, ruleBook, receiptBook, treasury, token, redemptions, ledgers };
}
