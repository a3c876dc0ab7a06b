import * as pulumi from "@pulumi/pulumi";
import { CONTENT, OBSERVED } from "../kinds/file/properties";
import { base64In, readAsset, textIn } from "./args/asset";
import type { Host } from "./args/connection";
import { HostResource, typeToken } from "./host-resource";

/** Arguments of `File`. One of `content`, `contentBase64` and `source` is required. */
export interface FileArgs {
  /** The host. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** The file: an absolute path without symbolic links, `"/etc/nginx/conf.d/health.conf"`. A change replaces the resource. */
  path: pulumi.Input<string>;
  /** The whole text, at most 1 MiB. A `pulumi.secret` is shown nowhere, and encrypted in the state. In place. */
  content?: pulumi.Input<string>;
  /** The same for bytes that are no text, in base64. In place. */
  contentBase64?: pulumi.Input<string>;
  /** A file of the machine that runs Pulumi, `new pulumi.asset.FileAsset("nginx.conf")`, or a `StringAsset`. In place. */
  source?: pulumi.Input<pulumi.asset.FileAsset | pulumi.asset.StringAsset>;
  /** Octal digits, without setuid, setgid and sticky bits. In place. @default "0644"; "0600" for a secret */
  mode?: pulumi.Input<string>;
  /** A user's name or number. In place. @default "root" */
  owner?: pulumi.Input<string | number>;
  /** A group's name or number. In place. @default "root" */
  group?: pulumi.Input<string | number>;
  /** Create the folder if it is missing. A destroy removes a folder that it created, if it is empty. @default true */
  createPath?: pulumi.Input<boolean>;
  /**
   * A command that has to succeed, or else the file stays as it is: `["nginx", "-t", "-c", "{}"]`. `{}` stands for the path of the new file,
   * which is not in its place yet. A command without `{}` (`["nginx", "-t"]`, for a part of the configuration) finds it in its place, and
   * the last file is put back where the command fails. A list of words, which no shell reads. @default nothing
   */
  validate?: pulumi.Input<pulumi.Input<string>[]>;
  /** A unit that is reloaded after each change of the file, and after a destroy, if it runs: `"nginx"`. Never restarted. @default none */
  reload?: pulumi.Input<string>;
  /**
   * Allows files that decide who can log in to the host, and over which network: of sshd, PAM, sudo, firewalls, network managers. Otherwise
   * they are refused. @default false
   */
  allowCuttingOff?: pulumi.Input<boolean>;
}

/**
 * A whole file of a host: its content, mode and owner. It is replaced at once, so no program reads half of it. A file that is there
 * already is taken over; a destroy puts it back, byte for byte, or removes a file that was not there.
 *
 * ```ts
 * new lvs.File("health", {
 *   host: "web1",
 *   path: "/etc/nginx/conf.d/health.conf",
 *   content: "server { listen 8080; location = /health { return 200; } }\n",
 *   validate: ["nginx", "-t"],
 *   reload: "nginx",
 * });
 * ```
 */
export class File extends HostResource {
  static readonly __pulumiType = typeToken("File");

  /** The file. */
  declare readonly path: pulumi.Output<string>;
  /** Its text. Undefined: its bytes are no text. */
  declare readonly content: pulumi.Output<string | undefined>;
  /** Bytes that are no text, or were not given as one. */
  declare readonly contentBase64: pulumi.Output<string | undefined>;
  /** The digest of its content. */
  declare readonly sha256: pulumi.Output<string>;
  /** Four octal digits. */
  declare readonly mode: pulumi.Output<string>;
  /** The user, by name or number as in the arguments. */
  declare readonly owner: pulumi.Output<string>;
  /** The group, by name or number as in the arguments. */
  declare readonly group: pulumi.Output<string>;
  /** False: a change was begun and not ended, so the unit may not know of it. */
  declare readonly loaded: pulumi.Output<boolean>;
  /** What was there before: `missing`, or where on the host the copy of that file is. */
  declare readonly before: pulumi.Output<string | undefined>;

  constructor(name: string, args: FileArgs, opts?: pulumi.CustomResourceOptions) {
    const { source, content, contentBase64, ...rest } = args;
    if ([source, content, contentBase64].filter((one) => one !== undefined).length > 1)
      throw new pulumi.RunError(`File ${name}: give one of content, contentBase64 and source`);
    const read = source === undefined ? undefined : pulumi.output(pulumi.output(source).apply(readAsset));
    const given = read ?? contentBase64 ?? content;
    const secret = given === undefined ? false : isSecret(given);
    const mode = args.mode ?? Promise.resolve(secret).then((is) => (is ? "0600" : "0644"));
    const all = {
      ...rest,
      content: content ?? read?.apply(textIn),
      contentBase64: contentBase64 ?? read?.apply(base64In),
      mode,
      secret,
    };
    super("File", name, all, [...OBSERVED, ...CONTENT, "secret"], opts);
  }
}

function isSecret(value: pulumi.Input<unknown>): Promise<boolean> {
  return pulumi.isSecret(pulumi.output(value));
}
