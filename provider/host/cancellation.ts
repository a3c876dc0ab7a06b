import { subscribe } from "node:diagnostics_channel";
import { cancelCalls } from "./call";

/**
 * Hears when the engine asks providers to cancel what they do: at the first ^C or SIGTERM of the CLI, and at the end of each run. The SDK
 * answers that for dynamic providers and tells them nothing, so the request is heard as it comes in, by Node's own channel for it.
 */
export function hearCancellation(): void {
  subscribe("http2.server.stream.start", (message) => {
    const { headers } = message as { readonly headers?: Readonly<Record<string, unknown>> };
    if (headers?.[":path"] === CANCEL) cancelCalls();
  });
}

/** As Pulumi's protocol names it. */
const CANCEL = "/pulumirpc.ResourceProvider/Cancel";
