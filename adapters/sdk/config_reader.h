// TOML configuration where every mistake is found at once and said with its line.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stockd::sdk {

// One table of the document. Reading a key makes it a known one; a value of the wrong type or out
// of range is noted as a problem and the fallback returned, so that reading goes on.
class ConfigSection {
 public:
  struct IntegerRule {
    int64_t fallback = 0;
    int64_t min = 0;
    int64_t max = INT64_MAX;
  };

  bool Has(std::string_view key) const;
  std::string Text(std::string_view key, std::string_view fallback);
  // Notes a problem when the key is missing or empty; `meaning` tells people what belongs there.
  std::string RequiredText(std::string_view key, std::string_view meaning);
  int64_t Integer(std::string_view key, IntegerRule rule);
  bool Flag(std::string_view key, bool fallback);
  std::string OneOf(std::string_view key, std::string_view fallback,
                    const std::vector<std::string>& choices);
  // A text, or an array of texts.
  std::vector<std::string> Texts(std::string_view key);
  // A table; empty when there is none.
  ConfigSection Section(std::string_view key);
  // All keys, for tables whose keys are names that the user chooses; makes them known.
  std::vector<std::string> TakeKeys();
  // Keys must be among these.
  void AllowOnly(const std::vector<std::string>& keys);

  // Notes a problem of one key.
  void Refuse(std::string_view key, std::string_view message);

 private:
  friend class ConfigReader;
  struct Node;
  explicit ConfigSection(std::shared_ptr<Node> node);

  std::shared_ptr<Node> node_;
};

// One document.
class ConfigReader {
 public:
  // NOT_FOUND and the like when it cannot be read; INVALID_ARGUMENT with line and column when it is
  // not TOML.
  [[nodiscard]] static absl::StatusOr<ConfigReader> Load(const std::filesystem::path& path);
  [[nodiscard]] static absl::StatusOr<ConfigReader> Parse(std::string_view text,
                                                          std::string_view name);

  ConfigSection Root() const { return root_; }

  // INVALID_ARGUMENT with all problems, one a line, including keys that nobody read, each with the
  // nearest known name.
  [[nodiscard]] absl::Status Finish() const;

 private:
  explicit ConfigReader(ConfigSection root) : root_(std::move(root)) {}

  ConfigSection root_;
};

}  // namespace stockd::sdk
