"""Installs the Node client's packages into the build folder, exactly those of package-lock.json.

Usage: install.py TARGET_FOLDER

Does nothing, and needs no network, when they are there already.
"""

import hashlib
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FILES = ("package.json", "package-lock.json", ".npmrc")
NPM_SECONDS = 280


def main():
    target = pathlib.Path(sys.argv[1])
    stamp = target / "node_modules" / ".installed"
    wanted = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        print("the packages are installed already")
        return 0
    if shutil.which("npm") is None:
        print("npm is missing; ./dev deps installs it", file=sys.stderr)
        return 1
    target.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(HERE / name, target / name)
    # Scripts of packages are not run: none of these needs them.
    subprocess.run(["npm", "ci", "--ignore-scripts", "--prefer-offline"], cwd=target, check=True,
                   timeout=NPM_SECONDS)
    stamp.write_text(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
