#include "tests/system/files_adapter.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

#include <nlohmann/json.hpp>

#include "tests/support/temp_directory.h"
#include "tests/system/csv_text.h"

namespace stockd::system_test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSummary = ".summary.json";

int64_t Sum(const std::map<std::string, int64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), int64_t{0},
                         [](int64_t sum, const auto& entry) { return sum + entry.second; });
}

void AddCounts(const nlohmann::json& from, std::map<std::string, int64_t>& to) {
  for (const auto& [name, count] : from.items()) to[name] += count.get<int64_t>();
}

// Complete files, by name. Another process may move them away meanwhile.
std::vector<std::string> FilesIn(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    std::string name = entry->path().filename().string();
    if (!name.starts_with('.') && entry->is_regular_file(gone)) names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  return names;
}

int64_t Number(const std::string& text) {
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

int64_t FilesTotal::quarantined_count() const { return Sum(quarantined); }
int64_t FilesTotal::rejected_count() const { return Sum(rejected); }
int64_t FilesTotal::skipped_count() const { return Sum(skipped); }

FilesAdapter::FilesAdapter(FilesAdapterOptions options)
    : options_(std::move(options)),
      drop_(options_.folder / options_.source),
      config_(options_.folder / (options_.source + ".toml")),
      log_(options_.folder / (options_.source + ".log")),
      levels_(options_.folder / (options_.source + "-levels.csv")) {
  fs::create_directories(drop_);
  support::WriteFile(config_, "role = \"" + options_.role + "\"\nsource = \"" + options_.source +
                                  "\"\ndrop_directory = \"" + drop_.string() +
                                  "\"\nlevel_file = \"" + levels_.string() +
                                  "\"\npoll_interval_ms = 50\nlevel_write_interval_ms = 200\n"
                                  "[daemon]\naddress = \"" +
                                  options_.daemon_address +
                                  "\"\nretry_initial_ms = 20\nretry_max_ms = 200\n" +
                                  options_.mapping);
}

void FilesAdapter::Start() {
  process_.emplace(
      support::ProcessOptions{.program = support::BuiltProgram("adapters/files/stockd-files"),
                              .arguments = {"--config", config_.string()},
                              .output = log_,
                              .error_output = log_});
}

void FilesAdapter::Kill() {
  if (process_) process_->Kill();
}

void FilesAdapter::Drop(const std::string& name, const std::string& content) {
  support::DropFile(drop_ / name, content);
}

int64_t FilesAdapter::open_file_count() const {
  // In this order a file on its way is seen at least once.
  const size_t waiting = FilesIn(drop_).size();
  return static_cast<int64_t>(waiting + FilesIn(drop_ / "work").size());
}

std::vector<std::string> FilesAdapter::failed_files() const { return FilesIn(drop_ / "failed"); }

FilesTotal FilesAdapter::Total() const {
  FilesTotal total;
  for (const std::string& name : FilesIn(drop_ / "done")) {
    if (!name.ends_with(kSummary)) continue;
    const auto summary = nlohmann::json::parse(support::ReadFile(drop_ / "done" / name));
    ++total.files;
    total.rows_read += summary.at("rows_read").get<int64_t>();
    total.applied += summary.at("applied").get<int64_t>();
    total.duplicates += summary.at("duplicates").get<int64_t>();
    AddCounts(summary.at("rows_skipped"), total.skipped);
    AddCounts(summary.at("rows_rejected"), total.rejected);
    AddCounts(summary.at("quarantined"), total.quarantined);
  }
  return total;
}

std::optional<LevelsByPosition> FilesAdapter::Levels() const {
  const std::string text = support::ReadFile(levels_);
  if (!text.ends_with('\n')) return std::nullopt;
  LevelsByPosition levels;
  bool is_header = true;
  for (const std::string_view line : LinesOf(text)) {
    if (std::exchange(is_header, false)) continue;
    std::vector<std::string> fields = FieldsOf(line);
    if (fields.size() != 5) return std::nullopt;
    levels[{fields[0], fields[1]}] = {.on_hand = Number(fields[2]), .available = Number(fields[3])};
  }
  return levels;
}

std::string FilesAdapter::log() const { return support::ReadFile(log_); }

}  // namespace stockd::system_test
