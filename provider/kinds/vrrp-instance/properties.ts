/** What can be observed on a host: compared in plans, and outputs of the resource. No imports here, because programs load this file. */
export const OBSERVED = [
  "device",
  "virtualRouterId",
  "addresses",
  "priority",
  "advertInterval",
  "preempt",
  "peers",
  "source",
  "track",
  "file",
  "live",
  "boot",
  "loaded",
] as const;
