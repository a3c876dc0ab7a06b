/** What can be observed on a host: compared in plans, and outputs of the resource. No imports here, because programs load this file. */
export const OBSERVED = [
  "service",
  "address",
  "forwarding",
  "weight",
  "upperThreshold",
  "lowerThreshold",
  "tunnel",
  "boot",
  "live",
] as const;
