// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// Baseline: a plain ERC-20 whose owner mints to a list of holders; who decided the amounts, and why, it does not know.
contract MintLoop is ERC20 {
    address public immutable owner;

    error NotOwner(address caller);

    constructor(address owner_) ERC20("Baseline", "BASE") {
        owner = owner_;
    }

    function mint(address[] calldata holders, uint256[] calldata amounts) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        for (uint256 i = 0; i < holders.length; ++i) {
            _mint(holders[i], amounts[i]);
        }
    }
}
