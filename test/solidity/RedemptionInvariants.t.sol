// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ICommunity} from "../../contracts/interfaces/ICommunity.sol";
import {ICreditToken} from "../../contracts/interfaces/ICreditToken.sol";
import {IRedemptions} from "../../contracts/interfaces/IRedemptions.sol";
import {RedemptionActions} from "./invariants/RedemptionActions.sol";
import {isTrue, report, same, sameAt} from "./support/Vm.sol";

/// Officers, members and the bank: the target of the invariants.
contract RedemptionHandler is RedemptionActions {}

/// What must hold of tokens once they are paid, whoever redeems, returns, transfers or changes a payee: in words in
/// README.md beside this file.
contract RedemptionInvariantsTest {
    struct Sums {
        uint256 inEscrow;
        uint256 redeemed;
        uint256 reversed;
    }

    RedemptionHandler private _handler;
    ICommunity private _community;
    ICreditToken private _token;
    IRedemptions private _redemptions;

    function setUp() external {
        _handler = new RedemptionHandler();
        _community = _handler.community();
        _token = _handler.token();
        _redemptions = _handler.redemptions();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_tokens() external view {
        uint24 count = _handler.ACCOUNTS();
        Sums[] memory sums = _payments(count);
        uint256 paid;
        Sums memory all;
        for (uint24 a = 1; a <= count; ++a) {
            Sums memory own = sums[a];
            IRedemptions.Sums memory told = _redemptions.sumsOf(a);
            sameAt("in escrow", a, own.inEscrow, told.inEscrow);
            sameAt("redeemed", a, own.redeemed, told.redeemed);
            sameAt("reversed", a, own.reversed, told.reversed);
            isTrue("payee", _community.payeeOf(a) == _handler.payeeOf(a));
            int256 left = int256(_handler.paid(a)) - int256(own.inEscrow) - int256(own.redeemed);
            left += int256(own.reversed) + _handler.transferred(a);
            sameAt("balance", a, uint256(left), _token.balanceOf(_handler.payeeOf(a)));
            paid += _handler.paid(a);
            all.inEscrow += own.inEscrow;
            all.redeemed += own.redeemed;
            all.reversed += own.reversed;
        }
        same("escrow", all.inEscrow, _token.balanceOf(address(_redemptions)));
        same("redeemed in all", all.redeemed, _redemptions.redeemed());
        same("reversed in all", all.reversed, _redemptions.reversed());
        same("supply = paid - redeemed + reversed", paid - all.redeemed + all.reversed, _token.totalSupply());
    }

    function afterInvariant() external {
        report("redemption", _handler.calls(), _handler.moved());
        isTrue("a twentieth of the actions moved something", 20 * _handler.moved() >= _handler.calls());
    }

    /// Every id is what the model says, stands once, and no file that is not approved has been at the bank.
    function _payments(uint24 count) private view returns (Sums[] memory sums) {
        sums = new Sums[](count + 1);
        uint256 ids = _handler.idCount();
        for (uint256 i = 0; i < ids; ++i) {
            bytes32 id = _handler.idAt(i);
            IRedemptions.Payment memory payment = _redemptions.payment(id);
            isTrue("state", payment.state == _handler.stateOf(id));
            sameAt("account", i, _handler.accountOf(id), payment.account);
            sameAt("amount", i, _handler.amountOf(id), payment.amount);
            bool isPaidOut = payment.state >= IRedemptions.PaymentState.Executed;
            IRedemptions.FileState state = _redemptions.file(payment.file).state;
            if (isPaidOut) isTrue("in an approved file", state == IRedemptions.FileState.Approved);
            Sums memory own = sums[payment.account];
            if (payment.state == IRedemptions.PaymentState.Escrowed) own.inEscrow += payment.amount;
            if (payment.state == IRedemptions.PaymentState.Executed) own.redeemed += payment.amount;
            if (payment.state == IRedemptions.PaymentState.Reversed) {
                own.redeemed += payment.amount;
                own.reversed += payment.amount;
            }
        }
    }
}
