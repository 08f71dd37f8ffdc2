// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// Credit towards the community: 1 token = 1 €, 6 decimals. Not transferable: a transferable redeemable euro would be
/// e-money.
interface ICreditToken is IERC20 {
    error TransfersOff();
    error NotTreasury(address caller);

    /// Credits each payee its amount, in micro-euro. Only the treasury pays.
    function pay(address[] calldata payees, uint256[] calldata amounts) external;
}
