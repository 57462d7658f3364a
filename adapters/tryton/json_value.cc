#include "adapters/tryton/json_value.h"

#include <absl/status/status.h>

#include <nlohmann/json.hpp>

namespace stockd::tryton {
namespace {

constexpr size_t kDepthMax = 64;

// Builds a value from what the parser meets. The parser keeps the text of fractions and of numbers
// beyond 64 bits; whole ones within are exact as they are.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return Put(JsonValue()); }
  bool boolean(bool flag) override { return Put(JsonValue::Flag(flag)); }
  bool number_integer(number_integer_t number) override { return Put(JsonValue(int64_t{number})); }
  bool number_unsigned(number_unsigned_t number) override {
    return Put(JsonValue::Number(std::to_string(number)));
  }
  bool number_float(number_float_t /*number*/, const string_t& text) override {
    return Put(JsonValue::Number(text));
  }
  bool string(string_t& text) override { return Put(JsonValue(std::move(text))); }
  bool binary(binary_t& /*bytes*/) override { return false; }
  bool start_object(size_t /*size*/) override { return Open(JsonValue::Record()); }
  bool end_object() override { return Close(); }
  bool start_array(size_t /*size*/) override { return Open(JsonValue::List()); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    open_.back().name = std::move(name);
    return true;
  }
  bool parse_error(size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    failure_ = "not JSON at byte " + std::to_string(position);
    return false;
  }

  const std::string& failure() const { return failure_; }
  JsonValue TakeValue() { return std::move(done_); }

 private:
  struct Level {
    JsonValue value;
    std::string name;  // Of the field that comes next.
  };

  bool Open(JsonValue value) {
    if (open_.size() == kDepthMax) {
      failure_ = "nested deeper than " + std::to_string(kDepthMax);
      return false;
    }
    open_.push_back({.value = std::move(value), .name = {}});
    return true;
  }

  bool Close() {
    JsonValue value = std::move(open_.back().value);
    open_.pop_back();
    return Put(std::move(value));
  }

  bool Put(JsonValue value) {
    if (open_.empty()) {
      done_ = std::move(value);
    } else if (open_.back().value.kind() == JsonValue::Kind::kList) {
      open_.back().value.Append(std::move(value));
    } else {
      open_.back().value.Set(std::move(open_.back().name), std::move(value));
    }
    return true;
  }

  std::vector<Level> open_;
  JsonValue done_;
  std::string failure_;
};

void WriteText(const std::string& text, std::string& out) {
  // Quotes, escapes, and a mark in place of what is not UTF-8.
  out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

JsonValue JsonValue::Flag(bool flag) {
  JsonValue value;
  value.kind_ = Kind::kFlag;
  value.text_ = flag ? "true" : "false";
  return value;
}

JsonValue JsonValue::Number(std::string text) {
  JsonValue value(std::move(text));
  value.kind_ = Kind::kNumber;
  return value;
}

JsonValue JsonValue::List(std::vector<JsonValue> items) {
  JsonValue value;
  value.kind_ = Kind::kList;
  value.items_ = std::move(items);
  return value;
}

JsonValue JsonValue::Record(std::vector<std::pair<std::string, JsonValue>> fields) {
  JsonValue value;
  value.kind_ = Kind::kRecord;
  for (auto& [name, field] : fields) value.Set(std::move(name), std::move(field));
  return value;
}

absl::StatusOr<JsonValue> JsonValue::Parse(std::string_view text) {
  Builder builder;
  if (!nlohmann::json::sax_parse(text, &builder)) {
    return absl::InvalidArgumentError(builder.failure().empty() ? "not JSON" : builder.failure());
  }
  return builder.TakeValue();
}

std::string JsonValue::Write() const {
  std::string out;
  WriteTo(out);
  return out;
}

void JsonValue::WriteTo(std::string& out) const {
  switch (kind_) {
    case Kind::kNull: out += "null"; return;
    case Kind::kFlag:
    case Kind::kNumber: out += text_; return;
    case Kind::kText: WriteText(text_, out); return;
    case Kind::kList:
    case Kind::kRecord: break;
  }
  const bool is_record = kind_ == Kind::kRecord;
  out += is_record ? '{' : '[';
  for (size_t i = 0; i < items_.size(); ++i) {
    if (i > 0) out += ',';
    if (is_record) {
      WriteText(names_[i], out);
      out += ':';
    }
    items_[i].WriteTo(out);
  }
  out += is_record ? '}' : ']';
}

const JsonValue& JsonValue::operator[](std::string_view name) const {
  static const JsonValue kNothing;
  for (size_t i = 0; i < names_.size(); ++i) {
    if (names_[i] == name) return items_[i];
  }
  return kNothing;
}

void JsonValue::Set(std::string name, JsonValue value) {
  for (size_t i = 0; i < names_.size(); ++i) {
    if (names_[i] != name) continue;
    items_[i] = std::move(value);
    return;
  }
  names_.push_back(std::move(name));
  items_.push_back(std::move(value));
}

}  // namespace stockd::tryton
