/** What can be observed on a host: compared in plans, and outputs of the resource. No imports here, because programs load this file. */
export const OBSERVED = [
  "role",
  "address",
  "device",
  "label",
  "boot",
  "bootFile",
  "live",
  "adopted",
  "otherForms",
] as const;
