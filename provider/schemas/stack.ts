import { oneOf, settings } from "../model/fields";
import { clusterFields } from "./cluster";

/** `lvs:cluster` of a stack's configuration: the arguments of a cluster, and which one it is. */
export const clusterConfig = settings(
  { mode: oneOf("direct", "masquerade", "tunnel").optional(), ...clusterFields },
  "{ vips: [192.168.4.5], ports: [80], directors, realServers }",
);
