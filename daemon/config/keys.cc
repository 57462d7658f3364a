#include "daemon/config/keys.h"

#include <limits>

#include "daemon/config/values.h"

namespace stockd::config {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr int64_t kKiB = int64_t{1} << 10;
constexpr int64_t kMiB = int64_t{1} << 20;
constexpr int64_t kGiB = int64_t{1} << 30;
constexpr int64_t kPathBytesMax = 4096;
constexpr int64_t kIdBytesMax = 128;

int64_t Us(microseconds duration) { return duration.count(); }
constexpr hours Days(int count) { return hours(24 * count); }

// One row of the table is one call of these.
using C = Config;

Key<C> Text(std::string_view table, std::string_view name, int64_t min, int64_t max,
            std::string& (*member)(C&), std::string_view help) {
  return {table, name, KeyType::kText, "", min, max, {}, help, member};
}

Key<C> Number(std::string_view table, std::string_view name, int64_t min, int64_t max,
              std::string_view unit, int64_t& (*member)(C&), std::string_view help) {
  return {table, name, KeyType::kNumber, unit, min, max, {}, help, member};
}

Key<C> Bytes(std::string_view table, std::string_view name, int64_t min, int64_t max,
             int64_t& (*member)(C&), std::string_view help) {
  return {table, name, KeyType::kBytes, "", min, max, {}, help, member};
}

Key<C> Duration(std::string_view table, std::string_view name, microseconds min, microseconds max,
                microseconds& (*member)(C&), std::string_view help) {
  return {table, name, KeyType::kDuration, "", Us(min), Us(max), {}, help, member};
}

void AddServerKeys(std::vector<Key<C>>& keys) {
  keys.push_back(Text(
      "server", "listen", 3, 300, [](C& c) -> auto& { return c.server.listen; },
      "Address and port for gRPC callers, as host:port; port 0 takes any free port and logs it. "
      "An address that other machines can reach needs all three keys of [tls]."));
  keys.push_back(Text(
      "server", "allow_insecure_listener", 0, 64,
      [](C& c) -> auto& { return c.server.allow_insecure_listener; },
      "Exactly the words \"without tls and authentication\" let anybody who reaches a listen "
      "address beyond this machine read and change stock. Only for a network you trust wholly."));
  keys.push_back(Bytes(
      "server", "message_bytes_max", 64 * kKiB, 64 * kMiB,
      [](C& c) -> auto& { return c.server.message_bytes_max; },
      "Largest message taken from a caller. Raise it with adapters.batch_size_max; memory for one "
      "message can be used by every stream at once."));
  keys.push_back(Number(
      "server", "concurrent_streams_max", 1, 100000, "calls",
      [](C& c) -> auto& { return c.server.concurrent_streams_max; },
      "Calls that one connection may have open at a time. Raise it when a gateway sends all its "
      "traffic through one connection."));
  keys.push_back(Number(
      "server", "threads", 0, 1024, "threads", [](C& c) -> auto& { return c.server.threads; },
      "Threads that serve calls; 0 is one for each core. Lower it on a machine that has other "
      "work to do."));
}

Key<C> Texts(std::string_view table, std::string_view name, int64_t max,
             std::vector<std::string>& (*member)(C&), std::string_view help) {
  return {table, name, KeyType::kTexts, "", 0, max, {}, help, member};
}

void AddHttpKeys(std::vector<Key<C>>& keys) {
  keys.push_back(Text(
      "http", "listen", 0, 300, [](C& c) -> auto& { return c.http.listen; },
      "Address and port for HTTP, as host:port: the same calls as JSON, figures for monitoring and "
      "pages for people; port 0 takes any free port and logs it; empty: no HTTP. An address that "
      "other machines can reach needs what server.listen needs."));
  keys.push_back(Texts(
      "http", "hosts", 100, [](C& c) -> auto& { return c.http.hosts; },
      "Names under which callers may reach it without TLS, beside localhost, IP addresses and the "
      "host of listen. Other names are refused, so that no web site can pass its own name off as "
      "this machine's."));
  keys.push_back(Texts(
      "http", "cors_origins", 100, [](C& c) -> auto& { return c.http.cors_origins; },
      "Origins whose pages may call from a browser, such as \"https://shop.example\". Whoever can "
      "put a script on such a page can do what the browser's user can do here."));
  keys.push_back(Number(
      "http", "threads", 0, 1024, "threads", [](C& c) -> auto& { return c.http.threads; },
      "Threads that read and write HTTP; 0 is one for each core. Lower it on a machine that has "
      "other work to do."));
  keys.push_back(Number(
      "http", "connections_max", 1, 100000, "connections",
      [](C& c) -> auto& { return c.http.connections_max; },
      "Connections open at a time; more are told 503. Each open stream is one. Raise it, with the "
      "process's limit of open files, for many tablets."));
  keys.push_back(Bytes(
      "http", "body_bytes_max", 1 * kKiB, 64 * kMiB,
      [](C& c) -> auto& { return c.http.body_bytes_max; },
      "Largest body of a request, also once it is unpacked."));
  keys.push_back(Bytes(
      "http", "bodies_bytes_max", 64 * kMiB, 16 * kGiB,
      [](C& c) -> auto& { return c.http.bodies_bytes_max; },
      "Memory for the bodies of all requests under way, those of up to 64 KiB not counted. More "
      "are "
      "told to try again. Raise it for many large imports at a time."));
  keys.push_back(Duration(
      "http", "header_timeout", milliseconds(100), minutes(10),
      [](C& c) -> auto& { return c.http.header_timeout; },
      "How long the head of a request, or the beginning of encryption, may take."));
  keys.push_back(Duration(
      "http", "body_timeout", milliseconds(100), minutes(10),
      [](C& c) -> auto& { return c.http.body_timeout; },
      "How long the body of a request may take. Raise it for large imports over slow lines."));
  keys.push_back(Duration(
      "http", "write_timeout", milliseconds(100), minutes(10),
      [](C& c) -> auto& { return c.http.write_timeout; },
      "How long a caller may take nothing of its answer before it is cut off."));
  keys.push_back(Duration(
      "http", "idle_timeout", milliseconds(100), hours(1),
      [](C& c) -> auto& { return c.http.idle_timeout; },
      "How long a connection may wait for its next request. Keep it above that of a proxy in "
      "front."));
}

void AddTlsKeys(std::vector<Key<C>>& keys) {
  keys.push_back(Text(
      "tls", "certificate", 0, kPathBytesMax, [](C& c) -> auto& { return c.tls.certificate; },
      "The daemon's certificate chain (PEM file). A relative path starts at this file's folder."));
  keys.push_back(Text(
      "tls", "key", 0, kPathBytesMax, [](C& c) -> auto& { return c.tls.key; },
      "The certificate's private key (PEM file), readable by the daemon only."));
  keys.push_back(Text(
      "tls", "client_ca", 0, kPathBytesMax, [](C& c) -> auto& { return c.tls.client_ca; },
      "Authority whose client certificates are accepted (PEM file). With it a caller without such "
      "a certificate is turned away."));
}

void AddStorageKeys(std::vector<Key<C>>& keys) {
  keys.push_back(Text(
      "storage", "database", 1, kPathBytesMax, [](C& c) -> auto& { return c.storage.database; },
      "The SQLite database file; made when missing. A relative path starts at this file's folder. "
      "Put it on the disk whose sync is fastest: that is what limits reservations a second."));
  keys.push_back(Bytes(
      "storage", "cache_bytes", 1 * kMiB, 16 * kGiB,
      [](C& c) -> auto& { return c.storage.cache_bytes; },
      "Memory for database pages. Raise it when the disk is busy with reads while stock is "
      "written."));
  keys.push_back(Number(
      "storage", "checkpoint_pages", 100, 1000000, "pages",
      [](C& c) -> auto& { return c.storage.checkpoint_pages; },
      "Pages of 4 KiB in the write-ahead log before they are copied into the database. Larger "
      "means fewer, longer pauses and a longer start after a crash."));
}

void AddEngineKeys(std::vector<Key<C>>& keys) {
  keys.push_back(Number(
      "engine", "queue_max", 1, 1000000, "commands",
      [](C& c) -> auto& { return c.engine.queue_max; },
      "Commands of callers that may wait for the writer, and as many of streams; beyond it callers "
      "get RESOURCE_EXHAUSTED at once. Raise it for many callers with patience, lower it to keep "
      "the longest wait short."));
  keys.push_back(Number(
      "engine", "batch_max", 1, 100000, "commands",
      [](C& c) -> auto& { return c.engine.batch_max; },
      "Commands that share one commit to disk. Larger is more a second, smaller is a shorter "
      "longest wait. Those of streams are twice as many while nobody calls."));
  keys.push_back(Number(
      "engine", "expiries_per_batch_max", 1, 100000, "reservations",
      [](C& c) -> auto& { return c.engine.expiries_per_batch_max; },
      "Reservations whose deadline has passed that one commit closes. They stop counting at the "
      "deadline anyway; lower it if a flood of expiries slows callers."));
}

void AddReservationKeys(std::vector<Key<C>>& keys) {
  keys.push_back(Duration(
      "reservation", "ttl_default", milliseconds(1), Days(90),
      [](C& c) -> auto& { return c.reservation.ttl_default; },
      "How long units stay held when the caller does not say. Raise it if baskets expire before "
      "payment, lower it if abandoned baskets starve others."));
  keys.push_back(Number(
      "reservation", "lines_max", 1, 10000, "lines",
      [](C& c) -> auto& { return c.reservation.lines_max; },
      "Lines that one reservation may have. Raise it for wholesale orders."));
  keys.push_back(Duration(
      "reservation", "keep_requests", hours(1), Days(3650),
      [](C& c) -> auto& { return c.reservation.keep_requests; },
      "How long the answer to a request id is kept, so that a repeated call gets it again. Longer "
      "than any caller goes on trying; each answer takes some hundred bytes on disk."));
}

constexpr int64_t kCostMax = 1'000'000'000'000;
constexpr int64_t kCostPerKmMax = 1'000'000'000;

void AddSourcingCostKeys(std::vector<Key<C>>& keys) {
  keys.push_back(Number(
      "sourcing", "parcel_cost_micros", 0, kCostMax, "millionths of the currency's unit",
      [](C& c) -> auto& { return c.sourcing.parcel_cost_micros; },
      "What any parcel costs. It is part of the cost that is answered; which locations are best "
      "does not depend on it, for fewer parcels always come first."));
  keys.push_back(Number(
      "sourcing", "cost_per_km_micros", 0, kCostPerKmMax, "millionths of the currency's unit",
      [](C& c) -> auto& { return c.sourcing.cost_per_km_micros; },
      "What a kilometre of a parcel's way costs, as the crow flies. 0: distance plays no part."));
  keys.push_back(Number(
      "sourcing", "distance_unknown_km", 0, 20000, "kilometres",
      [](C& c) -> auto& { return c.sourcing.distance_unknown_km; },
      "The way from a location without a coordinate. Give locations their coordinates rather than "
      "turning this."));
  keys.push_back(Number(
      "sourcing", "store_handling_micros", 0, kCostMax, "millionths of the currency's unit",
      [](C& c) -> auto& { return c.sourcing.store_handling_micros; },
      "What picking and packing a parcel in a store costs. Against warehouses it says how much "
      "farther one may be and still send the parcel."));
  keys.push_back(Number(
      "sourcing", "warehouse_handling_micros", 0, kCostMax, "millionths of the currency's unit",
      [](C& c) -> auto& { return c.sourcing.warehouse_handling_micros; },
      "The same in a warehouse."));
  keys.push_back(Number(
      "sourcing", "dark_store_handling_micros", 0, kCostMax, "millionths of the currency's unit",
      [](C& c) -> auto& { return c.sourcing.dark_store_handling_micros; },
      "The same in a dark store."));
}

void AddSourcingKeys(std::vector<Key<C>>& keys) {
  AddSourcingCostKeys(keys);
  keys.push_back(Number(
      "sourcing", "store_scarcity_weight", 0, 1000, "thousandths",
      [](C& c) -> auto& { return c.sourcing.store_scarcity_weight; },
      "How much the stock of stores is spared when parcels and cost are equal. Only the proportion "
      "of the three weights counts; 0: not at all."));
  keys.push_back(Number(
      "sourcing", "warehouse_scarcity_weight", 0, 1000, "thousandths",
      [](C& c) -> auto& { return c.sourcing.warehouse_scarcity_weight; },
      "The same for warehouses, where no customer stands before an empty shelf."));
  keys.push_back(Number(
      "sourcing", "dark_store_scarcity_weight", 0, 1000, "thousandths",
      [](C& c) -> auto& { return c.sourcing.dark_store_scarcity_weight; },
      "The same for dark stores."));
  keys.push_back(Number(
      "sourcing", "steps_max", 1000, 10000000, "steps",
      [](C& c) -> auto& { return c.sourcing.steps_max; },
      "How long a plan is searched for; a step takes some tenths of a microsecond. Ordinary carts "
      "need some hundred. Raise it if many plans are not exact and callers have patience."));
}

void AddFactsKeys(std::vector<Key<C>>& keys) {
  keys.push_back(Duration(
      "facts", "look_back", hours(1), Days(36500), [](C& c) -> auto& { return c.facts.look_back; },
      "How old a sale, receipt or count may be and still be applied at once; older ones wait in "
      "quarantine. Raise it while history is loaded."));
  keys.push_back(Duration(
      "facts", "future_tolerance", microseconds(0), Days(1),
      [](C& c) -> auto& { return c.facts.future_tolerance; },
      "How far a source's clock may be ahead. A fact from further ahead waits in quarantine. Fix "
      "the source's clock rather than raising it."));
}

void AddAdaptersKeys(std::vector<Key<C>>& keys) {
  keys.push_back(Number(
      "adapters", "batch_size_max", 1, 10000, "rows",
      [](C& c) -> auto& { return c.adapters.batch_size_max; },
      "Facts in one batch and rows in one piece of a snapshot. Larger is more a second and makes "
      "other callers wait longer."));
  keys.push_back(Number(
      "adapters", "batches_in_flight_max", 1, 1000, "batches",
      [](C& c) -> auto& { return c.adapters.batches_in_flight_max; },
      "Batches that one source may send before the first is acknowledged. Raise it for sources "
      "that are far away."));
  keys.push_back(Duration(
      "adapters", "hello_timeout", milliseconds(100), minutes(10),
      [](C& c) -> auto& { return c.adapters.hello_timeout; },
      "How long a new connection may stay silent before it is closed."));
  keys.push_back(Number(
      "adapters", "snapshot_rows_max", 1, 100000000, "rows",
      [](C& c) -> auto& { return c.adapters.snapshot_rows_max; },
      "Rows in one snapshot. A snapshot is kept in memory until it is complete, at about 100 "
      "bytes a row."));
}

void AddReportsKeys(std::vector<Key<C>>& keys) {
  keys.push_back(
      {"reports",
       "enabled",
       KeyType::kFlag,
       "",
       0,
       0,
       {},
       "Whether figures are kept. Turned off, reports are refused; turned on again, they "
       "catch up with the journal.",
       [](C& c) -> auto& { return c.reports.enabled; }});
  keys.push_back(Text(
      "reports", "database", 0, kPathBytesMax, [](C& c) -> auto& { return c.reports.database; },
      "The file that holds the sums behind the figures; made when missing. It follows from the "
      "journal and needs no backup. Empty: beside storage.database, with \"-reports\" added to "
      "its name."));
  keys.push_back(Text(
      "reports", "time_zone", 1, 128, [](C& c) -> auto& { return c.reports.time_zone; },
      "IANA name of the zone whose days and months are kept, for example \"Europe/Warsaw\". "
      "Reports in other zones take longer. When it is changed everything is worked out anew."));
  keys.push_back(Texts(
      "reports", "online_channels", 100, [](C& c) -> auto& { return c.reports.online_channels; },
      "Channels whose sales are made online; those of all others are made in shops, for the share "
      "of shop sales after an online contact. When they are changed everything is worked out "
      "anew."));
  keys.push_back(Duration(
      "reports", "interval", milliseconds(10), minutes(10),
      [](C& c) -> auto& { return c.reports.interval; },
      "How long new facts may gather before figures take them in. Raise it when the disk has "
      "better things to do."));
  keys.push_back(Bytes(
      "reports", "cache_bytes", kMiB, 16 * kGiB,
      [](C& c) -> auto& { return c.reports.cache_bytes; },
      "Memory for pages of the file of sums."));
}

void AddOtherKeys(std::vector<Key<C>>& keys) {
  keys.push_back(Text(
      "backup", "directory", 1, kPathBytesMax, [](C& c) -> auto& { return c.backup.directory; },
      "The only folder that `stockctl backup` may write to; made when missing. A relative path "
      "starts at this file's folder."));
  keys.push_back({"log",
                  "level",
                  KeyType::kWord,
                  "",
                  0,
                  0,
                  {"error", "warn", "info", "debug", "trace"},
                  "The least important thing that is logged. debug and trace are for finding a "
                  "fault and can fill a disk.",
                  WordMember<C>{[](const C& c) { return static_cast<size_t>(c.log.level); },
                                [](C& c, size_t i) { c.log.level = static_cast<LogLevel>(i); }}});
}

std::vector<Key<C>> MakeConfigKeys() {
  std::vector<Key<C>> keys;
  AddServerKeys(keys);
  AddHttpKeys(keys);
  AddTlsKeys(keys);
  AddStorageKeys(keys);
  AddEngineKeys(keys);
  AddReservationKeys(keys);
  AddSourcingKeys(keys);
  AddFactsKeys(keys);
  AddAdaptersKeys(keys);
  AddReportsKeys(keys);
  AddOtherKeys(keys);
  return keys;
}

std::vector<Key<SourceConfig>> MakeSourceKeys() {
  using S = SourceConfig;
  return {
      {"source",
       "id",
       KeyType::kText,
       "",
       1,
       kIdBytesMax,
       {},
       "Required. The name under which the adapter connects; each once. Facts are recognised by it "
       "for ever, so never give it to another system.",
       [](S& s) -> auto& { return s.id; }},
      {"source",
       "kind",
       KeyType::kWord,
       "",
       0,
       0,
       {"erp", "pos", "web", "other"},
       "What kind of system it is, for people and metrics.",
       WordMember<S>{[](const S& s) { return static_cast<size_t>(s.kind); },
                     [](S& s, size_t i) { s.kind = static_cast<SourceKind>(i); }}},
      {"source",
       "absolute",
       KeyType::kWord,
       "",
       0,
       0,
       {"count", "diff", "audit"},
       "What its absolute quantities mean, those of snapshots and of counts, unless a rule says "
       "otherwise (`stockctl rules`): \"count\" sets stock as counted at that instant; "
       "\"diff\" takes the difference to what the source showed before as what happened there, for "
       "a web shop that keeps the levels it is sent and lowers them as it sells; \"audit\" only "
       "compares and reports. Have one \"count\" source for each location.",
       WordMember<S>{[](const S& s) { return static_cast<size_t>(s.absolute); },
                     [](S& s, size_t i) { s.absolute = static_cast<AbsoluteRule>(i); }}},
      {"source",
       "echoes",
       KeyType::kFlag,
       "",
       0,
       1,
       {},
       "Whether it tells back the levels it was sent, which then change nothing. Always so with "
       "absolute = \"diff\". Costs two small writes for each level sent.",
       [](S& s) -> auto& { return s.echoes; }},
      {"source",
       "channel",
       KeyType::kText,
       "",
       0,
       kIdBytesMax,
       {},
       "The channel whose buffer is taken off the levels it is sent; empty: nothing is taken off.",
       [](S& s) -> auto& { return s.channel; }},
      {"source",
       "locations",
       KeyType::kTexts,
       "",
       0,
       10000,
       {},
       "The locations whose levels it is sent; empty: those of `group`, or all.",
       [](S& s) -> auto& { return s.locations; }},
      {"source",
       "group",
       KeyType::kText,
       "",
       0,
       kIdBytesMax,
       {},
       "The group of locations whose levels it is sent; not together with `locations`.",
       [](S& s) -> auto& { return s.group; }},
      {"source",
       "reconcile_every",
       KeyType::kDuration,
       "",
       0,
       Us(Days(366)),
       {},
       "How often it is asked for a snapshot that is only compared (`stockctl reconciliations`); "
       "0s: "
       "never. Its adapter must be able to give one. What differs is listed, not changed.",
       [](S& s) -> auto& { return s.reconcile_every; }},
  };
}

std::string Quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string JoinQuoted(const std::vector<std::string_view>& words, std::string_view separator) {
  std::string joined;
  for (const std::string_view word : words) {
    if (!joined.empty()) joined += separator;
    joined += Quote(word);
  }
  return joined;
}

std::string FormatNumber(KeyType type, int64_t number) {
  if (type != KeyType::kBytes) return std::to_string(number);
  const std::string text = FormatBytes(number);
  return text.back() == 'B' ? Quote(text) : text;
}

}  // namespace

const std::vector<Key<Config>>& ConfigKeys() {
  static const std::vector<Key<Config>> keys = MakeConfigKeys();
  return keys;
}

const std::vector<Key<SourceConfig>>& SourceKeys() {
  static const std::vector<Key<SourceConfig>> keys = MakeSourceKeys();
  return keys;
}

const std::vector<Table>& Tables() {
  static const std::vector<Table> tables = {
      {"server", "Where callers connect."},
      {"http", "Where browsers, shops and monitoring connect."},
      {"tls", "Encryption and authentication of callers: all three keys, or none."},
      {"storage", "Where the truth is kept."},
      {"engine", "The one writer, which decides everything in one order."},
      {"reservation", "Claims on stock."},
      {"sourcing", "Where to take a cart from: what parcels cost, and which stock is spared."},
      {"facts", "What sources may tell about the past and the future."},
      {"adapters", "The streams of sources."},
      {"reports", "Figures worked out from the journal."},
      {"backup", "Copies of the database."},
      {"log", "What is logged, to standard error."},
      {"source",
       "One block for each system that may connect: an ERP, an estate of tills, a web shop. At "
       "most 1000."},
  };
  return tables;
}

template <typename Owner>
std::string DescribeRange(const Key<Owner>& key) {
  switch (key.type) {
    case KeyType::kText:
      return "text of " + std::to_string(key.min) + " to " + std::to_string(key.max) + " bytes";
    case KeyType::kWord: return "one of " + JoinQuoted(key.words, ", ");
    case KeyType::kNumber:
      return "a whole number from " + std::to_string(key.min) + " to " + std::to_string(key.max) +
             " " + std::string(key.unit);
    case KeyType::kBytes:
      return "a size in bytes from " + FormatBytes(key.min) + " to " + FormatBytes(key.max) +
             ", as a number or with KiB, MiB, GiB";
    case KeyType::kDuration:
      return "a duration from " + FormatDuration(microseconds(key.min)) + " to " +
             FormatDuration(microseconds(key.max)) + ", with us, ms, s, m, h, d";
    case KeyType::kTexts:
      return "a list of at most " + std::to_string(key.max) + " texts of 1 to 128 bytes";
    case KeyType::kFlag: return "true or false";
  }
  return "";
}

template <typename Owner>
std::string FormatValue(const Key<Owner>& key, const Owner& owner) {
  Owner copy = owner;  // The accessors of members are for writing; a copy keeps them simple.
  struct Formatter {
    const Key<Owner>& key;
    Owner& copy;
    std::string operator()(std::string& (*member)(Owner&)) const { return Quote(member(copy)); }
    std::string operator()(int64_t& (*member)(Owner&)) const {
      return FormatNumber(key.type, member(copy));
    }
    std::string operator()(microseconds& (*member)(Owner&)) const {
      return Quote(FormatDuration(member(copy)));
    }
    std::string operator()(std::vector<std::string>& (*member)(Owner&)) const {
      const std::vector<std::string>& texts = member(copy);
      return "[" + JoinQuoted({texts.begin(), texts.end()}, ", ") + "]";
    }
    std::string operator()(bool& (*member)(Owner&)) const {
      return member(copy) ? "true" : "false";
    }
    std::string operator()(const WordMember<Owner>& member) const {
      return Quote(key.words[member.get(copy)]);
    }
  };
  return std::visit(Formatter{key, copy}, key.member);
}

template std::string DescribeRange(const Key<Config>&);
template std::string DescribeRange(const Key<SourceConfig>&);
template std::string FormatValue(const Key<Config>&, const Config&);
template std::string FormatValue(const Key<SourceConfig>&, const SourceConfig&);

}  // namespace stockd::config
