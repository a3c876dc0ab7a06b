import { differences } from "../../../tools/lab/host/snapshot.ts";
import { useLab } from "../../support/use-lab.ts";
import { CuttingRelay } from "./relay.ts";
import { PREPARE, stacksOf } from "./stacks.ts";
import { CutSweep } from "./sweep.ts";
import { trialOf } from "./trials.ts";

/**
 * The connection of a run is cut at random, and the next one goes on. PULUMI_LVS_CUTS=500 makes so many, PULUMI_LVS_SEED=7 others;
 * PULUMI_LVS_CUTS=1 with the seed of a trial makes that one alone. PULUMI_LVS_STACK=whole: over all
 * kinds at once; guarded: of changes that a host takes back.
 */
const count = Number(process.env["PULUMI_LVS_CUTS"] ?? 64);
const first = Number(process.env["PULUMI_LVS_SEED"] ?? 1);
const stacks = stacksOf(process.env["PULUMI_LVS_STACK"]);

const lab = useLab({ hosts: ["web1"] });

test(`${count} cuts from seed ${first}: each ends as an uninterrupted life would`, async () => {
  const host = lab.host("web1");
  await host.sh(PREPARE);
  const before = await host.snapshot();
  const relay = await CuttingRelay.to(host.connection.port);
  const sweep = new CutSweep(host, relay, (line) => process.stderr.write(`  ${line}\n`));
  try {
    await sweep.try(Array.from({ length: count }, (_, index) => trialOf(first + index, stacks)));
  } finally {
    relay.close();
  }
  expect(sweep.failures).toEqual([]);
  expect(differences(before, await host.snapshot())).toEqual([]);
}, 3_600_000);
