// The table of all configuration keys: the one place that says how a key is named, what it takes
// and what it means. Parsing, checking, the shipped file and its test all read it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/config/config.h"

namespace stockd::config {

// What a key takes.
enum class KeyType {
  kText,      // A string of `min` to `max` bytes without control characters.
  kWord,      // One of `words`.
  kNumber,    // A whole number from `min` to `max`.
  kBytes,     // A number of bytes from `min` to `max`, also as "64MiB".
  kDuration,  // A string such as "15m", from `min` to `max` microseconds.
  kTexts,     // A list of strings.
  kFlag,      // true or false.
};

// A member that is an enumeration, as an index into Key::words.
template <typename Owner>
struct WordMember {
  size_t (*get)(const Owner&);
  void (*set)(Owner&, size_t);
};

// Where a key's value lives in Owner, which is Config or SourceConfig.
template <typename Owner>
using Member =
    std::variant<std::string& (*)(Owner&), int64_t& (*)(Owner&),
                 std::chrono::microseconds& (*)(Owner&), std::vector<std::string>& (*)(Owner&),
                 bool& (*)(Owner&), WordMember<Owner>>;

template <typename Owner>
struct Key {
  std::string_view table;  // "server"; "source" for the keys of every [[source]].
  std::string_view name;
  KeyType type;
  std::string_view unit;  // Of kNumber, for example "pages"; else empty.
  int64_t min;
  int64_t max;
  std::vector<std::string_view> words;
  std::string_view help;  // What it means and when to turn it.
  Member<Owner> member;
};

// In the order of the shipped file; keys of one table stand together.
const std::vector<Key<Config>>& ConfigKeys();
const std::vector<Key<SourceConfig>>& SourceKeys();

// What each table is about, in the order of the shipped file.
struct Table {
  std::string_view name;
  std::string_view help;
};
const std::vector<Table>& Tables();

// At most this many sources.
inline constexpr size_t kSourcesMax = 1000;

// What the key takes, for people: "a whole number from 1 to 1000 pages".
template <typename Owner>
std::string DescribeRange(const Key<Owner>& key);

// The value in `owner` as it is written in TOML, for example "\"15m\"" or "4096".
template <typename Owner>
std::string FormatValue(const Key<Owner>& key, const Owner& owner);

}  // namespace stockd::config
