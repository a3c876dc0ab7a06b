import { setTimeout as sleep } from "node:timers/promises";
import type { HostName } from "../../../tools/lab/index.ts";
import { Unanswered } from "../../support/unanswered.ts";
import { until } from "../../support/until.ts";
import { useLab } from "../../support/use-lab.ts";
import { connectionOf } from "../support/connection.ts";
import { diagnostics } from "../support/diagnostics.ts";
import { keyPair } from "../support/key-pair.ts";
import { relayTo } from "../support/relay.ts";
import type { Stack } from "../support/stack.ts";
import { stackOn } from "../support/stack-on.ts";

/** A resource of the host's name on each host, and more that begin with it. */
const PROGRAM = `
import * as lvs from "pulumi-lvs";
for (const host of (process.env["HOSTS"] ?? "").split(" "))
  for (const more of ["", ...(process.env["MORE"] ?? "").split(" ").filter(Boolean)])
    new lvs.VirtualService(host + more, { host, protocol: "tcp", address: "192.168.4.5:80" + more });
`;

const lab = useLab({ hosts: ["director1", "bare"] });
let stack: Stack;
let unanswered: Unanswered;

const director = () => lab.host("director1");

beforeAll(async () => {
  // A way of its own for each: what goes wrong on one is not to be seen on another.
  const way = async (changes: object, to: HostName = "director1") => {
    const relay = await relayTo(lab.host(to).connection.port);
    lab.atEnd(() => relay.close());
    return { ...connectionOf(lab, to), port: relay.port, ...changes };
  };
  unanswered = await Unanswered.open();
  lab.atEnd(() => unanswered.close());
  const hosts = {
    wrongHostKey: await way({ hostKey: lab.host("bare").connection.hostKey }),
    unknownHostKey: await way({ hostKey: undefined, knownHostsPath: "/nonexistent" }),
    wrongKey: await way({ privateKeyPath: undefined, privateKey: keyPair().private }),
    noSudoRight: await way({ user: "guest", sudo: true }),
    wrongSudoPassword: await way({ user: "pat", sudo: true, sudoPassword: "not this one" }),
    notRoot: await way({ user: "guest" }),
    bare: await way({}, "bare"),
    noKernel: await way({}),
    strange: await way({}),
    slow: await way({ deadline: 6 }),
    frozen: await way({ perDialTimeout: 2, dialErrorLimit: 1 }),
    unanswered: { ...connectionOf(lab, "director1"), ...UNANSWERED, port: unanswered.port },
    patient: { ...connectionOf(lab, "director1"), port: unanswered.port, perDialTimeout: 6 },
    quick: await way({}),
    // No card of the network has that address, and the director does not ask for it.
    behind: { ...connectionOf(lab, "director1"), ...UNANSWERED, host: "192.168.4.250", port: 22, proxy: await way({}) },
  };
  stack = await stackOn(lab, { program: { text: PROGRAM }, hosts });
});

const UNANSWERED = { perDialTimeout: 2, dialErrorLimit: 2 };

/** What an operator reads about each host, without what is of this run alone: ports, paths, keys. */
async function errors(...names: string[]): Promise<Readonly<Record<string, readonly string[]>>> {
  const environment = { HOSTS: names.join(" ") };
  const words = ["up", "--yes", "--skip-preview", "--continue-on-error", "--parallel", "16"];
  const { code, text } = await stack.run(words, { environment });
  expect(code).toBe(1);
  const said = Object.entries(diagnostics(text)).filter(([name]) => names.includes(name));
  return Object.fromEntries(said.map(([name, error]) => [name, neutral(error)]));
}

function neutral(text: string): readonly string[] {
  const short = text
    .replace(/^error: /, "")
    .replaceAll(connectionOf(lab, "director1").privateKeyPath, "KEY")
    .replaceAll(/(-p |\[127\.0\.0\.1\]:)\d+/g, "$1PORT")
    .replaceAll(/SHA256:\S+/g, "FINGERPRINT")
    .replaceAll(/AAAA[^\s"]+/g, "BLOB");
  return short.split("\n");
}

/** So Pulumi begins the error of a resource that is in the state although it failed. */
const KEPT = "1 error occurred:";
const INSTALL =
  'ipvsadm is not installed on the host. Install it: "apt-get install ipvsadm", "dnf install ipvsadm" or "yum install ipvsadm".';
const LISTING = [
  "  $ sh -c 'if [ -e /proc/net/ip_vs ]; then ipvsadm -Sn && echo -- && ipvsadm -Ln --thresholds; fi' sh",
];

describe("a host that lets nobody in, or cannot do its part", () => {
  let said: Awaited<ReturnType<typeof errors>>;

  beforeAll(async () => {
    await director().sh("mv /lib/modules/$(uname -r)/kernel/net/netfilter/ipvs /root/ipvs && depmod");
    said = await errors(
      ...[
        "wrongHostKey",
        "unknownHostKey",
        "wrongKey",
        "noSudoRight",
        "wrongSudoPassword",
        "notRoot",
        "bare",
        "noKernel",
      ],
    );
    await director().sh("mv /root/ipvs /lib/modules/$(uname -r)/kernel/net/netfilter/ && depmod && modprobe ip_vs");
  });

  const rows: [string, string[]][] = [
    [
      "wrongHostKey",
      [
        "wrongHostKey: no connection: THE HOST KEY HAS CHANGED",
        "  $ ssh -i KEY -p PORT root@127.0.0.1",
        "  expected ssh-ed25519 FINGERPRINT",
        "  ssh-ed25519 FINGERPRINT",
        "  [127.0.0.1]:PORT ssh-ed25519 BLOB",
        "Somebody may be between you and the host, and nothing was sent to it.",
        "If the host was installed anew, compare the fingerprint on its console and then change hostKey.",
      ],
    ],
    [
      "unknownHostKey",
      [
        "unknownHostKey: no connection: the host key is not known",
        "  $ ssh -i KEY -p PORT root@127.0.0.1",
        "  ssh-ed25519 FINGERPRINT",
        "  [127.0.0.1]:PORT ssh-ed25519 BLOB",
        'Compare it with what "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub" prints on the host. If it is the same,',
        'set hostKey to "ssh-ed25519 BLOB",',
        "or add the line above to /nonexistent",
        'or set hostKeyCheck: "accept-new" to trust the key that a host shows first.',
      ],
    ],
    [
      "wrongKey",
      [
        "wrongKey: no connection: the login was refused",
        "  $ ssh -p PORT root@127.0.0.1",
        "  All configured authentication methods failed",
        "  tried: privateKey (ssh-ed25519)",
        "  the host still takes: publickey",
        "Whether there is a user root, sshd does not say to us: its log does (journalctl -u ssh, /var/log/auth.log).",
      ],
    ],
    [
      "noSudoRight",
      [
        "noSudoRight: no connection: the shell ended at once (sudo as guest)",
        "  $ ssh -i KEY -p PORT guest@127.0.0.1",
        "  sudo: a password is required",
        "Set sudoPassword, or give the user NOPASSWD in /etc/sudoers.d.",
      ],
    ],
    [
      "wrongSudoPassword",
      [
        "wrongSudoPassword: no connection: sudo refused the password (sudo as pat)",
        "  $ ssh -i KEY -p PORT pat@127.0.0.1",
        "  Sorry, try again.",
        "sudoPassword is wrong for this user, or the user may not use sudo. Where it is not set, password is used.",
      ],
    ],
    [
      "notRoot",
      [
        "VirtualService tcp 192.168.4.5:80 on notRoot: command failed with exit code 2",
        "  $ ipvsadm -A -t 192.168.4.5:80 -s wlc",
        expect.stringMatching(/^ {2}modprobe: FATAL: Module ip_vs not found in directory /) as string,
        "  Can't initialize ipvs: Permission denied (you must be root)",
        "  Are you sure that IP Virtual Server is built in the kernel or as module?",
        'The kernel of the host has no IPVS. Try "modprobe ip_vs" there: minimal images keep the module in another package (linux-modules-extra, kernel-modules).',
        "Only root may use IPVS. Log in as root, or set sudo: true in the host's connection.",
      ],
    ],
    ["bare", [`VirtualService tcp 192.168.4.5:80 on bare: ${INSTALL}`]],
    [
      "noKernel",
      [
        "VirtualService tcp 192.168.4.5:80 on noKernel: command failed with exit code 2",
        "  $ ipvsadm -A -t 192.168.4.5:80 -s wlc",
        expect.stringMatching(/^ {2}modprobe: FATAL: Module ip_vs not found in directory /) as string,
        "  Can't initialize ipvs: Protocol not available",
        "  Are you sure that IP Virtual Server is built in the kernel or as module?",
        'The kernel of the host has no IPVS. Try "modprobe ip_vs" there: minimal images keep the module in another package (linux-modules-extra, kernel-modules).',
      ],
    ],
  ];

  test.each(rows)("%s", (name, lines) => {
    expect(said[name]).toEqual(lines);
  });
});

test("a user who is not root, on a host with IPVS", async () => {
  await director().sh("modprobe ip_vs");
  expect(await errors("notRoot")).toEqual({
    notRoot: [
      "VirtualService tcp 192.168.4.5:80 on notRoot: command failed with exit code 2",
      ...LISTING,
      "  Can't initialize ipvs: Permission denied (you must be root)",
      "  Are you sure that IP Virtual Server is built in the kernel or as module?",
      "Only root may use IPVS. Log in as root, or set sudo: true in the host's connection.",
    ],
  });
});

describe("an ipvsadm that", () => {
  /** The real one stays for all that the script leaves to it. */
  const instead = (script: string) =>
    director().sh(`modprobe ip_vs
[ -e /root/ipvsadm ] || mv /usr/sbin/ipvsadm /root/ipvsadm
cat > /usr/sbin/ipvsadm <<'END'
#!/bin/sh
${script}
exec /root/ipvsadm "$@"
END
chmod +x /usr/sbin/ipvsadm`);

  afterEach(() => director().sh("mv /root/ipvsadm /usr/sbin/ipvsadm; pkill -fx 'sleep 60' || true"));

  test("prints what nobody can read makes an error: nothing is guessed", async () => {
    await instead('[ "$1" != -Ln ] || exec echo "something else"');
    expect(await errors("strange")).toEqual({
      strange: [
        'VirtualService tcp 192.168.4.5:80 on strange: unreadable output: "something else" is neither a service nor a server',
        ...LISTING,
        "Run it on the host: its output matches no supported version. Please report it.",
      ],
    });
  });

  test("does not end is ended by the deadline, and what it did before is taken away by a destroy", async () => {
    await instead('[ "$1" != -A ] || { /root/ipvsadm "$@"; exec sleep 60; }');
    expect(await errors("slow")).toEqual({
      slow: [
        KEPT,
        "\t* slow: a command did not end within 6 s (deadline), and the connection was closed",
        "  $ ipvsadm -A -t 192.168.4.5:80 -s wlc",
        "It may still be running there: the next run observes the host again. If it needs that long, raise the host's deadline.",
      ],
    });
    expect(await director().text("ipvsadm -Sn")).toBe("-A -t 192.168.4.5:80 -s wlc");
    await director().sh("mv /root/ipvsadm /usr/sbin/ipvsadm; pkill -fx 'sleep 60'");
    await stack.destroy();
    expect(await director().text("ipvsadm -Sn")).toBe("");
  });

  test("is cut off while it works leaves the outcome unknown, and the error says so", async () => {
    await instead('[ "$1" != -A ] || exec sleep 60');
    const failing = errors("noKernel");
    await until("ipvsadm sleeps", async () => (await director().text("pgrep -fx 'sleep 60' || true")) !== "");
    await director().cut("reset");
    expect(await failing).toEqual({
      noKernel: [
        KEPT,
        expect.stringMatching(/^\t\* noKernel: the connection was lost while a command was running: /),
        "  $ ipvsadm -A -t 192.168.4.5:80 -s wlc",
        "Whether the host completed it is unknown: the next run observes the host again.",
      ],
    });
    await director().mend();
  });
});

test("a host that is frozen times out", async () => {
  await director().freeze();
  expect(await errors("frozen")).toEqual({
    frozen: [
      "frozen: no connection: no answer within 2 s (perDialTimeout): it takes the connection, and does not say that it is an SSH server",
      "  $ ssh -i KEY -p PORT root@127.0.0.1",
      "Is the host up, and do its address and port lead to an sshd?",
    ],
  });
  await director().thaw();
});

test("a host that takes no connection is waited for with words, and no longer than the run: ^C ends it, and the others are done", async () => {
  stack.travels();
  const { pid = 0, ended } = stack.start(["up", "--yes", "--skip-preview"], {
    environment: { HOSTS: "quick patient" },
  });
  await until("the other host is connected", () => Promise.resolve(stack.travels().length > 0));
  await sleep(9000);
  const start = performance.now();
  process.kill(pid, "SIGINT");
  const { code, text } = await ended;
  // Of the minute that the attempts go on for.
  expect(performance.now() - start).toBeLessThan(20_000);
  expect(code).not.toBe(0);
  expect(text).toMatch(
    /VirtualService patient creating \(\d+s\) patient: no answer within 6 s \(perDialTimeout\); attempt 2\n/,
  );
  expect(diagnostics(text)["patient"]).toBe(
    'error: patient: the run was cancelled, and nothing more was begun here. The next "pulumi up" does what is left.',
  );
  expect([...stack.resources().keys()]).toContain("quick");
  expect(stack.pendingCreates()).toBe(0);
});

test("a host that takes no connection is given up within its limits, directly and behind another host", async () => {
  await director().sh("ip neigh replace 192.168.4.250 lladdr 02:00:00:00:00:fe dev eth0 nud permanent");
  const start = performance.now();
  expect(await errors("unanswered", "behind")).toEqual({
    unanswered: [
      "unanswered: no connection: no answer within 2 s (perDialTimeout) (2 attempts)",
      "  $ ssh -i KEY -p PORT root@127.0.0.1",
      "Is the host up, and do its address and port lead to an sshd?",
    ],
    behind: [
      "behind: no connection: the proxy cannot reach 192.168.4.250:22: no answer within 2 s (perDialTimeout) (2 attempts)",
      expect.stringMatching(/^ {2}\$ ssh -i KEY -J root@127\.0\.0\.1:\d+ -p PORT root@192\.168\.4\.250$/) as string,
      "Is the host up, and do its address and port lead to an sshd, as the proxy sees them?",
    ],
  });
  // Twice 2 s, the pause between them, and the CLI itself.
  expect(performance.now() - start).toBeLessThan(60_000);
});

test("while one host is down, the others are changed: its error is said in full once, and it can be left out", async () => {
  const environment = { HOSTS: "quick unanswered", MORE: "1 2 3" };
  const run = (...words: string[]) => stack.run(["up", "--yes", "--skip-preview", ...words], { environment });
  const services = () => [...stack.resources().keys()].filter((name) => /^(quick|unanswered)/.test(name)).toSorted();
  const all = await run("--continue-on-error");
  expect(all.code).toBe(1);
  expect(services()).toEqual(["quick", "quick1", "quick2", "quick3"]);
  const errors = Object.entries(diagnostics(all.text)).filter(([name]) => name.startsWith("unanswered"));
  expect(errors.map(([, error]) => error.split("\n").length).toSorted((one, other) => one - other)).toEqual([
    1, 1, 1, 3,
  ]);
  for (const [, error] of errors) expect(error).toMatch(/^error: unanswered: no connection: no answer within 2 s/);
  expect(await run("--exclude", "**::unanswered*")).toMatchObject({ code: 0 });
  expect(await run("--refresh", "--run-program", "--target", "**::quick*")).toMatchObject({ code: 0 });
  expect(await run("--target", "**::unanswered2")).toMatchObject({ code: 1 });
  const { code } = await stack.run(["refresh", "--yes", "--exclude", "**::unanswered*"], { environment });
  expect(code).toBe(0);
});
