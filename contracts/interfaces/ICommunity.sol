// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ICreditToken} from "./ICreditToken.sol";
import {IEnergyLedger} from "./IEnergyLedger.sol";
import {IPayeeChanges} from "./IPayeeChanges.sol";

/// One legal entity: its numbered accounts, and the configurations in which its members share energy.
///
/// Accounts are numbers and addresses; who they are stands in the community's own register, never on the chain.
interface ICommunity is IPayeeChanges {
    enum AccountKind {
        None,
        Member,
        /// A named fund of the community.
        Fund,
        /// Owns a plant and lends it without being a member.
        Producer,
        /// A local supplier accredited to take tokens.
        Supplier,
        /// Keeps what is held until the year's adjustment; is entitled, but never paid.
        Reserve
    }

    struct Account {
        AccountKind kind;
        /// A closed account meters nothing new; it still receives what later adjustments bring.
        bool closed;
        /// A fund for social purposes in the area.
        bool social;
        /// Where its tokens go.
        address payee;
    }

    struct Enrolment {
        AccountKind kind;
        bool social;
        /// Zero for a payee without a wallet: the account then gets an address to which nobody holds a key.
        address payee;
    }

    event AccountEnrolled(uint24 indexed number, AccountKind kind, bool social, address indexed payee);
    event AccountClosed(uint24 indexed number);
    event Connected(address token, address redemptions);
    event ConfigurationAdded(uint16 indexed configuration, address indexed ledger, bytes32 area);

    error KindMissing(uint256 index);
    /// Only a fund can be social.
    error SocialWithoutFund(uint256 index);
    /// Another account has or had it.
    error PayeeTaken(address payee, uint24 account);
    /// An address that stands in for a wallet is nobody's wallet.
    error KeylessWallet(address wallet);
    error AlreadyConnected(address token);
    error AccountUnknown(uint24 number);
    error AccountAlreadyClosed(uint24 number);
    error ConfigurationUnknown(uint16 configuration);
    error LedgerOfAnotherCommunity(address ledger);
    error LedgerAlreadyAdded(address ledger);
    error TooManyConfigurations(uint256 most);

    /// Enrols accounts under the next numbers, from 1 on.
    function enrol(Enrolment[] calldata enrolments) external;

    function closeAccount(uint24 number) external;

    /// Names the token, whose balances move with the payees, and who redeems it; once. The admin's.
    function connect(ICreditToken token, address redemptions) external;

    /// Adds a configuration; its number is its place, from 0 on.
    /// @param area the primary-substation area, as ASCII (for example AC001E00123)
    function addConfiguration(IEnergyLedger ledger, bytes32 area) external;

    /// Number of accounts; they are numbered from 1 to this.
    function accountCount() external view returns (uint24);

    function account(uint24 number) external view returns (Account memory);

    /// Where an account's tokens go. Reverts if there is no such account.
    function payeeOf(uint24 number) external view returns (address);

    /// Consecutive accounts. Reverts if one of them does not exist.
    function accountsFrom(uint24 first, uint256 count) external view returns (Account[] memory);

    /// The account whose tokens go to this address now; zero if there is none.
    function accountOf(address payee) external view returns (uint24);

    function token() external view returns (ICreditToken);

    /// The only one that takes tokens into escrow, burns and restores them.
    function redemptions() external view returns (address);

    /// Whether a channel may belong to this account: an open member or producer.
    function canMeter(uint24 number) external view returns (bool);

    function configurationCount() external view returns (uint16);

    /// Reverts if there is no such configuration.
    function ledgerOf(uint16 configuration) external view returns (IEnergyLedger);

    /// The address that stands in for the wallet of an account without one: eight bytes that mark all such addresses, and
    /// twelve of a hash.
    function keylessAddress(uint24 number) external view returns (address);
}
