"""Runs what `./dev run` runs, looks at it as a newcomer would, and stops it again with Ctrl-C.

Usage: dev_run_test.py BUILD_FOLDER
"""

import contextlib
import csv
import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
MINUTES = 50  # Long enough for an unknown item to become known, and for late files.
SPEED = 400
SEED = 7
# Each wait ends as soon as its condition holds; these are the bounds.
START_SECONDS = 90
SETTLE_SECONDS = 90
STOP_SECONDS = 60
POLL_SECONDS = 0.1


class Failure(Exception):
    """A claim that does not hold."""


def claim(holds, text):
    if not holds:
        raise Failure(text)
    print(f"ok: {text}", flush=True)


def eventually(condition, seconds, text):
    """Waits until condition() gives something true, and returns that."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            print(f"ok: {text}", flush=True)
            return value
        if time.monotonic() > deadline:
            raise Failure(f"{text}: not within {seconds} s")
        time.sleep(POLL_SECONDS)


def children_of(pid):
    """The ids of the processes that pid has started."""
    children = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rsplit(")", 1)[1].split()
            if int(fields[1]) == pid and fields[0] != "Z":
                children.append(int(stat.parent.name))
    return children


class Run:
    """A run of adapters/sample/run-sample."""

    def __init__(self, build, directory):
        self.build = build
        self.directory = directory
        self.output = ""
        environment = dict(os.environ, STOCKD_BUILD=str(build))
        self.process = subprocess.Popen(
            [TOP / "adapters/sample/run-sample", "--directory", directory, "--port", "0",
             "--http-port", "0", "--speed", str(SPEED), "--seed", str(SEED), "--minutes",
             str(MINUTES)],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)

    def read(self, seconds):
        """Reads what has been printed, for so long at most."""
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        if ready:
            self.output += os.read(self.process.stdout.fileno(), 65536).decode()

    def has_printed(self, text):
        self.read(0)
        if self.process.poll() is not None and text not in self.output:
            raise Failure(f"run-sample ended with code {self.process.returncode}:\n{self.output}")
        return text in self.output

    def address(self):
        marker = "address: "
        if not self.has_printed(marker):
            return None
        line, end, _ = self.output.split(marker, 1)[1].partition("\n")
        return line.split()[0] if end else None

    def stop(self):
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read(POLL_SECONDS)
        return self.process.poll()

    def kill(self):
        """After a failed claim: the programs are told to stop when run-sample dies."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Stockctl:
    def __init__(self, build, address):
        self.program = build / "daemon/ctl/stockctl"
        self.environment = dict(os.environ, STOCKD_SERVER=address)

    def run(self, *words):
        return subprocess.run([self.program, *words], env=self.environment, text=True,
                              capture_output=True, timeout=SETTLE_SECONDS, check=False)

    def ask(self, *words):
        answer = self.run(*words)
        if answer.returncode != 0:
            raise Failure(f"stockctl {' '.join(words)} ended with code {answer.returncode}:\n"
                          f"{answer.stdout}{answer.stderr}")
        return answer.stdout


def read_levels(path):
    """Rows by (sku, location), without what is sold by order only: staff move that all the time."""
    with open(path, newline="", encoding="utf-8") as file:
        return {(row["sku"], row["location"]): row for row in csv.DictReader(file)
                if not row["sku"].startswith("CNC-")}


def on_hand(levels):
    return {position: row["on_hand"] for position, row in levels.items()}


def level_files_agree(directory, expected, buffer):
    """Whether each system sees what has happened, and all see the same version of it."""
    with contextlib.suppress(FileNotFoundError):
        erp, pos, web = (read_levels(directory / system / "levels.csv")
                         for system in ("erp", "pos", "web"))
        if on_hand(erp) != expected or not web or not web.keys() < erp.keys() or pos != erp:
            return False
        for position, row in web.items():
            whole = erp[position]
            shown = max(0, int(whole["available"]) - buffer)
            if (row["on_hand"], row["version"]) != (whole["on_hand"], whole["version"]):
                return False
            if int(row["available"]) != shown:
                return False
        return True
    return False


def look(run):
    address = eventually(run.address, START_SECONDS, "the screen names the address")
    children = children_of(run.process.pid)
    ctl = Stockctl(run.build, address)

    watched = ctl.ask("watch", "--location", "TR01", "--changes-only", "--count", "1",
                      "--timeout", f"{SETTLE_SECONDS}s")
    claim("TR01" in watched, "stockctl watch shows levels move")
    children += children_of(run.process.pid)

    sources = json.loads(ctl.ask("sources", "--json"))["sources"]
    connected = sorted(source["source"] for source in sources if source.get("connected"))
    claim(connected == ["erp", "pos", "web"], "three sources are connected")
    claim("WH01" in ctl.ask("availability", "PAN-0001"), "stockctl availability says where it is")
    claim("on hand" in ctl.ask("explain", "PAN-0001@TR01"), "stockctl explain says why")

    eventually(lambda: run.has_printed("minutes of trade are over"), SETTLE_SECONDS,
               "the trade comes to its end")
    sample = run.build / "adapters/sample/stockd-sample"
    said = subprocess.run([sample, "levels", "--directory", run.directory, "--minutes",
                           str(MINUTES)], text=True, capture_output=True, check=True).stdout
    expected = {(row["sku"], row["location"]): row["on_hand"]
                for row in csv.DictReader(said.splitlines())}
    eventually(lambda: level_files_agree(run.directory, expected, buffer=2), SETTLE_SECONDS,
               f"the three level files agree with what happened at {len(expected)} positions")
    claim("no drift" in ctl.ask("verify"), "stockctl verify finds no drift")

    calendars = json.loads(ctl.ask("calendars", "list", "--json"))["calendars"]
    claim(len(calendars) == 12, "every store has a calendar")
    claim("TR01 in Europe/Istanbul is " in ctl.ask("calendars", "show", "TR01"),
          "stockctl calendars says when a store is open")

    held = json.loads(ctl.ask("reservations", "--json", "--limit", "1000"))["reservations"]
    claim(len(held) > 20, "the checkout has held units")
    orders = json.loads(ctl.ask("orders", "list", "--json"))["orders"]
    claim(len(orders) > 2, "orders go through")
    waiting = json.loads(ctl.ask("quarantine", "list", "--json"))["facts"]
    claim({fact["reason"] for fact in waiting} == {"SKU_UNKNOWN"},
          "only unknown articles wait in quarantine")
    for system in ("erp", "pos", "web"):
        failed = list((run.directory / system / "drop/failed").iterdir())
        claim(not failed, f"no file of {system} has failed")
    return sorted(set(children))


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    directory = pathlib.Path(tempfile.mkdtemp(prefix="stockd-smoke-"))
    run = Run(build, directory)
    try:
        children = look(run)
        claim(run.stop() == 0, "Ctrl-C ends it with code 0")
        left = [pid for pid in children if pathlib.Path(f"/proc/{pid}").exists()]
        claim(len(children) >= 5 and not left, "all its programs have ended")
    except Failure as failure:
        run.read(0)
        print(f"FAILED: {failure}\n--- run-sample printed\n{run.output}", flush=True)
        for log in sorted((directory / "logs").glob("*.log")):
            print(f"--- {log.name}\n{''.join(log.read_text().splitlines(True)[-15:])}", flush=True)
        return 1
    finally:
        run.kill()
        shutil.rmtree(directory, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
