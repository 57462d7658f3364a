#include "daemon/http/metrics_text.h"

#include <charconv>
#include <cmath>

namespace stockd::http {
namespace {

std::string_view KindName(MetricsText::Kind kind) {
  switch (kind) {
    case MetricsText::Kind::kCounter: return "counter";
    case MetricsText::Kind::kGauge: return "gauge";
    case MetricsText::Kind::kHistogram: return "histogram";
  }
  return "untyped";
}

void AppendLabel(std::string_view name, std::string_view value, std::string& text) {
  text += text.back() == '{' ? "" : ",";
  text.append(name).append("=\"");
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  text += '"';
}

}  // namespace

std::string MetricsText::Text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return {digits, end};
}

void MetricsText::Family(std::string_view name, Kind kind, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text_.append("# TYPE ").append(name).append(" ").append(KindName(kind)).append("\n");
}

void MetricsText::Sample(double value, Labels labels) { Line({}, labels, {}, Text(value)); }
void MetricsText::Sample(int64_t value, Labels labels) { Line({}, labels, {}, Text(value)); }

void MetricsText::Line(std::string_view suffix, Labels labels, std::string_view bound,
                       const std::string& value) {
  text_.append(name_).append(suffix);
  if (labels.size() > 0 || !bound.empty()) {
    text_ += '{';
    for (const auto& [name, label] : labels) AppendLabel(name, label, text_);
    if (!bound.empty()) AppendLabel("le", bound, text_);
    text_ += '}';
  }
  text_.append(" ").append(value).append("\n");
}

}  // namespace stockd::http
