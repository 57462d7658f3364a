#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/base/histogram.h"

namespace stockd::http {

// Writes figures in the text format of Prometheus (0.0.4). Thread-compatible.
class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  enum class Kind { kCounter, kGauge, kHistogram };

  // Begins a family; its samples follow.
  void Family(std::string_view name, Kind kind, std::string_view help);
  void Sample(double value, Labels labels = {});
  void Sample(int64_t value, Labels labels = {});

  // A family of one sample.
  template <typename Number>
  void One(std::string_view name, Kind kind, std::string_view help, Number value) {
    Family(name, kind, help);
    Sample(value);
  }

  // One histogram of a family; its whole numbers are shown times `scale`, for example 1e-6 for
  // microseconds as seconds.
  template <size_t kBoundCount>
  void Parts(const Histogram<kBoundCount>& histogram, double scale, Labels labels = {}) {
    int64_t below = 0;
    for (size_t i = 0; i < kBoundCount; ++i) {
      below += histogram.count(i);
      Line("_bucket", labels, Bound(static_cast<double>(histogram.bounds()[i]) * scale),
           Text(below));
    }
    below += histogram.count(kBoundCount);
    Line("_bucket", labels, "+Inf", Text(below));
    Line("_sum", labels, {}, Text(static_cast<double>(histogram.sum()) * scale));
    Line("_count", labels, {}, Text(below));
  }

  const std::string& text() const { return text_; }

 private:
  static std::string Text(double value);
  static std::string Text(int64_t value) { return std::to_string(value); }
  static std::string Bound(double bound) { return Text(bound); }
  // `bound` becomes the label le, unless it is empty.
  void Line(std::string_view suffix, Labels labels, std::string_view bound,
            const std::string& value);

  std::string text_;
  std::string name_;
};

}  // namespace stockd::http
