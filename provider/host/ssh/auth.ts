import { readFile } from "node:fs/promises";
import { type AnyAuthMethod, utils } from "ssh2";
import type { Reach } from "../../model/connection";
import { ownValue } from "../../model/own-value";
import { DialError, reasonOf } from "./dial-error";
import { expandHome } from "./expand-home";
import { shownPath, shownVariable } from "./shown";

/** A way to log in. `label` is its name in messages, and never holds the secret. */
export interface Login {
  readonly label: string;
  readonly method: AnyAuthMethod;
}

/** All keys and passwords of the connection, in the order in which they are tried. */
export async function logins(reach: Reach): Promise<readonly Login[]> {
  const keys = [
    ...(reach.privateKey === undefined ? [] : [keyLogin(reach, reach.privateKey, "privateKey")]),
    ...(reach.privateKeyEnv === undefined
      ? []
      : [
          keyLogin(
            reach,
            environment(reach.privateKeyEnv, "privateKeyEnv"),
            `privateKeyEnv ${shownVariable(reach.privateKeyEnv)}`,
          ),
        ]),
    ...(reach.privateKeyPath === undefined ? [] : [await keyFileLogin(reach, reach.privateKeyPath)]),
  ];
  const passwords = [
    ...(reach.password === undefined ? [] : passwordLogins(reach, reach.password, "password")),
    ...(reach.passwordEnv === undefined
      ? []
      : passwordLogins(
          reach,
          environment(reach.passwordEnv, "passwordEnv"),
          `passwordEnv ${shownVariable(reach.passwordEnv)}`,
        )),
  ];
  const nothing = keys.length === 0 && passwords.length === 0;
  const agent = reach.agentSocketPath ?? (nothing ? process.env["SSH_AUTH_SOCK"] : undefined);
  const all = [...keys, ...(agent === undefined || agent === "" ? [] : [agentLogin(reach, agent)]), ...passwords];
  if (all.length === 0) throw nothingGiven();
  return all;
}

function keyLogin(reach: Reach, text: string, label: string): Login {
  // Pasted keys often lack the last newline, and configuration files may have DOS line ends.
  const key = utils.parseKey(`${text.replaceAll("\r\n", "\n").trimEnd()}\n`, reach.privateKeyPassword);
  if (key instanceof Error) throw unreadableKey(label, key.message, reach.privateKeyPassword !== undefined);
  if (!key.isPrivateKey())
    throw new DialError(`${label} is a public key`, [], ["Give the private one: the file without .pub."]);
  return { label: `${label} (${key.type})`, method: { type: "publickey", username: reach.user, key } };
}

async function keyFileLogin(reach: Reach, path: string): Promise<Login> {
  try {
    return keyLogin(reach, await readFile(expandHome(path), "utf8"), `privateKeyPath ${shownPath(path)}`);
  } catch (error) {
    if (error instanceof DialError) throw error;
    throw new DialError(
      `cannot read privateKeyPath ${shownPath(path)}: ${reasonOf(error)}`,
      [],
      ["The file is read on the machine that runs Pulumi. A key itself goes to privateKey."],
    );
  }
}

function unreadableKey(label: string, why: string, hasPassword: boolean): DialError {
  const encrypted = /passphrase|encrypted/i.test(why);
  if (encrypted && !hasPassword)
    return new DialError(`${label} is encrypted`, [], ["Set privateKeyPassword, or give an agent by agentSocketPath."]);
  if (encrypted || hasPassword) return new DialError(`${label} cannot be decrypted with privateKeyPassword`, [], []);
  return new DialError(
    `${label} is not a private key that we can read: ${why}`,
    [],
    ["OpenSSH and PEM forms of ed25519, ecdsa and rsa keys are read."],
  );
}

function passwordLogins(reach: Reach, password: string, label: string): Login[] {
  return [
    { label, method: { type: "password", username: reach.user, password } },
    {
      label: `${label} (keyboard-interactive)`,
      method: {
        type: "keyboard-interactive",
        username: reach.user,
        // A prompt that echoes its answer does not ask for the password.
        prompt: (_name, _instructions, _language, prompts, finish) =>
          finish(prompts.map(({ echo }) => (echo === true ? "" : password))),
      },
    },
  ];
}

function agentLogin(reach: Reach, agent: string): Login {
  return {
    label: `agent ${shownPath(agent)}`,
    method: { type: "agent", username: reach.user, agent: expandHome(agent) },
  };
}

function environment(name: string, property: string): string {
  const value = ownValue(process.env, name);
  if (value !== undefined && value !== "") return value;
  throw new DialError(
    `${property} names ${shownVariable(name)}, which is not set in the environment`,
    [],
    ["Set that variable where Pulumi runs. The field takes the name of a variable, not what is in it."],
  );
}

function nothingGiven(): DialError {
  return new DialError(
    "nothing to log in with",
    [],
    [
      "Set privateKeyPath, privateKey, privateKeyEnv, password or passwordEnv, or start an agent (SSH_AUTH_SOCK, agentSocketPath).",
    ],
  );
}
