"""The rules. Each is a generator over a Tree that yields a Finding for all that breaks it."""

import dataclasses
import pathlib
import re

LENGTH_MAX = 600

FOLDERS = ("daemon", "adapters", "proto", "config", "tests", ".cmake", ".ci")
TEXT_SUFFIXES = {".cc", ".h", ".S", ".proto", ".py", ".sh", ".cmake", ".md", ".toml", ".txt",
                 ".supp", ".service", ".json"}
TEXT_NAMES = {"dev", "run", "run-sample", ".clang-format", ".clang-tidy", ".editorconfig",
              ".gitignore"}
# Recorded or generated input is kept byte for byte as it was found.
RAW_FOLDERS = {"data", "corpus", "golden", "recordings", "node_modules", "__pycache__"}
THIS_FOLDER = "tests/tidy/"  # Holds samples of everything that is forbidden.


@dataclasses.dataclass
class Finding:
    rule: str
    path: str
    line: int  # From 1; 0: the whole file.
    message: str
    advice: str
    only_report: bool = False

    def __str__(self):
        where = f"{self.path}:{self.line}" if self.line else self.path
        weight = "note, " if self.only_report else ""
        return f"{where}: [{weight}{self.rule}] {self.message}. {self.advice}"


class Tree:
    """The text files of a checkout, by path relative to its top."""

    def __init__(self, top):
        top = pathlib.Path(top)
        paths = [path for path in top.iterdir() if path.is_file()]
        for folder in FOLDERS:
            paths += [path for path in (top / folder).rglob("*") if path.is_file()]
        self.files = {}
        for path in sorted(paths):
            relative = path.relative_to(top)
            if RAW_FOLDERS & set(relative.parts):
                continue
            if path.suffix in TEXT_SUFFIXES or path.name in TEXT_NAMES:
                self.files[relative.as_posix()] = path.read_text(encoding="utf-8")

    def lines(self, path):
        """(line number, line) pairs."""
        return enumerate(self.files[path].split("\n"), start=1)

    def cpp(self, *prefixes):
        """Paths of the C++ files below the prefixes."""
        return [path for path in self.files
                if path.endswith((".cc", ".h")) and path.startswith(prefixes)]


def check(tree):
    """All findings, without those that a comment on their line allows."""
    findings = []
    for rule in RULES:
        for finding in rule(tree):
            lines = tree.files.get(finding.path, "").split("\n")
            line = lines[finding.line - 1] if 0 < finding.line <= len(lines) else ""
            if not re.search(rf"tidy: allow {finding.rule}: \w", line):
                findings.append(finding)
    return sorted(findings, key=lambda finding: (finding.path, finding.line))


def code_of(line):
    """The line without its // comment and without the content of its string literals."""
    line = re.sub(r'"(?:[^"\\]|\\.)*"', '""', line)
    return line.split("//")[0]


# --- direction of includes ------------------------------------------------------------------------

# What each folder of daemon/ may include from the others, and whether it may see the wire: the
# generated messages and gRPC. The core compiles and is tested without gRPC.
_CORE = {"base", "ledger", "fulfilment", "storage", "engine"}
_SERVICES = _CORE | {"sync", "reports", "config"}
LAYERS = {
    "base": (set(), False),
    "ledger": ({"base"}, False),
    "fulfilment": ({"base", "ledger"}, False),
    "storage": ({"base", "ledger", "fulfilment"}, False),
    "engine": ({"base", "ledger", "fulfilment", "storage"}, False),
    "config": ({"base", "ledger"}, False),
    # Facts wait in quarantine in the words of their source: sync reads and writes messages, never gRPC.
    "sync": (_CORE | {"config"}, "messages"),
    "reports": (_CORE | {"config"}, False),
    "rpc": (_SERVICES, True),
    "http": (_SERVICES | {"rpc"}, True),
    "ctl": ({"base", "config"}, True),
    "main.cc": (_SERVICES | {"rpc", "http"}, True),
}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
WIRE = re.compile(r"^(stockd/v1/|google/|grpc/|grpcpp/)")
GRPC = re.compile(r"^(grpc/|grpcpp/|.*\.grpc\.pb\.h$)")
GENERATED = re.compile(r"^((?:stockd/v1|google/rpc)/\w+?)(?:_mock)?(?:\.grpc)?\.pb\.h$")


def includes(tree, *prefixes):
    """(path, line number, '"' or '<', included) for each #include."""
    for path in tree.cpp(*prefixes):
        for number, line in tree.lines(path):
            match = INCLUDE.match(line)
            if match:
                yield path, number, match[1], match[2]


def rule_layers(tree):
    for path, number, _, included in includes(tree, "daemon/"):
        # The files beside main.cc are the program that it starts.
        layer = path.split("/")[1] if path.count("/") > 1 else "main.cc"
        if layer not in LAYERS:
            yield Finding("layers", path, 0, f"daemon/{layer} has no place among the layers",
                          "Give it one in LAYERS of tests/tidy/rules.py")
            continue
        allowed, wire = LAYERS[layer]
        parts = included.split("/")
        if parts[0] == "daemon" and len(parts) > 2 and parts[1] not in allowed | {layer}:
            seen = ", ".join(sorted(allowed)) or "nothing else"
            yield Finding("layers", path, number, f"daemon/{layer} must not include {included}",
                          f"It may see {seen}; move what it needs down, or the caller up")
        elif parts[0] in ("adapters", "tests"):
            yield Finding("layers", path, number, f"the daemon must not include {included}",
                          "Adapters reach the daemon over the public contract only")
        elif WIRE.match(included) and not wire or wire == "messages" and GRPC.match(included):
            yield Finding("layers", path, number, f"daemon/{layer} must not see {included}",
                          "Translate messages in daemon/rpc; the core is free of gRPC")
    for path, number, _, included in includes(tree, "adapters/"):
        folder = path.split("/")[1]
        parts = included.split("/")
        if parts[0] in ("daemon", "tests"):
            yield Finding("layers", path, number, f"an adapter must not include {included}",
                          "An adapter sees adapters/sdk and the generated contract, as one outside "
                          "of this tree would")
        elif parts[0] == "adapters" and len(parts) > 2 and parts[1] not in (
                "sdk", "http_client", folder):
            yield Finding("layers", path, number, f"{folder} must not include {included}",
                          "Move what adapters share to adapters/sdk")


def rule_include_paths(tree):
    for path, number, quote, included in includes(tree, "daemon/", "adapters/", "tests/"):
        generated = GENERATED.match(included)
        if generated:
            if f"proto/{generated[1]}.proto" not in tree.files:
                yield Finding("include-paths", path, number, f"no .proto makes {included}",
                              "Look for the right name in proto/")
        elif quote == '"' and included not in tree.files:
            yield Finding("include-paths", path, number, f'"{included}" is no file of the tree',
                          'Write the path from the top, as in "daemon/ledger/position.h", and '
                          "other people's headers in <>")
        elif quote == "<" and included in tree.files:
            yield Finding("include-paths", path, number, f"<{included}> is a file of this tree",
                          f'Write "{included}"')


# --- time and chance ------------------------------------------------------------------------------

CLOCKS = re.compile(
    r"\b(system_clock|steady_clock|high_resolution_clock)::now\b|\babsl::Now\b"
    r"|(?<![\w.>])time\s*\(\s*(nullptr|NULL|0|&)|\b(clock_gettime|gettimeofday)\s*\("
    r"|(?<![\w.>])s?rand\s*\(|\brandom_device\b|\bmt19937(_64)?\b"
    r"|\b(getrandom|getentropy)\s*\(")
CLOCK_HOMES = re.compile(r"^(daemon/base|adapters/sdk|tests/support)/\w*(clock|random)\w*\.(cc|h)$")


def rule_clocks(tree):
    for path in tree.cpp("daemon/", "adapters/", "tests/"):
        if CLOCK_HOMES.match(path) or path.startswith("tests/bench/"):
            continue
        for number, line in tree.lines(path):
            match = CLOCKS.search(code_of(line))
            if match:
                yield Finding("clocks", path, number, f"reads {match[0].strip()} itself",
                              "Take a clock or a random source as a parameter, so that tests and "
                              "the simulator own time and chance; the real ones live in files "
                              "named *clock* or *random* of daemon/base, adapters/sdk and "
                              "tests/support")


def rule_sleeps(tree):
    for path in tree.cpp("tests/"):
        for number, line in tree.lines(path):
            if re.search(r"\b(sleep_for|sleep_until|usleep|nanosleep|sleep)\s*\(", code_of(line)):
                yield Finding("sleeps", path, number, "a test sleeps",
                              "Advance a simulated clock, or wait for the event itself with a "
                              "deadline")


# --- text -----------------------------------------------------------------------------------------

def rule_todo(tree):
    for path in tree.files:
        if path.startswith(THIS_FOLDER):
            continue
        for number, line in tree.lines(path):
            if re.search(r"\b(TODO|FIXME)\b(?!\(\w[\w .-]*\))", line):
                yield Finding("todo", path, number, "nobody owns this open end",
                              "Do it now, or write TODO(name): what is missing and why it waits")


def rule_machine_paths(tree):
    for path in tree.files:
        if path.startswith(THIS_FOLDER):
            continue
        for number, line in tree.lines(path):
            match = re.search(r"(?<![\w.])/(root|home|Users)/\w*", line)
            if match:
                yield Finding("machine-paths", path, number, f"{match[0]} exists on one machine",
                              "Write a path relative to the top, or take it from the caller")


def rule_whitespace(tree):
    for path, text in tree.files.items():
        for number, line in tree.lines(path):
            if "\t" in line:
                yield Finding("whitespace", path, number, "a tab", "Indent with spaces")
            if line != line.rstrip():
                yield Finding("whitespace", path, number, "white space at the end of the line",
                              "Remove it")
        if text and not text.endswith("\n"):
            yield Finding("whitespace", path, 0, "the last line has no end", "Add a newline")


def rule_length(tree):
    for path, text in tree.files.items():
        length = text.count("\n")
        if path.endswith((".cc", ".h", ".py", ".proto")) and length > LENGTH_MAX:
            yield Finding("length", path, 0, f"{length} lines, more than {LENGTH_MAX}",
                          "Does it still hold one thing? Split it where its words change",
                          only_report=True)


# --- the build, the contract, the configuration ---------------------------------------------------

def rule_built(tree):
    for path in tree.files:
        if not path.endswith((".cc", ".S")):
            continue
        folder = pathlib.PurePosixPath(path).parent
        while str(folder) != "." and f"{folder}/CMakeLists.txt" not in tree.files:
            folder = folder.parent
        listed = f"{folder}/CMakeLists.txt" if str(folder) != "." else "CMakeLists.txt"
        code = re.sub(r"#.*", "", tree.files.get(listed, ""))
        name = path if str(folder) == "." else path[len(str(folder)) + 1:]
        if not re.search(rf"(?<![\w./-]){re.escape(name)}(?![\w./-])", code):
            yield Finding("built", path, 0, f"{listed} does not list it, so nobody builds it",
                          "List it there, or delete it")


PROTO_NAMED = re.compile(r"^\s*(message|enum|service|oneof|rpc)\s+(\w+)")
PROTO_FIELD = re.compile(
    r"^\s*(?:(?:repeated|optional)\s+)?(?!option\b|reserved\b|return\b)"
    r"(?:map\s*<[^>]*>|[A-Za-z_][\w.]*)\s+(\w+)\s*=\s*\d+")
PROTO_VALUE = re.compile(r"^\s*([A-Z][A-Z0-9_]*)\s*=\s*-?\d+")


def rule_proto_comments(tree):
    for path in tree.files:
        if not path.endswith(".proto"):
            continue
        commented = False
        for number, line in tree.lines(path):
            stripped = line.strip()
            if stripped.startswith("//"):
                commented = commented or bool(stripped.strip("/ "))
                continue
            if stripped.startswith(("/*", "*")):
                commented = True
                continue
            match = PROTO_NAMED.match(line) or PROTO_FIELD.match(line) or PROTO_VALUE.match(line)
            if match and not commented and not re.search(r"//\s*\w", line):
                name = match[match.lastindex]
                yield Finding("proto-comments", path, number, f"{name} has no comment",
                              "Say above it what it means; for a field also whether it is "
                              "required, its unit, range and default")
            commented = False


CONFIG_FILE = "config/stockd.toml"
CONFIG_HEADER = "daemon/config/config.h"


def config_keys_in_header(text):
    """Keys such as server.listen: the members of the structs that struct Config is made of."""
    bodies = {match[1]: match[2] for match in
              re.finditer(r"^struct (\w+) \{\n(.*?)^\};", text, re.MULTILINE | re.DOTALL)}

    def members(struct):
        for line in bodies.get(struct, "").split("\n"):
            code = line.split("//")[0].rstrip()
            match = re.match(r"^  ([\w:<>, ]+?) (\w+)(?: = .*|\{.*)?;", code)
            if match and not line.lstrip().startswith(("using ", "return ", "static ")):
                yield match[1], match[2]

    keys = set()
    for table_type, table in members("Config"):
        struct = re.sub(r"^std::vector<(.*)>$", r"\1", table_type)
        keys |= {f"{table}.{key}" for _, key in members(struct)}
    return keys


def config_keys_in_file(text):
    """(key, line number), for keys that are set and for keys that a comment shows."""
    table = ""
    for number, line in enumerate(text.split("\n"), start=1):
        shown = re.sub(r"^#\s?", "", line)
        match = re.match(r"^\[\[?([\w.]+)\]\]?\s*(#.*)?$", shown)
        if match:
            table = match[1]
            continue
        match = re.match(r"^([a-z]\w*) = (?=[\"'\[{\d+-]|true|false)", shown)
        if match:
            yield (f"{table}.{match[1]}" if table else match[1]), number


def rule_config_keys(tree):
    if CONFIG_FILE not in tree.files or CONFIG_HEADER not in tree.files:
        return
    known = config_keys_in_header(tree.files[CONFIG_HEADER])
    shown = dict(config_keys_in_file(tree.files[CONFIG_FILE]))
    if not known:
        yield Finding("config-keys", CONFIG_HEADER, 0, "no key was found in struct Config",
                      "Has its form changed? Then teach tests/tidy/rules.py the new one")
        return
    for key in sorted(set(shown) - known):
        yield Finding("config-keys", CONFIG_FILE, shown[key], f"the daemon does not know {key}",
                      f"Remove it, or add it to {CONFIG_HEADER}")
    for key in sorted(known - set(shown)):
        yield Finding("config-keys", CONFIG_FILE, 0, f"{key} is not shown",
                      "Show it with its meaning, unit, range and default")


RULES = [rule_layers, rule_include_paths, rule_clocks, rule_sleeps, rule_todo, rule_machine_paths,
         rule_whitespace, rule_length, rule_built, rule_proto_comments, rule_config_keys]
