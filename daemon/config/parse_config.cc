#include <algorithm>
#include <map>
#include <tuple>

#include <toml++/toml.h>

#include "daemon/config/check_config.h"
#include "daemon/config/config.h"
#include "daemon/config/keys.h"
#include "daemon/config/nearest_name.h"
#include "daemon/config/suggest_key.h"
#include "daemon/config/values.h"

namespace stockd::config {
namespace {

using std::chrono::microseconds;

std::string TypeName(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string: return "a text";
    case toml::node_type::integer: return "a whole number";
    case toml::node_type::floating_point: return "a number with a point";
    case toml::node_type::boolean: return "true or false";
    case toml::node_type::array: return "a list";
    case toml::node_type::table: return "a table";
    default: return "a date or time";
  }
}

bool HasControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// Reads one document. Goes on after an error, so that one run shows all of them.
class Reader {
 public:
  explicit Reader(std::string_view file_name) : file_(file_name) {
    config_.directory = std::filesystem::path(file_name).parent_path();
  }

  std::variant<Config, std::vector<ConfigError>> Read(const toml::table& root) {
    for (const auto& [name, node] : root) ReadTopLevel(name, node);
    if (errors_.empty()) AddRuleErrors();
    if (errors_.empty()) return std::move(config_);
    std::sort(errors_.begin(), errors_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.line, a.column, a.key) < std::tie(b.line, b.column, b.key);
    });
    return std::move(errors_);
  }

 private:
  void ReadTopLevel(const toml::key& key, const toml::node& node) {
    const std::string name(key.str());
    const std::vector<Table>& tables = Tables();
    const bool known =
        std::any_of(tables.begin(), tables.end(), [&](const Table& t) { return t.name == name; });
    if (!known) return AddUnknown(key, "", name);
    if (name == "source") return ReadSources(node);
    const toml::table* table = node.as_table();
    if (table == nullptr) {
      return Add(node.source(), name, "takes a table, but this is " + TypeName(node),
                 "Write [" + name + "] on a line of its own and the keys below it.");
    }
    for (const auto& [child_key, child] : *table) {
      ReadKey(name, name, child_key, child, ConfigKeys(), config_);
    }
  }

  void ReadSources(const toml::node& node) {
    const toml::array* blocks = node.as_array();
    const bool all_tables =
        blocks != nullptr && std::all_of(blocks->begin(), blocks->end(),
                                         [](const toml::node& block) { return block.is_table(); });
    if (!all_tables) {
      return Add(node.source(), "source", "takes blocks, but this is " + TypeName(node),
                 "Write [[source]], with double brackets, before the keys of each source.");
    }
    for (const toml::node& block : *blocks) {
      const std::string prefix = "source[" + std::to_string(config_.source.size()) + "]";
      SourceConfig source;
      for (const auto& [key, child] : *block.as_table()) {
        ReadKey("source", prefix, key, child, SourceKeys(), source);
      }
      places_[prefix] = block.source();
      if (!block.as_table()->contains("id")) {
        Add(block.source(), prefix + ".id", "is missing", "Every source needs an id of its own.");
      }
      config_.source.push_back(std::move(source));
    }
  }

  // Reads `node` into the member of `owner` that the table of keys names. `shown` is how the table
  // is called in errors.
  template <typename Owner>
  void ReadKey(std::string_view table, const std::string& shown, const toml::key& toml_key,
               const toml::node& node, const std::vector<Key<Owner>>& keys, Owner& owner) {
    const std::string_view name = toml_key.str();
    for (const Key<Owner>& key : keys) {
      if (key.table != table || key.name != name) continue;
      const std::string path = shown + "." + std::string(name);
      places_[path] = node.source();
      const std::string problem = Assign(key, node, owner);
      if (!problem.empty()) {
        Add(node.source(), path, problem, "It takes " + DescribeRange(key) + ".");
      }
      return;
    }
    AddUnknown(toml_key, table, std::string(name), shown);
  }

  // Sets the member, or says what is wrong with the value.
  template <typename Owner>
  static std::string Assign(const Key<Owner>& key, const toml::node& node, Owner& owner) {
    struct Assigner {
      const Key<Owner>& key;
      const toml::node& node;
      Owner& owner;

      std::string operator()(std::string& (*member)(Owner&)) const {
        const toml::value<std::string>* text = node.as_string();
        if (text == nullptr) return WrongType();
        const int64_t size = static_cast<int64_t>(text->get().size());
        if (size < key.min || size > key.max) return "has " + std::to_string(size) + " bytes";
        if (HasControlCharacter(text->get())) return "contains a control character";
        member(owner) = text->get();
        return "";
      }

      std::string operator()(int64_t& (*member)(Owner&)) const {
        std::optional<int64_t> number;
        if (const auto* value = node.as_integer()) number = value->get();
        const toml::value<std::string>* text = node.as_string();
        if (!number && key.type == KeyType::kBytes && text != nullptr) {
          number = ParseBytes(text->get());
          if (!number) return "\"" + text->get() + "\" is not a size";
        }
        if (!number) return WrongType();
        if (*number < key.min || *number > key.max) {
          return std::to_string(*number) + " is out of range";
        }
        member(owner) = *number;
        return "";
      }

      std::string operator()(microseconds& (*member)(Owner&)) const {
        const toml::value<std::string>* text = node.as_string();
        if (text == nullptr) {
          return WrongType() + "; a duration is a text with a unit, like \"15m\"";
        }
        const std::optional<microseconds> duration = ParseDuration(text->get());
        if (!duration) return "\"" + text->get() + "\" is not a duration";
        if (duration->count() < key.min || duration->count() > key.max) {
          return text->get() + " is out of range";
        }
        member(owner) = *duration;
        return "";
      }

      std::string operator()(std::vector<std::string>& (*member)(Owner&)) const {
        const toml::array* list = node.as_array();
        if (list == nullptr) return WrongType();
        if (list->size() > static_cast<size_t>(key.max)) {
          return "has " + std::to_string(list->size()) + " entries";
        }
        std::vector<std::string> texts;
        for (const toml::node& entry : *list) {
          const toml::value<std::string>* text = entry.as_string();
          if (text == nullptr) return "has an entry that is " + TypeName(entry);
          if (text->get().empty()) return "has an empty entry";
          if (text->get().size() > 128) return "has an entry of more than 128 bytes";
          if (HasControlCharacter(text->get())) return "has an entry with a control character";
          texts.push_back(text->get());
        }
        member(owner) = std::move(texts);
        return "";
      }

      std::string operator()(bool& (*member)(Owner&)) const {
        const toml::value<bool>* flag = node.as_boolean();
        if (flag == nullptr) return WrongType();
        member(owner) = flag->get();
        return "";
      }

      std::string operator()(const WordMember<Owner>& member) const {
        const toml::value<std::string>* text = node.as_string();
        if (text == nullptr) return WrongType();
        const auto found = std::find(key.words.begin(), key.words.end(), text->get());
        if (found == key.words.end()) {
          const std::string nearest = NearestName(text->get(), key.words);
          return "\"" + text->get() + "\" is not known" +
                 (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?");
        }
        member.set(owner, static_cast<size_t>(found - key.words.begin()));
        return "";
      }

      std::string WrongType() const { return "is " + TypeName(node); }
    };
    return std::visit(Assigner{key, node, owner}, key.member);
  }

  // An unknown key, or an unknown table when `table` is empty.
  void AddUnknown(const toml::key& key, std::string_view table, const std::string& name,
                  const std::string& shown = "") {
    const std::string path = shown.empty() ? name : shown + "." + name;
    const std::string nearest = table.empty() ? SuggestTable(name) : SuggestKey(table, name);
    const std::string what = table.empty() ? "there is no such table" : "there is no such key";
    Add(key.source(), path, what,
        nearest.empty() ? "Remove it; config/stockd.toml lists all that there is."
                        : "Did you mean " + nearest + "?");
  }

  // Adds what is wrong between keys, at the place of the key that is named.
  void AddRuleErrors() {
    for (ConfigError& error : CheckConfig(config_)) {
      const auto place = places_.find(error.key);
      const toml::source_region region =
          place == places_.end() ? toml::source_region{} : place->second;
      Add(region, error.key, error.message, error.advice);
    }
  }

  void Add(const toml::source_region& region, std::string key, std::string message,
           std::string advice) {
    errors_.push_back({.file = file_,
                       .line = region.begin.line,
                       .column = region.begin.column,
                       .key = std::move(key),
                       .message = std::move(message),
                       .advice = std::move(advice)});
  }

  std::string file_;
  Config config_;
  std::vector<ConfigError> errors_;
  std::map<std::string, toml::source_region> places_;  // Of every key that was read.
};

}  // namespace

std::variant<Config, std::vector<ConfigError>> ParseConfig(std::string_view text,
                                                           std::string_view file_name) {
  try {
    return Reader(file_name).Read(toml::parse(text, file_name));
  } catch (const toml::parse_error& error) {
    return std::vector<ConfigError>{{.file = std::string(file_name),
                                     .line = error.source().begin.line,
                                     .column = error.source().begin.column,
                                     .message = std::string(error.description()),
                                     .advice = "This is not TOML; see https://toml.io."}};
  }
}

}  // namespace stockd::config
