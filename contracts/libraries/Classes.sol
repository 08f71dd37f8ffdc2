// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

/// Classes of members, by the words of the law; a set of them is a bit mask in which class c is bit c.
library Classes {
    uint8 internal constant PERSONA_FISICA = 1;
    uint8 internal constant IMPRESA = 2;
    uint8 internal constant ENTE_TERRITORIALE = 3;
    uint8 internal constant ENTE_RICERCA = 4;
    uint8 internal constant ENTE_RELIGIOSO = 5;
    uint8 internal constant TERZO_SETTORE = 6;
    uint8 internal constant ENTE_AMBIENTALE = 7;
    uint8 internal constant COUNT = 7;

    /// Every class.
    uint16 internal constant ALL = 0xfe;
}
