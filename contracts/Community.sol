// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {IEnergyLedger} from "./interfaces/IEnergyLedger.sol";

/// See ICommunity.
contract Community is ICommunity, AccessManaged {
    /// A run visits every configuration of every month it covers.
    uint256 public constant MAX_CONFIGURATIONS = 32;

    /// @inheritdoc ICommunity
    uint24 public accountCount;
    mapping(uint24 number => Account) private _accounts;
    mapping(address payee => uint24) private _accountOfPayee;
    IEnergyLedger[] private _ledgers;
    mapping(address ledger => bool) private _isAdded;

    constructor(address authority) AccessManaged(authority) {}

    /// @inheritdoc ICommunity
    function enrol(Enrolment[] calldata enrolments) external restricted {
        uint24 number = accountCount;
        for (uint256 i = 0; i < enrolments.length; ++i) {
            Enrolment calldata enrolment = enrolments[i];
            if (enrolment.kind == AccountKind.None) revert KindMissing(i);
            if (enrolment.social && enrolment.kind != AccountKind.Fund) revert SocialWithoutFund(i);
            ++number;
            address payee = enrolment.payee == address(0) ? keylessAddress(number) : enrolment.payee;
            if (_accountOfPayee[payee] != 0) revert PayeeTaken(payee, _accountOfPayee[payee]);

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
        return address(uint160(uint256(keccak256(abi.encode("condivisa account", address(this), number)))));
    }

    function _existing(uint24 number) private view returns (Account storage) {
        Account storage existing = _accounts[number];
        if (existing.kind == AccountKind.None) revert AccountUnknown(number);
        return existing;
    }
}
