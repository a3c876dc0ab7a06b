import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/**
 * What Pulumi asks a Vault, which keeps the key that a stack's secrets are encrypted with: to encrypt that key when the stack is made, to decrypt
 * it in each run. To derive a key from a passphrase takes a million rounds, 0.15 s of processor time in each run. This one hides nothing.
 */
const server = createServer((request, response) => {
  void answer(request).then((data) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ data }));
  });
});

async function answer(request: IncomingMessage): Promise<object> {
  const { plaintext, ciphertext = "" } = (await json(request)) as { plaintext?: string; ciphertext?: string };
  return plaintext === undefined ? { plaintext: ciphertext.slice(HEAD.length) } : { ciphertext: `${HEAD}${plaintext}` };
}

const HEAD = "vault:v1:";

let listening: Promise<Server> | undefined;

/** The variables that tell the CLI where it is. It ends with this process. */
export async function keyService(): Promise<Record<string, string>> {
  listening ??= new Promise((resolve) => {
    server.on("connection", (socket) => socket.unref());
    server.listen(0, "127.0.0.1", () => resolve(server.unref()));
  });
  const { port } = (await listening).address() as AddressInfo;
  return { VAULT_SERVER_URL: `http://127.0.0.1:${port}`, VAULT_SERVER_TOKEN: "none" };
}

/** As `pulumi stack init` names it. */
export const SECRETS_PROVIDER = "hashivault://e2e";
