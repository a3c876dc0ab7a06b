import { SharedFacts } from "../../../provider/host/session/shared-facts";

test("a fact is shared when two subjects read it, however often one does", () => {
  const shared = new SharedFacts();
  shared.count("one", [{ run: ["a"] }, { run: ["b"] }]);
  shared.count("one", [{ run: ["a"] }]);
  expect(shared.commands()).toEqual([]);
  shared.count("two", [{ run: ["b"] }]);
  expect(shared.commands()).toEqual([{ run: ["b"] }]);
});
