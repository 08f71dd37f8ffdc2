// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Regimes} from "./Regimes.sol";
import {CacerTerms, Plant, Roster} from "./Roster.sol";

/// Refuses plants whose terms are none that the law knows (rules.md, Premium). Tariffs in 10⁻⁴ €/MWh.
library PlantCheck {
    /// Art. 42-bis covers plants up to 200 kW.
    uint256 internal constant MOST_42BIS_W = 200_000;
    /// Larger plants earn the valorisation only.
    uint256 internal constant MOST_CACER_W = 1_000_000;

    error RegimeUnknown(uint16 plant, uint8 regime);
    error PowerAboveRegime(uint16 plant, uint32 powerW, uint256 most);
    error TariffMissing(uint16 plant);
    /// Bytes that the regime does not use are zero.
    error TermsNotZero(uint16 plant, uint152 terms);
    /// Base and cap are those of the class of power.
    error PowerClassMismatch(uint16 plant, uint32 powerW, uint256 base, uint256 cap);
    /// The correction for photovoltaic plants is 0, 4 or 10 €/MWh.
    error CorrectionUnknown(uint16 plant, uint256 correction);
    /// F = numerator / denominator lies between 0 and ½; without a grant it is 0 / 1.
    error ReductionOutOfRange(uint16 plant, uint256 numerator, uint256 denominator);

    function check(Plant memory plant) internal pure {
        if (plant.regime == Regimes.FIXED) {
            _checkPower(plant, MOST_42BIS_W);
            if (Roster.fixedTariff(plant.terms) == 0) revert TariffMissing(plant.number);
            if (uint120(plant.terms) != 0) revert TermsNotZero(plant.number, plant.terms);
        } else if (plant.regime == Regimes.CACER) {
            _checkPower(plant, MOST_CACER_W);
            _checkCacer(plant);
        } else if (plant.regime == Regimes.NONE) {
            if (plant.terms != 0) revert TermsNotZero(plant.number, plant.terms);
        } else {
            revert RegimeUnknown(plant.number, plant.regime);
        }
    }

    function _checkPower(Plant memory plant, uint256 most) private pure {
        if (plant.powerW > most) revert PowerAboveRegime(plant.number, plant.powerW, most);
    }

    function _checkCacer(Plant memory plant) private pure {
        CacerTerms memory terms = Roster.cacerTerms(plant.terms);
        (uint256 base, uint256 cap) = _powerClass(plant.powerW);
        if (terms.base != base || terms.cap != cap) {
            revert PowerClassMismatch(plant.number, plant.powerW, terms.base, terms.cap);
        }
        if (terms.correction != 0 && terms.correction != 40_000 && terms.correction != 100_000) {
            revert CorrectionUnknown(plant.number, terms.correction);
        }
        bool isRatio = terms.numerator == 0 ? terms.denominator == 1 : 2 * terms.numerator <= terms.denominator;
        if (!isRatio) revert ReductionOutOfRange(plant.number, terms.numerator, terms.denominator);
    }

    function _powerClass(uint256 powerW) private pure returns (uint256 base, uint256 cap) {
        if (powerW <= 200_000) return (800_000, 1_200_000);
        if (powerW <= 600_000) return (700_000, 1_100_000);
        return (600_000, 1_000_000);
    }
}
