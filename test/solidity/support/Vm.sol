// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

/// The cheat codes of the test runner that these tests use.
interface Vm {
    function addr(uint256 privateKey) external pure returns (address);

    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    function warp(uint256 timestamp) external;

    /// The next call comes from `caller`.
    function prank(address caller) external;

    function expectRevert(bytes calldata revertData) external;

    /// The creation code of a compiled contract: deploying by name keeps the code of what is tested out of the tests.
    function getCode(string calldata artifact) external view returns (bytes memory);

    function writeLine(string calldata file, string calldata line) external;

    function toString(uint256 value) external pure returns (string memory);

    function getNonce(address account) external view returns (uint64);

    function computeCreateAddress(address deployer, uint256 nonce) external pure returns (address);
}

Vm constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

error Differs(string what, uint256 expected, uint256 actual);
error DiffersAt(string what, uint256 index, uint256 expected, uint256 actual);
error Untrue(string what);

/// Leaves word of a campaign of an invariant test: how many actions there were, and how many of them moved something.
function report(string memory campaign, uint256 actions, uint256 moved) {
    string memory line = string.concat(campaign, ",", vm.toString(actions), ",", vm.toString(moved));
    vm.writeLine("cache/campaigns.csv", line);
}

function same(string memory what, uint256 expected, uint256 actual) pure {
    if (expected != actual) revert Differs(what, expected, actual);
}

function sameAt(string memory what, uint256 index, uint256 expected, uint256 actual) pure {
    if (expected != actual) revert DiffersAt(what, index, expected, actual);
}

function isTrue(string memory what, bool condition) pure {
    if (!condition) revert Untrue(what);
}
