import type { OpenLoop } from "../../../tools/lab/host/open-loop.ts";
import type { LabHost, LabHosts } from "../../../tools/lab/index.ts";
import { until } from "../../support/until.ts";

export const VIP = "192.168.4.5";

/** How many clients stay connected. */
export const HELD = 4;

/** Two directors, of which one has the VIP at a time. */
export class Directors {
  readonly #lab: LabHosts;

  constructor(lab: LabHosts) {
    this.#lab = lab;
  }

  get both(): readonly [LabHost, LabHost] {
    return [this.#lab.host("director1"), this.#lab.host("director2")];
  }

  /** The one that has the VIP, as soon as it is one. */
  async master(): Promise<LabHost> {
    let found: readonly LabHost[] = [];
    await until("one director has the VIP", async () => {
      const all = await Promise.all(this.both.map(async (one) => ((await hasVip(one)) ? [one] : [])));
      found = all.flat();
      return found.length === 1;
    });
    const [one] = found;
    if (one === undefined) throw new Error("no director has the VIP");
    return one;
  }

  /** Until the connections of those who stay are known to whoever may become the master: there are no others that are as old. */
  async shareConnections(): Promise<void> {
    for (const director of this.both) {
      await until(
        `${director.name} knows the open connections`,
        async () => Number(await director.text("ipvsadm -Lnc | grep -c ESTABLISHED || true")) >= HELD,
        60,
      );
    }
  }
}

export async function hasVip(director: LabHost): Promise<boolean> {
  return (await director.text(`ip -o -4 addr show to ${VIP}`)) !== "";
}

/** All clients who stay connected do, and new ones are served again within so many seconds. */
export async function expectServed(
  clients: OpenLoop,
  event: () => Promise<unknown>,
  within: number,
  options?: Parameters<OpenLoop["during"]>[1],
): Promise<void> {
  const seen = await clients.during(event, options);
  expect(seen).toMatchObject({ held: HELD });
  expect(seen.outage).toBeLessThan(within);
}
