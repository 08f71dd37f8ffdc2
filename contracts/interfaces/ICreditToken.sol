// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// Credit towards the community: 1 token = 1 €, 6 decimals.
///
/// Not transferable unless the council has turned transfers on: a transferable redeemable euro would be e-money. Then a
/// member may transfer to an account that is accredited, and nobody else. Nothing can ever be spent by another's allowance.
interface ICreditToken is IERC20 {
    event TransfersSet(bool on, address by);
    event AccreditationProposed(uint24 indexed account, address by);
    event Accredited(uint24 indexed account, address by);
    event AccreditationWithdrawn(uint24 indexed account, address by);
    /// A member paid an accredited account.
    event AccountTransfer(uint24 indexed from, uint24 indexed to, uint256 amount);

    error TransfersOff();
    error NotTreasury(address caller);
    error NotRedemptions(address caller);
    error NotCommunity(address caller);
    error SenderNotMember(address sender);
    /// The receiver is no open, accredited account.
    error ReceiverNotAccredited(address receiver);
    /// Only suppliers and members can be accredited.
    error CannotBeAccredited(uint24 account);
    error AccreditationNotProposed(uint24 account);
    error NotAccredited(uint24 account);
    error SamePerson(address person);

    /// Credits each payee its amount, in micro-euro. Only the treasury pays.
    function pay(address[] calldata payees, uint256[] calldata amounts) external;

    /// Takes tokens of each holder into escrow. Only redemptions do.
    function escrow(address[] calldata holders, uint256[] calldata amounts) external;

    /// Gives tokens in escrow back. Only redemptions do.
    function release(address[] calldata holders, uint256[] calldata amounts) external;

    /// Burns tokens in escrow: the bank has paid them out. Only redemptions do.
    function burn(uint256 amount) external;

    /// Credits anew what the bank had paid out and got back. Only redemptions do.
    function restore(address[] calldata holders, uint256[] calldata amounts) external;

    /// Moves a payee's whole balance to the account's new payee. Only the community does.
    function move(address from, address to) external;

    /// Lets members transfer to accredited accounts, or no longer. The council's, after its delay.
    function setTransfers(bool on) external;

    /// The secretary's.
    function proposeAccreditation(uint24 account) external;

    /// Accredits what was proposed. The president's, never the proposer's.
    function accredit(uint24 account) external;

    /// Ends an accreditation, or the proposal of one, at once. The president's.
    function withdrawAccreditation(uint24 account) external;

    function transfersOn() external view returns (bool);

    function isAccredited(uint24 account) external view returns (bool);
}
