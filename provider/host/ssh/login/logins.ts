import { ownValue } from "../../../model/own-value";
import { DialError, reasonOf } from "../dial-error";
import { expandHome, readLocalFile } from "../local-files";
import type { Hop } from "../route";
import { shownPath, shownVariable } from "../shown";
import {
  agentLogins,
  type ChosenKey,
  certificateBeside,
  type FileLogin,
  isSameKey,
  notTried,
  publicKeyIn,
  readIdentities,
} from "./identities";
import { keyLogin, type Login } from "./key";

/** All keys and passwords of the connection, in the order in which they are tried. */
export async function logins(hop: Hop): Promise<readonly Login[]> {
  const { config } = hop;
  const own = await ownKeys(hop);
  const passwords = ownPasswords(hop);
  const isGiven = hop.privateKeyPath !== undefined || own.logins.length > 0 || own.chosen.length > 0;
  const identities = config === undefined || isGiven ? undefined : await readIdentities(hop, config);
  const nothing = !isGiven && passwords.length === 0;
  const isWanted = own.chosen.length > 0 || nothing || identities !== undefined;
  const socket =
    hop.agentSocketPath ?? config?.agent ?? (isWanted ? process.env["SSH_AUTH_SOCK"] : undefined) ?? "none";
  const isUsable = ({ method }: Login) => method !== undefined;
  const isOnly = ![...own.logins, ...passwords, ...(identities?.files ?? [])].some(isUsable);
  const agent =
    socket === "none" || socket === ""
      ? withoutAgent(own.chosen)
      : await agentLogins(hop, expandHome(socket), {
          chosen: [...own.chosen, ...(identities?.publicKeys ?? [])],
          isOnlyChosen: own.chosen.length > 0 || config?.identitiesOnly === true,
          mustAnswer: isOnly || hop.agentSocketPath !== undefined,
        });
  const files = identities?.files.filter(({ id }) => !agent.some((one) => isSameKey(one.id, id))) ?? [];
  const all = [...own.logins, ...agent, ...files, ...passwords];
  if (!all.some(isUsable)) throw nothingGiven(all);
  return all;
}

function withoutAgent(chosen: readonly ChosenKey[]): readonly FileLogin[] {
  return chosen.map(({ label }) =>
    notTried(`${label}, a public key: there is no agent that could have its private one`),
  );
}

/** The keys of the entry itself. A public one chooses that of the agent. */
async function ownKeys(
  hop: Hop,
): Promise<{ readonly logins: readonly Login[]; readonly chosen: readonly ChosenKey[] }> {
  const { privateKey, privateKeyEnv, privateKeyPath } = hop;
  const logins: Login[] = [];
  const chosen: ChosenKey[] = [];
  if (privateKey !== undefined) logins.push(keyLogin(hop, privateKey, "privateKey"));
  if (privateKeyEnv !== undefined) {
    const label = `privateKeyEnv ${shownVariable(privateKeyEnv)}`;
    logins.push(keyLogin(hop, environment(privateKeyEnv, "privateKeyEnv"), label));
  }
  if (privateKeyPath !== undefined) {
    const text = await readKeyFile(privateKeyPath);
    const label = `privateKeyPath ${shownPath(privateKeyPath)}`;
    const id = publicKeyIn(text);
    if (id === undefined) logins.push(keyLogin(hop, text, label));
    else chosen.push({ id, label });
    logins.push(...(await certificateBeside(expandHome(privateKeyPath))));
  }
  return { logins, chosen };
}

function ownPasswords(hop: Hop): readonly Login[] {
  const { password, passwordEnv } = hop;
  return [
    ...(password === undefined ? [] : passwordLogins(hop, password, "password")),
    ...(passwordEnv === undefined
      ? []
      : passwordLogins(hop, environment(passwordEnv, "passwordEnv"), `passwordEnv ${shownVariable(passwordEnv)}`)),
  ];
}

async function readKeyFile(path: string): Promise<string> {
  try {
    return await readLocalFile(expandHome(path));
  } catch (error) {
    throw new DialError(
      `cannot read privateKeyPath ${shownPath(path)}: ${reasonOf(error)}`,
      [],
      ["The file is read on the machine that runs Pulumi. A key itself goes to privateKey."],
    );
  }
}

function passwordLogins(hop: Hop, password: string, label: string): Login[] {
  return [
    { label, method: { type: "password", username: hop.user, password } },
    {
      label: `${label} (keyboard-interactive)`,
      method: {
        type: "keyboard-interactive",
        username: hop.user,
        // A prompt that echoes its answer does not ask for the password.
        prompt: (_name, _instructions, _language, prompts, finish) =>
          finish(prompts.map(({ echo }) => (echo === true ? "" : password))),
      },
    },
  ];
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

function nothingGiven(unusable: readonly Login[]): DialError {
  return new DialError(
    "nothing to log in with",
    unusable.map(({ label }) => label),
    [
      "Set privateKeyPath, privateKey, privateKeyEnv, password or passwordEnv, or start an agent (SSH_AUTH_SOCK, agentSocketPath).",
    ],
  );
}
