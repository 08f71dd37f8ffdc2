import hardhatMocha from "@nomicfoundation/hardhat-mocha";
import { defineConfig } from "hardhat/config";

const compiler = {
  version: "0.8.37",
  path: `${import.meta.dirname}/node_modules/solc/soljson.js`,
  settings: {
    evmVersion: "osaka",
    viaIR: true,
    optimizer: { enabled: true, runs: 2000 },
    metadata: { bytecodeHash: "none" },
  },
} as const;

/** The invariants deploy the community by name: their own code needs no optimiser, which would take it minutes. */
const lightCompiler = { ...compiler, settings: { ...compiler.settings, viaIR: false, optimizer: { enabled: false } } };

/** Each campaign of the invariants leaves word there of how much it moved; see scripts/test.ts. */
const fsPermissions = { readWriteFile: ["./cache/campaigns.csv"] };

export default defineConfig({
  plugins: [hardhatMocha],
  solidity: {
    profiles: {
      default: {
        compilers: [compiler],
        overrides: {
          "test/solidity/CommunityInvariants.t.sol": lightCompiler,
          "test/solidity/RedemptionInvariants.t.sol": lightCompiler,
        },
      },
    },
  },
  paths: {
    sources: { solidity: ["./contracts", "./bench/contracts"] },
    tests: { solidity: "./test/solidity", mocha: "./test" },
  },
  coverage: { skipFiles: ["bench/**"] },
  test: {
    solidity: {
      profiles: {
        default: {
          fsPermissions,
          fuzz: { runs: 1000 },
          invariant: { runs: 16, depth: 40, failOnRevert: true },
        },
        deep: {
          fsPermissions,
          fuzz: { runs: 100_000 },
          invariant: { runs: 10_000, depth: 50, failOnRevert: true },
        },
      },
    },
  },
});
