// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// A pause that ends by itself, so that whoever may pause can delay but not stop a community.
abstract contract ExpiringPause is AccessManaged {
    /// How long a pause lasts.
    uint48 public constant PAUSE_SECONDS = 7 days;
    /// How long after the end of a pause no new one can begin.
    uint48 public constant PAUSE_REST_SECONDS = 7 days;

    /// Seconds since the Unix epoch.
    uint48 public pausedUntil;

    event Paused(address by, uint48 until);
    event Unpaused(address by);

    error IsPaused(uint48 until);
    error NotPaused();
    /// Pauses cannot follow each other closely.
    error PauseTooSoon(uint48 notBefore);

    modifier whenNotPaused() {
        if (block.timestamp < pausedUntil) revert IsPaused(pausedUntil);
        _;
    }

    /// Stops intake or payout for `PAUSE_SECONDS`.
    function pause() external restricted {
        if (pausedUntil != 0 && block.timestamp < pausedUntil + PAUSE_REST_SECONDS) {
            revert PauseTooSoon(pausedUntil + PAUSE_REST_SECONDS);
        }
        pausedUntil = uint48(block.timestamp) + PAUSE_SECONDS;
        emit Paused(msg.sender, pausedUntil);
    }

    /// Ends the pause now. Another role's than `pause`.
    function unpause() external restricted {
        if (block.timestamp >= pausedUntil) revert NotPaused();
        pausedUntil = uint48(block.timestamp);
        emit Unpaused(msg.sender);
    }
}
