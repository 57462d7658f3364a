#!/usr/bin/env python3
"""Checks the house rules that neither the compiler nor the formatter sees.

    python3 tests/tidy/tidy.py [FOLDER]      check the tree (this one by default)
    python3 tests/tidy/tidy.py --self-test   check that each rule finds what it is there for

Prints one line for each finding, with what to do about it, and fails if there is any. A line that
breaks a rule for a good reason carries a comment: `tidy: allow <rule>: <the reason>`.
"""

import pathlib
import sys

import rules
import self_test


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test.run()
    top = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).parents[2]
    findings = rules.check(rules.Tree(top))
    for finding in findings:
        print(finding)
    errors = [finding for finding in findings if not finding.only_report]
    if errors:
        print(f"tidy: {len(errors)} to mend")
        return 1
    print("tidy: the tree keeps its rules")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
