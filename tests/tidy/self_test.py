"""Shows that each rule can fail: plants a bad sample, and a good one beside it, in a folder that is
thrown away, and checks that exactly the bad one is found."""

import pathlib
import tempfile

import rules

# rule: (files of a tree that breaks it, the lines that must be found, files that keep it).
CASES = [
    ("layers", {"daemon/ledger/a.h": '#include "daemon/engine/writer.h"\n'},
     ["daemon/ledger/a.h:1"], {"daemon/engine/a.h": '#include "daemon/ledger/b.h"\n'}),
    ("layers", {"daemon/engine/a.h": '#include "stockd/v1/types.pb.h"\n'},
     ["daemon/engine/a.h:1"], {"daemon/rpc/a.h": '#include "stockd/v1/types.pb.h"\n'}),
    ("layers", {"daemon/ctl/a.h": '\n#include "daemon/rpc/b.h"\n'},
     ["daemon/ctl/a.h:2"], {"daemon/ctl/a.h": '#include "daemon/base/b.h"\n'}),
    ("layers", {"daemon/base/a.h": '#include "adapters/sdk/b.h"\n'},
     ["daemon/base/a.h:1"], {"daemon/main.cc": '#include "daemon/rpc/b.h"\n'}),
    ("layers", {"adapters/files/a.h": '#include "daemon/base/b.h"\n'},
     ["adapters/files/a.h:1"], {"adapters/files/a.h": '#include "adapters/sdk/b.h"\n'}),
    ("layers", {"adapters/files/a.h": '#include "adapters/sample/b.h"\n'},
     ["adapters/files/a.h:1"], {"adapters/files/a.h": '#include "adapters/files/b.h"\n'}),
    ("layers", {"daemon/cellar/a.h": '#include "daemon/base/b.h"\n'}, ["daemon/cellar/a.h"], {}),

    ("include-paths", {"daemon/base/a.h": "", "daemon/base/b.h": '#include "a.h"\n'},
     ["daemon/base/b.h:1"],
     {"daemon/base/a.h": "", "daemon/base/b.h": '#include "daemon/base/a.h"\n'}),
    ("include-paths", {"daemon/rpc/a.h": '#include "stockd/v1/gone.grpc.pb.h"\n'},
     ["daemon/rpc/a.h:1"], {"daemon/rpc/a.h": '#include "stockd/v1/x_service_mock.grpc.pb.h"\n',
                            "proto/stockd/v1/x_service.proto": ""}),
    ("include-paths", {"daemon/base/a.h": "", "daemon/base/b.h": "#include <daemon/base/a.h>\n"},
     ["daemon/base/b.h:1"], {"daemon/base/b.h": "#include <vector>\n"}),

    ("clocks", {"daemon/ledger/a.cc": "auto t = std::chrono::system_clock::now();\n"},
     ["daemon/ledger/a.cc:1"],
     {"daemon/base/system_clock.cc": "auto t = std::chrono::system_clock::now();\n"}),
    ("clocks", {"tests/ledger/a.cc": "auto t = std::time(nullptr);\nint r = rand();\n"
                                     "std::random_device device;\n"},
     ["tests/ledger/a.cc:1", "tests/ledger/a.cc:2", "tests/ledger/a.cc:3"],
     {"tests/bench/a.cc": "auto t = std::chrono::steady_clock::now();\n",
      "daemon/ledger/a.cc": "// Never calls rand().\nauto t = fact.time();\nint x = operand();\n"}),

    ("sleeps", {"tests/rpc/a_test.cc": "std::this_thread::sleep_for(10ms);\n  usleep(5);\n"},
     ["tests/rpc/a_test.cc:1", "tests/rpc/a_test.cc:2"],
     {"adapters/sdk/a.cc": "std::this_thread::sleep_for(10ms);\n"}),

    ("todo", {"daemon/base/a.h": "// TODO: later\n// FIXME\n"},
     ["daemon/base/a.h:1", "daemon/base/a.h:2"], {"daemon/base/a.h": "// TODO(ada): later\n"}),

    ("machine-paths", {"config/a.toml": 'database = "/home/ada/stock.sqlite"\n'},
     ["config/a.toml:1"], {"config/a.toml": 'database = "/var/lib/stockd/home/x.sqlite"\n'}),

    ("whitespace", {"README.md": "a\tb\nc \nd"}, ["README.md", "README.md:1", "README.md:2"],
     {"README.md": "a b\n", "tests/files/data/a.csv": "a\tb \r\n"}),

    ("length", {"daemon/base/a.h": "//\n" * (rules.LENGTH_MAX + 1)}, ["daemon/base/a.h"],
     {"daemon/base/a.h": "//\n" * rules.LENGTH_MAX}),

    ("built", {"daemon/base/CMakeLists.txt": "# a.cc\nx(SOURCES ba.cc)\n", "daemon/base/a.cc": ""},
     ["daemon/base/a.cc"],
     {"daemon/base/CMakeLists.txt": "x(SOURCES a.cc b/c.cc)\n", "daemon/base/a.cc": "",
      "daemon/base/b/c.cc": ""}),

    ("proto-comments",
     {"proto/stockd/v1/a.proto":
      "message A {\n  int64 b = 1;\n}\n\nenum C {\n  C_UNSPECIFIED = 0;\n}\n"
      "service D {\n  rpc E(A) returns (A);\n}\n//\nmessage F {}\n"},
     [f"proto/stockd/v1/a.proto:{line}" for line in (1, 2, 5, 6, 8, 9, 12)],
     {"proto/stockd/v1/a.proto":
      '// A.\nmessage A {\n  reserved 2;\n  // B.\n  map<string, int64> b = 1;\n'
      "  oneof c {  // C.\n    // D.\n    stockd.v1.D d = 3 [deprecated = true];\n  }\n}\n"}),

    ("config-keys",
     {"daemon/config/config.h":
      "struct ServerConfig {\n  std::string listen = \"x\";\n  int64_t threads = 0;  // All.\n};\n"
      "struct Config {\n  ServerConfig server;\n  std::filesystem::path directory;\n};\n",
      "config/stockd.toml": '[server]\n# Where.\nlisten = "x"\n# port = 1\n'},
     ["config/stockd.toml", "config/stockd.toml:4"],
     {"daemon/config/config.h":
      "struct SourceConfig {\n  std::vector<std::string> locations;\n};\n"
      "struct Config {\n  std::vector<SourceConfig> source;\n};\n",
      "config/stockd.toml": '# [[source]]\n# locations = ["a"]\n'}),
    ("config-keys", {"daemon/config/config.h": "class Config;\n", "config/stockd.toml": ""},
     ["daemon/config/config.h"], {"daemon/config/config.h": ""}),
]


def places(rule, files):
    """Where `rule` finds something in a tree of `files`."""
    with tempfile.TemporaryDirectory() as top:
        for name, text in files.items():
            path = pathlib.Path(top, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        found = [finding for finding in rules.check(rules.Tree(top)) if finding.rule == rule]
    return sorted(f"{finding.path}:{finding.line}" if finding.line else finding.path
                  for finding in found)


def run():
    wrong = 0
    for number, (rule, bad, expected, good) in enumerate(CASES, start=1):
        for kind, files, wanted in (("bad", bad, sorted(expected)), ("good", good, [])):
            found = places(rule, files)
            if found != wanted:
                wrong += 1
                print(f"case {number}, the {kind} sample of {rule}: found {found}, not {wanted}")

    allowed = {"README.md": "TODO  tidy: allow todo: shown to the reader\n"}
    if places("todo", allowed) or not places("todo", {"README.md": "TODO  tidy: allow todo:\n"}):
        wrong += 1
        print("`tidy: allow <rule>: <reason>` must silence a rule, but only with a reason")

    names = {rule.__name__.removeprefix("rule_").replace("_", "-") for rule in rules.RULES}
    for name in sorted(names - {case[0] for case in CASES}):
        wrong += 1
        print(f"the rule {name} has no sample; add one to CASES in tests/tidy/self_test.py")

    if wrong:
        print(f"self-test: {wrong} wrong")
        return 1
    print(f"self-test: {len(names)} rules find what they are there for, in {len(CASES)} samples")
    return 0
