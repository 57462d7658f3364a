#include "adapters/sdk/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "adapters/sdk/utf8.h"

namespace stockd::sdk {

void SetUpLog(std::string_view level) {
  auto logger = std::make_shared<spdlog::logger>("adapter",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::from_str(std::string(level)));
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

std::string LogValue(std::string_view value) {
  const std::string text = ToUtf8(value);
  if (!text.empty() && text.find_first_of(" \"\t\r\n=") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c == '\n' || c == '\r' ? ' ' : c;
  }
  return quoted + "\"";
}

}  // namespace stockd::sdk
