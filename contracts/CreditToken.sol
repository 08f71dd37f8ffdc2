// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ICreditToken} from "./interfaces/ICreditToken.sol";

/// See ICreditToken.
contract CreditToken is ICreditToken, ERC20 {
    address public immutable treasury;

    constructor(address treasury_) ERC20("Credito di comunita energetica", "CER") {
        treasury = treasury_;
    }

    /// @inheritdoc ICreditToken
    function pay(address[] calldata payees, uint256[] calldata amounts) external {
        if (msg.sender != treasury) revert NotTreasury(msg.sender);
        for (uint256 i = 0; i < payees.length; ++i) {
            _mint(payees[i], amounts[i]);
        }
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function approve(address, uint256) public pure override(ERC20, IERC20) returns (bool) {
        revert TransfersOff();
    }

    function transfer(address, uint256) public pure override(ERC20, IERC20) returns (bool) {
        revert TransfersOff();
    }

    function transferFrom(address, address, uint256) public pure override(ERC20, IERC20) returns (bool) {
        revert TransfersOff();
    }
}
