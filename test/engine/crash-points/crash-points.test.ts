import * as runtime from "../../../provider/runtime";
import type { LabHost } from "../../../tools/lab/index";
import type { FakeHost } from "../../fakes/fake-host";
import { LabResource } from "../../lab/resource";
import { Counts } from "../../support/counts";
import { CrashPoints } from "../../support/crash-points";
import { FakeSession } from "./fake-session";
import { lives } from "./lives";

const ADDRESS = { name: "web1", connection: { host: "192.0.2.1" } } as unknown as LabHost;

/**
 * All that a fake has, in lines. Its log of commands is no part of a host, and of its keepalived there is what its state says. The order of devices and of rules has no meaning, nor has that of
 * the lines of a record of ours.
 */
function stateOf(host: FakeHost): string {
  const isState = ([name]: readonly [string, unknown]) =>
    !["files", "commands", "told", "keepalived", "checkers"].includes(name);
  const state = hasState(host) ? host.state() : {};
  const files = [...host.files].flatMap(([path, content]) =>
    content.split("\n").map((line, at) => `${path} ${isOurs(path) ? "" : at}: ${line}`),
  );
  const parts = Object.fromEntries(Object.entries(host).filter(isState));
  return [...linesOf(parts, ""), ...linesOf({ ...state, files: undefined }, "state"), ...files].sort().join("\n");
}

function linesOf(value: unknown, name: string): readonly string[] {
  if (value instanceof Map) return [...value].flatMap(([key, inner]) => linesOf(inner, `${name} ${String(key)}`));
  if (value instanceof Set || Array.isArray(value)) return [...value].flatMap((inner) => linesOf(inner, name));
  if (typeof value !== "object" || value === null) return [`${name} ${String(value)}`];
  return Object.entries(value).flatMap(([key, inner]) => linesOf(inner, `${name} ${key}`));
}

function hasState(host: FakeHost): host is FakeHost & { readonly state: () => object } {
  return "state" in host && typeof host.state === "function";
}

function isOurs(path: string): boolean {
  return path.startsWith("/var/lib/pulumi-lvs/") || path === "/etc/sysctl.d/99-zz-pulumi-lvs.conf";
}

test("every kind has a life", () => {
  expect([...new Set(lives.map(({ kind }) => kind.name))].sort()).toEqual(Object.keys(runtime).sort());
});

test.each(lives)("$kind.name on $on: cut after each step, and continued in each way", async (life) => {
  const session = new FakeSession(life.host);
  const points = new CrashPoints(
    (kind) => new LabResource(kind, ADDRESS, () => session),
    session,
    () => Promise.resolve(stateOf(life.host)),
    session,
  );
  await points.try(life);
  const counts = new Counts();
  for (const [operation, count] of Object.entries(points.trials)) counts.add(life.kind.name, operation, count);
  counts.tell();
  expect(points.failures).toEqual([]);
  expect(points.trials.create).toBeGreaterThan(3);
});
