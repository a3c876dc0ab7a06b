import { z } from "zod";
import type {
  DocumentClientArgs,
  DocumentServerArgs,
  SharedDocumentRootArgs,
} from "../components/shared-document-root/args";
import { nfsExport } from "../kinds/nfs-export/schema";
import { nfsMount } from "../kinds/nfs-mount/schema";
import { systemdService } from "../kinds/systemd-service/schema";
import { settings, yesNo } from "../model/fields";
import { renamedNames } from "../model/input/problems";
import { absolutePath } from "../model/path";
import { type Fields, host, namesOr, plain, transforms } from "./parts";

const SERVER = '{ host: "nfs", address: "192.168.2.50" }';

const server = settings(
  {
    host,
    address: z
      .string({ error: 'must be an address or a DNS name, such as "192.168.2.50"' })
      .min(1, { error: "must not be empty" }),
  } satisfies Fields<DocumentServerArgs>,
  SERVER,
);

const { path: mountPath, version, options, allowNonEmpty, boot } = nfsMount.in.shape;

const webServer = settings(
  { host: host.optional(), path: mountPath.optional() } satisfies Fields<DocumentClientArgs>,
  '{ path: "/srv/www" }, or {}',
);

export const sharedDocumentRoot = settings(
  {
    server: plain(server),
    path: absolutePath.optional(),
    exportTo: nfsExport.in.shape.clients,
    webServers: namesOr(webServer, '["web1", "web2"]'),
    mountPath: mountPath.optional(),
    version,
    options,
    allowNonEmpty,
    packages: plain(yesNo).optional(),
    service: plain(
      z.union([z.literal(false), systemdService.in.shape.name], {
        error: 'must be the name of a unit, such as "nfs-server", or false',
      }),
    ).optional(),
    boot,
    transform: transforms("package", "systemdService", "nfsExport", "nfsMount"),
  } satisfies Fields<SharedDocumentRootArgs>,
  `{ server: ${SERVER}, exportTo: { "192.168.2.0/24": ["ro"] }, webServers: ["web1", "web2"] }`,
).register(renamedNames, { hideNonEmpty: '"allowNonEmpty"' });
