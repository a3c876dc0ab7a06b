import { connect } from "../../../provider/host/ssh/connect";
import { connection, reachFields } from "../../../provider/model/connection";
import { newKey } from "../keys";
import { startServer } from "../ssh-server";

const KEY = newKey().private;
const ONE_LINE = KEY.split("\n").slice(1, -2).join("");

/** What people paste into the wrong field. */
const SECRETS: readonly (readonly [name: string, text: string])[] = [
  ["a key", KEY],
  ["a key in one line", KEY.replaceAll("\n", "\\n")],
  ["the body of a key", ONE_LINE],
  ["a password", "hunter2"],
  ["a loud password", "HUNTER2"],
  ["a password with blanks", "correct horse battery"],
];

const FIELDS = [
  "port",
  "user",
  "password",
  "passwordEnv",
  "privateKey",
  "privateKeyPath",
  "privateKeyEnv",
  "privateKeyPassword",
  "agentSocketPath",
  "hostKey",
  "knownHostsPath",
  "sshConfig",
  "hostKeyCheck",
  "dialErrorLimit",
  "perDialTimeout",
  "sudo",
  "sudoPassword",
  "deadline",
] as const;

test.each(SECRETS)("%s in the wrong field is in no message", async (_name, secret) => {
  const server = await startServer();
  const { host, port, hostKey } = server.connection();
  const given = { host, port, hostKey, privateKey: newKey().private, dialErrorLimit: 1, perDialTimeout: 2 };
  const parts = secret.split(/\n|\\n/).filter((part) => part.length > 5 && !part.includes("----"));
  const messages: string[] = [];
  for (const field of FIELDS) {
    const own = reachFields;
    const inner = { ...given, [field]: secret };
    for (const written of [inner, ...(field in own ? [{ ...given, proxy: inner }] : [])]) {
      const { privateKey, ...noKey } = written;
      const read = connection.safeParse(
        field.startsWith("private") && field !== "privateKeyPassword" ? noKey : written,
      );
      // A user's name is shown: it is one that sshd could know.
      if (!read.success) messages.push(JSON.stringify(read.error.issues));
      else if (field !== "user") messages.push(await messageOf(read.data));
    }
  }
  expect(messages.length).toBeGreaterThan(FIELDS.length);
  for (const part of parts) expect(messages.filter((message) => message.includes(part))).toEqual([]);
  for (const url of [`root:${secret}@10.0.0.1`, `ssh://root:${secret}@10.0.0.1`]) {
    expect(connection.safeParse({ host: url }).error?.issues[0]?.message).toContain("have fields of their own");
    expect(connection.safeParse({ host: "10.0.0.1", user: `root:${secret}` }).success).toBe(false);
  }
  await server.close();
});

async function messageOf(read: ReturnType<typeof connection.parse>): Promise<string> {
  try {
    (await connect(read)).close();
    return "";
  } catch (error) {
    return String(error);
  }
}

test("what a field of the connection names is shown where it cannot be a secret", async () => {
  const read = (fields: object) => connection.parse({ host: "192.0.2.1", hostKey: newKey().public, ...fields });
  expect(await messageOf(read({ privateKeyPath: "/no/such/key" }))).toContain("privateKeyPath /no/such/key: ENOENT");
  expect(await messageOf(read({ passwordEnv: "LVS_NO_SUCH" }))).toContain(
    "passwordEnv names LVS_NO_SUCH, which is not",
  );
  expect(await messageOf(read({ passwordEnv: "constructor" }))).toContain("which is not set in the environment");
});
