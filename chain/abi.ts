/** Written by scripts/writeAbi.ts from the compiled contracts; not by hand. */

export const communityFactoryAbi = [
 {
  "type": "constructor",
  "inputs": [
   {
    "internalType": "address[][5]",
    "name": "creationCode",
    "type": "address[][5]"
   }
  ],
  "stateMutability": "nonpayable"
 },
 {
  "type": "error",
  "name": "AlreadyHandedOver",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "CouncilMissing",
  "inputs": []
 },
 {
  "type": "error",
  "name": "DeploymentFailed",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "part",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "NoLedgerYet",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotCreator",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "CommunityCreated",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   },
   {
    "components": [
     {
      "internalType": "address",
      "name": "roles",
      "type": "address"
     },
     {
      "internalType": "address",
      "name": "community",
      "type": "address"
     },
     {
      "internalType": "address",
      "name": "ruleBook",
      "type": "address"
     },
     {
      "internalType": "address",
      "name": "treasury",
      "type": "address"
     },
     {
      "internalType": "address",
      "name": "token",
      "type": "address"
     },
     {
      "internalType": "address",
      "name": "creator",
      "type": "address"
     },
     {
      "internalType": "bool",
      "name": "handedOver",
      "type": "bool"
     }
    ],
    "indexed": false,
    "internalType": "struct ICommunityFactory.Deployment",
    "name": "deployment",
    "type": "tuple"
   }
  ]
 },
 {
  "type": "event",
  "name": "HandedOver",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "address",
    "name": "council",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "LedgerAdded",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   },
   {
    "indexed": true,
    "internalType": "address",
    "name": "ledger",
    "type": "address"
   },
   {
    "indexed": false,
    "internalType": "bytes32",
    "name": "area",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "function",
  "name": "addLedger",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   },
   {
    "components": [
     {
      "internalType": "bytes32",
      "name": "area",
      "type": "bytes32"
     },
     {
      "internalType": "uint32",
      "name": "firstHour",
      "type": "uint32"
     },
     {
      "internalType": "uint16",
      "name": "firstMonth",
      "type": "uint16"
     },
     {
      "internalType": "address[]",
      "name": "oracles",
      "type": "address[]"
     },
     {
      "internalType": "uint8",
      "name": "quorum",
      "type": "uint8"
     }
    ],
    "internalType": "struct ICommunityFactory.Configuration",
    "name": "configuration",
    "type": "tuple"
   }
  ],
  "outputs": [
   {
    "internalType": "address",
    "name": "ledger",
    "type": "address"
   }
  ],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "communityCount",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint32",
    "name": "",
    "type": "uint32"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "create",
  "inputs": [
   {
    "components": [
     {
      "components": [
       {
        "internalType": "address",
        "name": "secretary",
        "type": "address"
       },
       {
        "internalType": "address",
        "name": "treasurer",
        "type": "address"
       },
       {
        "internalType": "address",
        "name": "president",
        "type": "address"
       },
       {
        "internalType": "address",
        "name": "auditor",
        "type": "address"
       }
      ],
      "internalType": "struct CommunityRoles.Officers",
      "name": "officers",
      "type": "tuple"
     },
     {
      "internalType": "address",
      "name": "council",
      "type": "address"
     },
     {
      "internalType": "uint32",
      "name": "adminSeconds",
      "type": "uint32"
     },
     {
      "internalType": "uint32",
      "name": "grantSeconds",
      "type": "uint32"
     },
     {
      "internalType": "uint48",
      "name": "objectionSeconds",
      "type": "uint48"
     }
    ],
    "internalType": "struct ICommunityFactory.Setup",
    "name": "setup",
    "type": "tuple"
   }
  ],
  "outputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   }
  ],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "deployment",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   }
  ],
  "outputs": [
   {
    "components": [
     {
      "internalType": "address",
      "name": "roles",
      "type": "address"
     },
     {
      "internalType": "address",
      "name": "community",
      "type": "address"
     },
     {
      "internalType": "address",
      "name": "ruleBook",
      "type": "address"
     },
     {
      "internalType": "address",
      "name": "treasury",
      "type": "address"
     },
     {
      "internalType": "address",
      "name": "token",
      "type": "address"
     },
     {
      "internalType": "address",
      "name": "creator",
      "type": "address"
     },
     {
      "internalType": "bool",
      "name": "handedOver",
      "type": "bool"
     }
    ],
    "internalType": "struct ICommunityFactory.Deployment",
    "name": "",
    "type": "tuple"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "handOver",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 }
] as const;

export const communityRolesAbi = [
 {
  "type": "constructor",
  "inputs": [
   {
    "internalType": "address",
    "name": "initialAdmin",
    "type": "address"
   },
   {
    "components": [
     {
      "internalType": "address",
      "name": "secretary",
      "type": "address"
     },
     {
      "internalType": "address",
      "name": "treasurer",
      "type": "address"
     },
     {
      "internalType": "address",
      "name": "president",
      "type": "address"
     },
     {
      "internalType": "address",
      "name": "auditor",
      "type": "address"
     }
    ],
    "internalType": "struct CommunityRoles.Officers",
    "name": "officers",
    "type": "tuple"
   },
   {
    "internalType": "uint32",
    "name": "grantSeconds",
    "type": "uint32"
   }
  ],
  "stateMutability": "nonpayable"
 },
 {
  "type": "error",
  "name": "AccessManagerAlreadyScheduled",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "operationId",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerBadConfirmation",
  "inputs": []
 },
 {
  "type": "error",
  "name": "AccessManagerExpired",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "operationId",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerInvalidInitialAdmin",
  "inputs": [
   {
    "internalType": "address",
    "name": "initialAdmin",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerLockedFunction",
  "inputs": [
   {
    "internalType": "bytes4",
    "name": "selector",
    "type": "bytes4"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerLockedRole",
  "inputs": [
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerNotReady",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "operationId",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerNotScheduled",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "operationId",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerUnauthorizedAccount",
  "inputs": [
   {
    "internalType": "address",
    "name": "msgsender",
    "type": "address"
   },
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerUnauthorizedCall",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "internalType": "bytes4",
    "name": "selector",
    "type": "bytes4"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerUnauthorizedCancel",
  "inputs": [
   {
    "internalType": "address",
    "name": "msgsender",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "internalType": "bytes4",
    "name": "selector",
    "type": "bytes4"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerUnauthorizedConsume",
  "inputs": [
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "AddressEmptyCode",
  "inputs": [
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "FailedCall",
  "inputs": []
 },
 {
  "type": "error",
  "name": "InsufficientBalance",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "balance",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "needed",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "RolesExclusive",
  "inputs": [
   {
    "internalType": "address",
    "name": "account",
    "type": "address"
   },
   {
    "internalType": "uint64",
    "name": "held",
    "type": "uint64"
   },
   {
    "internalType": "uint64",
    "name": "wanted",
    "type": "uint64"
   }
  ]
 },
 {
  "type": "error",
  "name": "SafeCastOverflowedUintDowncast",
  "inputs": [
   {
    "internalType": "uint8",
    "name": "bits",
    "type": "uint8"
   },
   {
    "internalType": "uint256",
    "name": "value",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "event",
  "name": "OperationCanceled",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "bytes32",
    "name": "operationId",
    "type": "bytes32"
   },
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "nonce",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "event",
  "name": "OperationExecuted",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "bytes32",
    "name": "operationId",
    "type": "bytes32"
   },
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "nonce",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "event",
  "name": "OperationScheduled",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "bytes32",
    "name": "operationId",
    "type": "bytes32"
   },
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "nonce",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "uint48",
    "name": "schedule",
    "type": "uint48"
   },
   {
    "indexed": false,
    "internalType": "address",
    "name": "caller",
    "type": "address"
   },
   {
    "indexed": false,
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "indexed": false,
    "internalType": "bytes",
    "name": "data",
    "type": "bytes"
   }
  ]
 },
 {
  "type": "event",
  "name": "RoleAdminChanged",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   },
   {
    "indexed": true,
    "internalType": "uint64",
    "name": "admin",
    "type": "uint64"
   }
  ]
 },
 {
  "type": "event",
  "name": "RoleGrantDelayChanged",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   },
   {
    "indexed": false,
    "internalType": "uint32",
    "name": "delay",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "uint48",
    "name": "since",
    "type": "uint48"
   }
  ]
 },
 {
  "type": "event",
  "name": "RoleGranted",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   },
   {
    "indexed": true,
    "internalType": "address",
    "name": "account",
    "type": "address"
   },
   {
    "indexed": false,
    "internalType": "uint32",
    "name": "delay",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "uint48",
    "name": "since",
    "type": "uint48"
   },
   {
    "indexed": false,
    "internalType": "bool",
    "name": "newMember",
    "type": "bool"
   }
  ]
 },
 {
  "type": "event",
  "name": "RoleGuardianChanged",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   },
   {
    "indexed": true,
    "internalType": "uint64",
    "name": "guardian",
    "type": "uint64"
   }
  ]
 },
 {
  "type": "event",
  "name": "RoleLabel",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   },
   {
    "indexed": false,
    "internalType": "string",
    "name": "label",
    "type": "string"
   }
  ]
 },
 {
  "type": "event",
  "name": "RoleRevoked",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   },
   {
    "indexed": true,
    "internalType": "address",
    "name": "account",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "TargetAdminDelayUpdated",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "indexed": false,
    "internalType": "uint32",
    "name": "delay",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "uint48",
    "name": "since",
    "type": "uint48"
   }
  ]
 },
 {
  "type": "event",
  "name": "TargetClosed",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "indexed": false,
    "internalType": "bool",
    "name": "closed",
    "type": "bool"
   }
  ]
 },
 {
  "type": "event",
  "name": "TargetFunctionRoleUpdated",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "indexed": false,
    "internalType": "bytes4",
    "name": "selector",
    "type": "bytes4"
   },
   {
    "indexed": true,
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   }
  ]
 },
 {
  "type": "function",
  "name": "ADMIN_ROLE",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint64",
    "name": "",
    "type": "uint64"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "PUBLIC_ROLE",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint64",
    "name": "",
    "type": "uint64"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "canCall",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "internalType": "bytes4",
    "name": "selector",
    "type": "bytes4"
   }
  ],
  "outputs": [
   {
    "internalType": "bool",
    "name": "immediate",
    "type": "bool"
   },
   {
    "internalType": "uint32",
    "name": "delay",
    "type": "uint32"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "cancel",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "internalType": "bytes",
    "name": "data",
    "type": "bytes"
   }
  ],
  "outputs": [
   {
    "internalType": "uint32",
    "name": "",
    "type": "uint32"
   }
  ],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "consumeScheduledOp",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   },
   {
    "internalType": "bytes",
    "name": "data",
    "type": "bytes"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "execute",
  "inputs": [
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "internalType": "bytes",
    "name": "data",
    "type": "bytes"
   }
  ],
  "outputs": [
   {
    "internalType": "uint32",
    "name": "",
    "type": "uint32"
   }
  ],
  "stateMutability": "payable"
 },
 {
  "type": "function",
  "name": "expiration",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint32",
    "name": "",
    "type": "uint32"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "getAccess",
  "inputs": [
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   },
   {
    "internalType": "address",
    "name": "account",
    "type": "address"
   }
  ],
  "outputs": [
   {
    "internalType": "uint48",
    "name": "since",
    "type": "uint48"
   },
   {
    "internalType": "uint32",
    "name": "currentDelay",
    "type": "uint32"
   },
   {
    "internalType": "uint32",
    "name": "pendingDelay",
    "type": "uint32"
   },
   {
    "internalType": "uint48",
    "name": "effect",
    "type": "uint48"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "getNonce",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "id",
    "type": "bytes32"
   }
  ],
  "outputs": [
   {
    "internalType": "uint32",
    "name": "",
    "type": "uint32"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "getRoleAdmin",
  "inputs": [
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   }
  ],
  "outputs": [
   {
    "internalType": "uint64",
    "name": "",
    "type": "uint64"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "getRoleGrantDelay",
  "inputs": [
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   }
  ],
  "outputs": [
   {
    "internalType": "uint32",
    "name": "",
    "type": "uint32"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "getRoleGuardian",
  "inputs": [
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   }
  ],
  "outputs": [
   {
    "internalType": "uint64",
    "name": "",
    "type": "uint64"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "getSchedule",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "id",
    "type": "bytes32"
   }
  ],
  "outputs": [
   {
    "internalType": "uint48",
    "name": "",
    "type": "uint48"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "getTargetAdminDelay",
  "inputs": [
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   }
  ],
  "outputs": [
   {
    "internalType": "uint32",
    "name": "",
    "type": "uint32"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "getTargetFunctionRole",
  "inputs": [
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "internalType": "bytes4",
    "name": "selector",
    "type": "bytes4"
   }
  ],
  "outputs": [
   {
    "internalType": "uint64",
    "name": "",
    "type": "uint64"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "grantRole",
  "inputs": [
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   },
   {
    "internalType": "address",
    "name": "account",
    "type": "address"
   },
   {
    "internalType": "uint32",
    "name": "executionDelay",
    "type": "uint32"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "hasRole",
  "inputs": [
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   },
   {
    "internalType": "address",
    "name": "account",
    "type": "address"
   }
  ],
  "outputs": [
   {
    "internalType": "bool",
    "name": "isMember",
    "type": "bool"
   },
   {
    "internalType": "uint32",
    "name": "executionDelay",
    "type": "uint32"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "hashOperation",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "internalType": "bytes",
    "name": "data",
    "type": "bytes"
   }
  ],
  "outputs": [
   {
    "internalType": "bytes32",
    "name": "",
    "type": "bytes32"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "isTargetClosed",
  "inputs": [
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   }
  ],
  "outputs": [
   {
    "internalType": "bool",
    "name": "",
    "type": "bool"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "labelRole",
  "inputs": [
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   },
   {
    "internalType": "string",
    "name": "label",
    "type": "string"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "minSetback",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint32",
    "name": "",
    "type": "uint32"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "multicall",
  "inputs": [
   {
    "internalType": "bytes[]",
    "name": "data",
    "type": "bytes[]"
   }
  ],
  "outputs": [
   {
    "internalType": "bytes[]",
    "name": "results",
    "type": "bytes[]"
   }
  ],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "renounceRole",
  "inputs": [
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   },
   {
    "internalType": "address",
    "name": "callerConfirmation",
    "type": "address"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "revokeRole",
  "inputs": [
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   },
   {
    "internalType": "address",
    "name": "account",
    "type": "address"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "schedule",
  "inputs": [
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "internalType": "bytes",
    "name": "data",
    "type": "bytes"
   },
   {
    "internalType": "uint48",
    "name": "when",
    "type": "uint48"
   }
  ],
  "outputs": [
   {
    "internalType": "bytes32",
    "name": "operationId",
    "type": "bytes32"
   },
   {
    "internalType": "uint32",
    "name": "nonce",
    "type": "uint32"
   }
  ],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "setGrantDelay",
  "inputs": [
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   },
   {
    "internalType": "uint32",
    "name": "newDelay",
    "type": "uint32"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "setRoleAdmin",
  "inputs": [
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   },
   {
    "internalType": "uint64",
    "name": "admin",
    "type": "uint64"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "setRoleGuardian",
  "inputs": [
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   },
   {
    "internalType": "uint64",
    "name": "guardian",
    "type": "uint64"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "setTargetAdminDelay",
  "inputs": [
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "internalType": "uint32",
    "name": "newDelay",
    "type": "uint32"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "setTargetClosed",
  "inputs": [
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "internalType": "bool",
    "name": "closed",
    "type": "bool"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "setTargetFunctionRole",
  "inputs": [
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "internalType": "bytes4[]",
    "name": "selectors",
    "type": "bytes4[]"
   },
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "updateAuthority",
  "inputs": [
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "newAuthority",
    "type": "address"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 }
] as const;

export const communityAbi = [
 {
  "type": "constructor",
  "inputs": [
   {
    "internalType": "address",
    "name": "authority",
    "type": "address"
   }
  ],
  "stateMutability": "nonpayable"
 },
 {
  "type": "error",
  "name": "AccessManagedInvalidAuthority",
  "inputs": [
   {
    "internalType": "address",
    "name": "authority",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagedRequiredDelay",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   },
   {
    "internalType": "uint32",
    "name": "delay",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagedUnauthorized",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccountAlreadyClosed",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccountUnknown",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "ConfigurationUnknown",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "configuration",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "KindMissing",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "index",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "LedgerAlreadyAdded",
  "inputs": [
   {
    "internalType": "address",
    "name": "ledger",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "LedgerOfAnotherCommunity",
  "inputs": [
   {
    "internalType": "address",
    "name": "ledger",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "PayeeTaken",
  "inputs": [
   {
    "internalType": "address",
    "name": "payee",
    "type": "address"
   },
   {
    "internalType": "uint24",
    "name": "account",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "SocialWithoutFund",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "index",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "TooManyConfigurations",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "most",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "event",
  "name": "AccountClosed",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "event",
  "name": "AccountEnrolled",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   },
   {
    "indexed": false,
    "internalType": "enum ICommunity.AccountKind",
    "name": "kind",
    "type": "uint8"
   },
   {
    "indexed": false,
    "internalType": "bool",
    "name": "social",
    "type": "bool"
   },
   {
    "indexed": true,
    "internalType": "address",
    "name": "payee",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "AuthorityUpdated",
  "anonymous": false,
  "inputs": [
   {
    "indexed": false,
    "internalType": "address",
    "name": "authority",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "ConfigurationAdded",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint16",
    "name": "configuration",
    "type": "uint16"
   },
   {
    "indexed": true,
    "internalType": "address",
    "name": "ledger",
    "type": "address"
   },
   {
    "indexed": false,
    "internalType": "bytes32",
    "name": "area",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "function",
  "name": "MAX_CONFIGURATIONS",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint256",
    "name": "",
    "type": "uint256"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "account",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ],
  "outputs": [
   {
    "components": [
     {
      "internalType": "enum ICommunity.AccountKind",
      "name": "kind",
      "type": "uint8"
     },
     {
      "internalType": "bool",
      "name": "closed",
      "type": "bool"
     },
     {
      "internalType": "bool",
      "name": "social",
      "type": "bool"
     },
     {
      "internalType": "address",
      "name": "payee",
      "type": "address"
     }
    ],
    "internalType": "struct ICommunity.Account",
    "name": "",
    "type": "tuple"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "accountCount",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint24",
    "name": "",
    "type": "uint24"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "addConfiguration",
  "inputs": [
   {
    "internalType": "contract IEnergyLedger",
    "name": "ledger",
    "type": "address"
   },
   {
    "internalType": "bytes32",
    "name": "area",
    "type": "bytes32"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "authority",
  "inputs": [],
  "outputs": [
   {
    "internalType": "address",
    "name": "",
    "type": "address"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "canMeter",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ],
  "outputs": [
   {
    "internalType": "bool",
    "name": "",
    "type": "bool"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "closeAccount",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "configurationCount",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint16",
    "name": "",
    "type": "uint16"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "enrol",
  "inputs": [
   {
    "components": [
     {
      "internalType": "enum ICommunity.AccountKind",
      "name": "kind",
      "type": "uint8"
     },
     {
      "internalType": "bool",
      "name": "social",
      "type": "bool"
     },
     {
      "internalType": "address",
      "name": "payee",
      "type": "address"
     }
    ],
    "internalType": "struct ICommunity.Enrolment[]",
    "name": "enrolments",
    "type": "tuple[]"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "isConsumingScheduledOp",
  "inputs": [],
  "outputs": [
   {
    "internalType": "bytes4",
    "name": "",
    "type": "bytes4"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "keylessAddress",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ],
  "outputs": [
   {
    "internalType": "address",
    "name": "",
    "type": "address"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "ledgerOf",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "configuration",
    "type": "uint16"
   }
  ],
  "outputs": [
   {
    "internalType": "contract IEnergyLedger",
    "name": "",
    "type": "address"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "payeeOf",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ],
  "outputs": [
   {
    "internalType": "address",
    "name": "",
    "type": "address"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "payeesOf",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "first",
    "type": "uint24"
   },
   {
    "internalType": "uint256",
    "name": "count",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "internalType": "address[]",
    "name": "payees",
    "type": "address[]"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "setAuthority",
  "inputs": [
   {
    "internalType": "address",
    "name": "newAuthority",
    "type": "address"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 }
] as const;

export const ruleBookAbi = [
 {
  "type": "constructor",
  "inputs": [
   {
    "internalType": "address",
    "name": "authority",
    "type": "address"
   },
   {
    "internalType": "contract ICommunity",
    "name": "community_",
    "type": "address"
   }
  ],
  "stateMutability": "nonpayable"
 },
 {
  "type": "error",
  "name": "AccessManagedInvalidAuthority",
  "inputs": [
   {
    "internalType": "address",
    "name": "authority",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagedRequiredDelay",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   },
   {
    "internalType": "uint32",
    "name": "delay",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagedUnauthorized",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "ClassesInvalid",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "rule",
    "type": "uint256"
   },
   {
    "internalType": "uint16",
    "name": "classes",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "FallbackNotAFund",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "account",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "FundInvalid",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "rule",
    "type": "uint256"
   },
   {
    "internalType": "uint24",
    "name": "fund",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "KeyMissing",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "rule",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "NoRuleSetInForce",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "NoRules",
  "inputs": []
 },
 {
  "type": "error",
  "name": "RuleSetNotProposed",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "version",
    "type": "uint16"
   },
   {
    "internalType": "bytes32",
    "name": "ruleSetHash",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "RuleSetTooEarly",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "fromMonth",
    "type": "uint16"
   },
   {
    "internalType": "uint16",
    "name": "earliest",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "RuleSetTooLate",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "fromMonth",
    "type": "uint16"
   },
   {
    "internalType": "uint256",
    "name": "latestHour",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "SamePerson",
  "inputs": [
   {
    "internalType": "address",
    "name": "person",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "ShareZero",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "rule",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "SharesNotWhole",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "sum",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "expected",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "TooManyRules",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "given",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "most",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "event",
  "name": "AuthorityUpdated",
  "anonymous": false,
  "inputs": [
   {
    "indexed": false,
    "internalType": "address",
    "name": "authority",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "RuleSetAdopted",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint16",
    "name": "version",
    "type": "uint16"
   },
   {
    "indexed": false,
    "internalType": "uint16",
    "name": "fromMonth",
    "type": "uint16"
   },
   {
    "indexed": false,
    "internalType": "bytes32",
    "name": "ruleSetHash",
    "type": "bytes32"
   },
   {
    "indexed": false,
    "internalType": "address",
    "name": "adopter",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "RuleSetProposed",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint16",
    "name": "version",
    "type": "uint16"
   },
   {
    "components": [
     {
      "internalType": "uint16",
      "name": "fromMonth",
      "type": "uint16"
     },
     {
      "internalType": "uint24",
      "name": "fallbackFund",
      "type": "uint24"
     },
     {
      "internalType": "bytes32",
      "name": "documentHash",
      "type": "bytes32"
     },
     {
      "components": [
       {
        "internalType": "uint16",
        "name": "share",
        "type": "uint16"
       },
       {
        "internalType": "enum IRuleBook.Key",
        "name": "key",
        "type": "uint8"
       },
       {
        "internalType": "uint16",
        "name": "classes",
        "type": "uint16"
       },
       {
        "internalType": "uint24",
        "name": "fund",
        "type": "uint24"
       }
      ],
      "internalType": "struct IRuleBook.Rule[]",
      "name": "rules",
      "type": "tuple[]"
     }
    ],
    "indexed": false,
    "internalType": "struct IRuleBook.RuleSet",
    "name": "ruleSet",
    "type": "tuple"
   },
   {
    "indexed": false,
    "internalType": "bytes32",
    "name": "ruleSetHash",
    "type": "bytes32"
   },
   {
    "indexed": false,
    "internalType": "address",
    "name": "proposer",
    "type": "address"
   }
  ]
 },
 {
  "type": "function",
  "name": "MAX_RULES",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint256",
    "name": "",
    "type": "uint256"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "adopt",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "version",
    "type": "uint16"
   },
   {
    "internalType": "bytes32",
    "name": "ruleSetHash",
    "type": "bytes32"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "authority",
  "inputs": [],
  "outputs": [
   {
    "internalType": "address",
    "name": "",
    "type": "address"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "community",
  "inputs": [],
  "outputs": [
   {
    "internalType": "contract ICommunity",
    "name": "",
    "type": "address"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "isConsumingScheduledOp",
  "inputs": [],
  "outputs": [
   {
    "internalType": "bytes4",
    "name": "",
    "type": "bytes4"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "propose",
  "inputs": [
   {
    "components": [
     {
      "internalType": "uint16",
      "name": "fromMonth",
      "type": "uint16"
     },
     {
      "internalType": "uint24",
      "name": "fallbackFund",
      "type": "uint24"
     },
     {
      "internalType": "bytes32",
      "name": "documentHash",
      "type": "bytes32"
     },
     {
      "components": [
       {
        "internalType": "uint16",
        "name": "share",
        "type": "uint16"
       },
       {
        "internalType": "enum IRuleBook.Key",
        "name": "key",
        "type": "uint8"
       },
       {
        "internalType": "uint16",
        "name": "classes",
        "type": "uint16"
       },
       {
        "internalType": "uint24",
        "name": "fund",
        "type": "uint24"
       }
      ],
      "internalType": "struct IRuleBook.Rule[]",
      "name": "rules",
      "type": "tuple[]"
     }
    ],
    "internalType": "struct IRuleBook.RuleSet",
    "name": "proposed",
    "type": "tuple"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "ruleSet",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "version",
    "type": "uint16"
   }
  ],
  "outputs": [
   {
    "components": [
     {
      "internalType": "uint16",
      "name": "fromMonth",
      "type": "uint16"
     },
     {
      "internalType": "uint24",
      "name": "fallbackFund",
      "type": "uint24"
     },
     {
      "internalType": "bytes32",
      "name": "documentHash",
      "type": "bytes32"
     },
     {
      "components": [
       {
        "internalType": "uint16",
        "name": "share",
        "type": "uint16"
       },
       {
        "internalType": "enum IRuleBook.Key",
        "name": "key",
        "type": "uint8"
       },
       {
        "internalType": "uint16",
        "name": "classes",
        "type": "uint16"
       },
       {
        "internalType": "uint24",
        "name": "fund",
        "type": "uint24"
       }
      ],
      "internalType": "struct IRuleBook.Rule[]",
      "name": "rules",
      "type": "tuple[]"
     }
    ],
    "internalType": "struct IRuleBook.RuleSet",
    "name": "",
    "type": "tuple"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "ruleSetCount",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint16",
    "name": "",
    "type": "uint16"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "ruleSetOf",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   }
  ],
  "outputs": [
   {
    "internalType": "uint16",
    "name": "version",
    "type": "uint16"
   },
   {
    "components": [
     {
      "internalType": "uint16",
      "name": "fromMonth",
      "type": "uint16"
     },
     {
      "internalType": "uint24",
      "name": "fallbackFund",
      "type": "uint24"
     },
     {
      "internalType": "bytes32",
      "name": "documentHash",
      "type": "bytes32"
     },
     {
      "components": [
       {
        "internalType": "uint16",
        "name": "share",
        "type": "uint16"
       },
       {
        "internalType": "enum IRuleBook.Key",
        "name": "key",
        "type": "uint8"
       },
       {
        "internalType": "uint16",
        "name": "classes",
        "type": "uint16"
       },
       {
        "internalType": "uint24",
        "name": "fund",
        "type": "uint24"
       }
      ],
      "internalType": "struct IRuleBook.Rule[]",
      "name": "rules",
      "type": "tuple[]"
     }
    ],
    "internalType": "struct IRuleBook.RuleSet",
    "name": "",
    "type": "tuple"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "setAuthority",
  "inputs": [
   {
    "internalType": "address",
    "name": "newAuthority",
    "type": "address"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 }
] as const;

export const energyLedgerAbi = [
 {
  "type": "constructor",
  "inputs": [
   {
    "internalType": "address",
    "name": "authority",
    "type": "address"
   },
   {
    "internalType": "contract ICommunity",
    "name": "community_",
    "type": "address"
   },
   {
    "internalType": "uint32",
    "name": "firstHour",
    "type": "uint32"
   },
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   },
   {
    "internalType": "address[]",
    "name": "oracleSigners",
    "type": "address[]"
   },
   {
    "internalType": "uint8",
    "name": "quorum",
    "type": "uint8"
   }
  ],
  "stateMutability": "nonpayable"
 },
 {
  "type": "error",
  "name": "AccessManagedInvalidAuthority",
  "inputs": [
   {
    "internalType": "address",
    "name": "authority",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagedRequiredDelay",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   },
   {
    "internalType": "uint32",
    "name": "delay",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagedUnauthorized",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccountCannotMeter",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "channel",
    "type": "uint24"
   },
   {
    "internalType": "uint24",
    "name": "account",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "ChannelChanged",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "ChannelNumberSkipped",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   },
   {
    "internalType": "uint256",
    "name": "highest",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "ChannelRepeated",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "ChannelReused",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "ChannelsExhausted",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "channels",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "most",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "ChannelsNotAscending",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "row",
    "type": "uint256"
   },
   {
    "internalType": "uint24",
    "name": "previous",
    "type": "uint24"
   },
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "ClassUnknown",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "channel",
    "type": "uint24"
   },
   {
    "internalType": "uint8",
    "name": "class",
    "type": "uint8"
   }
  ]
 },
 {
  "type": "error",
  "name": "ECDSAInvalidSignature",
  "inputs": []
 },
 {
  "type": "error",
  "name": "ECDSAInvalidSignatureLength",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "length",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "ECDSAInvalidSignatureS",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "s",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "ExemptFlagUnknown",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "channel",
    "type": "uint24"
   },
   {
    "internalType": "uint8",
    "name": "exempt",
    "type": "uint8"
   }
  ]
 },
 {
  "type": "error",
  "name": "FirstHourOutsideMonth",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "firstHour",
    "type": "uint32"
   },
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "HourCountOutOfRange",
  "inputs": [
   {
    "internalType": "uint8",
    "name": "hourCount",
    "type": "uint8"
   }
  ]
 },
 {
  "type": "error",
  "name": "InvalidShortString",
  "inputs": []
 },
 {
  "type": "error",
  "name": "IsPaused",
  "inputs": [
   {
    "internalType": "uint48",
    "name": "until",
    "type": "uint48"
   }
  ]
 },
 {
  "type": "error",
  "name": "LastHourNotEnded",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "endsAt",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "timeNow",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "MissingPriceNotZero",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "hourIndex",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "MissingReadingNotZero",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "row",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "hourIndex",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "wattHours",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotAnOracle",
  "inputs": [
   {
    "internalType": "address",
    "name": "signer",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotFirstRevision",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "revision",
    "type": "uint16"
   },
   {
    "internalType": "bytes32",
    "name": "replaces",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotNextHour",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "expected",
    "type": "uint32"
   },
   {
    "internalType": "uint32",
    "name": "given",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotPaused",
  "inputs": []
 },
 {
  "type": "error",
  "name": "OraclesNotAscending",
  "inputs": [
   {
    "internalType": "address",
    "name": "previous",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "oracle",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "PauseTooSoon",
  "inputs": [
   {
    "internalType": "uint48",
    "name": "notBefore",
    "type": "uint48"
   }
  ]
 },
 {
  "type": "error",
  "name": "PlantChannelChanged",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "plant",
    "type": "uint16"
   },
   {
    "internalType": "uint24",
    "name": "channel",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "PlantNumberSkipped",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "plant",
    "type": "uint16"
   },
   {
    "internalType": "uint256",
    "name": "highest",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "PlantRowInvalid",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "plant",
    "type": "uint16"
   },
   {
    "internalType": "uint16",
    "name": "row",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "PlantTermsInvalid",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "plant",
    "type": "uint16"
   },
   {
    "internalType": "uint8",
    "name": "regime",
    "type": "uint8"
   },
   {
    "internalType": "uint32",
    "name": "tariff",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "PlantsNotInWaterfallOrder",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "position",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "QuorumOutOfRange",
  "inputs": [
   {
    "internalType": "uint8",
    "name": "quorum",
    "type": "uint8"
   },
   {
    "internalType": "uint256",
    "name": "lowest",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "oracles",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "RosterDeploymentFailed",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "size",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "RosterEmpty",
  "inputs": []
 },
 {
  "type": "error",
  "name": "RosterMalformed",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "length",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "expected",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "RosterNotInForce",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "version",
    "type": "uint16"
   },
   {
    "internalType": "uint32",
    "name": "firstHour",
    "type": "uint32"
   },
   {
    "internalType": "uint8",
    "name": "hourCount",
    "type": "uint8"
   }
  ]
 },
 {
  "type": "error",
  "name": "RosterNotProposed",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "version",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "RosterTooEarly",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "effectiveHour",
    "type": "uint32"
   },
   {
    "internalType": "uint32",
    "name": "earliest",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "RosterTooLarge",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "length",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "most",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "RosterTooLong",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "rows",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "most",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "RostersTooClose",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "effectiveHour",
    "type": "uint32"
   },
   {
    "internalType": "uint32",
    "name": "earliest",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "SamePerson",
  "inputs": [
   {
    "internalType": "address",
    "name": "person",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "SignersNotAscending",
  "inputs": [
   {
    "internalType": "address",
    "name": "previous",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "signer",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "StraddlesMonth",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "firstHour",
    "type": "uint32"
   },
   {
    "internalType": "uint8",
    "name": "hourCount",
    "type": "uint8"
   },
   {
    "internalType": "uint32",
    "name": "monthEnd",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "StringTooLong",
  "inputs": [
   {
    "internalType": "string",
    "name": "str",
    "type": "string"
   }
  ]
 },
 {
  "type": "error",
  "name": "TooFewSignatures",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "given",
    "type": "uint256"
   },
   {
    "internalType": "uint8",
    "name": "quorum",
    "type": "uint8"
   }
  ]
 },
 {
  "type": "error",
  "name": "UnusedLaneNotZero",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "hourIndex",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "UnusedMaskBitSet",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "row",
    "type": "uint256"
   },
   {
    "internalType": "uint24",
    "name": "mask",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "WrongLength",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "injected",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "withdrawn",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "missing",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "injectionRows",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "withdrawalRows",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "event",
  "name": "AuthorityUpdated",
  "anonymous": false,
  "inputs": [
   {
    "indexed": false,
    "internalType": "address",
    "name": "authority",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "BatchRecorded",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "firstHour",
    "type": "uint32"
   },
   {
    "indexed": true,
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   },
   {
    "indexed": false,
    "internalType": "uint8",
    "name": "hourCount",
    "type": "uint8"
   },
   {
    "indexed": false,
    "internalType": "enum IEnergyLedger.Grade",
    "name": "grade",
    "type": "uint8"
   },
   {
    "indexed": false,
    "internalType": "uint32",
    "name": "missing",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "uint128",
    "name": "accrued",
    "type": "uint128"
   },
   {
    "indexed": false,
    "internalType": "bytes32",
    "name": "digest",
    "type": "bytes32"
   },
   {
    "indexed": false,
    "internalType": "bytes32",
    "name": "rowRoot",
    "type": "bytes32"
   },
   {
    "components": [
     {
      "internalType": "Lanes",
      "name": "w0",
      "type": "uint256"
     },
     {
      "internalType": "Lanes",
      "name": "w1",
      "type": "uint256"
     },
     {
      "internalType": "Lanes",
      "name": "w2",
      "type": "uint256"
     },
     {
      "internalType": "Lanes",
      "name": "w3",
      "type": "uint256"
     },
     {
      "internalType": "Lanes",
      "name": "w4",
      "type": "uint256"
     },
     {
      "internalType": "Lanes",
      "name": "w5",
      "type": "uint256"
     }
    ],
    "indexed": false,
    "internalType": "struct Day",
    "name": "injected",
    "type": "tuple"
   },
   {
    "components": [
     {
      "internalType": "Lanes",
      "name": "w0",
      "type": "uint256"
     },
     {
      "internalType": "Lanes",
      "name": "w1",
      "type": "uint256"
     },
     {
      "internalType": "Lanes",
      "name": "w2",
      "type": "uint256"
     },
     {
      "internalType": "Lanes",
      "name": "w3",
      "type": "uint256"
     },
     {
      "internalType": "Lanes",
      "name": "w4",
      "type": "uint256"
     },
     {
      "internalType": "Lanes",
      "name": "w5",
      "type": "uint256"
     }
    ],
    "indexed": false,
    "internalType": "struct Day",
    "name": "withdrawn",
    "type": "tuple"
   },
   {
    "components": [
     {
      "internalType": "Lanes",
      "name": "w0",
      "type": "uint256"
     },
     {
      "internalType": "Lanes",
      "name": "w1",
      "type": "uint256"
     },
     {
      "internalType": "Lanes",
      "name": "w2",
      "type": "uint256"
     },
     {
      "internalType": "Lanes",
      "name": "w3",
      "type": "uint256"
     },
     {
      "internalType": "Lanes",
      "name": "w4",
      "type": "uint256"
     },
     {
      "internalType": "Lanes",
      "name": "w5",
      "type": "uint256"
     }
    ],
    "indexed": false,
    "internalType": "struct Day",
    "name": "shared",
    "type": "tuple"
   }
  ]
 },
 {
  "type": "event",
  "name": "EIP712DomainChanged",
  "anonymous": false,
  "inputs": []
 },
 {
  "type": "event",
  "name": "OraclesSet",
  "anonymous": false,
  "inputs": [
   {
    "indexed": false,
    "internalType": "address[]",
    "name": "oracles",
    "type": "address[]"
   },
   {
    "indexed": false,
    "internalType": "uint8",
    "name": "quorum",
    "type": "uint8"
   }
  ]
 },
 {
  "type": "event",
  "name": "Paused",
  "anonymous": false,
  "inputs": [
   {
    "indexed": false,
    "internalType": "address",
    "name": "by",
    "type": "address"
   },
   {
    "indexed": false,
    "internalType": "uint48",
    "name": "until",
    "type": "uint48"
   }
  ]
 },
 {
  "type": "event",
  "name": "RosterAdopted",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint16",
    "name": "version",
    "type": "uint16"
   },
   {
    "indexed": false,
    "internalType": "uint32",
    "name": "effectiveHour",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "address",
    "name": "pointer",
    "type": "address"
   },
   {
    "indexed": false,
    "internalType": "address",
    "name": "adopter",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "RosterProposed",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint16",
    "name": "version",
    "type": "uint16"
   },
   {
    "indexed": false,
    "internalType": "uint32",
    "name": "effectiveHour",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "address",
    "name": "pointer",
    "type": "address"
   },
   {
    "indexed": false,
    "internalType": "address",
    "name": "proposer",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "Unpaused",
  "anonymous": false,
  "inputs": [
   {
    "indexed": false,
    "internalType": "address",
    "name": "by",
    "type": "address"
   }
  ]
 },
 {
  "type": "function",
  "name": "MAX_ROWS_A_MONTH",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint256",
    "name": "",
    "type": "uint256"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "PAUSE_REST_SECONDS",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint48",
    "name": "",
    "type": "uint48"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "PAUSE_SECONDS",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint48",
    "name": "",
    "type": "uint48"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "adoptRoster",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "version",
    "type": "uint16"
   },
   {
    "internalType": "address",
    "name": "pointer",
    "type": "address"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "authority",
  "inputs": [],
  "outputs": [
   {
    "internalType": "address",
    "name": "",
    "type": "address"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "community",
  "inputs": [],
  "outputs": [
   {
    "internalType": "contract ICommunity",
    "name": "",
    "type": "address"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "digestOf",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "firstHour",
    "type": "uint32"
   }
  ],
  "outputs": [
   {
    "internalType": "bytes32",
    "name": "",
    "type": "bytes32"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "eip712Domain",
  "inputs": [],
  "outputs": [
   {
    "internalType": "bytes1",
    "name": "fields",
    "type": "bytes1"
   },
   {
    "internalType": "string",
    "name": "name",
    "type": "string"
   },
   {
    "internalType": "string",
    "name": "version",
    "type": "string"
   },
   {
    "internalType": "uint256",
    "name": "chainId",
    "type": "uint256"
   },
   {
    "internalType": "address",
    "name": "verifyingContract",
    "type": "address"
   },
   {
    "internalType": "bytes32",
    "name": "salt",
    "type": "bytes32"
   },
   {
    "internalType": "uint256[]",
    "name": "extensions",
    "type": "uint256[]"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "firstMonth",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint16",
    "name": "",
    "type": "uint16"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "isClosed",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   }
  ],
  "outputs": [
   {
    "internalType": "bool",
    "name": "",
    "type": "bool"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "isConsumingScheduledOp",
  "inputs": [],
  "outputs": [
   {
    "internalType": "bytes4",
    "name": "",
    "type": "bytes4"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "isProvisional",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   }
  ],
  "outputs": [
   {
    "internalType": "bool",
    "name": "",
    "type": "bool"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "monthState",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   }
  ],
  "outputs": [
   {
    "components": [
     {
      "internalType": "uint128",
      "name": "accrued",
      "type": "uint128"
     },
     {
      "internalType": "uint32",
      "name": "missing",
      "type": "uint32"
     },
     {
      "internalType": "uint16",
      "name": "hoursRecorded",
      "type": "uint16"
     },
     {
      "internalType": "enum IEnergyLedger.Grade",
      "name": "grade",
      "type": "uint8"
     },
     {
      "internalType": "uint64",
      "name": "injected",
      "type": "uint64"
     },
     {
      "internalType": "uint64",
      "name": "withdrawn",
      "type": "uint64"
     },
     {
      "internalType": "uint64",
      "name": "shared",
      "type": "uint64"
     }
    ],
    "internalType": "struct IEnergyLedger.MonthState",
    "name": "",
    "type": "tuple"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "monthSums",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   }
  ],
  "outputs": [
   {
    "internalType": "uint256[]",
    "name": "coincident",
    "type": "uint256[]"
   },
   {
    "internalType": "uint256[]",
    "name": "attributed",
    "type": "uint256[]"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "nextHour",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint32",
    "name": "",
    "type": "uint32"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "oracles",
  "inputs": [],
  "outputs": [
   {
    "internalType": "address[]",
    "name": "signers",
    "type": "address[]"
   },
   {
    "internalType": "uint8",
    "name": "quorum",
    "type": "uint8"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "pause",
  "inputs": [],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "pausedUntil",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint48",
    "name": "",
    "type": "uint48"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "proposeRoster",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "effectiveHour",
    "type": "uint32"
   },
   {
    "internalType": "bytes",
    "name": "blob",
    "type": "bytes"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "record",
  "inputs": [
   {
    "components": [
     {
      "internalType": "uint32",
      "name": "firstHour",
      "type": "uint32"
     },
     {
      "internalType": "uint8",
      "name": "hourCount",
      "type": "uint8"
     },
     {
      "internalType": "uint16",
      "name": "rosterVersion",
      "type": "uint16"
     },
     {
      "internalType": "enum IEnergyLedger.Grade",
      "name": "grade",
      "type": "uint8"
     },
     {
      "internalType": "uint16",
      "name": "revision",
      "type": "uint16"
     },
     {
      "internalType": "bytes32",
      "name": "replaces",
      "type": "bytes32"
     },
     {
      "internalType": "bytes32",
      "name": "seed",
      "type": "bytes32"
     },
     {
      "internalType": "bytes",
      "name": "injected",
      "type": "bytes"
     },
     {
      "internalType": "bytes",
      "name": "withdrawn",
      "type": "bytes"
     },
     {
      "internalType": "bytes",
      "name": "missing",
      "type": "bytes"
     },
     {
      "internalType": "uint24",
      "name": "priceMask",
      "type": "uint24"
     },
     {
      "internalType": "bytes32[3]",
      "name": "prices",
      "type": "bytes32[3]"
     }
    ],
    "internalType": "struct IEnergyLedger.Batch",
    "name": "batch",
    "type": "tuple"
   },
   {
    "internalType": "bytes[]",
    "name": "signatures",
    "type": "bytes[]"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "rosterAt",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "version",
    "type": "uint16"
   }
  ],
  "outputs": [
   {
    "internalType": "address",
    "name": "pointer",
    "type": "address"
   },
   {
    "internalType": "uint32",
    "name": "effectiveHour",
    "type": "uint32"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "rosterCount",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint16",
    "name": "",
    "type": "uint16"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "setAuthority",
  "inputs": [
   {
    "internalType": "address",
    "name": "newAuthority",
    "type": "address"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "setOracles",
  "inputs": [
   {
    "internalType": "address[]",
    "name": "signers",
    "type": "address[]"
   },
   {
    "internalType": "uint8",
    "name": "quorum",
    "type": "uint8"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "unpause",
  "inputs": [],
  "outputs": [],
  "stateMutability": "nonpayable"
 }
] as const;

export const treasuryAbi = [
 {
  "type": "constructor",
  "inputs": [
   {
    "internalType": "address",
    "name": "authority",
    "type": "address"
   },
   {
    "internalType": "contract ICommunity",
    "name": "community_",
    "type": "address"
   },
   {
    "internalType": "contract IRuleBook",
    "name": "ruleBook_",
    "type": "address"
   },
   {
    "internalType": "uint48",
    "name": "objectionSeconds_",
    "type": "uint48"
   }
  ],
  "stateMutability": "nonpayable"
 },
 {
  "type": "error",
  "name": "AccessManagedInvalidAuthority",
  "inputs": [
   {
    "internalType": "address",
    "name": "authority",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagedRequiredDelay",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   },
   {
    "internalType": "uint32",
    "name": "delay",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagedUnauthorized",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "ChunkEmpty",
  "inputs": []
 },
 {
  "type": "error",
  "name": "ContentDiffers",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "expected",
    "type": "bytes32"
   },
   {
    "internalType": "bytes32",
    "name": "given",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "IsPaused",
  "inputs": [
   {
    "internalType": "uint48",
    "name": "until",
    "type": "uint48"
   }
  ]
 },
 {
  "type": "error",
  "name": "MonthBeforeStart",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   },
   {
    "internalType": "uint16",
    "name": "firstMonth",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "MonthNotBegun",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "MonthOpen",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "configuration",
    "type": "uint16"
   },
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "MonthsReversed",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "fromMonth",
    "type": "uint16"
   },
   {
    "internalType": "uint16",
    "name": "toMonth",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "NetDiffers",
  "inputs": [
   {
    "internalType": "int64",
    "name": "net",
    "type": "int64"
   },
   {
    "internalType": "int256",
    "name": "expected",
    "type": "int256"
   }
  ]
 },
 {
  "type": "error",
  "name": "NoAccounts",
  "inputs": []
 },
 {
  "type": "error",
  "name": "NotObjected",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotPaused",
  "inputs": []
 },
 {
  "type": "error",
  "name": "NotTreasurerOrPresident",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotWholeCents",
  "inputs": [
   {
    "internalType": "int64",
    "name": "amount",
    "type": "int64"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotYetPayable",
  "inputs": [
   {
    "internalType": "uint48",
    "name": "payableFrom",
    "type": "uint48"
   }
  ]
 },
 {
  "type": "error",
  "name": "Objected",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "ObjectionTooLong",
  "inputs": [
   {
    "internalType": "uint48",
    "name": "given",
    "type": "uint48"
   },
   {
    "internalType": "uint48",
    "name": "most",
    "type": "uint48"
   }
  ]
 },
 {
  "type": "error",
  "name": "OverrideReasonMissing",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "PauseTooSoon",
  "inputs": [
   {
    "internalType": "uint48",
    "name": "notBefore",
    "type": "uint48"
   }
  ]
 },
 {
  "type": "error",
  "name": "PayoutBegun",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "ReasonMissing",
  "inputs": []
 },
 {
  "type": "error",
  "name": "ReceiptKindMissing",
  "inputs": []
 },
 {
  "type": "error",
  "name": "ReceiptRepeated",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "receiptHash",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "RunLive",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "SafeCastOverflowedIntDowncast",
  "inputs": [
   {
    "internalType": "uint8",
    "name": "bits",
    "type": "uint8"
   },
   {
    "internalType": "int256",
    "name": "value",
    "type": "int256"
   }
  ]
 },
 {
  "type": "error",
  "name": "SamePerson",
  "inputs": [
   {
    "internalType": "address",
    "name": "person",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "TooManyMonths",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "given",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "most",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "WrongPhase",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   },
   {
    "internalType": "enum ITreasury.Phase",
    "name": "phase",
    "type": "uint8"
   },
   {
    "internalType": "enum ITreasury.Phase",
    "name": "expected",
    "type": "uint8"
   }
  ]
 },
 {
  "type": "event",
  "name": "Apportioned",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "uint32",
    "name": "attempt",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "uint16",
    "name": "configuration",
    "type": "uint16"
   },
   {
    "indexed": false,
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   },
   {
    "indexed": false,
    "internalType": "uint24",
    "name": "firstAccount",
    "type": "uint24"
   },
   {
    "indexed": false,
    "internalType": "int64[]",
    "name": "entitlements",
    "type": "int64[]"
   }
  ]
 },
 {
  "type": "event",
  "name": "AuthorityUpdated",
  "anonymous": false,
  "inputs": [
   {
    "indexed": false,
    "internalType": "address",
    "name": "authority",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "DustApportioned",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "uint32",
    "name": "attempt",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "uint16",
    "name": "configuration",
    "type": "uint16"
   },
   {
    "indexed": false,
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   },
   {
    "indexed": false,
    "internalType": "uint24",
    "name": "fallbackFund",
    "type": "uint24"
   },
   {
    "indexed": false,
    "internalType": "int64",
    "name": "amount",
    "type": "int64"
   }
  ]
 },
 {
  "type": "event",
  "name": "ObjectionWithdrawn",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "address",
    "name": "by",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "Paused",
  "anonymous": false,
  "inputs": [
   {
    "indexed": false,
    "internalType": "address",
    "name": "by",
    "type": "address"
   },
   {
    "indexed": false,
    "internalType": "uint48",
    "name": "until",
    "type": "uint48"
   }
  ]
 },
 {
  "type": "event",
  "name": "Payout",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   },
   {
    "indexed": true,
    "internalType": "uint24",
    "name": "account",
    "type": "uint24"
   },
   {
    "indexed": false,
    "internalType": "int64",
    "name": "delta",
    "type": "int64"
   },
   {
    "indexed": false,
    "internalType": "uint64",
    "name": "amount",
    "type": "uint64"
   },
   {
    "indexed": false,
    "internalType": "int64",
    "name": "owed",
    "type": "int64"
   }
  ]
 },
 {
  "type": "event",
  "name": "ReceiptBooked",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   },
   {
    "components": [
     {
      "internalType": "uint16",
      "name": "configuration",
      "type": "uint16"
     },
     {
      "internalType": "uint16",
      "name": "month",
      "type": "uint16"
     },
     {
      "internalType": "enum ITreasury.ReceiptKind",
      "name": "kind",
      "type": "uint8"
     },
     {
      "internalType": "int64",
      "name": "gross",
      "type": "int64"
     },
     {
      "internalType": "int64",
      "name": "fee",
      "type": "int64"
     },
     {
      "internalType": "int64",
      "name": "vat",
      "type": "int64"
     },
     {
      "internalType": "int64",
      "name": "net",
      "type": "int64"
     },
     {
      "internalType": "bytes32",
      "name": "documentHash",
      "type": "bytes32"
     }
    ],
    "indexed": false,
    "internalType": "struct ITreasury.Receipt",
    "name": "receipt",
    "type": "tuple"
   },
   {
    "indexed": false,
    "internalType": "bytes32",
    "name": "receiptsHash",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "event",
  "name": "RunApproved",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "bytes32",
    "name": "contentHash",
    "type": "bytes32"
   },
   {
    "indexed": false,
    "internalType": "uint64",
    "name": "payable_",
    "type": "uint64"
   },
   {
    "indexed": false,
    "internalType": "uint48",
    "name": "payableFrom",
    "type": "uint48"
   },
   {
    "indexed": false,
    "internalType": "string",
    "name": "overrideReason",
    "type": "string"
   },
   {
    "indexed": false,
    "internalType": "address",
    "name": "by",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "RunDropped",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "address",
    "name": "by",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "RunObjected",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "string",
    "name": "reason",
    "type": "string"
   },
   {
    "indexed": false,
    "internalType": "address",
    "name": "by",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "RunOpened",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "uint32",
    "name": "attempt",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "uint16",
    "name": "fromMonth",
    "type": "uint16"
   },
   {
    "indexed": false,
    "internalType": "uint16",
    "name": "toMonth",
    "type": "uint16"
   },
   {
    "indexed": false,
    "internalType": "address",
    "name": "by",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "RunPaid",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "uint256",
    "name": "paidInAll",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "event",
  "name": "RunProposed",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "bytes32",
    "name": "contentHash",
    "type": "bytes32"
   },
   {
    "indexed": false,
    "internalType": "uint64",
    "name": "totalOwed",
    "type": "uint64"
   },
   {
    "indexed": false,
    "internalType": "bool",
    "name": "provisional",
    "type": "bool"
   },
   {
    "indexed": false,
    "internalType": "address",
    "name": "by",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "RunRestarted",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "uint32",
    "name": "attempt",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "event",
  "name": "Unpaused",
  "anonymous": false,
  "inputs": [
   {
    "indexed": false,
    "internalType": "address",
    "name": "by",
    "type": "address"
   }
  ]
 },
 {
  "type": "event",
  "name": "Weighed",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "uint32",
    "name": "attempt",
    "type": "uint32"
   },
   {
    "indexed": false,
    "internalType": "uint16",
    "name": "configuration",
    "type": "uint16"
   },
   {
    "indexed": false,
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   },
   {
    "indexed": false,
    "internalType": "int256",
    "name": "pool",
    "type": "int256"
   },
   {
    "indexed": false,
    "internalType": "uint16",
    "name": "ruleSet",
    "type": "uint16"
   },
   {
    "indexed": false,
    "internalType": "uint256[]",
    "name": "totals",
    "type": "uint256[]"
   }
  ]
 },
 {
  "type": "function",
  "name": "MAX_CELLS",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint256",
    "name": "",
    "type": "uint256"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "PAUSE_REST_SECONDS",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint48",
    "name": "",
    "type": "uint48"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "PAUSE_SECONDS",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint48",
    "name": "",
    "type": "uint48"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "apportion",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   },
   {
    "internalType": "uint256",
    "name": "words",
    "type": "uint256"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "approve",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   },
   {
    "internalType": "bytes32",
    "name": "content",
    "type": "bytes32"
   },
   {
    "internalType": "string",
    "name": "overrideReason",
    "type": "string"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "authority",
  "inputs": [],
  "outputs": [
   {
    "internalType": "address",
    "name": "",
    "type": "address"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "balanceOf",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "account",
    "type": "uint24"
   }
  ],
  "outputs": [
   {
    "components": [
     {
      "internalType": "int64",
      "name": "owed",
      "type": "int64"
     },
     {
      "internalType": "int64",
      "name": "delta",
      "type": "int64"
     },
     {
      "internalType": "uint32",
      "name": "deltaAttempt",
      "type": "uint32"
     },
     {
      "internalType": "uint64",
      "name": "paid",
      "type": "uint64"
     }
    ],
    "internalType": "struct ITreasury.Balance",
    "name": "",
    "type": "tuple"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "bookReceipt",
  "inputs": [
   {
    "components": [
     {
      "internalType": "uint16",
      "name": "configuration",
      "type": "uint16"
     },
     {
      "internalType": "uint16",
      "name": "month",
      "type": "uint16"
     },
     {
      "internalType": "enum ITreasury.ReceiptKind",
      "name": "kind",
      "type": "uint8"
     },
     {
      "internalType": "int64",
      "name": "gross",
      "type": "int64"
     },
     {
      "internalType": "int64",
      "name": "fee",
      "type": "int64"
     },
     {
      "internalType": "int64",
      "name": "vat",
      "type": "int64"
     },
     {
      "internalType": "int64",
      "name": "net",
      "type": "int64"
     },
     {
      "internalType": "bytes32",
      "name": "documentHash",
      "type": "bytes32"
     }
    ],
    "internalType": "struct ITreasury.Receipt",
    "name": "receipt",
    "type": "tuple"
   }
  ],
  "outputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   }
  ],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "community",
  "inputs": [],
  "outputs": [
   {
    "internalType": "contract ICommunity",
    "name": "",
    "type": "address"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "contentHash",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   }
  ],
  "outputs": [
   {
    "internalType": "bytes32",
    "name": "",
    "type": "bytes32"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "drop",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "isConsumingScheduledOp",
  "inputs": [],
  "outputs": [
   {
    "internalType": "bytes4",
    "name": "",
    "type": "bytes4"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "object",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   },
   {
    "internalType": "string",
    "name": "reason",
    "type": "string"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "objectionSeconds",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint48",
    "name": "",
    "type": "uint48"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "open",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "fromMonth",
    "type": "uint16"
   },
   {
    "internalType": "uint16",
    "name": "toMonth",
    "type": "uint16"
   }
  ],
  "outputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   }
  ],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "paid",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint256",
    "name": "",
    "type": "uint256"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "pause",
  "inputs": [],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "pausedUntil",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint48",
    "name": "",
    "type": "uint48"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "pay",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   },
   {
    "internalType": "uint256",
    "name": "words",
    "type": "uint256"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "poolOf",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "configuration",
    "type": "uint16"
   },
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   }
  ],
  "outputs": [
   {
    "internalType": "int256",
    "name": "",
    "type": "int256"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "propose",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "receiptCount",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint32",
    "name": "",
    "type": "uint32"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "received",
  "inputs": [],
  "outputs": [
   {
    "internalType": "int256",
    "name": "",
    "type": "int256"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "ruleBook",
  "inputs": [],
  "outputs": [
   {
    "internalType": "contract IRuleBook",
    "name": "",
    "type": "address"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "run",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   }
  ],
  "outputs": [
   {
    "components": [
     {
      "internalType": "enum ITreasury.Phase",
      "name": "phase",
      "type": "uint8"
     },
     {
      "internalType": "bool",
      "name": "provisional",
      "type": "bool"
     },
     {
      "internalType": "bool",
      "name": "objected",
      "type": "bool"
     },
     {
      "internalType": "uint16",
      "name": "fromMonth",
      "type": "uint16"
     },
     {
      "internalType": "uint16",
      "name": "toMonth",
      "type": "uint16"
     },
     {
      "internalType": "uint32",
      "name": "attempt",
      "type": "uint32"
     },
     {
      "internalType": "uint24",
      "name": "accounts",
      "type": "uint24"
     },
     {
      "internalType": "uint16",
      "name": "configurations",
      "type": "uint16"
     },
     {
      "internalType": "uint32",
      "name": "cell",
      "type": "uint32"
     },
     {
      "internalType": "uint32",
      "name": "word",
      "type": "uint32"
     },
     {
      "internalType": "uint48",
      "name": "payableFrom",
      "type": "uint48"
     },
     {
      "internalType": "uint64",
      "name": "totalOwed",
      "type": "uint64"
     },
     {
      "internalType": "uint64",
      "name": "payable_",
      "type": "uint64"
     },
     {
      "internalType": "address",
      "name": "proposer",
      "type": "address"
     },
     {
      "internalType": "address",
      "name": "approver",
      "type": "address"
     },
     {
      "internalType": "bytes32",
      "name": "receiptsHash",
      "type": "bytes32"
     }
    ],
    "internalType": "struct ITreasury.Run",
    "name": "",
    "type": "tuple"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "runCount",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint32",
    "name": "",
    "type": "uint32"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "setAuthority",
  "inputs": [
   {
    "internalType": "address",
    "name": "newAuthority",
    "type": "address"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "settledOf",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "configuration",
    "type": "uint16"
   },
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   },
   {
    "internalType": "uint24",
    "name": "account",
    "type": "uint24"
   }
  ],
  "outputs": [
   {
    "internalType": "int64",
    "name": "",
    "type": "int64"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "token",
  "inputs": [],
  "outputs": [
   {
    "internalType": "contract ICreditToken",
    "name": "",
    "type": "address"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "unpause",
  "inputs": [],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "weigh",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   },
   {
    "internalType": "uint256",
    "name": "words",
    "type": "uint256"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "withdrawObjection",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 }
] as const;

export const creditTokenAbi = [
 {
  "type": "constructor",
  "inputs": [
   {
    "internalType": "address",
    "name": "treasury_",
    "type": "address"
   }
  ],
  "stateMutability": "nonpayable"
 },
 {
  "type": "error",
  "name": "ERC20InsufficientAllowance",
  "inputs": [
   {
    "internalType": "address",
    "name": "spender",
    "type": "address"
   },
   {
    "internalType": "uint256",
    "name": "allowance",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "needed",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "ERC20InsufficientBalance",
  "inputs": [
   {
    "internalType": "address",
    "name": "sender",
    "type": "address"
   },
   {
    "internalType": "uint256",
    "name": "balance",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "needed",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "ERC20InvalidApprover",
  "inputs": [
   {
    "internalType": "address",
    "name": "approver",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "ERC20InvalidReceiver",
  "inputs": [
   {
    "internalType": "address",
    "name": "receiver",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "ERC20InvalidSender",
  "inputs": [
   {
    "internalType": "address",
    "name": "sender",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "ERC20InvalidSpender",
  "inputs": [
   {
    "internalType": "address",
    "name": "spender",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotTreasury",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "TransfersOff",
  "inputs": []
 },
 {
  "type": "event",
  "name": "Approval",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "address",
    "name": "owner",
    "type": "address"
   },
   {
    "indexed": true,
    "internalType": "address",
    "name": "spender",
    "type": "address"
   },
   {
    "indexed": false,
    "internalType": "uint256",
    "name": "value",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "event",
  "name": "Transfer",
  "anonymous": false,
  "inputs": [
   {
    "indexed": true,
    "internalType": "address",
    "name": "from",
    "type": "address"
   },
   {
    "indexed": true,
    "internalType": "address",
    "name": "to",
    "type": "address"
   },
   {
    "indexed": false,
    "internalType": "uint256",
    "name": "value",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "function",
  "name": "allowance",
  "inputs": [
   {
    "internalType": "address",
    "name": "owner",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "spender",
    "type": "address"
   }
  ],
  "outputs": [
   {
    "internalType": "uint256",
    "name": "",
    "type": "uint256"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "approve",
  "inputs": [
   {
    "internalType": "address",
    "name": "",
    "type": "address"
   },
   {
    "internalType": "uint256",
    "name": "",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "internalType": "bool",
    "name": "",
    "type": "bool"
   }
  ],
  "stateMutability": "pure"
 },
 {
  "type": "function",
  "name": "balanceOf",
  "inputs": [
   {
    "internalType": "address",
    "name": "account",
    "type": "address"
   }
  ],
  "outputs": [
   {
    "internalType": "uint256",
    "name": "",
    "type": "uint256"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "decimals",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint8",
    "name": "",
    "type": "uint8"
   }
  ],
  "stateMutability": "pure"
 },
 {
  "type": "function",
  "name": "name",
  "inputs": [],
  "outputs": [
   {
    "internalType": "string",
    "name": "",
    "type": "string"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "pay",
  "inputs": [
   {
    "internalType": "address[]",
    "name": "payees",
    "type": "address[]"
   },
   {
    "internalType": "uint256[]",
    "name": "amounts",
    "type": "uint256[]"
   }
  ],
  "outputs": [],
  "stateMutability": "nonpayable"
 },
 {
  "type": "function",
  "name": "symbol",
  "inputs": [],
  "outputs": [
   {
    "internalType": "string",
    "name": "",
    "type": "string"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "totalSupply",
  "inputs": [],
  "outputs": [
   {
    "internalType": "uint256",
    "name": "",
    "type": "uint256"
   }
  ],
  "stateMutability": "view"
 },
 {
  "type": "function",
  "name": "transfer",
  "inputs": [
   {
    "internalType": "address",
    "name": "",
    "type": "address"
   },
   {
    "internalType": "uint256",
    "name": "",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "internalType": "bool",
    "name": "",
    "type": "bool"
   }
  ],
  "stateMutability": "pure"
 },
 {
  "type": "function",
  "name": "transferFrom",
  "inputs": [
   {
    "internalType": "address",
    "name": "",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "",
    "type": "address"
   },
   {
    "internalType": "uint256",
    "name": "",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "internalType": "bool",
    "name": "",
    "type": "bool"
   }
  ],
  "stateMutability": "pure"
 },
 {
  "type": "function",
  "name": "treasury",
  "inputs": [],
  "outputs": [
   {
    "internalType": "address",
    "name": "",
    "type": "address"
   }
  ],
  "stateMutability": "view"
 }
] as const;

/** The errors of all contracts, to decode any revert. */
export const everyError = [
 {
  "type": "error",
  "name": "AlreadyHandedOver",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "CouncilMissing",
  "inputs": []
 },
 {
  "type": "error",
  "name": "DeploymentFailed",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "part",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "NoLedgerYet",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "number",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotCreator",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerAlreadyScheduled",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "operationId",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerBadConfirmation",
  "inputs": []
 },
 {
  "type": "error",
  "name": "AccessManagerExpired",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "operationId",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerInvalidInitialAdmin",
  "inputs": [
   {
    "internalType": "address",
    "name": "initialAdmin",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerLockedFunction",
  "inputs": [
   {
    "internalType": "bytes4",
    "name": "selector",
    "type": "bytes4"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerLockedRole",
  "inputs": [
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerNotReady",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "operationId",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerNotScheduled",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "operationId",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerUnauthorizedAccount",
  "inputs": [
   {
    "internalType": "address",
    "name": "msgsender",
    "type": "address"
   },
   {
    "internalType": "uint64",
    "name": "roleId",
    "type": "uint64"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerUnauthorizedCall",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "internalType": "bytes4",
    "name": "selector",
    "type": "bytes4"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerUnauthorizedCancel",
  "inputs": [
   {
    "internalType": "address",
    "name": "msgsender",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   },
   {
    "internalType": "bytes4",
    "name": "selector",
    "type": "bytes4"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagerUnauthorizedConsume",
  "inputs": [
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "AddressEmptyCode",
  "inputs": [
   {
    "internalType": "address",
    "name": "target",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "FailedCall",
  "inputs": []
 },
 {
  "type": "error",
  "name": "InsufficientBalance",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "balance",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "needed",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "RolesExclusive",
  "inputs": [
   {
    "internalType": "address",
    "name": "account",
    "type": "address"
   },
   {
    "internalType": "uint64",
    "name": "held",
    "type": "uint64"
   },
   {
    "internalType": "uint64",
    "name": "wanted",
    "type": "uint64"
   }
  ]
 },
 {
  "type": "error",
  "name": "SafeCastOverflowedUintDowncast",
  "inputs": [
   {
    "internalType": "uint8",
    "name": "bits",
    "type": "uint8"
   },
   {
    "internalType": "uint256",
    "name": "value",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagedInvalidAuthority",
  "inputs": [
   {
    "internalType": "address",
    "name": "authority",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagedRequiredDelay",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   },
   {
    "internalType": "uint32",
    "name": "delay",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccessManagedUnauthorized",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccountAlreadyClosed",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccountUnknown",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "ConfigurationUnknown",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "configuration",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "KindMissing",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "index",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "LedgerAlreadyAdded",
  "inputs": [
   {
    "internalType": "address",
    "name": "ledger",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "LedgerOfAnotherCommunity",
  "inputs": [
   {
    "internalType": "address",
    "name": "ledger",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "PayeeTaken",
  "inputs": [
   {
    "internalType": "address",
    "name": "payee",
    "type": "address"
   },
   {
    "internalType": "uint24",
    "name": "account",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "SocialWithoutFund",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "index",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "TooManyConfigurations",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "most",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "ClassesInvalid",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "rule",
    "type": "uint256"
   },
   {
    "internalType": "uint16",
    "name": "classes",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "FallbackNotAFund",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "account",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "FundInvalid",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "rule",
    "type": "uint256"
   },
   {
    "internalType": "uint24",
    "name": "fund",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "KeyMissing",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "rule",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "NoRuleSetInForce",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "NoRules",
  "inputs": []
 },
 {
  "type": "error",
  "name": "RuleSetNotProposed",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "version",
    "type": "uint16"
   },
   {
    "internalType": "bytes32",
    "name": "ruleSetHash",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "RuleSetTooEarly",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "fromMonth",
    "type": "uint16"
   },
   {
    "internalType": "uint16",
    "name": "earliest",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "RuleSetTooLate",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "fromMonth",
    "type": "uint16"
   },
   {
    "internalType": "uint256",
    "name": "latestHour",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "SamePerson",
  "inputs": [
   {
    "internalType": "address",
    "name": "person",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "ShareZero",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "rule",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "SharesNotWhole",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "sum",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "expected",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "TooManyRules",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "given",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "most",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "AccountCannotMeter",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "channel",
    "type": "uint24"
   },
   {
    "internalType": "uint24",
    "name": "account",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "ChannelChanged",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "ChannelNumberSkipped",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   },
   {
    "internalType": "uint256",
    "name": "highest",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "ChannelRepeated",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "ChannelReused",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "ChannelsExhausted",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "channels",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "most",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "ChannelsNotAscending",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "row",
    "type": "uint256"
   },
   {
    "internalType": "uint24",
    "name": "previous",
    "type": "uint24"
   },
   {
    "internalType": "uint24",
    "name": "number",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "ClassUnknown",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "channel",
    "type": "uint24"
   },
   {
    "internalType": "uint8",
    "name": "class",
    "type": "uint8"
   }
  ]
 },
 {
  "type": "error",
  "name": "ECDSAInvalidSignature",
  "inputs": []
 },
 {
  "type": "error",
  "name": "ECDSAInvalidSignatureLength",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "length",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "ECDSAInvalidSignatureS",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "s",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "ExemptFlagUnknown",
  "inputs": [
   {
    "internalType": "uint24",
    "name": "channel",
    "type": "uint24"
   },
   {
    "internalType": "uint8",
    "name": "exempt",
    "type": "uint8"
   }
  ]
 },
 {
  "type": "error",
  "name": "FirstHourOutsideMonth",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "firstHour",
    "type": "uint32"
   },
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "HourCountOutOfRange",
  "inputs": [
   {
    "internalType": "uint8",
    "name": "hourCount",
    "type": "uint8"
   }
  ]
 },
 {
  "type": "error",
  "name": "InvalidShortString",
  "inputs": []
 },
 {
  "type": "error",
  "name": "IsPaused",
  "inputs": [
   {
    "internalType": "uint48",
    "name": "until",
    "type": "uint48"
   }
  ]
 },
 {
  "type": "error",
  "name": "LastHourNotEnded",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "endsAt",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "timeNow",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "MissingPriceNotZero",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "hourIndex",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "MissingReadingNotZero",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "row",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "hourIndex",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "wattHours",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotAnOracle",
  "inputs": [
   {
    "internalType": "address",
    "name": "signer",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotFirstRevision",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "revision",
    "type": "uint16"
   },
   {
    "internalType": "bytes32",
    "name": "replaces",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotNextHour",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "expected",
    "type": "uint32"
   },
   {
    "internalType": "uint32",
    "name": "given",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotPaused",
  "inputs": []
 },
 {
  "type": "error",
  "name": "OraclesNotAscending",
  "inputs": [
   {
    "internalType": "address",
    "name": "previous",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "oracle",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "PauseTooSoon",
  "inputs": [
   {
    "internalType": "uint48",
    "name": "notBefore",
    "type": "uint48"
   }
  ]
 },
 {
  "type": "error",
  "name": "PlantChannelChanged",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "plant",
    "type": "uint16"
   },
   {
    "internalType": "uint24",
    "name": "channel",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "PlantNumberSkipped",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "plant",
    "type": "uint16"
   },
   {
    "internalType": "uint256",
    "name": "highest",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "PlantRowInvalid",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "plant",
    "type": "uint16"
   },
   {
    "internalType": "uint16",
    "name": "row",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "PlantTermsInvalid",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "plant",
    "type": "uint16"
   },
   {
    "internalType": "uint8",
    "name": "regime",
    "type": "uint8"
   },
   {
    "internalType": "uint32",
    "name": "tariff",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "PlantsNotInWaterfallOrder",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "position",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "QuorumOutOfRange",
  "inputs": [
   {
    "internalType": "uint8",
    "name": "quorum",
    "type": "uint8"
   },
   {
    "internalType": "uint256",
    "name": "lowest",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "oracles",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "RosterDeploymentFailed",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "size",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "RosterEmpty",
  "inputs": []
 },
 {
  "type": "error",
  "name": "RosterMalformed",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "length",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "expected",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "RosterNotInForce",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "version",
    "type": "uint16"
   },
   {
    "internalType": "uint32",
    "name": "firstHour",
    "type": "uint32"
   },
   {
    "internalType": "uint8",
    "name": "hourCount",
    "type": "uint8"
   }
  ]
 },
 {
  "type": "error",
  "name": "RosterNotProposed",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "version",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "RosterTooEarly",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "effectiveHour",
    "type": "uint32"
   },
   {
    "internalType": "uint32",
    "name": "earliest",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "RosterTooLarge",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "length",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "most",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "RosterTooLong",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "rows",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "most",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "RostersTooClose",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "effectiveHour",
    "type": "uint32"
   },
   {
    "internalType": "uint32",
    "name": "earliest",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "SignersNotAscending",
  "inputs": [
   {
    "internalType": "address",
    "name": "previous",
    "type": "address"
   },
   {
    "internalType": "address",
    "name": "signer",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "StraddlesMonth",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "firstHour",
    "type": "uint32"
   },
   {
    "internalType": "uint8",
    "name": "hourCount",
    "type": "uint8"
   },
   {
    "internalType": "uint32",
    "name": "monthEnd",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "StringTooLong",
  "inputs": [
   {
    "internalType": "string",
    "name": "str",
    "type": "string"
   }
  ]
 },
 {
  "type": "error",
  "name": "TooFewSignatures",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "given",
    "type": "uint256"
   },
   {
    "internalType": "uint8",
    "name": "quorum",
    "type": "uint8"
   }
  ]
 },
 {
  "type": "error",
  "name": "UnusedLaneNotZero",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "hourIndex",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "UnusedMaskBitSet",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "row",
    "type": "uint256"
   },
   {
    "internalType": "uint24",
    "name": "mask",
    "type": "uint24"
   }
  ]
 },
 {
  "type": "error",
  "name": "WrongLength",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "injected",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "withdrawn",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "missing",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "injectionRows",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "withdrawalRows",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "ChunkEmpty",
  "inputs": []
 },
 {
  "type": "error",
  "name": "ContentDiffers",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "expected",
    "type": "bytes32"
   },
   {
    "internalType": "bytes32",
    "name": "given",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "MonthBeforeStart",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   },
   {
    "internalType": "uint16",
    "name": "firstMonth",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "MonthNotBegun",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "MonthOpen",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "configuration",
    "type": "uint16"
   },
   {
    "internalType": "uint16",
    "name": "month",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "MonthsReversed",
  "inputs": [
   {
    "internalType": "uint16",
    "name": "fromMonth",
    "type": "uint16"
   },
   {
    "internalType": "uint16",
    "name": "toMonth",
    "type": "uint16"
   }
  ]
 },
 {
  "type": "error",
  "name": "NetDiffers",
  "inputs": [
   {
    "internalType": "int64",
    "name": "net",
    "type": "int64"
   },
   {
    "internalType": "int256",
    "name": "expected",
    "type": "int256"
   }
  ]
 },
 {
  "type": "error",
  "name": "NoAccounts",
  "inputs": []
 },
 {
  "type": "error",
  "name": "NotObjected",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotTreasurerOrPresident",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotWholeCents",
  "inputs": [
   {
    "internalType": "int64",
    "name": "amount",
    "type": "int64"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotYetPayable",
  "inputs": [
   {
    "internalType": "uint48",
    "name": "payableFrom",
    "type": "uint48"
   }
  ]
 },
 {
  "type": "error",
  "name": "Objected",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "ObjectionTooLong",
  "inputs": [
   {
    "internalType": "uint48",
    "name": "given",
    "type": "uint48"
   },
   {
    "internalType": "uint48",
    "name": "most",
    "type": "uint48"
   }
  ]
 },
 {
  "type": "error",
  "name": "OverrideReasonMissing",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "PayoutBegun",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "ReasonMissing",
  "inputs": []
 },
 {
  "type": "error",
  "name": "ReceiptKindMissing",
  "inputs": []
 },
 {
  "type": "error",
  "name": "ReceiptRepeated",
  "inputs": [
   {
    "internalType": "bytes32",
    "name": "receiptHash",
    "type": "bytes32"
   }
  ]
 },
 {
  "type": "error",
  "name": "RunLive",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   }
  ]
 },
 {
  "type": "error",
  "name": "SafeCastOverflowedIntDowncast",
  "inputs": [
   {
    "internalType": "uint8",
    "name": "bits",
    "type": "uint8"
   },
   {
    "internalType": "int256",
    "name": "value",
    "type": "int256"
   }
  ]
 },
 {
  "type": "error",
  "name": "TooManyMonths",
  "inputs": [
   {
    "internalType": "uint256",
    "name": "given",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "most",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "WrongPhase",
  "inputs": [
   {
    "internalType": "uint32",
    "name": "run",
    "type": "uint32"
   },
   {
    "internalType": "enum ITreasury.Phase",
    "name": "phase",
    "type": "uint8"
   },
   {
    "internalType": "enum ITreasury.Phase",
    "name": "expected",
    "type": "uint8"
   }
  ]
 },
 {
  "type": "error",
  "name": "ERC20InsufficientAllowance",
  "inputs": [
   {
    "internalType": "address",
    "name": "spender",
    "type": "address"
   },
   {
    "internalType": "uint256",
    "name": "allowance",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "needed",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "ERC20InsufficientBalance",
  "inputs": [
   {
    "internalType": "address",
    "name": "sender",
    "type": "address"
   },
   {
    "internalType": "uint256",
    "name": "balance",
    "type": "uint256"
   },
   {
    "internalType": "uint256",
    "name": "needed",
    "type": "uint256"
   }
  ]
 },
 {
  "type": "error",
  "name": "ERC20InvalidApprover",
  "inputs": [
   {
    "internalType": "address",
    "name": "approver",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "ERC20InvalidReceiver",
  "inputs": [
   {
    "internalType": "address",
    "name": "receiver",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "ERC20InvalidSender",
  "inputs": [
   {
    "internalType": "address",
    "name": "sender",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "ERC20InvalidSpender",
  "inputs": [
   {
    "internalType": "address",
    "name": "spender",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "NotTreasury",
  "inputs": [
   {
    "internalType": "address",
    "name": "caller",
    "type": "address"
   }
  ]
 },
 {
  "type": "error",
  "name": "TransfersOff",
  "inputs": []
 }
] as const;
