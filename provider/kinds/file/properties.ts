/** What can be observed on a host: compared in plans, and outputs of the resource. No imports here, because programs load this file. */
export const OBSERVED = ["path", "sha256", "mode", "owner", "group", "loaded", "before"] as const;

/** The text or the bytes: they are compared by their digest. */
export const CONTENT = ["content", "contentBase64"] as const;
