import { utils } from "ssh2";

/** A new ed25519 key. ssh2 writes one in two hundred so that nobody can read it, itself and OpenSSH included. */
export function newKey(): { readonly private: string; readonly public: string } {
  const pair = utils.generateKeyPairSync("ed25519");
  return utils.parseKey(pair.private) instanceof Error ? newKey() : pair;
}
