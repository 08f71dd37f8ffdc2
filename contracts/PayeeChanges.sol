// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IPayeeChanges} from "./interfaces/IPayeeChanges.sol";
import {RoleIds} from "./libraries/RoleIds.sol";

/// See IPayeeChanges. Who the accounts are is the inheriting contract's.
abstract contract PayeeChanges is IPayeeChanges, AccessManaged, EIP712 {
    bytes32 private constant LINK_WALLET = keccak256(
        "LinkWallet(uint24 account,address from,address to,uint32 change)"
    );

    uint48 private constant MAX_OBJECTION_SECONDS = 365 days;

    /// Seconds between the approval of a change and the first moment at which it can be executed.
    uint48 public immutable objectionSeconds;

    /// @inheritdoc IPayeeChanges
    uint32 public payeeChangeCount;
    mapping(uint24 account => uint32) private _pending;
    mapping(uint24 account => PayeeChange) private _changes;

    constructor(uint48 objectionSeconds_) EIP712("Condivisa Community", "1") {
        if (objectionSeconds_ > MAX_OBJECTION_SECONDS)
            revert ObjectionTooLong(objectionSeconds_, MAX_OBJECTION_SECONDS);
        objectionSeconds = objectionSeconds_;
    }

    /// @inheritdoc IPayeeChanges
    function proposePayee(
        uint24 account,
        address to,
        bytes calldata signature
    ) external restricted returns (uint32 change) {
        address from = _payee(account);
        if (_pending[account] != 0) revert PayeeChangePending(account, _pending[account]);
        change = ++payeeChangeCount;
        address payee = _checkedPayee(account, to);
        if (payee == from) revert PayeeUnchanged(account, payee);
        if (to != address(0)) {
            bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(LINK_WALLET, account, from, to, change)));
            if (!SignatureChecker.isValidSignatureNow(to, digest, signature)) revert WalletSignatureInvalid(to);
        }
        _pending[account] = change;
        _changes[account] = PayeeChange(payee, msg.sender, address(0), address(0), false, 0);
        emit PayeeChangeProposed(account, change, from, payee, msg.sender);
    }

    /// @inheritdoc IPayeeChanges
    function approvePayee(uint24 account, uint32 change) external restricted {
        if (change == 0 || _pending[account] != change) revert PayeeChangeUnknown(account, change);
        PayeeChange storage pending = _changes[account];
        if (pending.approver != address(0)) revert PayeeChangeAlreadyApproved(account);
        if (msg.sender == pending.proposer) revert SamePerson(msg.sender);
        pending.approver = msg.sender;
        pending.executableFrom = uint48(block.timestamp) + objectionSeconds;
        emit PayeeChangeApproved(account, change, pending.executableFrom, msg.sender);
    }

    /// @inheritdoc IPayeeChanges
    function objectToPayee(uint24 account, string calldata reason) external {
        PayeeChange storage pending = _existingChange(account);
        bool isAuditor = _hasRole(RoleIds.AUDITOR);
        if (!isAuditor && msg.sender != _payee(account)) revert CannotObject(msg.sender);
        if (pending.objector != address(0)) revert PayeeChangeObjectedTo(account, pending.objector);
        if (!isAuditor && pending.dismissed) revert ObjectionDismissed(account);
        if (bytes(reason).length == 0) revert ReasonMissing();
        pending.objector = msg.sender;
        emit PayeeChangeObjected(account, _pending[account], reason, msg.sender);
    }

    /// @inheritdoc IPayeeChanges
    function withdrawPayeeObjection(uint24 account) external {
        PayeeChange storage pending = _existingChange(account);
        if (pending.objector == address(0)) revert PayeeChangeNotObjectedTo(account);
        if (msg.sender != pending.objector) {
            if (!_hasRole(RoleIds.AUDITOR)) revert CannotWithdraw(msg.sender);
            pending.dismissed = true;
        }
        pending.objector = address(0);
        emit PayeeObjectionWithdrawn(account, _pending[account], msg.sender);
    }

    /// @inheritdoc IPayeeChanges
    function dropPayee(uint24 account) external {
        _existingChange(account);
        if (!_hasRole(RoleIds.SECRETARY) && !_hasRole(RoleIds.PRESIDENT)) revert NotSecretaryOrPresident(msg.sender);
        emit PayeeChangeDropped(account, _pending[account], msg.sender);
        _forget(account);
    }

    /// @inheritdoc IPayeeChanges
    function executePayee(uint24 account) external {
        PayeeChange memory pending = _existingChange(account);
        if (pending.approver == address(0)) revert PayeeChangeNotApproved(account);
        if (pending.objector != address(0)) revert PayeeChangeObjectedTo(account, pending.objector);
        if (block.timestamp < pending.executableFrom) revert PayeeChangeTooEarly(pending.executableFrom);
        // Meanwhile another account may have got this payee.
        _checkedPayee(account, pending.to);
        address from = _payee(account);
        emit PayeeChanged(account, _pending[account], from, pending.to);
        _forget(account);
        _replacePayee(account, from, pending.to);
    }

    /// @inheritdoc IPayeeChanges
    function payeeChange(uint24 account) external view returns (uint32 change, PayeeChange memory) {
        return (_pending[account], _changes[account]);
    }

    /// Reverts if there is no such account.
    function _payee(uint24 account) internal view virtual returns (address);

    /// The address itself, or the account's keyless one for zero. Reverts if another account has or had it.
    function _checkedPayee(uint24 account, address to) internal view virtual returns (address);

    /// Takes note of the new payee and moves the balance.
    function _replacePayee(uint24 account, address from, address to) internal virtual;

    function _existingChange(uint24 account) private view returns (PayeeChange storage) {
        if (_pending[account] == 0) revert PayeeChangeUnknown(account, 0);
        return _changes[account];
    }

    function _forget(uint24 account) private {
        delete _pending[account];
        delete _changes[account];
    }

    function _hasRole(uint64 role) private view returns (bool isMember) {
        (isMember, ) = IAccessManager(authority()).hasRole(role, msg.sender);
    }
}
