// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

/// How an account's payee becomes another: a first wallet, a new one, a lost one replaced, heirs, *voltura*.
///
/// The secretary proposes with the new wallet's signature, the president approves, and after a delay in which the auditor
/// or the old wallet can object anyone executes: the account's whole balance moves with it. One change of an account is
/// pending at a time. An address that has been an account's payee stays that account's for ever.
interface IPayeeChanges {
    struct PayeeChange {
        address to;
        address proposer;
        /// Zero until it is approved.
        address approver;
        /// Zero unless somebody objects.
        address objector;
        /// The auditor has dismissed the old wallet's objection, which can then not object again.
        bool dismissed;
        /// Seconds since the Unix epoch; from the approval on.
        uint48 executableFrom;
    }

    event PayeeChangeProposed(uint24 indexed account, uint32 change, address from, address to, address by);
    event PayeeChangeApproved(uint24 indexed account, uint32 change, uint48 executableFrom, address by);
    event PayeeChangeObjected(uint24 indexed account, uint32 change, string reason, address by);
    event PayeeObjectionWithdrawn(uint24 indexed account, uint32 change, address by);
    event PayeeChangeDropped(uint24 indexed account, uint32 change, address by);
    event PayeeChanged(uint24 indexed account, uint32 change, address from, address to);

    /// The wallet's signature over LinkWallet(account, from, to, change) is missing or another's.
    error WalletSignatureInvalid(address wallet);
    error PayeeUnchanged(uint24 account, address payee);
    error PayeeChangePending(uint24 account, uint32 change);
    /// There is none pending, or another than named.
    error PayeeChangeUnknown(uint24 account, uint32 change);
    error PayeeChangeNotApproved(uint24 account);
    error PayeeChangeAlreadyApproved(uint24 account);
    error PayeeChangeTooEarly(uint48 executableFrom);
    error PayeeChangeObjectedTo(uint24 account, address by);
    error PayeeChangeNotObjectedTo(uint24 account);
    /// Only the auditor and the account's present payee can object.
    error CannotObject(address caller);
    /// Only who objected, or the auditor, can withdraw an objection.
    error CannotWithdraw(address caller);
    error ObjectionDismissed(uint24 account);
    error NotSecretaryOrPresident(address caller);
    error SamePerson(address person);
    error ReasonMissing();
    error ObjectionTooLong(uint48 given, uint48 most);

    /// Proposes another payee; zero for the address that nobody holds a key to. The secretary's.
    /// @param signature of `to` over EIP-712 LinkWallet(uint24 account,address from,address to,uint32 change), where change
    /// is `payeeChangeCount() + 1`; empty if `to` is zero
    function proposePayee(uint24 account, address to, bytes calldata signature) external returns (uint32 change);

    /// Approves it, and starts the time for objections. The president's, never the proposer's.
    function approvePayee(uint24 account, uint32 change) external;

    /// Stops it until the objection is withdrawn or the change dropped. The auditor's and the old wallet's.
    function objectToPayee(uint24 account, string calldata reason) external;

    /// Withdraws an objection; the auditor can also dismiss the old wallet's, for a thief would object as well.
    function withdrawPayeeObjection(uint24 account) external;

    /// Gives it up. The secretary's and the president's.
    function dropPayee(uint24 account) external;

    /// Carries it out once its time has come. Anyone's.
    function executePayee(uint24 account) external;

    /// The pending change; all zero if there is none.
    function payeeChange(uint24 account) external view returns (uint32 change, PayeeChange memory);

    /// Changes proposed so far, of all accounts.
    function payeeChangeCount() external view returns (uint32);
}
