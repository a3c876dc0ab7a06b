import { useLab } from "../../support/use-lab.ts";
import { changes } from "./changes/index.ts";
import { tryDisks } from "./disks.ts";
import { effort, live } from "./lives.ts";
import { Site } from "./site.ts";
import { Tally } from "./tally.ts";

/** What somebody changes by hand: what is ours is seen by the next refresh and brought back by one `up`, and nothing else is touched. */

const lab = useLab({ hosts: ["director1", "web2"] });

test("changes by hand of what is ours are seen and repaired, those of anything else are left alone", async () => {
  const { changes: count, seed } = effort();
  const tally = new Tally();
  const ends = await Promise.allSettled(
    lab.hosts.map(async (host, index) => {
      const site = new Site(host);
      try {
        await site.make();
        await live(site, changes, { changes: count, seed: seed + index }, tally);
        if (index === 0) expect(await tryDisks(site)).toEqual([]);
      } finally {
        site.close();
      }
    }),
  );
  tally.tell();
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  expect(tally.changes).toBeGreaterThanOrEqual(count);
}, 10_800_000);
