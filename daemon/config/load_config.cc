#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "daemon/config/config.h"

namespace stockd::config {
namespace {

constexpr uintmax_t kFileBytesMax = uintmax_t{1} << 20;

std::vector<ConfigError> Unreadable(const std::filesystem::path& path, std::string message,
                                    std::string advice) {
  return {{.file = path.string(), .message = std::move(message), .advice = std::move(advice)}};
}

}  // namespace

std::variant<Config, std::vector<ConfigError>> LoadConfig(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return Unreadable(path, "is a folder", "Name the configuration file itself.");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Unreadable(path, std::string("cannot be opened: ") + std::strerror(errno),
                      "Check the path and who may read it.");
  }
  const uintmax_t size = std::filesystem::file_size(path, error);
  if (!error && size > kFileBytesMax) {
    return Unreadable(path, "is larger than 1 MiB", "Is this the configuration file?");
  }
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) {
    return Unreadable(path, "cannot be read to its end", "Check the disk it is on.");
  }
  return ParseConfig(text, path.string());
}

std::filesystem::path ResolvePath(const Config& config, const std::string& path) {
  if (path.empty()) return {};
  return config.directory / path;  // An absolute right-hand side replaces the left one.
}

std::string ToText(const ConfigError& error) {
  std::string text = error.file;
  if (error.line > 0) text += ":" + std::to_string(error.line) + ":" + std::to_string(error.column);
  if (!text.empty()) text += ": ";
  if (!error.key.empty()) text += error.key + ": ";
  text += error.message;
  if (!error.advice.empty()) text += ". " + error.advice;
  return text;
}

}  // namespace stockd::config
