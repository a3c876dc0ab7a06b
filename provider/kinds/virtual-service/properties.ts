/** What can be observed on a host: compared in plans, and outputs of the resource. No imports here, because programs load this file. */
export const OBSERVED = [
  "protocol",
  "address",
  "fwmark",
  "family",
  "scheduler",
  "schedulerFlags",
  "persistenceTimeout",
  "netmask",
  "persistenceEngine",
  "onePacket",
  "boot",
  "live",
  "realServers",
  "healthCheck",
] as const;
