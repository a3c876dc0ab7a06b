import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findKnownHosts, fingerprint, judge, parseHostKeys } from "../../../provider/host/ssh/host-keys/known-hosts";
import type { HostKey } from "../../../provider/model/host-key";
import { newKey } from "../keys";

const line = newKey().public;
const [key] = parseHostKeys(line) as [HostKey];
const [other] = parseHostKeys(newKey().public) as [HostKey];
const k = `${key.type} ${key.blob}`;
const o = `${other.type} ${other.blob}`;

const rows = [
  { name: "plain", why: "the key is there", file: `web1 ${k}`, verdict: "known" },
  { name: "list", why: "one line may name many", file: `a,web1,b ${k} root@web1`, verdict: "known" },
  { name: "upper case", why: "host names have no case", file: `WEB1 ${k}`, verdict: "known" },
  { name: "wildcard", why: "patterns are patterns", file: `we*,!web2 ${k}`, verdict: "known" },
  { name: "one letter", why: "? is one character", file: `web? ${k}`, verdict: "known" },
  { name: "negated", why: "a negated name is not meant", file: `*,!web1 ${k}`, verdict: "unknown" },
  { name: "a dot is a dot", why: "names are not regular expressions", file: `we.1 ${k}`, verdict: "unknown" },
  { name: "other host", why: "its key says nothing about us", file: `web2 ${k}`, verdict: "unknown" },
  { name: "empty", why: "nobody told us", file: "", verdict: "unknown" },
  { name: "comment", why: "it is commented out", file: `# web1 ${k}`, verdict: "unknown" },
  { name: "changed", why: "another key stands there", file: `web1 ${o}`, verdict: "changed" },
  { name: "two", why: "either of two is good", file: `web1 ${o}\nweb1 ${k}`, verdict: "known" },
  { name: "revoked", why: "revoked beats known", file: `web1 ${k}\n@revoked * ${k}`, verdict: "revoked" },
  { name: "another was revoked", why: "it is not this one", file: `@revoked * ${o}`, verdict: "unknown" },
  { name: "authority", why: "authorities are not supported", file: `@cert-authority * ${k}`, verdict: "unknown" },
  { name: "rubbish", why: "a broken line is passed over", file: `web1 ssh-ed25519 AAAA\nweb1 ${k}`, verdict: "known" },
  {
    name: "cut off",
    why: "ssh passes over a key that is not whole, and does not take the host for another one",
    file: `web1 ${o.slice(0, -8)}`,
    verdict: "unknown",
  },
  { name: "port", why: "another port has its own line", file: `[web1]:2222 ${k}`, port: 2222, verdict: "known" },
  { name: "port changed", why: "that line is exact", file: `[web1]:2222 ${o}`, port: 2222, verdict: "changed" },
  { name: "port, bare name", why: "the same key confirms", file: `web1 ${k}`, port: 2222, verdict: "known" },
  {
    name: "port changed, bare name",
    why: "ssh asks a line without a port only where there is none with it",
    file: `[web1]:2222 ${o}\nweb1 ${k}`,
    port: 2222,
    verdict: "changed",
  },
  {
    name: "port, other bare",
    why: "port 22 may be another machine",
    file: `web1 ${o}`,
    port: 2222,
    verdict: "unknown",
  },
] as const;

test.each(rows)("$name: $why", (row) => {
  expect(judge(key, findKnownHosts(row.file, "web1", "port" in row ? row.port : 22))).toBe(row.verdict);
});

test("what OpenSSH has hashed is found, and its fingerprint is ours", () => {
  const dir = mkdtempSync(join(tmpdir(), "lvs-known-"));
  try {
    const path = join(dir, "known_hosts");
    writeFileSync(path, `web1 ${k}\n[web1]:2222 ${o}\n`);
    execFileSync("ssh-keygen", ["-H", "-f", path], { stdio: "ignore" });
    const hashed = readFileSync(path, "utf8");
    expect(hashed).not.toContain("web1");
    expect(judge(key, findKnownHosts(hashed, "web1", 22))).toBe("known");
    expect(judge(other, findKnownHosts(hashed, "WEB1", 2222))).toBe("known");
    expect(judge(key, findKnownHosts(hashed, "web2", 22))).toBe("unknown");
    expect(execFileSync("ssh-keygen", ["-lf", path]).toString()).toContain(fingerprint(key));
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("a pinned key may be pasted from anywhere", () => {
  expect(parseHostKeys(`${k}\n\n# old\nweb1 ${o} root@web1\n`)).toEqual([key, other]);
  // As ssh-keyscan prints it.
  expect(parseHostKeys(`ssh-gw.example.net ${k}`)).toEqual([key]);
  expect(() => parseHostKeys("SHA256:abc")).toThrow(
    'cannot read a host key in "SHA256:abc"; expected "ssh-ed25519 AAAA..."',
  );
});
