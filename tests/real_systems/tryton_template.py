"""Makes a Tryton database with a small shop in it, for tests to copy.

usage: tryton_template.py FOLDER

Afterwards FOLDER/shop.sqlite holds the database; the administrator's password is "stockd-test",
and the user "stockd" may do what the adapter's README asks for. It takes about a minute, and
nothing when the database is there already. The shop is seeded through Tryton's own interface.
Exit code 77, with the reason on standard output, when the Debian packages are not installed.
"""

import base64
import datetime
import fcntl
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ADMIN_TOOL = "/usr/bin/trytond-admin"
SERVER = "/usr/bin/trytond"
MODULES = ("stock", "sale")
NEEDED = "/usr/lib/python3/dist-packages/trytond/modules/"
PASSWORD = "stockd-test"
ADAPTER_PASSWORD = "counter-top-94"  # Of the user "stockd".
EXIT_SKIPPED = 77
VERSION = "5"  # Of the seed below: another one makes the database anew.


class Rpc:
    """Tryton's JSON-RPC, as far as seeding needs it."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}/shop/"
        self.headers = {"Content-Type": "application/json"}
        self.context = {}

    def call(self, method, *params):
        body = json.dumps({"id": 1, "method": method, "params": params}).encode()
        request = urllib.request.Request(self.url, body, self.headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            reply = json.load(answer)
        if reply.get("error"):
            raise RuntimeError(f"{method}: {reply['error']}")
        return reply["result"]

    def login(self):
        user, token = self.call("common.db.login", "admin", {"password": PASSWORD})
        session = base64.b64encode(f"admin:{user}:{token}".encode()).decode()
        self.headers["Authorization"] = f"Session {session}"
        return user

    def model(self, name, method, *params):
        return self.call(f"model.{name}.{method}", *params, self.context)

    def find(self, name, domain):
        return self.model(name, "search", domain, 0, 1, None)[0]


def seed(rpc):
    user = rpc.login()
    euro, = rpc.model("currency.currency", "create",
                      [{"name": "Euro", "code": "EUR", "symbol": "E", "digits": 2}])
    party, customer, supplier = rpc.model(
        "party.party", "create",
        [{"name": "Shop Ltd"}, {"name": "Counter sales", "code": "COUNTER",
                                "addresses": [["create", [{"city": "Ankara"}]]]},
         {"name": "Sundry supplier", "code": "SUNDRY",
          "addresses": [["create", [{"city": "Izmir"}]]]}])
    del customer, supplier
    company, = rpc.model("company.company", "create", [{"party": party, "currency": euro}])
    rpc.model("res.user", "write", [user], {"companies": [["add", [company]]], "company": company})
    rpc.context = rpc.call("model.res.user.get_preferences", True, {})
    groups = rpc.model("res.group", "search",
                       [["name", "in", ["Stock", "Stock Force Assignment"]]], 0, 2, None)
    rpc.model("res.user", "create",
              [{"name": "stockd", "login": "stockd", "password": ADAPTER_PASSWORD,
                "groups": [["add", groups]], "companies": [["add", [company]]],
                "company": company}])

    # Tryton's own warehouse has the code WH. A second one made by hand, as a shop would.
    storage, incoming, outgoing = rpc.model(
        "stock.location", "create",
        [{"name": "Store 2 Storage", "code": "S2-STO", "type": "storage"},
         {"name": "Store 2 In", "type": "storage"}, {"name": "Store 2 Out", "type": "storage"}])
    lost = rpc.find("stock.location", [["type", "=", "lost_found"]])
    rpc.model("stock.location", "create",
              [{"name": "Store 2", "code": "S2", "type": "warehouse", "storage_location": storage,
                "input_location": incoming, "output_location": outgoing,
                "lost_found_location": lost}])
    main = rpc.find("stock.location", [["code", "=", "WH"]])
    rpc.model("stock.location", "write", [main], {"lost_found_location": lost})

    unit = rpc.find("product.uom", [["symbol", "=", "u"]])
    kilogram = rpc.find("product.uom", [["symbol", "=", "kg"]])

    def product(code, name, uom, gtin=None):
        variant = {"suffix_code": code}
        if gtin:
            variant["identifiers"] = [["create", [{"type": "ean", "code": gtin}]]]
        rpc.model("product.template", "create",
                  [{"name": name, "default_uom": uom, "type": "goods",
                    "list_price": {"__class__": "Decimal", "decimal": "9.99"},
                    "products": [["create", [variant]]]}])

    product("SKU-1", "Widget", unit, "4006381333931")
    product("SKU-2", "Gadget", unit)
    product("KG-1", "Loose tea", kilogram)

    def count(location, quantities):
        today = datetime.date.today()
        lines = [{"product": rpc.find("product.product", [["code", "=", code]]),
                  "quantity": quantity} for code, quantity in quantities.items()]
        inventory, = rpc.model(
            "stock.inventory", "create",
            [{"location": location, "company": company, "empty_quantity": "keep",
              "date": {"__class__": "date", "year": today.year, "month": today.month,
                       "day": today.day},
              "lines": [["create", lines]]}])
        rpc.model("stock.inventory", "confirm", [inventory])

    count(rpc.find("stock.location", [["code", "=", "STO"]]),
          {"SKU-1": 40, "SKU-2": 20, "KG-1": 12.25})
    count(storage, {"SKU-1": 7})


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_config(folder, port):
    config = folder / "trytond.conf"
    config.write_text(f"[database]\nuri = sqlite://\npath = {folder}\n"
                      f"[web]\nlisten = 127.0.0.1:{port}\n", encoding="utf-8")
    return config


def wait_until_it_answers(rpc, server):
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError("trytond ended at once; its log is above")
        try:
            urllib.request.urlopen(rpc.url, timeout=1)
        except urllib.error.HTTPError:
            return  # It listens; this is not how one asks.
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("trytond did not answer within 60 s")


def make_database(folder):
    """Everything happens in `folder`, which nobody else uses."""
    port = free_port()
    config = write_config(folder, port)
    (folder / "shop.sqlite").touch()  # Tryton opens what is there and makes nothing.
    password = folder / "password"
    password.write_text(PASSWORD + "\n", encoding="utf-8")
    command = [ADMIN_TOOL, "-c", config, "-d", "shop", "--all", "--activate-dependencies",
               "--email", "shop@example.com", "-u", *MODULES]
    subprocess.run(command, check=True, env={**os.environ, "TRYTONPASSFILE": str(password)})
    server = subprocess.Popen([SERVER, "-c", config, "-d", "shop"])
    try:
        rpc = Rpc(port)
        wait_until_it_answers(rpc, server)
        seed(rpc)
    finally:
        server.terminate()
        server.wait()


def main():
    folder = pathlib.Path(sys.argv[1])
    missing = [name for name in ("stock", "sale") if not pathlib.Path(NEEDED, name).is_dir()]
    if missing or not pathlib.Path(SERVER).exists():
        print("skipped: Tryton is not installed. Run: apt-get install --no-install-recommends "
              "tryton-server tryton-modules-stock tryton-modules-sale")
        return EXIT_SKIPPED
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        version = folder / "version"
        if version.exists() and version.read_text(encoding="utf-8") == VERSION:
            return 0
        with tempfile.TemporaryDirectory() as work:
            make_database(pathlib.Path(work))
            shutil.copy(pathlib.Path(work) / "shop.sqlite", folder / "shop.sqlite")
        version.write_text(VERSION, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
