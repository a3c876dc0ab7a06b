import ipaddr from "ipaddr.js";
import { z } from "zod";
import { compact, oneOf, whole, yesNo } from "../../model/fields";
import type { RulesDialectName } from "../../model/ipvs/settings";
import { canonicalAddress } from "../../model/network/address";
import { device } from "../../model/network/device";

/** A sync daemon, as a host tells it. */
export interface SyncDaemon {
  readonly role: "master" | "backup";
  readonly device: string;
  readonly syncId: number;
  readonly group: string;
  readonly port: number;
  readonly ttl: number;
  /** Bytes of one message. Absent: as many as the kernel finds right for the interface. */
  readonly maxLength?: number;
  /** It runs. */
  readonly live: boolean;
  /** It is started at boot. */
  readonly boot: boolean;
}

export interface WantedSyncDaemon extends SyncDaemon {
  readonly rulesLoader?: RulesDialectName;
}

export const SYNC_DEFAULTS = { syncId: 0, group: "224.0.0.81", port: 8848, ttl: 1 } as const;

/** The kernel raises a backup's buffer to this, whatever it is told. */
const LEAST_OF_BACKUP = 1024;

export const syncDaemon = z
  .strictObject({
    role: z.enum(["master", "backup"], {
      error: 'must be "master" (tells its connections) or "backup" (listens)',
    }),
    device,
    syncId: whole(0, 255).default(SYNC_DEFAULTS.syncId),
    group: z
      .string({ error: 'must be a multicast address, such as "224.0.0.81"' })
      .default(SYNC_DEFAULTS.group)
      .transform(canonicalGroup),
    port: whole(1, 65535).default(SYNC_DEFAULTS.port),
    ttl: whole(1, 255).default(SYNC_DEFAULTS.ttl),
    maxLength: whole(1, 65507).optional(),
    /** Always wanted; on a host it may be otherwise. */
    live: z.literal(true, { error: "is an output: whether the daemon runs" }).default(true),
    boot: yesNo.default(true),
    rulesLoader: oneOf("debian", "rhel").optional(),
  })
  .transform((said, ctx): WantedSyncDaemon => {
    const { role, maxLength } = said;
    if (role === "backup" && maxLength !== undefined && maxLength < LEAST_OF_BACKUP) {
      const message = `must be ${LEAST_OF_BACKUP} or more for a backup, not ${maxLength}: the kernel takes no less`;
      ctx.addIssue({ code: "custom", path: ["maxLength"], message, input: maxLength });
    }
    return compact(said);
  });

function canonicalGroup(text: string, ctx: z.RefinementCtx): string {
  try {
    const address = canonicalAddress(text);
    if (ipaddr.parse(address).range() === "multicast") return address;
    ctx.addIssue({ code: "custom", message: `"${text}" is no multicast address, such as "224.0.0.81"`, input: text });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    ctx.addIssue({ code: "custom", message, input: text });
  }
  return z.NEVER;
}
