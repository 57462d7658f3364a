#include "daemon/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

namespace stockd {
namespace {

spdlog::level::level_enum ToSpdlog(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::kError: return spdlog::level::err;
    case config::LogLevel::kWarn: return spdlog::level::warn;
    case config::LogLevel::kInfo: return spdlog::level::info;
    case config::LogLevel::kDebug: return spdlog::level::debug;
    case config::LogLevel::kTrace: return spdlog::level::trace;
  }
  return spdlog::level::info;
}

}  // namespace

void SetUpLog(config::LogLevel level) {
  auto logger =
      std::make_shared<spdlog::logger>("stockd", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->set_level(ToSpdlog(level));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

std::string LogValue(std::string_view value) {
  if (!value.empty() && value.find_first_of(" \"\t\r\n=") == std::string_view::npos)
    return std::string(value);
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c == '\n' || c == '\r' ? ' ' : c;
  }
  return quoted + "\"";
}

}  // namespace stockd
