import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { GuestState } from "../boot/guest.ts";
import type { HostName } from "../hosts.ts";
import { file } from "../plan.ts";
import type { Cut } from "./relay.ts";

/** What a running lab can be asked. */
export type Request =
  | { readonly do: "status" }
  | { readonly do: "down" }
  | { readonly do: "cut"; readonly host: HostName; readonly how: Cut }
  | { readonly do: "unplug" | "plugIn"; readonly host: HostName; readonly nic: string }
  | { readonly do: "mend" | "powerOn" | "powerOff" | "powerCut" | "freeze" | "thaw"; readonly host: HostName };

export interface HostStatus {
  readonly state: GuestState;
  /** How often it has started, the first time included. */
  readonly boots: number;
  readonly cut: Cut | null;
}

export type Status = Readonly<Partial<Record<HostName, HostStatus>>>;

type Reply = { readonly ok: Status } | { readonly error: string };

/** One question, one answer, each a line of JSON, over a socket in the lab's folder. */
export async function ask(folder: string, request: Request): Promise<Status> {
  const socket = connect(join(folder, file.control));
  const text = await new Promise<string>((resolve, reject) => {
    const heard: Buffer[] = [];
    socket.on("data", (data) => heard.push(data));
    socket.once("error", reject);
    socket.once("close", () => resolve(Buffer.concat(heard).toString()));
    socket.write(`${JSON.stringify(request)}\n`);
  });
  if (text === "") throw new Error(`The lab in ${folder} ended before it answered`);
  const reply = JSON.parse(text) as Reply;
  if ("error" in reply) throw new Error(reply.error);
  return reply.ok;
}

export function answer(folder: string, serve: (request: Request) => Status): Server {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    createInterface(socket).once("line", (line) => socket.end(`${JSON.stringify(replyTo(line, serve))}\n`));
  });
  return server.listen(join(folder, file.control));
}

function replyTo(line: string, serve: (request: Request) => Status): Reply {
  try {
    return { ok: serve(JSON.parse(line) as Request) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
