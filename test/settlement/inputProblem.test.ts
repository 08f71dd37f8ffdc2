import assert from "node:assert/strict";
import { InputError, type InputProblem } from "../../settlement/inputProblem.ts";

const problem: InputProblem = { file: "members.yaml", problem: "unknown class", remedy: "Use one of the seven" };

describe("what is wrong with a person's files, in words", () => {
  for (const [name, more, text] of [
    ["with the file as a whole", {}, "members.yaml: unknown class. Use one of the seven"],
    ["at a line", { line: 12 }, "members.yaml:12: unknown class. Use one of the seven"],
    [
      "of a field",
      { field: "members[0].class" },
      "members.yaml: members[0].class: unknown class. Use one of the seven",
    ],
    [
      "all of it",
      { line: 12, field: "members[0].class", value: "farmer" },
      "members.yaml:12: members[0].class: «farmer»: unknown class. Use one of the seven",
    ],
    ["an empty value", { value: "" }, "members.yaml: «»: unknown class. Use one of the seven"],
  ] as const) {
    it(name, () => {
      const problems = [{ ...problem, ...more }];
      const error = new InputError(problems);
      assert.equal(error.message, text);
      assert.equal(error.name, "InputError");
      assert.equal(error.problems, problems);
    });
  }

  it("names twenty, a line each, and says how many more there are", () => {
    const lines = (count: number) =>
      new InputError(Array.from({ length: count }, (_, i) => ({ ...problem, line: i + 1 }))).message.split("\n");
    assert.equal(lines(20).length, 20);
    assert.match(lines(20).at(-1) ?? "", /^members.yaml:20: /);
    assert.deepEqual([lines(23).length, lines(23).at(-1)], [21, "… and 3 more"]);
  });
});
