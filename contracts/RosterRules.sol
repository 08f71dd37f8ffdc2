// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ICommunity} from "./interfaces/ICommunity.sol";
import {Numbered} from "./libraries/NumberRegister.sol";
import {RosterCheck} from "./libraries/RosterCheck.sol";

/// RosterCheck as a contract without state or owner, which all ledgers of a factory call: it is only needed when a roster is
/// proposed, and would not fit into a ledger beside the tally.
contract RosterRules {
    /// See RosterCheck.check, whose errors it reverts with.
    function check(
        bytes calldata next,
        Numbered calldata numbered,
        ICommunity community,
        bool nonIncentivisedLast
    ) external view returns (Numbered memory) {
        return RosterCheck.check(next, numbered, community, nonIncentivisedLast);
    }
}
