"""Runs the official Connect clients against the HTTP port of a real stockd.

Usage: connect_client_test.py STOCKD_PROGRAM PACKAGES_FOLDER
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PROTO = HERE.parents[1] / "proto"
SUMMARY = "connect clients: 7 transports"
GENERATE_SECONDS = 60
CLIENT_SECONDS = 60
STOP_SECONDS = 20
CONFIG = """[server]
listen = "127.0.0.1:0"
[http]
listen = "127.0.0.1:0"
[storage]
database = "stockd.sqlite"
"""


def generate(packages):
    """The contract as JavaScript beside the client, where Node looks for the packages."""
    folder = packages / "connect"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "gen").mkdir(parents=True)
    (folder / "package.json").write_text('{"type": "module"}\n')
    shutil.copyfile(HERE / "connect_client.mjs", folder / "connect_client.mjs")
    protos = sorted(path.relative_to(PROTO) for path in PROTO.rglob("*.proto"))
    subprocess.run(
        ["protoc", f"--proto_path={PROTO}",
         f"--plugin=protoc-gen-es={packages / 'node_modules/.bin/protoc-gen-es'}",
         f"--es_out={folder / 'gen'}", "--es_opt=target=js,import_extension=js", *protos],
        check=True, timeout=GENERATE_SECONDS)
    return folder


def main():
    program, packages = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    client_folder = generate(packages)
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "stockd.toml")
        config.write_text(CONFIG)
        with subprocess.Popen([program, "--config", config], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True) as daemon:
            try:
                return check(daemon, client_folder)
            finally:
                daemon.terminate()
                daemon.wait(STOP_SECONDS)


def check(daemon, client_folder):
    daemon.stdout.readline()
    address = daemon.stdout.readline().removeprefix("stockd HTTP on ").strip()
    if not address:
        print("stockd did not start", file=sys.stderr)
        return 1
    client = subprocess.run(["node", client_folder / "connect_client.mjs", f"http://{address}"],
                            capture_output=True, text=True, check=False, timeout=CLIENT_SECONDS)
    print(client.stdout, client.stderr)
    return 0 if client.returncode == 0 and SUMMARY in client.stdout else 1


if __name__ == "__main__":
    sys.exit(main())
