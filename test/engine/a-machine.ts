import type { Machine } from "../../provider/model/machine";

export const A_MACHINE: Machine = { id: "0".repeat(32), running: "boot-1 net:[1]", hostKey: "SHA256:one" };
