// Files that spreadsheets open as what they are, and never run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { csvOf } from "../../../daemon/console/source/base/csv";

test("fields are quoted as RFC 4180 says", () => {
  assert.equal(
    csvOf(
      ["a", "b"],
      [
        ["x,y", 'say "no"'],
        ["line\nbreak", null],
      ],
    ),
    'a,b\r\n"x,y","say ""no"""\r\n"line\nbreak",\r\n',
  );
});

test("text that a spreadsheet would run is made harmless, numbers stay numbers", () => {
  assert.equal(
    csvOf(["t"], [["=1+1"], ["+x"], ["-x"], ["@x"], [-5], [-5n], [0.25], [undefined]]),
    "t\r\n'=1+1\r\n'+x\r\n'-x\r\n'@x\r\n-5\r\n-5\r\n0.25\r\n\r\n",
  );
});
