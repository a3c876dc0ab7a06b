import type { Known, Renamed } from "../check-args";
import type { DocumentClientArgs, DocumentServerArgs, SharedDocumentRootArgs } from "./args";

/** The arguments of a shared document root. */
export const DOCUMENT_ROOT: Known<SharedDocumentRootArgs> = {
  server: "required",
  path: "optional",
  exportTo: "required",
  webServers: "required",
  mountPath: "optional",
  version: "optional",
  options: "optional",
  allowNonEmpty: "optional",
  packages: "optional",
  service: "optional",
  boot: "optional",
  transform: "optional",
};

/** What 0.1.0 called them. */
export const DOCUMENT_ROOT_RENAMED: Renamed = { hideNonEmpty: "allowNonEmpty" };

export const DOCUMENT_SERVER: Known<DocumentServerArgs> = { host: "required", address: "required" };

export const DOCUMENT_CLIENT: Known<DocumentClientArgs> = { host: "optional", path: "optional" };
