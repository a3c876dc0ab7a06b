import ssh2 from "ssh2";

const { generateKeyPairSync, parseKey } = ssh2.utils;

/** A new ed25519 key, encrypted where there is a passphrase. ssh2 writes one in two hundred so that nobody can read it, itself and OpenSSH included. */
export function keyPair(passphrase?: string): ReturnType<typeof generateKeyPairSync> {
  const pair =
    passphrase === undefined
      ? generateKeyPairSync("ed25519")
      : generateKeyPairSync("ed25519", { passphrase, cipher: "aes256-ctr", rounds: 4 });
  return parseKey(pair.private, passphrase) instanceof Error ? keyPair(passphrase) : pair;
}
