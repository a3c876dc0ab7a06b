import type { Host } from "../inventory";

/** How Pulumi marks a secret in properties. The engine keeps old outputs secret by itself; for inputs that `read` returns it does not. */
const PULUMI_SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** A connection may hold a key; a name is no secret. */
export function asSecret(host: Host): unknown {
  return typeof host === "string" ? host : secretOf(host);
}

export function secretOf(value: unknown): unknown {
  return { [PULUMI_SECRET_SIGNATURE]: SECRET, value };
}
