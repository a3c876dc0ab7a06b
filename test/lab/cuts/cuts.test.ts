import { differences } from "../../../tools/lab/host/snapshot.ts";
import { useLab } from "../../support/use-lab.ts";
import { Site } from "./site.ts";
import { PREPARE, stacksOf } from "./stacks.ts";
import { CutSweep } from "./sweep.ts";
import { trialsFrom } from "./trials.ts";

/**
 * The connection of a run is cut at random, or its host freezes, and the next run goes on. PULUMI_LVS_CUTS=500 makes so many, PULUMI_LVS_SEED=7
 * others; PULUMI_LVS_CUTS=1 with the seed of a trial makes that one alone. PULUMI_LVS_STACK=whole: over all
 * kinds at once; guarded: of changes that a host takes back.
 */
const count = Number(process.env["PULUMI_LVS_CUTS"] ?? 100);
const first = Number(process.env["PULUMI_LVS_SEED"] ?? 1);
const stacks = stacksOf(process.env["PULUMI_LVS_STACK"]);

const lab = useLab({ hosts: ["web1"] });

test(`${count} cuts from seed ${first}: each ends as an uninterrupted life would`, async () => {
  const host = lab.host("web1");
  await host.sh(PREPARE);
  const before = await host.snapshot();
  const site = await Site.of(host);
  const sweep = new CutSweep(site, (line) => process.stderr.write(`  ${line}\n`));
  try {
    // Of one in ten the run had ended before: others take their place.
    const more = () => (count === 1 ? 1 : Math.ceil(1.1 * (count - sweep.made)));
    for (let seed = first; sweep.made < count; ) {
      const trials = trialsFrom(seed, more(), stacks);
      await sweep.try(trials);
      seed += trials.length;
      if (count === 1) break;
    }
  } finally {
    site.close();
  }
  sweep.counts.tell();
  expect(sweep.failures).toEqual([]);
  expect(differences(before, await host.snapshot())).toEqual([]);
}, 7_200_000);
