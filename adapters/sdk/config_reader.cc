#include "adapters/sdk/config_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include <toml++/toml.h>

#include "adapters/sdk/file_io.h"
#include "adapters/sdk/nearest_name.h"

namespace stockd::sdk {
namespace {

// Everything that one document is made of; shared by its sections.
struct Document {
  std::string name;
  toml::table tree;
  std::multimap<uint32_t, std::string> problems;  // By line; 0: none.
};

}  // namespace

struct ConfigSection::Node {
  std::shared_ptr<Document> document;
  const toml::table* table = nullptr;  // Null: the table is missing.
  std::string path;                    // "csv."; empty for the root.
  std::vector<std::string> known;
  std::map<std::string, std::shared_ptr<Node>, std::less<>> sections;

  const toml::node* Find(std::string_view key) {
    if (std::ranges::find(known, key) == known.end()) known.emplace_back(key);
    return table == nullptr ? nullptr : table->get(key);
  }

  void Problem(uint32_t line, std::string message) {
    document->problems.emplace(line, std::move(message));
  }

  void Wrong(std::string_view key, const toml::node& value, std::string_view expected) {
    Problem(value.source().begin.line, fmt::format("{}{} {}", path, key, expected));
  }

  void CollectUnknownKeys() {
    if (table == nullptr) return;
    for (const auto& [key, value] : *table) {
      if (std::ranges::find(known, key.str()) != known.end()) continue;
      const std::string nearest = NearestName(key.str(), known);
      Problem(key.source().begin.line,
              nearest.empty() ? fmt::format("{}{} is not a known key", path, key.str())
                              : fmt::format("{}{} is not a known key; did you mean {}{}?", path,
                                            key.str(), path, nearest));
    }
    for (const auto& [key, section] : sections) section->CollectUnknownKeys();
  }
};

ConfigSection::ConfigSection(std::shared_ptr<Node> node) : node_(std::move(node)) {}

bool ConfigSection::Has(std::string_view key) const { return node_->Find(key) != nullptr; }

std::string ConfigSection::Text(std::string_view key, std::string_view fallback) {
  const toml::node* value = node_->Find(key);
  if (value == nullptr) return std::string(fallback);
  if (const auto text = value->value_exact<std::string>()) return *text;
  node_->Wrong(key, *value, "must be a text in quotes");
  return std::string(fallback);
}

std::string ConfigSection::RequiredText(std::string_view key, std::string_view meaning) {
  const bool is_missing = node_->Find(key) == nullptr;
  std::string text = Text(key, "");
  if (is_missing) {
    node_->Problem(0, fmt::format("{}{} is missing: {}", node_->path, key, meaning));
  } else if (text.empty() && node_->Find(key)->is_string()) {
    node_->Wrong(key, *node_->Find(key), fmt::format("is empty: {}", meaning));
  }
  return text;
}

int64_t ConfigSection::Integer(std::string_view key, IntegerRule rule) {
  const toml::node* value = node_->Find(key);
  if (value == nullptr) return rule.fallback;
  const auto number = value->value_exact<int64_t>();
  if (number && *number >= rule.min && *number <= rule.max) return *number;
  node_->Wrong(key, *value,
               fmt::format("must be a whole number from {} to {}", rule.min, rule.max));
  return rule.fallback;
}

bool ConfigSection::Flag(std::string_view key, bool fallback) {
  const toml::node* value = node_->Find(key);
  if (value == nullptr) return fallback;
  if (const auto flag = value->value_exact<bool>()) return *flag;
  node_->Wrong(key, *value, "must be true or false");
  return fallback;
}

std::string ConfigSection::OneOf(std::string_view key, std::string_view fallback,
                                 const std::vector<std::string>& choices) {
  std::string text = Text(key, fallback);
  if (std::ranges::find(choices, text) != choices.end()) return text;
  if (const toml::node* value = node_->Find(key)) {
    node_->Wrong(key, *value,
                 fmt::format("must be one of {}; did you mean \"{}\"?", fmt::join(choices, ", "),
                             NearestName(text, choices)));
  }
  return std::string(fallback);
}

std::vector<std::string> ConfigSection::Texts(std::string_view key) {
  const toml::node* value = node_->Find(key);
  if (value == nullptr) return {};
  if (const auto text = value->value_exact<std::string>()) return {*text};
  std::vector<std::string> texts;
  bool is_right = value->is_array();
  if (is_right) {
    for (const toml::node& element : *value->as_array()) {
      const auto text = element.value_exact<std::string>();
      is_right = is_right && text.has_value();
      if (text) texts.push_back(*text);
    }
  }
  if (!is_right) node_->Wrong(key, *value, "must be a text in quotes or an array of such texts");
  return texts;
}

ConfigSection ConfigSection::Section(std::string_view key) {
  const toml::node* value = node_->Find(key);
  std::shared_ptr<Node>& section = node_->sections[std::string(key)];
  if (section == nullptr) {
    section = std::make_shared<Node>();
    section->document = node_->document;
    section->path = fmt::format("{}{}.", node_->path, key);
    if (value != nullptr) section->table = value->as_table();
    if (value != nullptr && section->table == nullptr) {
      node_->Wrong(key, *value, fmt::format("must be a table: [{}{}]", node_->path, key));
    }
  }
  return ConfigSection(section);
}

std::vector<std::string> ConfigSection::TakeKeys() {
  std::vector<std::string> keys;
  if (node_->table == nullptr) return keys;
  for (const auto& [key, value] : *node_->table) keys.emplace_back(key.str());
  for (const std::string& key : keys) node_->Find(key);
  return keys;
}

void ConfigSection::AllowOnly(const std::vector<std::string>& keys) {
  for (const std::string& key : keys) node_->Find(key);
}

void ConfigSection::Refuse(std::string_view key, std::string_view message) {
  const toml::node* value = node_->Find(key);
  node_->Problem(value == nullptr ? 0 : value->source().begin.line,
                 fmt::format("{}{} {}", node_->path, key, message));
}

absl::StatusOr<ConfigReader> ConfigReader::Load(const std::filesystem::path& path) {
  const absl::StatusOr<std::string> text = ReadWholeFile(path);
  if (!text.ok()) return text.status();
  return Parse(*text, path.string());
}

absl::StatusOr<ConfigReader> ConfigReader::Parse(std::string_view text, std::string_view name) {
  auto document = std::make_shared<Document>();
  document->name = std::string(name);
  try {
    document->tree = toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(fmt::format("{}:{}:{}: {}", name, error.source().begin.line,
                                                  error.source().begin.column,
                                                  error.description()));
  }
  auto node = std::make_shared<ConfigSection::Node>();
  node->table = &document->tree;
  node->document = std::move(document);
  return ConfigReader(ConfigSection(std::move(node)));
}

absl::Status ConfigReader::Finish() const {
  Document& document = *root_.node_->document;
  root_.node_->CollectUnknownKeys();
  if (document.problems.empty()) return absl::OkStatus();
  std::string message;
  for (const auto& [line, problem] : std::exchange(document.problems, {})) {
    if (!message.empty()) message += '\n';
    message += line == 0 ? fmt::format("{}: {}", document.name, problem)
                         : fmt::format("{}:{}: {}", document.name, line, problem);
  }
  return absl::InvalidArgumentError(message);
}

}  // namespace stockd::sdk
