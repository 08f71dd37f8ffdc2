// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {ICreditToken} from "./interfaces/ICreditToken.sol";

/// See ICreditToken.
contract CreditToken is ICreditToken, ERC20, AccessManaged {
    address public immutable treasury;
    ICommunity public immutable community;

    /// @inheritdoc ICreditToken
    bool public transfersOn;
    /// @inheritdoc ICreditToken
    mapping(uint24 account => bool) public isAccredited;
    mapping(uint24 account => address) private _accreditationProposer;

    modifier onlyRedemptions() {
        if (msg.sender != community.redemptions()) revert NotRedemptions(msg.sender);
        _;
    }

    constructor(
        address authority,
        address treasury_,
        ICommunity community_
    ) ERC20("Credito di comunita energetica", "CER") AccessManaged(authority) {
        treasury = treasury_;
        community = community_;
    }

    /// @inheritdoc ICreditToken
    function pay(address[] calldata payees, uint256[] calldata amounts) external {
        if (msg.sender != treasury) revert NotTreasury(msg.sender);
        for (uint256 i = 0; i < payees.length; ++i) {
            _mint(payees[i], amounts[i]);
        }
    }

    /// @inheritdoc ICreditToken
    function escrow(address[] calldata holders, uint256[] calldata amounts) external onlyRedemptions {
        for (uint256 i = 0; i < holders.length; ++i) {
            _transfer(holders[i], msg.sender, amounts[i]);
        }
    }

    /// @inheritdoc ICreditToken
    function release(address[] calldata holders, uint256[] calldata amounts) external onlyRedemptions {
        for (uint256 i = 0; i < holders.length; ++i) {
            _transfer(msg.sender, holders[i], amounts[i]);
        }
    }

    /// @inheritdoc ICreditToken
    function burn(uint256 amount) external onlyRedemptions {
        _burn(msg.sender, amount);
    }

    /// @inheritdoc ICreditToken
    function restore(address[] calldata holders, uint256[] calldata amounts) external onlyRedemptions {
        for (uint256 i = 0; i < holders.length; ++i) {
            _mint(holders[i], amounts[i]);
        }
    }

    /// @inheritdoc ICreditToken
    function move(address from, address to) external {
        if (msg.sender != address(community)) revert NotCommunity(msg.sender);
        _transfer(from, to, balanceOf(from));
    }

    /// @inheritdoc ICreditToken
    function setTransfers(bool on) external restricted {
        transfersOn = on;
        emit TransfersSet(on, msg.sender);
    }

    /// @inheritdoc ICreditToken
    function proposeAccreditation(uint24 account) external restricted {
        ICommunity.AccountKind kind = community.account(account).kind;
        if (kind != ICommunity.AccountKind.Supplier && kind != ICommunity.AccountKind.Member) {
            revert CannotBeAccredited(account);
        }
        _accreditationProposer[account] = msg.sender;
        emit AccreditationProposed(account, msg.sender);
    }

    /// @inheritdoc ICreditToken
    function accredit(uint24 account) external restricted {
        address proposer = _accreditationProposer[account];
        if (proposer == address(0)) revert AccreditationNotProposed(account);
        if (msg.sender == proposer) revert SamePerson(msg.sender);
        delete _accreditationProposer[account];
        isAccredited[account] = true;
        emit Accredited(account, msg.sender);
    }

    /// @inheritdoc ICreditToken
    function withdrawAccreditation(uint24 account) external restricted {
        if (!isAccredited[account] && _accreditationProposer[account] == address(0)) revert NotAccredited(account);
        delete _accreditationProposer[account];
        delete isAccredited[account];
        emit AccreditationWithdrawn(account, msg.sender);
    }

    function transfer(address to, uint256 amount) public override(ERC20, IERC20) returns (bool) {
        if (!transfersOn) revert TransfersOff();
        uint24 sender = community.accountOf(msg.sender);
        if (sender == 0 || community.account(sender).kind != ICommunity.AccountKind.Member) {
            revert SenderNotMember(msg.sender);
        }
        uint24 receiver = community.accountOf(to);
        if (!isAccredited[receiver] || community.account(receiver).closed) revert ReceiverNotAccredited(to);
        emit AccountTransfer(sender, receiver, amount);
        _transfer(msg.sender, to, amount);
        return true;
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function approve(address, uint256) public pure override(ERC20, IERC20) returns (bool) {
        revert TransfersOff();
    }

    function transferFrom(address, address, uint256) public pure override(ERC20, IERC20) returns (bool) {
        revert TransfersOff();
    }
}
