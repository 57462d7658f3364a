"""Runs the Node client against a real stockd.

Usage: node_client_test.py STOCKD_PROGRAM PACKAGES_FOLDER
"""

import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PROTO = HERE.parents[1] / "proto"
SUMMARY = "node client: facts_applied=3 duplicates=1 levels=2 resumed_levels=1 "
CLIENT_SECONDS = 40
STOP_SECONDS = 20
CONFIG = """[server]
listen = "127.0.0.1:0"
[http]
listen = ""
[storage]
database = "stockd.sqlite"
[[source]]
id = "node"
kind = "other"
"""


def main():
    program, packages = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "stockd.toml")
        config.write_text(CONFIG)
        with subprocess.Popen([program, "--config", config], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True) as daemon:
            try:
                return check(daemon, packages)
            finally:
                daemon.terminate()
                daemon.wait(STOP_SECONDS)


def check(daemon, packages):
    address = daemon.stdout.readline().removeprefix("stockd listening on ").strip()
    if not address:
        print("stockd did not start", file=sys.stderr)
        return 1
    environment = os.environ | {"NODE_PATH": str(pathlib.Path(packages, "node_modules"))}
    client = subprocess.run(["node", HERE / "client.js", address, "node", PROTO],
                            capture_output=True, text=True, env=environment, check=False,
                            timeout=CLIENT_SECONDS)
    print(client.stdout, client.stderr)
    return 0 if client.returncode == 0 and client.stdout.startswith(SUMMARY) else 1


if __name__ == "__main__":
    sys.exit(main())
