import { setFlagsFromString } from "node:v8";

/** Bytes. As Node had it up to 22. */
const POOL = 8192;

/**
 * Many hosts would take much more memory than there is to keep. Node cuts small pieces of bytes from a pool of 64 kB, and a connection
 * keeps some of its first messages to its end, each with its whole pool. V8 doubles its room for what is new, up to 128 MB, whenever as
 * much has outlived it: here that is never much at once. It asks for this factor each time, so that a running process can still say so.
 */
export function saveMemory(): void {
  Buffer.poolSize = POOL;
  setFlagsFromString("--semi-space-growth-factor=1");
}
