import { sessionOn } from "../../../provider/host/session/session";
import type { Script } from "../../../provider/host/shell/script";
import type { Connection } from "../../../provider/model/connection";
import { A_MACHINE } from "../../engine/a-machine";
import { FakeClock } from "../fake-clock";
import { rawJob } from "./raw-job";

/** A session of a host that lacks these programs, and after some looks for them has them. */
function hostWithout(missing: readonly string[], looks = Infinity) {
  const trips: string[] = [];
  let looked = 0;
  const observe = (script: Script) => {
    trips.push(script.summaries.slice(1).join("; "));
    const answer = (summary: string) => {
      if (summary !== "look for programs") return "\n";
      looked += 1;
      return `${looked > looks ? "-" : missing.join(",")}\n`;
    };
    return Promise.resolve(script.summaries.map((summary) => ({ code: 0, stdout: answer(summary), stderr: "" })));
  };
  const info = { uid: 0, phase: "booted", reachedAt: { address: "192.0.2.1", port: 22 }, machine: A_MACHINE } as const;
  const session = sessionOn({
    connection: { name: "web1", host: "192.0.2.1", deadline: 60 } as Connection,
    shell: {
      info: () => Promise.resolve({ ...info, missing }),
      generation: () => 1,
      observe,
      apply: () => Promise.reject(new Error("nothing is changed")),
      close: () => undefined,
    },
    clock: new FakeClock(),
    engineLives: () => Promise.resolve(true),
    log: () => undefined,
  });
  const look = (kind: string, programs: readonly ("ip" | "sysctl")[]) =>
    session.submit({ ...rawJob(`${kind} x`, [{ run: ["look", kind] }]), needs: { kind, programs } });
  return { trips, look };
}

test("a host without iproute2 and sysctl has files and packages, in no more ways there and back", async () => {
  const { trips, look } = hostWithout(["ip", "sysctl"]);
  await Promise.all([look("File", []), look("Package", [])]);
  expect(trips).toEqual(["look File; look Package"]);
});

test("those that come together are told of all that is missing, and nothing is read for them", async () => {
  const { trips, look } = hostWithout(["ip", "sysctl"]);
  const ended = await Promise.allSettled([
    look("File", []),
    look("VipAlias", ["ip"]),
    look("DrKernelTuning", ["ip", "sysctl"]),
  ]);
  const words = ended.map((each) => (each.status === "fulfilled" ? "read" : String(each.reason)));
  expect(words).toEqual(["read", words[1], words[1]]);
  expect(words[1]).toContain(`
  ip, of iproute2, for DrKernelTuning, VipAlias
  sysctl, of procps, for DrKernelTuning
`);
  expect(trips.join("; ")).not.toMatch(/look (?:VipAlias|DrKernelTuning)/);
});

test("what was installed meanwhile is looked for once", async () => {
  const { trips, look } = hostWithout(["ip"], 0);
  await look("VipAlias", ["ip"]);
  await look("ReturnRoute", ["ip"]);
  expect(trips).toEqual(["look for programs", "look VipAlias", "look ReturnRoute"]);
});
