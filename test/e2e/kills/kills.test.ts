import { CuttingRelay } from "../../lab/cuts/relay.ts";
import { PREPARE } from "../../lab/cuts/stacks.ts";
import { useLab } from "../../support/use-lab.ts";
import { connectionOf } from "../support/connection.ts";
import { stackOn } from "../support/stack-on.ts";
import { KillSweep, PROGRAM } from "./sweep.ts";
import { trialOf } from "./trials.ts";

/**
 * Runs of the real CLI over all kinds are killed at random, or the host loses its power, and an operator goes on. PULUMI_LVS_KILLS=50 ends
 * so many, PULUMI_LVS_SEED=7 others; PULUMI_LVS_KILLS=1 with the seed of a trial ends that one alone.
 */
const count = Number(process.env["PULUMI_LVS_KILLS"] ?? 4);
const first = Number(process.env["PULUMI_LVS_SEED"] ?? 1);

const lab = useLab({ hosts: ["web1"] });

test(`${count} runs that are killed or lose their host, from seed ${first}: each ends as an uninterrupted life would`, async () => {
  const host = lab.host("web1");
  await host.sh(PREPARE);
  const relay = await CuttingRelay.to(host.connection.port);
  const hosts = { web1: { ...connectionOf(lab, "web1"), port: relay.port } };
  const stack = await stackOn(lab, { program: { text: PROGRAM }, hosts });
  const sweep = new KillSweep(host, relay, stack, (line) => process.stderr.write(`  ${line}\n`));
  try {
    await sweep.learn();
    for (let index = 0; index < count; index += 1) await sweep.trial(trialOf(first + index, "all"));
  } finally {
    relay.close();
  }
  expect(sweep.failures).toEqual([]);
});
