// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {CommunityRoles} from "../CommunityRoles.sol";

/// Deploys whole communities: roles, accounts, rule book, treasury with its token, redemptions, and a ledger for each configuration.
///
/// `create` deploys roles, accounts and books, `addTreasury` treasury, token and redemptions, `addLedger` one ledger at a time, `handOver` gives the admin role to the council.
/// Until then only the creator can go on, and whatever stopped in between goes on where it was.
interface ICommunityFactory {
    struct Deployment {
        address roles;
        address community;
        address ruleBook;
        address receiptBook;
        address treasury;
        address token;
        address redemptions;
        address creator;
        bool handedOver;
    }

    struct Setup {
        CommunityRoles.Officers officers;
        /// Becomes the admin at `handOver`.
        address council;
        /// Seconds by which the council's own acts are delayed.
        uint32 adminSeconds;
        /// Seconds by which new officers wait for their role.
        uint32 grantSeconds;
        /// Seconds between approval and payout of a run, and between approval and execution of a change of payee.
        uint48 objectionSeconds;
    }

    struct Configuration {
        /// The primary-substation area, as ASCII.
        bytes32 area;
        /// The first hour that its ledger records, and the month in which it lies.
        uint32 firstHour;
        uint16 firstMonth;
        /// Strictly ascending.
        address[] oracles;
        uint8 quorum;
    }

    event CommunityCreated(uint32 indexed number, Deployment deployment);
    event TreasuryAdded(uint32 indexed number, address treasury, address token, address redemptions);
    event LedgerAdded(uint32 indexed number, address indexed ledger, bytes32 area);
    event HandedOver(uint32 indexed number, address council);

    error NotCreator(address caller);
    error AlreadyHandedOver(uint32 number);
    error NoLedgerYet(uint32 number);
    error NoTreasuryYet(uint32 number);
    error TreasuryAlreadyAdded(uint32 number);
    error DeploymentFailed(uint256 part);
    error CouncilMissing();

    function create(Setup calldata setup) external returns (uint32 number);

    function addTreasury(uint32 number) external;

    function addLedger(uint32 number, Configuration calldata configuration) external returns (address ledger);

    function handOver(uint32 number) external;

    function communityCount() external view returns (uint32);

    function deployment(uint32 number) external view returns (Deployment memory);
}
