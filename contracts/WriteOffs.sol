// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Standings} from "./Standings.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";
import {Quads} from "./libraries/Quads.sol";

/// Debts that nobody will pay back, for example of a member who left: by decision of two persons a fund takes them over.
abstract contract WriteOffs is Standings {
    using Quads for uint256;

    WriteOff private _proposal;
    address private _proposer;

    /// @inheritdoc ITreasury
    function proposeWriteOff(WriteOff calldata proposed) external restricted {
        _checkWriteOff(proposed);
        _proposal = proposed;
        _proposer = msg.sender;
        emit WriteOffProposed(proposed, msg.sender);
    }

    /// @inheritdoc ITreasury
    function approveWriteOff(bytes32 writeOffHash) external restricted {
        WriteOff memory proposed = _proposal;
        if (proposed.amount == 0 || keccak256(abi.encode(proposed)) != writeOffHash) {
            revert WriteOffNotProposed(writeOffHash);
        }
        if (msg.sender == _proposer) revert SamePerson(msg.sender);
        if (_isLive(_runs[runCount].phase)) revert RunLive(runCount);
        _checkWriteOff(proposed);

        delete _proposal;
        delete _proposer;
        _change(proposed.account, int64(proposed.amount));
        int64 fundOwed = _change(proposed.fund, -int64(proposed.amount));
        int64 fundOwedBefore = fundOwed + int64(proposed.amount);
        _owedBefore = _owedBefore + _positive(fundOwed) - _positive(fundOwedBefore);
        emit DebtWrittenOff(proposed.account, proposed.fund, proposed.amount, proposed.reason, msg.sender);
    }

    function _checkWriteOff(WriteOff memory proposed) private view {
        bool isFund = community.account(proposed.fund).kind == ICommunity.AccountKind.Fund;
        if (!isFund) revert WriteOffToNoFund(proposed.fund);
        if (bytes(proposed.reason).length == 0) revert ReasonMissing();
        int64 owed = _owedTo(proposed.account);
        bool isWithin = owed < 0 && proposed.amount != 0 && proposed.amount <= uint64(-owed);
        if (!isWithin) revert WriteOffBeyondDebt(proposed.account, owed, proposed.amount);
    }

    function _owedTo(uint24 account) private view returns (int64) {
        if (account == 0) return 0;
        (uint256 word, uint256 lane) = Quads.placeOf(account);
        return _owed[word].get(lane);
    }

    function _change(uint24 account, int64 amount) private returns (int64 owed) {
        (uint256 word, uint256 lane) = Quads.placeOf(account);
        uint256 packed = _owed[word];
        owed = packed.get(lane) + amount;
        _owed[word] = packed.set(lane, owed);
    }
}
