import { commandFor } from "../../tools/toolchain/subordinate-ids.mjs";

const dana = { uid: 1000, username: "dana" };
const RANGE = "100000-165535";

test.each([
  { name: "root needs none", user: { uid: 0, username: "root" }, subuid: "", subgid: "", command: "" },
  {
    name: "a user without any gets both",
    user: dana,
    subuid: "",
    subgid: "",
    command: `usermod --add-subuids ${RANGE} --add-subgids ${RANGE} dana`,
  },
  { name: "by name", user: dana, subuid: "dana:100000:65536\n", subgid: "dana:100000:65536\n", command: "" },
  { name: "by number", user: dana, subuid: "1000:100000:65536\n", subgid: "1000:100000:65536\n", command: "" },
  {
    name: "too few are none, and what others have stays theirs",
    user: dana,
    subuid: "dana:100000:1000\npat:101000:65536\n",
    subgid: "dana:100000:65536\n",
    command: "usermod --add-subuids 166536-232071 dana",
  },
])("$name", ({ user, subuid, subgid, command }) => {
  expect(commandFor(user, subuid, subgid).join(" ")).toBe(command);
});
