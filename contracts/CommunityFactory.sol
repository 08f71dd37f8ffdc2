// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Community} from "./Community.sol";
import {CommunityRoles} from "./CommunityRoles.sol";
import {EnergyLedger} from "./EnergyLedger.sol";
import {ExpiringPause} from "./ExpiringPause.sol";
import {ReceiptBook} from "./ReceiptBook.sol";
import {RuleBook} from "./RuleBook.sol";
import {Treasury} from "./Treasury.sol";
import {ICreditToken} from "./interfaces/ICreditToken.sol";
import {ICommunityFactory} from "./interfaces/ICommunityFactory.sol";
import {IEnergyLedger} from "./interfaces/IEnergyLedger.sol";
import {IPayeeChanges} from "./interfaces/IPayeeChanges.sol";
import {IRedemptions} from "./interfaces/IRedemptions.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";
import {RoleIds} from "./libraries/RoleIds.sol";

/// See ICommunityFactory. The creation code of the parts stands in the code of data contracts, each of them a STOP and a
/// piece of at most 24,575 bytes: together they are far beyond what one contract may hold.
contract CommunityFactory is ICommunityFactory {
    enum Part {
        Roles,
        Community,
        RuleBook,
        ReceiptBook,
        Treasury,
        Redemptions,
        Ledger
    }

    /// Data contracts of each part, in order.
    mapping(Part part => address[]) private _creationCode;

    /// @inheritdoc ICommunityFactory
    uint32 public communityCount;
    mapping(uint32 number => Deployment) private _deployments;
    mapping(uint32 number => Handover) private _handovers;

    struct Handover {
        address council;
        uint32 adminSeconds;
        uint48 objectionSeconds;
    }

    /// @param creationCode for each part, in the order of `Part`, its data contracts
    constructor(address[][7] memory creationCode) {
        for (uint8 part = 0; part < creationCode.length; ++part) {
            _creationCode[Part(part)] = creationCode[part];
        }
    }

    /// @inheritdoc ICommunityFactory
    function create(Setup calldata setup) external returns (uint32 number) {
        if (setup.council == address(0)) revert CouncilMissing();
        number = ++communityCount;
        Deployment storage made = _deployments[number];
        address roles = _deploy(Part.Roles, abi.encode(address(this), setup.officers, setup.grantSeconds));
        address community = _deploy(Part.Community, abi.encode(roles, setup.objectionSeconds));
        address ruleBook = _deploy(Part.RuleBook, abi.encode(roles, community));
        address receiptBook = _deploy(Part.ReceiptBook, abi.encode(roles, community));
        made.roles = roles;
        made.community = community;
        made.ruleBook = ruleBook;
        made.receiptBook = receiptBook;
        made.creator = msg.sender;
        _handovers[number] = Handover(setup.council, setup.adminSeconds, setup.objectionSeconds);

        CommunityRoles manager = CommunityRoles(roles);
        _assign(manager, community, RoleIds.SECRETARY, Community.enrol.selector, Community.closeAccount.selector);
        _assign(manager, ruleBook, RoleIds.SECRETARY, RuleBook.propose.selector);
        _assign(manager, ruleBook, RoleIds.PRESIDENT, RuleBook.adopt.selector);
        _assign(
            manager,
            receiptBook,
            RoleIds.TREASURER,
            ReceiptBook.bookReceipt.selector,
            ReceiptBook.adjustYear.selector
        );
        emit CommunityCreated(number, made);
    }

    /// @inheritdoc ICommunityFactory
    function addTreasury(uint32 number) external {
        Deployment storage made = _ofCreator(number);
        if (made.treasury != address(0)) revert TreasuryAlreadyAdded(number);
        uint48 objectionSeconds = _handovers[number].objectionSeconds;
        address treasury = _deploy(
            Part.Treasury,
            abi.encode(made.roles, made.community, made.ruleBook, made.receiptBook, objectionSeconds)
        );
        made.treasury = treasury;
        made.token = address(Treasury(treasury).token());
        made.redemptions = _deploy(Part.Redemptions, abi.encode(made.roles, made.community, made.token));
        CommunityRoles manager = CommunityRoles(made.roles);
        _assignTreasury(manager, treasury);
        _assignTokens(manager, made);
        Community(made.community).connect(ICreditToken(made.token), made.redemptions);
        emit TreasuryAdded(number, treasury, made.token, made.redemptions);
    }

    /// @inheritdoc ICommunityFactory
    function addLedger(uint32 number, Configuration calldata configuration) external returns (address ledger) {
        Deployment storage made = _ofCreator(number);
        ledger = _deploy(
            Part.Ledger,
            abi.encode(
                made.roles,
                made.community,
                configuration.firstHour,
                configuration.firstMonth,
                configuration.oracles,
                configuration.quorum
            )
        );
        CommunityRoles manager = CommunityRoles(made.roles);
        _assign(manager, ledger, RoleIds.SECRETARY, EnergyLedger.proposeRoster.selector);
        _assign(manager, ledger, RoleIds.PRESIDENT, EnergyLedger.adoptRoster.selector, ExpiringPause.unpause.selector);
        _assign(manager, ledger, RoleIds.AUDITOR, ExpiringPause.pause.selector);
        Community(made.community).addConfiguration(IEnergyLedger(ledger), configuration.area);
        emit LedgerAdded(number, ledger, configuration.area);
    }

    /// @inheritdoc ICommunityFactory
    function handOver(uint32 number) external {
        Deployment storage made = _ofCreator(number);
        if (Community(made.community).configurationCount() == 0) revert NoLedgerYet(number);
        if (made.treasury == address(0)) revert NoTreasuryYet(number);
        made.handedOver = true;
        CommunityRoles manager = CommunityRoles(made.roles);
        Handover memory handover = _handovers[number];
        uint64 admin = manager.ADMIN_ROLE();
        manager.grantRole(admin, handover.council, handover.adminSeconds);
        manager.renounceRole(admin, address(this));
        emit HandedOver(number, handover.council);
    }

    /// @inheritdoc ICommunityFactory
    function deployment(uint32 number) external view returns (Deployment memory) {
        return _deployments[number];
    }

    function _assignTreasury(CommunityRoles manager, address treasury) private {
        bytes4[] memory treasurers = new bytes4[](6);
        treasurers[0] = ITreasury.proposeWriteOff.selector;
        treasurers[1] = ITreasury.open.selector;
        treasurers[2] = ITreasury.weigh.selector;
        treasurers[3] = ITreasury.apportion.selector;
        treasurers[4] = ITreasury.propose.selector;
        treasurers[5] = ITreasury.pay.selector;
        manager.setTargetFunctionRole(treasury, treasurers, RoleIds.TREASURER);
        _assign(manager, treasury, RoleIds.PRESIDENT, ITreasury.approve.selector, ExpiringPause.unpause.selector);
        _assign(manager, treasury, RoleIds.PRESIDENT, ITreasury.approveWriteOff.selector);
        _assign(manager, treasury, RoleIds.AUDITOR, ITreasury.object.selector, ITreasury.withdrawObjection.selector);
        _assign(manager, treasury, RoleIds.AUDITOR, ExpiringPause.pause.selector);
    }

    /// What becomes of tokens once they are paid.
    function _assignTokens(CommunityRoles manager, Deployment storage made) private {
        address community = made.community;
        _assign(manager, community, RoleIds.SECRETARY, IPayeeChanges.proposePayee.selector);
        _assign(manager, community, RoleIds.PRESIDENT, IPayeeChanges.approvePayee.selector);

        address token = made.token;
        _assign(manager, token, RoleIds.SECRETARY, ICreditToken.proposeAccreditation.selector);
        _assign(manager, token, RoleIds.PRESIDENT, ICreditToken.accredit.selector);
        _assign(manager, token, RoleIds.PRESIDENT, ICreditToken.withdrawAccreditation.selector);

        address redemptions = made.redemptions;
        _assign(manager, redemptions, RoleIds.TREASURER, IRedemptions.open.selector, IRedemptions.add.selector);
        _assign(manager, redemptions, RoleIds.TREASURER, IRedemptions.proposeOutcomes.selector);
        _assign(manager, redemptions, RoleIds.PRESIDENT, IRedemptions.approve.selector);
        _assign(manager, redemptions, RoleIds.PRESIDENT, IRedemptions.approveOutcomes.selector);
        _assign(manager, redemptions, RoleIds.PRESIDENT, ExpiringPause.unpause.selector);
        _assign(manager, redemptions, RoleIds.AUDITOR, IRedemptions.object.selector);
        _assign(manager, redemptions, RoleIds.AUDITOR, IRedemptions.withdrawObjection.selector);
        _assign(manager, redemptions, RoleIds.AUDITOR, ExpiringPause.pause.selector);
    }

    function _assign(CommunityRoles manager, address target, uint64 role, bytes4 selector) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        manager.setTargetFunctionRole(target, selectors, role);
    }

    function _assign(CommunityRoles manager, address target, uint64 role, bytes4 first, bytes4 second) private {
        _assign(manager, target, role, first);
        _assign(manager, target, role, second);
    }

    function _ofCreator(uint32 number) private view returns (Deployment storage made) {
        made = _deployments[number];
        if (msg.sender != made.creator) revert NotCreator(msg.sender);
        if (made.handedOver) revert AlreadyHandedOver(number);
    }

    function _deploy(Part part, bytes memory arguments) private returns (address deployed) {
        address[] memory pieces = _creationCode[part];
        bytes memory code;
        for (uint256 i = 0; i < pieces.length; ++i) {
            bytes memory piece = new bytes(pieces[i].code.length - 1);
            address pointer = pieces[i];
            assembly ("memory-safe") {
                extcodecopy(pointer, add(piece, 32), 1, mload(piece))
            }
            code = bytes.concat(code, piece);
        }
        code = bytes.concat(code, arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 32), mload(code))
            if iszero(deployed) {
                // The constructor's own error says more than that it failed.
                let size := returndatasize()
                if size {
                    let free := mload(0x40)
                    returndatacopy(free, 0, size)
                    revert(free, size)
                }
            }
        }
        if (deployed == address(0)) revert DeploymentFailed(uint256(part));
    }
}
