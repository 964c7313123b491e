import assert from "node:assert/strict";
import { test } from "node:test";

import { codeIn } from "../../voting/static/voting/js/code.js";

test("the code of a printed link is read from its fragment", () => {
  assert.equal(codeIn("#code=ABCD-EFGH-JKM"), "ABCD-EFGH-JKM");
});

test("other fragments hold no code", () => {
  for (const fragment of ["", "#", "#code", "#code=", "#options", "#code=<b>", "#code=%41", "#xcode=ABCD"])
    assert.equal(codeIn(fragment), "");
});

test("a long fragment is cut", () => {
  assert.equal(codeIn(`#code=${"A".repeat(1000)}`).length, 60);
});
