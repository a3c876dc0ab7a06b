import { addOwner } from "../../../provider/dialects/sysctl/ledger";
import { LEDGER } from "../../../provider/dialects/sysctl/ledger-text";
import { otherSetting, overruledBy } from "../../../provider/dialects/sysctl/precedence";
import { UserError } from "../../../provider/errors";
import type { Files } from "../../../provider/facts/files/lines";

/** What the lab's differential test of sysctl.d found on hosts, and what it confirmed. */

const KEY = "net.ipv4.ip_forward";
const OURS = addOwner(undefined, { name: "NatKernelTuning", boot: true }, [
  { key: KEY, desired: "1", reason: "replies pass through", original: "0" },
]);

function files(texts: Readonly<Record<string, string>>): Files {
  const numbered = (text: string) => text.split("\n").map((line, index) => ({ number: index + 1, text: line }));
  return new Map(Object.entries(texts).map(([path, text]) => [path, text === "" ? [] : numbered(text)]));
}

function overruling(texts: Readonly<Record<string, string>>): string | undefined {
  const { path, number } = overruledBy(files({ [LEDGER]: OURS, ...texts }), KEY, "1") ?? {};
  return path === undefined ? undefined : `${path}:${number}`;
}

const LATER = "/etc/sysctl.d/99-zzz.conf";

test.each([
  ["net.ipv4.ip_forward=0", "as everybody writes it"],
  ["net/ipv4/ip_forward = 0", "with slashes"],
  ["/net//ipv4/./ip_forward=0", "with more slashes than needed"],
  ["net..ipv4.ip_forward=0", "with an empty name"],
  ["- net.ipv4.ip_forward=0", "with a blank behind the dash"],
  ["net.ipv4.conf.all.forwarding=0", "by its other name"],
  ["net.ipv4.conf.*.forwarding=0", "by a pattern for its other name"],
  ["net.ipv4.conf.[!d]??.forwarding=0", "by a pattern with a set"],
  ["net.ipv4.ip_forward=0 # off", "with a comment that the kernel ignores"],
  ["net.ipv4.ip_forward=0x0", "in hexadecimal"],
  ["# a comment\rnet.ipv4.ip_forward=0", "behind a carriage return, which ends a line"],
  ["-net.ipv4.ip_forward", "by taking the line away"],
  ["net.ipv4.ip_forward=", "by a line without a value"],
  ["net.ipv4.ip_forward=on", "by a value that the kernel refuses"],
])("a later line overrules ours: %j, %s", (line) => {
  expect(overruling({ [LATER]: line })).toBe(`${LATER}:1`);
});

test.each([
  ["net.ipv4.ip_forward=1 # on", "the kernel ignores what follows"],
  ["net.ipv4.ip_forward=01", "the same number"],
  ["net.ipv4.ip_forward=0x1", "the same number"],
  ["net.ipv4.ip_*=0", "a pattern passes over what has a line of its own"],
  ["net.ipv4.conf.all.forwarding=off", "the kernel refuses it"],
  ["net.ipv4.ip_forward\u00a0=0", "no such setting"],
  ["net.ipv4/ip_forward=0", "no such setting: a dot came first"],
  ["--net.ipv4.ip_forward=0", "no such setting"],
  ["\ufeffnet.ipv4.ip_forward=0", "no such setting"],
  ["\v# net.ipv4.ip_forward=0", "no such setting"],
  [";net.ipv4.ip_forward=0", "a comment"],
  ["net.ipv4.conf.{default,lo}.tag=0", "a pattern of something else"],
])("a later line leaves ours alone: %j, %s", (line) => {
  expect(overruling({ [LATER]: line })).toBeUndefined();
});

test("our line takes the place of an earlier equal one, so what stands between them is applied last", () => {
  const texts = {
    "/etc/sysctl.d/10-a.conf": `${KEY}=1`,
    "/usr/lib/sysctl.d/50-b.conf": "net.ipv4.conf.all.forwarding=0",
  };
  expect(overruling(texts)).toBe("/usr/lib/sysctl.d/50-b.conf:1");
  expect(overruledBy(files({ [LEDGER]: OURS, ...texts }), KEY, "1")?.after).toMatch(
    /^\/etc\/sysctl.d\/10-a.conf, line 1, /,
  );
  expect(overruling({ ...texts, "/etc/sysctl.d/60-c.conf": `${KEY}=0` })).toBeUndefined();
});

test("/etc/sysctl.conf, which systemd-sysctl does not read, hides no line that it reads", () => {
  expect(overruling({ [LATER]: `${KEY}=0`, "/etc/sysctl.conf": `${KEY}=1` })).toBe(`${LATER}:1`);
});

test("a file hides those of its name in later folders, even when it is empty", () => {
  expect(overruling({ [LATER]: "", "/usr/lib/sysctl.d/99-zzz.conf": `${KEY}=0` })).toBeUndefined();
});

test("a pattern that cannot be judged is refused with file and line", () => {
  const read = () => overruling({ [LATER]: "# note\nnet.ipv4.conf.{all,lo}.f*=0" });
  expect(read).toThrow(UserError);
  expect(read).toThrow(`${LATER}, line 2: cannot tell whether the pattern net/ipv4/conf/{all,lo}/f* is for`);
});

test("without ours, a pattern sets the key, and not where a line takes it out", () => {
  const pattern = { [LATER]: "net.ipv4.ip_*=2" };
  expect(otherSetting(files({ [LEDGER]: OURS, ...pattern }), KEY)?.value).toBe("2");
  expect(otherSetting(files({ [LEDGER]: OURS, [LATER]: `net.ipv4.ip_*=2\n-${KEY}` }), KEY)).toBeUndefined();
});
