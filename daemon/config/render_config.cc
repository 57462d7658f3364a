#include "daemon/config/config.h"
#include "daemon/config/keys.h"

namespace stockd::config {
namespace {

constexpr size_t kColumns = 100;

// Wraps `text` at words into comment lines.
std::string Comment(std::string_view text) {
  std::string wrapped = "#";
  size_t line_length = 1;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (line_length + 1 + end > kColumns) {
      wrapped += "\n#";
      line_length = 1;
    }
    wrapped += ' ';
    wrapped += text.substr(0, end);
    line_length += 1 + end;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return wrapped + "\n";
}

template <typename Owner>
std::string KeyComment(const Key<Owner>& key, const std::string& default_value) {
  std::string range = "Takes " + DescribeRange(key) + ".";
  if (!default_value.empty()) range += " Default: " + default_value + ".";
  return Comment(key.help) + Comment(range);
}

std::vector<SourceConfig> ExampleSources() {
  return {{.id = "erp", .kind = SourceKind::kErp},
          {.id = "pos", .kind = SourceKind::kPos},
          {.id = "web", .kind = SourceKind::kWeb, .absolute = AbsoluteRule::kAudit}};
}

std::string RenderTable(const Table& table) {
  const Config defaults;
  std::string text = "\n" + Comment(table.help) + "[" + std::string(table.name) + "]\n";
  for (const Key<Config>& key : ConfigKeys()) {
    if (key.table != table.name) continue;
    const std::string value = FormatValue(key, defaults);
    text += "\n" + KeyComment(key, value) + std::string(key.name) + " = " + value + "\n";
  }
  return text;
}

// The first block carries the comments, the others only what differs from the defaults.
std::string RenderSources(const Table& table) {
  const SourceConfig defaults;
  std::string text = "\n" + Comment(table.help);
  bool first = true;
  for (const SourceConfig& source : ExampleSources()) {
    text += first ? "[[source]]\n" : "\n[[source]]\n";
    for (const Key<SourceConfig>& key : SourceKeys()) {
      const std::string value = FormatValue(key, source);
      const std::string default_value = FormatValue(key, defaults);
      if (first) text += "\n" + KeyComment(key, key.name == "id" ? "" : default_value);
      if (first || value != default_value) text += std::string(key.name) + " = " + value + "\n";
    }
    first = false;
  }
  return text;
}

}  // namespace

std::string RenderDefaultConfig() {
  std::string text = Comment(
      "Configuration of stockd. Every key that there is stands here with its default, so a file "
      "with only the keys that differ is enough. The daemon reads it at start; after a change, "
      "check it with `stockd --check-config --config FILE` and start the daemon again.");
  for (const Table& table : Tables()) {
    text += table.name == "source" ? RenderSources(table) : RenderTable(table);
  }
  return text;
}

}  // namespace stockd::config
