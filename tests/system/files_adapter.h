#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace stockd::system_test {

struct FilesAdapterOptions {
  std::string source;  // Also the name of its folder.
  std::string role;    // "erp", "pos" or "web".
  std::filesystem::path folder;
  std::string daemon_address;
  // TOML: the mapping of its files.
  std::string mapping;
};

// What the summaries of all finished files add up to.
struct FilesTotal {
  int64_t files = 0;
  int64_t rows_read = 0;
  int64_t applied = 0;
  int64_t duplicates = 0;
  std::map<std::string, int64_t> skipped;      // By rule.
  std::map<std::string, int64_t> rejected;     // By reason.
  std::map<std::string, int64_t> quarantined;  // By reason.

  int64_t quarantined_count() const;
  int64_t rejected_count() const;
  int64_t skipped_count() const;
};

// A row of a level file.
struct LevelRow {
  int64_t on_hand = 0;
  int64_t available = 0;

  friend bool operator==(const LevelRow&, const LevelRow&) = default;
};

using LevelsByPosition = std::map<std::pair<std::string, std::string>, LevelRow>;

// The real stockd-files as a child process with a drop folder and a level file of its own.
class FilesAdapter {
 public:
  explicit FilesAdapter(FilesAdapterOptions options);

  // REQUIRES: it does not run.
  void Start();
  void Kill();

  // Puts a complete file into the drop folder.
  void Drop(const std::string& name, const std::string& content);

  // Files that were dropped and are not finished yet.
  int64_t open_file_count() const;
  // Names of the files that were of no use.
  std::vector<std::string> failed_files() const;
  FilesTotal Total() const;
  // What the level file says now; unset when it cannot be read.
  std::optional<LevelsByPosition> Levels() const;

  const std::string& source() const { return options_.source; }
  std::string log() const;

 private:
  FilesAdapterOptions options_;
  std::filesystem::path drop_;
  std::filesystem::path config_;
  std::filesystem::path log_;
  std::filesystem::path levels_;
  std::optional<support::Process> process_;
};

}  // namespace stockd::system_test
