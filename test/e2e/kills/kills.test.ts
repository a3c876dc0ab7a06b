import { CuttingRelay } from "../../lab/cuts/relay.ts";
import { PREPARE, STACKS, stacksOf } from "../../lab/cuts/stacks.ts";
import { useLab } from "../../support/use-lab.ts";
import { connectionOf } from "../support/connection.ts";
import { stackOn } from "../support/stack-on.ts";
import { KillSweep, PROGRAM } from "./sweep.ts";
import { trialOf } from "./trials.ts";

/**
 * Runs of the real CLI are killed at random, or the host loses its power, and an operator goes on. A soak has all kinds
 * (PULUMI_LVS_STACK=whole). PULUMI_LVS_KILLS=50 kills so many, PULUMI_LVS_POWER_CUTS=20 takes the power so often, PULUMI_LVS_SEED=7 makes others; a count of 1 with the seed of a trial makes that
 * one alone.
 */
const kills = Number(process.env["PULUMI_LVS_KILLS"] ?? 4);
const powerCuts = Number(process.env["PULUMI_LVS_POWER_CUTS"] ?? 0);
const first = Number(process.env["PULUMI_LVS_SEED"] ?? 1);
const [name] = stacksOf(process.env["PULUMI_LVS_STACK"], ["some"]);

const trials = (["kill", "power"] as const).map((end) =>
  Array.from({ length: end === "kill" ? kills : powerCuts }, (_, index) => trialOf(first + index, end)),
);

const lab = useLab({ hosts: ["web1"] });

test(`${kills} runs that are killed, ${powerCuts} that lose their host, from seed ${first}: each ends as an uninterrupted life would`, async () => {
  const host = lab.host("web1");
  await host.sh(PREPARE);
  const relay = await CuttingRelay.to(host.connection.port);
  const hosts = { web1: { ...connectionOf(lab, "web1"), port: relay.port } };
  const stack = await stackOn(lab, { program: { text: PROGRAM }, hosts });
  const sweep = new KillSweep(STACKS[name], host, relay, stack, (line) => process.stderr.write(`  ${line}\n`));
  try {
    await sweep.learn(trials.flat());
    for (const trial of trials[0] ?? []) await sweep.trial(trial);
    if (powerCuts > 0) await sweep.learnBoots();
    for (const trial of trials[1] ?? []) await sweep.trial(trial);
  } finally {
    relay.close();
    sweep.counts.tell();
  }
  expect(sweep.failures).toEqual([]);
}, 7_200_000);
