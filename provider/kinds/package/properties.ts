/** What can be observed on a host: compared in plans, and outputs of the resource. No imports here, because programs load this file. */
export const OBSERVED = ["name", "packageName", "version"] as const;
