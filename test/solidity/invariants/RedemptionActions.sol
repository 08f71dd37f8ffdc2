// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ICommunity} from "../../../contracts/interfaces/ICommunity.sol";
import {ICreditToken} from "../../../contracts/interfaces/ICreditToken.sol";
import {IPayeeChanges} from "../../../contracts/interfaces/IPayeeChanges.sol";
import {IRedemptions} from "../../../contracts/interfaces/IRedemptions.sol";
import {vm} from "../support/Vm.sol";
import {TokenStage} from "./TokenStage.sol";

/// Accounts are credited, redeem, get their money back, pay the supplier, change their payee and are closed, well and
/// wrongly; what each must have is kept beside.
abstract contract RedemptionActions is TokenStage {
    bytes32 private constant DOMAIN = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant LINK = keccak256("LinkWallet(uint24 account,address from,address to,uint32 change)");
    uint64 private constant CENT = 10_000;

    /// By account, micro-euro.
    mapping(uint24 account => uint256) public paid;
    mapping(uint24 account => int256) public transferred;
    mapping(uint24 account => address) public payeeOf;
    /// All ids ever used, and what the model says of them.
    bytes32[] private _ids;
    mapping(bytes32 id => IRedemptions.PaymentState) public stateOf;
    mapping(bytes32 id => uint24) public accountOf;
    mapping(bytes32 id => uint64) public amountOf;
    mapping(bytes32 id => uint32) public fileOf;
    mapping(uint32 file => IRedemptions.FileState) public fileState;
    mapping(uint32 file => bool) public objected;
    uint32 public files;
    uint32 private _outcomes;
    mapping(uint24 account => bool) private _closed;
    bool private _accredited;

    constructor() {
        for (uint24 a = 1; a <= ACCOUNTS; ++a) {
            payeeOf[a] = community.payeeOf(a);
        }
    }

    function idCount() external view returns (uint256) {
        return _ids.length;
    }

    function idAt(uint256 index) external view returns (bytes32) {
        return _ids[index];
    }

    function credit(uint256 seed) external action {
        _credit(seed);
    }

    function _credit(uint256 seed) private {
        uint24 account = _account(seed);
        uint256 amount = _random(seed, "amount", 900_000_000);
        address[] memory payees = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (payees[0], amounts[0]) = (payeeOf[account], amount);
        _as(address(this), address(token), abi.encodeCall(ICreditToken.pay, (payees, amounts)), 0);
        paid[account] += amount;
    }

    /// A file of one to three payments; one in six is wrong somewhere.
    function proposeFile(uint256 seed) external action {
        uint256 count = 1 + _random(seed, "count", 3);
        IRedemptions.Transfer[] memory transfers = new IRedemptions.Transfer[](count);
        uint64 total;
        bytes4 expected;
        uint256[6] memory wanted;
        for (uint256 i = 0; i < count; ++i) {
            uint256 own = uint256(keccak256(abi.encode(seed, i)));
            uint24 account = _account(own);
            uint64 cents = uint64(1 + _random(own, "cents", 20_000));
            transfers[i] = IRedemptions.Transfer(account, cents * CENT, keccak256(abi.encode("id", _ids.length, i)));
            if (i == 0 && seed % 18 == 0) transfers[i].amount += 1;
            if (i == 0 && seed % 18 == 1 && _ids.length != 0) transfers[i].id = _ids[seed % _ids.length];
            total += transfers[i].amount;
            wanted[account] += transfers[i].amount;
        }
        if (seed % 18 == 0) expected = IRedemptions.AmountInvalid.selector;
        else if (seed % 18 == 1 && _ids.length != 0) expected = IRedemptions.IdUsed.selector;
        else if (seed % 18 == 2) expected = IRedemptions.TotalDiffers.selector;
        else expected = _affordable(wanted) ? bytes4(0) : IERC20Errors.ERC20InsufficientBalance.selector;

        uint64 declared = seed % 18 == 2 ? total + CENT : total;
        bytes memory data = abi.encodeCall(IRedemptions.open, (bytes32(seed), uint32(count), declared));
        _as(TREASURER, address(redemptions), data, 0);
        uint32 file = ++files;
        fileState[file] = IRedemptions.FileState.Open;
        data = abi.encodeCall(IRedemptions.add, (file, transfers));
        if (!_as(TREASURER, address(redemptions), data, expected)) return;
        fileState[file] = IRedemptions.FileState.Proposed;
        for (uint256 i = 0; i < count; ++i) {
            bytes32 id = transfers[i].id;
            _ids.push(id);
            (accountOf[id], amountOf[id], fileOf[id]) = (transfers[i].account, transfers[i].amount, file);
            stateOf[id] = IRedemptions.PaymentState.Escrowed;
        }
    }

    function approveFile(uint256 seed) external action {
        if (files == 0) return _credit(seed);
        uint32 file = _file(seed);
        bytes4 expected;
        if (fileState[file] != IRedemptions.FileState.Proposed) expected = IRedemptions.FileInOtherState.selector;
        else if (objected[file]) expected = IRedemptions.Objected.selector;
        bytes memory data = abi.encodeCall(IRedemptions.approve, (file, redemptions.contentHash(file)));
        if (_as(PRESIDENT, address(redemptions), data, expected)) fileState[file] = IRedemptions.FileState.Approved;
    }

    function objectOrWithdraw(uint256 seed) external action {
        if (files == 0) return _credit(seed);
        uint32 file = _file(seed);
        bytes memory data = abi.encodeCall(IRedemptions.withdrawObjection, (file));
        if (objected[file]) {
            if (_as(AUDITOR, address(redemptions), data, 0)) objected[file] = false;
            return;
        }
        if (seed % 4 != 0) return;
        bool isOver = fileState[file] == IRedemptions.FileState.Dropped;
        data = abi.encodeCall(IRedemptions.object, (file, "why?"));
        objected[file] = _as(
            AUDITOR,
            address(redemptions),
            data,
            isOver ? IRedemptions.FileInOtherState.selector : bytes4(0)
        );
    }

    /// Gives up the file of a random payment, and this payment with it; the others of the file one by one.
    function drop(uint256 seed) external action {
        if (_ids.length == 0 || seed % 3 != 0) return _credit(seed);
        bytes32 id = _ids[seed % _ids.length];
        uint32 file = fileOf[id];
        bytes4 expected;
        if (fileState[file] == IRedemptions.FileState.Approved) expected = IRedemptions.FileInOtherState.selector;
        else if (stateOf[id] != IRedemptions.PaymentState.Escrowed) {
            expected = IRedemptions.PaymentInOtherState.selector;
        }
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = id;
        address by = seed % 2 == 0 ? TREASURER : PRESIDENT;
        if (!_as(by, address(redemptions), abi.encodeCall(IRedemptions.drop, (file, ids)), expected)) return;
        fileState[file] = IRedemptions.FileState.Dropped;
        objected[file] = false;
        stateOf[id] = IRedemptions.PaymentState.Dropped;
    }

    /// The bank has executed or returned a random payment.
    function settle(uint256 seed) external action {
        if (_ids.length == 0) return _credit(seed);
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = _ids[seed % _ids.length];
        IRedemptions.PaymentState state = stateOf[ids[0]];
        bool isEscrowed = state == IRedemptions.PaymentState.Escrowed;
        bool isExecuted = state == IRedemptions.PaymentState.Executed;
        IRedemptions.Outcome outcome =
            _random(seed, "outcome", 3) == 0 ? IRedemptions.Outcome.Returned : IRedemptions.Outcome.Executed;
        bool isReturn = outcome == IRedemptions.Outcome.Returned;
        bytes4 expected;
        if (!isEscrowed && !(isExecuted && isReturn)) expected = IRedemptions.PaymentInOtherState.selector;
        else if (fileState[fileOf[ids[0]]] != IRedemptions.FileState.Approved) {
            expected = IRedemptions.FileInOtherState.selector;
        } else if (objected[fileOf[ids[0]]]) expected = IRedemptions.Objected.selector;

        bytes memory data = abi.encodeCall(IRedemptions.proposeOutcomes, (outcome, ids));
        if (!_as(TREASURER, address(redemptions), data, expected)) return;
        data = abi.encodeCall(IRedemptions.approveOutcomes, (++_outcomes, outcome, ids));
        _as(PRESIDENT, address(redemptions), data, 0);
        if (!isReturn) stateOf[ids[0]] = IRedemptions.PaymentState.Executed;
        else stateOf[ids[0]] = isEscrowed ? IRedemptions.PaymentState.Refused : IRedemptions.PaymentState.Reversed;
        // The same again is refused.
        data = abi.encodeCall(IRedemptions.approveOutcomes, (_outcomes, outcome, ids));
        _as(PRESIDENT, address(redemptions), data, IRedemptions.OutcomesUnknown.selector);
    }

    /// A new wallet signs, and after the time for objections the balance moves to it.
    function changePayee(uint256 seed) external action {
        uint24 account = _account(seed);
        uint256 key = 1 + _random(seed, "key", 1_000_000_007);
        address to = vm.addr(key);
        uint24 holder = community.accountOf(to);
        if (holder != 0) return;
        uint32 change = community.payeeChangeCount() + 1;
        bytes memory signature = _signed(key, account, to, change);
        bytes memory data = abi.encodeCall(IPayeeChanges.proposePayee, (account, to, signature));
        _as(SECRETARY, address(community), data, 0);
        _as(PRESIDENT, address(community), abi.encodeCall(IPayeeChanges.approvePayee, (account, change)), 0);
        data = abi.encodeCall(IPayeeChanges.executePayee, (account));
        _as(AUDITOR, address(community), data, IPayeeChanges.PayeeChangeTooEarly.selector);
        clock += OBJECTION_SECONDS;
        vm.warp(clock);
        _as(AUDITOR, address(community), data, 0);
        payeeOf[account] = to;
    }

    function setTransfers(uint256 seed) external action {
        token.setTransfers(seed % 4 != 0);
        if (_accredited && seed % 5 == 0) {
            _as(PRESIDENT, address(token), abi.encodeCall(ICreditToken.withdrawAccreditation, (SUPPLIER)), 0);
            _accredited = false;
        } else if (!_accredited) {
            _as(SECRETARY, address(token), abi.encodeCall(ICreditToken.proposeAccreditation, (SUPPLIER)), 0);
            _as(PRESIDENT, address(token), abi.encodeCall(ICreditToken.accredit, (SUPPLIER)), 0);
            _accredited = true;
        }
    }

    function transfer(uint256 seed) external action {
        uint24 from = _account(seed);
        uint24 to = seed % 3 == 0 ? _account(seed / 3) : SUPPLIER;
        uint256 balance = token.balanceOf(payeeOf[from]);
        uint256 amount = _random(seed, "amount", balance + 2);
        bytes4 expected;
        if (!token.transfersOn()) expected = ICreditToken.TransfersOff.selector;
        else if (from == SUPPLIER) expected = ICreditToken.SenderNotMember.selector;
        else if (to != SUPPLIER || !_accredited || _closed[SUPPLIER]) {
            expected = ICreditToken.ReceiverNotAccredited.selector;
        } else if (amount > balance) expected = IERC20Errors.ERC20InsufficientBalance.selector;
        bytes memory data = abi.encodeCall(IERC20.transfer, (payeeOf[to], amount));
        if (!_as(payeeOf[from], address(token), data, expected)) return;
        transferred[from] -= int256(amount);
        transferred[to] += int256(amount);
    }

    /// Nobody else takes, burns or makes tokens, or moves a payee's.
    function takeTokens(uint256 seed) external action {
        address[] memory holders = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (holders[0], amounts[0]) = (payeeOf[_account(seed)], 1);
        address[4] memory people = [SECRETARY, TREASURER, PRESIDENT, payeeOf[_account(seed / 7)]];
        address by = people[seed % 4];
        bytes4 expected = ICreditToken.NotRedemptions.selector;
        _as(by, address(token), abi.encodeCall(ICreditToken.escrow, (holders, amounts)), expected);
        _as(by, address(token), abi.encodeCall(ICreditToken.release, (holders, amounts)), expected);
        _as(by, address(token), abi.encodeCall(ICreditToken.restore, (holders, amounts)), expected);
        _as(by, address(token), abi.encodeCall(ICreditToken.burn, (1)), expected);
        bytes memory data = abi.encodeCall(ICreditToken.move, (holders[0], by));
        _as(by, address(token), data, ICreditToken.NotCommunity.selector);
    }

    function close(uint256 seed) external action {
        uint24 account = _account(seed);
        if (seed % 8 != 0 || _closed[account]) return _credit(seed);
        _as(SECRETARY, address(community), abi.encodeCall(ICommunity.closeAccount, (account)), 0);
        _closed[account] = true;
    }

    function _affordable(uint256[6] memory wanted) private view returns (bool) {
        for (uint24 a = 1; a <= ACCOUNTS; ++a) {
            if (wanted[a] > token.balanceOf(payeeOf[a])) return false;
        }
        return true;
    }

    function _signed(uint256 key, uint24 account, address to, uint32 change) private view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN, keccak256("Condivisa Community"), keccak256("1"), block.chainid, address(community))
        );
        bytes32 link = keccak256(abi.encode(LINK, account, payeeOf[account], to, change));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked("\x19\x01", domain, link)));
        return abi.encodePacked(r, s, v);
    }

    function _account(uint256 seed) private pure returns (uint24) {
        return uint24(1 + _random(seed, "account", ACCOUNTS));
    }

    /// One of the newest three.
    function _file(uint256 seed) private view returns (uint32) {
        uint32 back = uint32(_random(seed, "file", 3));
        return back < files ? files - back : files;
    }
}
