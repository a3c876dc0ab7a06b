import type { Duplex } from "node:stream";

/** What a host says before it says that it is an SSH server: sshd gives its reasons there for closing a connection at once. */
export interface FirstWords {
  /** Whether the version of an SSH server has been heard. */
  readonly isServer: () => boolean;
  readonly text: () => string;
}

/** Listens to a connection that somebody else reads. */
export function firstWords(socket: Duplex): FirstWords {
  let text = "";
  const isServer = () => /^SSH-/m.test(text);
  const hear = (chunk: Buffer) => {
    text += chunk.toString("latin1", 0, MOST);
    if (isServer() || text.length >= MOST) socket.off("data", hear);
  };
  socket.on("data", hear);
  return { isServer, text: () => (/^SSH-/.test(text) ? "" : (text.split(/\n(?=SSH-)/)[0] ?? "").trim()) };
}

/** Bytes. */
const MOST = 1000;
