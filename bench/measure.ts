import { spawn } from "node:child_process";
import { join } from "node:path";
import { Stack } from "../test/e2e/support/stack.ts";
import type { Lab } from "../tools/lab/index.ts";
import { time } from "./clock.ts";
import { entries, floor, keepalivedFile, ours, rules, SERVICE, type Shape } from "./programs.ts";

export const OPERATIONS = ["up", "no change", "refresh", "drift", "destroy"] as const;
export type Operation = (typeof OPERATIONS)[number];
export type Times = Readonly<Record<Operation, number>>;

interface Life {
  readonly stack: Stack;
  readonly shape: Shape;
  /** Changes something by hand. */
  readonly disturb: () => Promise<unknown>;
  readonly drifting: Record<string, string>;
}

/** One life of a stack, timed. */
async function life({ stack, shape: { parallel }, disturb, drifting }: Life): Promise<Times> {
  const options = parallel === undefined ? [] : ["--parallel", String(parallel)];
  const up = await time(() => stack.up(...options));
  const unchanged = await time(() => stack.up(...options));
  const refresh = await time(() => stack.refresh(...options));
  await disturb();
  Object.assign(stack.environment, drifting);
  const drift = await time(() => stack.up("--refresh", ...options));
  const destroy = await time(() => stack.destroy(...options));
  return { up, "no change": unchanged, refresh, drift, destroy };
}

/** The engine alone: resources that do nothing. */
export async function measureFloor(lab: Lab, shape: Shape): Promise<Times> {
  const stack = await Stack.create(lab, { program: { text: floor(shape) }, wholeSdk: true });
  try {
    return await life({ stack, shape, disturb: () => Promise.resolve(), drifting: { DRIFT: "1" } });
  } finally {
    stack.remove();
  }
}

/** Ours, on a director with an empty table, which is empty again afterwards. */
export async function measureOurs(lab: Lab, shape: Shape): Promise<Times> {
  const stack = await Stack.create(lab, { program: { text: ours(shape) }, wholeSdk: true });
  const director = lab.host("director1");
  const [first] = entries(shape)[0] ?? [];
  try {
    const disturb = () => director.sh(`ipvsadm -e -t ${SERVICE} -r ${first} -g -w 7777`);
    const times = await life({ stack, shape, disturb, drifting: {} });
    const left = await director.text("ipvsadm -Sn");
    if (left !== "") throw new Error(`the director still has\n${left}`);
    return times;
  } finally {
    stack.remove();
  }
}

/** What no tool that logs in once can do better than: one ssh that loads the rules, one that reads them. */
export async function measureSsh(lab: Lab, shape: Shape): Promise<Times> {
  if (shape.failover) return measureKeepalived(lab, shape);
  const load = (text: string) => time(() => ssh(lab, "ipvsadm -R", text));
  const read = () => time(() => ssh(lab, "ipvsadm-save -n", ""));
  const up = await load(rules(shape, "add"));
  const refresh = await read();
  const [first] = entries(shape)[0] ?? [];
  const repair = await load(`-e -t ${SERVICE} -r ${first} -g -w 1\n`);
  const drift = (await read()) + repair;
  const destroy = await load(rules(shape, "delete"));
  return { up, "no change": 0, refresh, drift, destroy };
}

/** The same for keepalived: one ssh that writes its file and has it read, one that reads what it has, one that takes it away. */
async function measureKeepalived(lab: Lab, shape: Shape): Promise<Times> {
  const [first, weight] = entries(shape)[0] ?? [];
  const [last] = entries(shape).at(-1) ?? [];
  const does = (text: string, input = "") => time(() => ssh(lab, text, input));
  const read = () => does("ipvsadm-save -n; cat /etc/keepalived/keepalived.conf; systemctl is-active keepalived");
  const up = await does(
    `cat >/etc/keepalived/keepalived.conf; systemctl -q enable --now keepalived 2>/dev/null; until ipvsadm -Sn | grep -q -e '-r ${last}:80'; do sleep 0.05; done`,
    keepalivedFile(shape),
  );
  const refresh = await read();
  const drift = (await read()) + (await does(`ipvsadm -e -t ${SERVICE} -r ${first}:80 -g -w ${weight}`));
  const destroy = await does("rm /etc/keepalived/keepalived.conf; systemctl -q disable --now keepalived 2>/dev/null");
  return { up, "no change": 0, refresh, drift, destroy };
}

function ssh(lab: Lab, command: string, input: string): Promise<void> {
  const child = spawn("ssh", ["-F", join(lab.folder, "ssh_config"), "director1", command], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`ssh ended with ${code}`));
    });
  });
}
