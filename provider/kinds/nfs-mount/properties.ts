/** What can be observed on a host: compared in plans, and outputs of the resource. No imports here, because programs load this file. */
export const OBSERVED = ["source", "ownSource", "path", "version", "options", "boot", "live"] as const;
