import { createRequire } from "node:module";
import { printable } from "../printable";
import type { Call } from "./call";
import { engine, placeOf } from "./engine";
import { print } from "./print";

/**
 * Shows the operator what a resource waits for: beside the resource, until there is something else to say. The SDK has no way for a dynamic
 * provider to do so, and the engine has: where it cannot be asked, or no engine has started us, the line is printed.
 */
export function tell(line: string, call: Call | undefined): void {
  const text = printable(line);
  log ??= openLog();
  log(text, call?.urn ?? "");
}

type Log = (line: string, urn: string) => void;

let log: Log | undefined;

/** What we need of the SDK's own client, which it has loaded already. */
interface Parts {
  readonly EngineClient: new (address: string, credentials: unknown) => { log(request: Request, done: Done): void };
  readonly LogRequest: new () => Request;
  readonly LogSeverity: { readonly INFO: number };
  readonly credentials: { createInsecure(): unknown };
}

type Done = (error: unknown) => void;

interface Request {
  setSeverity(severity: number): void;
  setMessage(text: string): void;
  setUrn(urn: string): void;
  setEphemeral(isEphemeral: boolean): void;
}

function openLog(): Log {
  try {
    if (engine === undefined || placeOf(engine) === undefined) return print;
    const { EngineClient, LogRequest, LogSeverity, credentials } = parts();
    const client = new EngineClient(engine, credentials.createInsecure());
    return (line, urn) => {
      const request = new LogRequest();
      request.setSeverity(LogSeverity.INFO);
      request.setMessage(line);
      request.setUrn(urn);
      request.setEphemeral(true);
      client.log(request, (error) => {
        if (error !== null && error !== undefined) print(line);
      });
    };
  } catch {
    return print;
  }
}

function parts(): Parts {
  const own = createRequire(__filename);
  const ofSdk = createRequire(own.resolve("@pulumi/pulumi/package.json"));
  return {
    ...(own("@pulumi/pulumi/proto/engine_grpc_pb") as Pick<Parts, "EngineClient">),
    ...(own("@pulumi/pulumi/proto/engine_pb") as Pick<Parts, "LogRequest" | "LogSeverity">),
    ...(ofSdk("@grpc/grpc-js") as Pick<Parts, "credentials">),
  };
}
