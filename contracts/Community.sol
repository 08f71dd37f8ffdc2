// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {PayeeChanges} from "./PayeeChanges.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {ICreditToken} from "./interfaces/ICreditToken.sol";
import {IEnergyLedger} from "./interfaces/IEnergyLedger.sol";

/// See ICommunity.
contract Community is ICommunity, PayeeChanges {
    /// A run visits every configuration of every month it covers.
    uint256 public constant MAX_CONFIGURATIONS = 32;
    /// Marks the addresses to which nobody holds a key: no wallet can have it but by 2⁶⁴ tries.
    bytes8 private constant KEYLESS = bytes8(keccak256("condivisa keyless address"));

    /// @inheritdoc ICommunity
    uint24 public accountCount;
    mapping(uint24 number => Account) private _accounts;
    /// Also of addresses that were a payee before.
    mapping(address payee => uint24) private _accountOfPayee;
    IEnergyLedger[] private _ledgers;
    mapping(address ledger => bool) private _isAdded;
    /// @inheritdoc ICommunity
    ICreditToken public token;
    /// @inheritdoc ICommunity
    address public redemptions;

    constructor(address authority, uint48 objectionSeconds_) AccessManaged(authority) PayeeChanges(objectionSeconds_) {}

    /// @inheritdoc ICommunity
    function enrol(Enrolment[] calldata enrolments) external restricted {
        uint24 number = accountCount;
        for (uint256 i = 0; i < enrolments.length; ++i) {
            Enrolment calldata enrolment = enrolments[i];
            if (enrolment.kind == AccountKind.None) revert KindMissing(i);
            if (enrolment.social && enrolment.kind != AccountKind.Fund) revert SocialWithoutFund(i);
            ++number;
            address payee = _checkedPayee(number, enrolment.payee);
            _accountOfPayee[payee] = number;
            _accounts[number] = Account(enrolment.kind, false, enrolment.social, payee);
            emit AccountEnrolled(number, enrolment.kind, enrolment.social, payee);
        }
        accountCount = number;
    }

    /// @inheritdoc ICommunity
    function closeAccount(uint24 number) external restricted {
        Account storage closing = _existing(number);
        if (closing.closed) revert AccountAlreadyClosed(number);
        closing.closed = true;
        emit AccountClosed(number);
    }

    /// @inheritdoc ICommunity
    function connect(ICreditToken token_, address redemptions_) external restricted {
        if (address(token) != address(0)) revert AlreadyConnected(address(token));
        token = token_;
        redemptions = redemptions_;
        emit Connected(address(token_), redemptions_);
    }

    /// @inheritdoc ICommunity
    function addConfiguration(IEnergyLedger ledger, bytes32 area) external restricted {
        if (_ledgers.length == MAX_CONFIGURATIONS) revert TooManyConfigurations(MAX_CONFIGURATIONS);
        if (address(ledger.community()) != address(this)) revert LedgerOfAnotherCommunity(address(ledger));
        if (_isAdded[address(ledger)]) revert LedgerAlreadyAdded(address(ledger));
        _isAdded[address(ledger)] = true;
        _ledgers.push(ledger);
        emit ConfigurationAdded(uint16(_ledgers.length - 1), address(ledger), area);
    }

    /// @inheritdoc ICommunity
    function account(uint24 number) external view returns (Account memory) {
        return _existing(number);
    }

    /// @inheritdoc ICommunity
    function payeeOf(uint24 number) external view returns (address) {
        return _existing(number).payee;
    }

    /// @inheritdoc ICommunity
    function accountsFrom(uint24 first, uint256 count) external view returns (Account[] memory accounts) {
        accounts = new Account[](count);
        for (uint256 i = 0; i < count; ++i) {
            accounts[i] = _existing(uint24(first + i));
        }
    }

    /// @inheritdoc ICommunity
    function accountOf(address payee) external view returns (uint24) {
        uint24 number = _accountOfPayee[payee];
        return _accounts[number].payee == payee ? number : 0;
    }

    /// @inheritdoc ICommunity
    function canMeter(uint24 number) external view returns (bool) {
        Account memory metered = _accounts[number];
        return !metered.closed && (metered.kind == AccountKind.Member || metered.kind == AccountKind.Producer);
    }

    /// @inheritdoc ICommunity
    function configurationCount() external view returns (uint16) {
        return uint16(_ledgers.length);
    }

    /// @inheritdoc ICommunity
    function ledgerOf(uint16 configuration) external view returns (IEnergyLedger) {
        if (configuration >= _ledgers.length) revert ConfigurationUnknown(configuration);
        return _ledgers[configuration];
    }

    /// @inheritdoc ICommunity
    function keylessAddress(uint24 number) public view returns (address) {
        bytes32 hash = keccak256(abi.encode("condivisa account", address(this), number));
        return address(uint160((uint256(uint64(KEYLESS)) << 96) | uint96(uint256(hash))));
    }

    function _payee(uint24 number) internal view override returns (address) {
        return _existing(number).payee;
    }

    function _checkedPayee(uint24 number, address to) internal view override returns (address payee) {
        address keyless = keylessAddress(number);
        payee = to == address(0) ? keyless : to;
        if (payee != keyless && bytes8(bytes20(payee)) == KEYLESS) revert KeylessWallet(payee);
        uint24 holder = _accountOfPayee[payee];
        if (holder != 0 && holder != number) revert PayeeTaken(payee, holder);
    }

    function _replacePayee(uint24 number, address from, address to) internal override {
        _accountOfPayee[to] = number;
        _accounts[number].payee = to;
        token.move(from, to);
    }

    function _existing(uint24 number) private view returns (Account storage) {
        Account storage existing = _accounts[number];
        if (existing.kind == AccountKind.None) revert AccountUnknown(number);
        return existing;
    }
}
