import ipaddr from "ipaddr.js";
import { z } from "zod";
import { checkedBy, compact, whole, yesNo } from "../../model/fields";
import { type RulesLoaderName, rulesLoader } from "../../model/ipvs/rules-loader";
import { canonicalAddress } from "../../model/network/address";
import { device } from "../../model/network/device";

/** The observed state of a sync daemon. */
export interface SyncDaemon {
  readonly role: "master" | "backup";
  readonly device: string;
  readonly syncId: number;
  readonly group: string;
  readonly port: number;
  readonly ttl: number;
  /** Bytes of one message. Absent: the kernel's default for the device. */
  readonly maxLength?: number;
  /** Whether it runs. */
  readonly live: boolean;
  /** Whether it is started at boot. */
  readonly boot: boolean;
}

/** The desired state of a sync daemon. */
export interface WantedSyncDaemon extends SyncDaemon {
  readonly rulesLoader?: RulesLoaderName;
}

export const SYNC_DEFAULTS = { syncId: 0, group: "224.0.0.81", port: 8848, ttl: 1 } as const;

/** The kernel raises the message length of a backup to at least this many bytes. */
const MIN_BACKUP_LENGTH = 1024;

export const syncDaemon = z
  .strictObject({
    role: z.enum(["master", "backup"], {
      error: 'must be "master" (sends its connections) or "backup" (receives them)',
    }),
    device,
    syncId: whole(0, 255).default(SYNC_DEFAULTS.syncId),
    group: z
      .string({ error: 'must be a multicast address, such as "224.0.0.81"' })
      .default(SYNC_DEFAULTS.group)
      .transform(checkedBy(canonicalGroup)),
    port: whole(1, 65535).default(SYNC_DEFAULTS.port),
    ttl: whole(1, 255).default(SYNC_DEFAULTS.ttl),
    maxLength: whole(1, 65507).optional(),
    /** Always true in the desired state; false on a host where the daemon is stopped. */
    live: z.literal(true, { error: "is an output: whether the daemon runs" }).default(true),
    boot: yesNo.default(true),
    rulesLoader,
  })
  .transform((input, ctx): WantedSyncDaemon => {
    const { role, maxLength } = input;
    if (role === "backup" && maxLength !== undefined && maxLength < MIN_BACKUP_LENGTH) {
      const message = `must be ${MIN_BACKUP_LENGTH} or more for a backup, not ${maxLength}: the kernel raises a smaller value`;
      ctx.addIssue({ code: "custom", path: ["maxLength"], message, input: maxLength });
    }
    return compact(input);
  });

function canonicalGroup(text: string): string {
  const address = canonicalAddress(text);
  if (ipaddr.parse(address).range() === "multicast") return address;
  throw new Error(`"${text}" is no multicast address, such as "224.0.0.81"`);
}
