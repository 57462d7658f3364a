#include "daemon/http/json_reader.h"

#include <absl/strings/escaping.h>
#include <absl/strings/numbers.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "daemon/config/nearest_name.h"
#include "daemon/http/json_scanner.h"
#include "daemon/http/json_times.h"

namespace stockd::http {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kDepthMax = 100;
// As much of a name that is not known as is told; none in the contract is as long.
constexpr size_t kNameToldBytes = 64;

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

// A whole number in any JSON form: "12", "12.0", "1.2e1".
template <typename Whole>
bool ParseWhole(std::string_view text, Whole& value) {
  if (absl::SimpleAtoi(ToAbsl(text), &value)) return true;
  double wide = 0;
  if (text.find_first_of(".eE") == std::string_view::npos) return false;
  if (!absl::SimpleAtod(ToAbsl(text), &wide) || std::trunc(wide) != wide) return false;
  // Doubles are exact up to here; above, the digits would be guesses.
  constexpr double kExactMax = 9'007'199'254'740'992.0;
  if (std::abs(wide) > kExactMax || wide < static_cast<double>(std::numeric_limits<Whole>::min()) ||
      wide > static_cast<double>(std::numeric_limits<Whole>::max())) {
    return false;
  }
  value = static_cast<Whole>(wide);
  return true;
}

bool ParseDouble(std::string_view text, double& value) {
  if (text == "NaN") {
    value = std::numeric_limits<double>::quiet_NaN();
  } else if (text == "Infinity" || text == "-Infinity") {
    value = std::numeric_limits<double>::infinity() * (text[0] == '-' ? -1 : 1);
  } else {
    return absl::SimpleAtod(ToAbsl(text), &value) && std::isfinite(value);
  }
  return true;
}

const FieldDescriptor* FindField(const Descriptor& type, const std::string& name) {
  const FieldDescriptor* field = type.FindFieldByCamelcaseName(name);
  if (field == nullptr || field->json_name() != name) field = type.FindFieldByName(name);
  return field;
}

// A name of a caller's, in the length in which it is told. Cut between characters.
std::string_view Told(std::string_view name) {
  if (name.size() <= kNameToldBytes) return name;
  size_t end = kNameToldBytes;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return name.substr(0, end);
}

// The name that was meant is looked for among short ones only: the search takes time that grows
// with both.
std::string UnknownField(const Descriptor& type, const std::string& name) {
  if (name.size() > kNameToldBytes) return "... is not a field of " + type.full_name();
  std::vector<std::string_view> known;
  for (int i = 0; i < type.field_count(); ++i) known.push_back(type.field(i)->json_name());
  const std::string nearest = config::NearestName(name, known);
  return "is not a field of " + type.full_name() +
         (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?");
}

// What of a field is set: the one there is, or one more of a repeated field.
class Slot {
 public:
  Slot(Message& owner, const FieldDescriptor& field)
      : owner_(owner), field_(field), reflection_(*owner.GetReflection()) {}

  void Set(int32_t v) { Put(&Reflection::SetInt32, &Reflection::AddInt32, v); }
  void Set(int64_t v) { Put(&Reflection::SetInt64, &Reflection::AddInt64, v); }
  void Set(uint32_t v) { Put(&Reflection::SetUInt32, &Reflection::AddUInt32, v); }
  void Set(uint64_t v) { Put(&Reflection::SetUInt64, &Reflection::AddUInt64, v); }
  void Set(float v) { Put(&Reflection::SetFloat, &Reflection::AddFloat, v); }
  void Set(double v) { Put(&Reflection::SetDouble, &Reflection::AddDouble, v); }
  void Set(bool v) { Put(&Reflection::SetBool, &Reflection::AddBool, v); }
  void SetEnum(int v) { Put(&Reflection::SetEnumValue, &Reflection::AddEnumValue, v); }
  void Set(std::string v) {
    if (field_.is_repeated()) {
      reflection_.AddString(&owner_, &field_, std::move(v));
    } else {
      reflection_.SetString(&owner_, &field_, std::move(v));
    }
  }
  Message& Mutable() {
    return field_.is_repeated() ? *reflection_.AddMessage(&owner_, &field_)
                                : *reflection_.MutableMessage(&owner_, &field_);
  }

 private:
  template <typename Setter, typename Adder, typename Value>
  void Put(Setter set, Adder add, Value value) {
    if (field_.is_repeated()) {
      (reflection_.*add)(&owner_, &field_, value);
    } else {
      (reflection_.*set)(&owner_, &field_, value);
    }
  }

  Message& owner_;
  const FieldDescriptor& field_;
  const Reflection& reflection_;
};

// Sets a field that is no message from the text of its value. Empty when that worked, or what is
// wrong. `is_quoted`: the text stood in quotes.
std::string SetScalar(Message& owner, const FieldDescriptor& field, std::string text,
                      bool is_quoted) {
  Slot slot(owner, field);
  const auto whole = [&]<typename Whole>(Whole value) -> std::string {
    if (!ParseWhole(text, value)) return "is not a whole number that fits";
    slot.Set(value);
    return {};
  };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: return whole(int32_t{});
    case FieldDescriptor::CPPTYPE_INT64: return whole(int64_t{});
    case FieldDescriptor::CPPTYPE_UINT32: return whole(uint32_t{});
    case FieldDescriptor::CPPTYPE_UINT64: return whole(uint64_t{});
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT: {
      double value = 0;
      if (!ParseDouble(text, value)) return "is not a number that fits";
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
        slot.Set(value);
        return {};
      }
      const auto narrow = static_cast<float>(value);
      if (std::isfinite(value) && !std::isfinite(narrow)) return "is not a number that fits";
      slot.Set(narrow);
      return {};
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      if (is_quoted || (text != "true" && text != "false")) return "takes true or false";
      slot.Set(text == "true");
      return {};
    case FieldDescriptor::CPPTYPE_ENUM: {
      int32_t number = 0;
      if (const EnumValueDescriptor* value = field.enum_type()->FindValueByName(text)) {
        number = value->number();
      } else if (is_quoted || !ParseWhole(text, number)) {
        return "is not a value of " + field.enum_type()->full_name();
      }
      slot.SetEnum(number);
      return {};
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      if (!is_quoted) return "takes a string";
      if (field.type() == FieldDescriptor::TYPE_BYTES) {
        std::string bytes;
        if (!absl::Base64Unescape(text, &bytes) && !absl::WebSafeBase64Unescape(text, &bytes)) {
          return "is not base64";
        }
        text = std::move(bytes);
      }
      slot.Set(std::move(text));
      return {};
    }
    case FieldDescriptor::CPPTYPE_MESSAGE: break;
  }
  return "takes an object";
}

// Messages whose JSON form is not an object of their fields.
enum class Form { kFields, kTimestamp, kDuration, kWrapper, kOther };

Form FormOf(const Descriptor& type) {
  switch (type.well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_UNSPECIFIED: return Form::kFields;
    case Descriptor::WELLKNOWNTYPE_TIMESTAMP: return Form::kTimestamp;
    case Descriptor::WELLKNOWNTYPE_DURATION: return Form::kDuration;
    case Descriptor::WELLKNOWNTYPE_DOUBLEVALUE:
    case Descriptor::WELLKNOWNTYPE_FLOATVALUE:
    case Descriptor::WELLKNOWNTYPE_INT64VALUE:
    case Descriptor::WELLKNOWNTYPE_UINT64VALUE:
    case Descriptor::WELLKNOWNTYPE_INT32VALUE:
    case Descriptor::WELLKNOWNTYPE_UINT32VALUE:
    case Descriptor::WELLKNOWNTYPE_STRINGVALUE:
    case Descriptor::WELLKNOWNTYPE_BYTESVALUE:
    case Descriptor::WELLKNOWNTYPE_BOOLVALUE: return Form::kWrapper;
    default: return Form::kOther;
  }
}

// Sets a message whose form is text. Empty when that worked, or what is wrong.
std::string SetTime(Message& message, Form form, std::string_view text) {
  if (form == Form::kTimestamp) {
    google::protobuf::Timestamp value;
    if (!ParseTimestamp(text, value)) return "is not an instant like \"2026-01-31T09:30:00Z\"";
    message.CopyFrom(value);
  } else {
    google::protobuf::Duration value;
    if (!ParseDuration(text, value)) return "is not a duration in seconds like \"90s\"";
    message.CopyFrom(value);
  }
  return {};
}

class Reader {
 public:
  explicit Reader(std::string_view text) : scanner_(text) {}

  bool Read(Message& message) { return Value(message, kDepthMax) && scanner_.AtEnd(); }

  JsonProblem problem() const {
    if (!problem_.what.empty()) return problem_;
    return {.what = scanner_.error() + ", at byte " + std::to_string(scanner_.offset())};
  }

 private:
  // One step from the message to what is being read.
  struct Step {
    std::string_view name;
    int64_t index = -1;  // Of a repeated field.
  };

  bool Wrong(std::string what) {
    if (scanner_.failed()) return false;
    for (const Step& step : path_) {
      if (!problem_.field.empty()) problem_.field += '.';
      problem_.field += step.name;
      if (step.index >= 0) problem_.field += '[' + std::to_string(step.index) + ']';
    }
    problem_.what = std::move(what);
    return scanner_.Fail("");
  }

  // The value that comes is of a kind that the field does not take; if one comes.
  bool WrongKind(std::string what) {
    constexpr std::string_view kBeginnings = "{[\"-0123456789tfn";
    if (kBeginnings.find(scanner_.Peek()) == std::string_view::npos) {
      return scanner_.Fail("expected a value");
    }
    return Wrong(std::move(what));
  }

  bool Value(Message& message, int depth) {
    if (depth == 0) return Wrong("is too deeply nested");
    const Descriptor& type = *message.GetDescriptor();
    switch (const Form form = FormOf(type)) {
      case Form::kFields: return Fields(message, type, depth);
      case Form::kTimestamp:
      case Form::kDuration: {
        std::string text;
        if (scanner_.Peek() != '"') return WrongKind("takes a string");
        if (!scanner_.String(text)) return false;
        std::string wrong = SetTime(message, form, text);
        return wrong.empty() || Wrong(std::move(wrong));
      }
      case Form::kWrapper: return Scalar(message, *type.field(0));
      case Form::kOther: break;
    }
    std::string_view raw;
    if (!scanner_.Raw(depth, raw)) return false;
    const auto status = google::protobuf::util::JsonStringToMessage(
        google::protobuf::StringPiece(raw.data(), raw.size()), &message);
    return status.ok() || Wrong(status.message().as_string());
  }

  bool Fields(Message& message, const Descriptor& type, int depth) {
    if (scanner_.Peek() != '{') {
      return path_.empty() ? scanner_.Take('{') : WrongKind("takes an object");
    }
    scanner_.Take('{');
    uint64_t seen = 0;  // By index; messages of more fields are asked themselves.
    std::string name;
    for (bool more = !scanner_.TakeIf('}'); more;) {
      if (!scanner_.String(name) || !scanner_.Take(':')) return false;
      const FieldDescriptor* field = FindField(type, name);
      path_.push_back({.name = field == nullptr ? Told(name) : field->json_name()});
      if (field == nullptr) return Wrong(UnknownField(type, name));
      if (field->index() < 64) {
        if ((seen >> field->index() & 1) != 0) return Wrong("stands there twice");
        seen |= uint64_t{1} << field->index();
      }
      if (!FieldValue(message, *field, depth)) return false;
      path_.pop_back();
      more = scanner_.TakeIf(',');
      if (!more && !scanner_.Take('}')) return false;
    }
    return true;
  }

  bool FieldValue(Message& message, const FieldDescriptor& field, int depth) {
    // A message that is a JSON value of its own keeps null.
    const bool takes_null =
        field.message_type() != nullptr &&
        field.message_type()->well_known_type() == Descriptor::WELLKNOWNTYPE_VALUE &&
        !field.is_repeated();
    if (scanner_.Peek() == 'n' && !takes_null) return scanner_.TakeWord("null");
    const auto* oneof = field.real_containing_oneof();
    if (oneof != nullptr && message.GetReflection()->HasOneof(message, oneof)) {
      return Wrong("excludes another field of " + oneof->name() + " that is set too");
    }
    if (field.is_map()) return Map(message, field, depth);
    if (field.is_repeated()) return List(message, field, depth);
    return One(message, field, depth);
  }

  bool One(Message& message, const FieldDescriptor& field, int depth) {
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return Scalar(message, field);
    return Value(Slot(message, field).Mutable(), depth - 1);
  }

  bool List(Message& message, const FieldDescriptor& field, int depth) {
    if (scanner_.Peek() != '[') return WrongKind("takes a list");
    scanner_.Take('[');
    Step& step = path_.back();
    const size_t place = path_.size() - 1;
    step.index = 0;
    for (bool more = !scanner_.TakeIf(']'); more;) {
      if (scanner_.Peek() == 'n') return Wrong("takes no null");
      if (!One(message, field, depth)) return false;
      ++path_[place].index;
      more = scanner_.TakeIf(',');
      if (!more && !scanner_.Take(']')) return false;
    }
    return true;
  }

  bool Map(Message& message, const FieldDescriptor& field, int depth) {
    if (scanner_.Peek() != '{') return WrongKind("takes an object");
    scanner_.Take('{');
    const FieldDescriptor& key_field = *field.message_type()->map_key();
    const FieldDescriptor& value_field = *field.message_type()->map_value();
    const bool key_is_text = key_field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    std::string key;
    for (bool more = !scanner_.TakeIf('}'); more;) {
      if (!scanner_.String(key) || !scanner_.Take(':')) return false;
      path_.push_back({.name = Told(key)});
      if (scanner_.Peek() == 'n') return Wrong("takes no null");
      Message& entry = Slot(message, field).Mutable();
      if (std::string wrong = SetScalar(entry, key_field, key, key_is_text); !wrong.empty()) {
        return Wrong("as a key " + wrong);
      }
      if (!One(entry, value_field, depth)) return false;
      path_.pop_back();
      more = scanner_.TakeIf(',');
      if (!more && !scanner_.Take('}')) return false;
    }
    return true;
  }

  bool Scalar(Message& message, const FieldDescriptor& field) {
    const char first = scanner_.Peek();
    std::string text;
    const bool is_quoted = first == '"';
    if (is_quoted) {
      if (!scanner_.String(text)) return false;
    } else if (first == '-' || (first >= '0' && first <= '9')) {
      std::string_view number;
      if (!scanner_.Number(number)) return false;
      text = number;
    } else if (first == 't' || first == 'f') {
      text = first == 't' ? "true" : "false";
      if (!scanner_.TakeWord(text)) return false;
    } else if (first == '{' || first == '[') {
      return Wrong("takes a single value");
    } else {
      return scanner_.Fail("expected a value");
    }
    std::string wrong = SetScalar(message, field, std::move(text), is_quoted);
    return wrong.empty() || Wrong(std::move(wrong));
  }

  JsonScanner scanner_;
  std::vector<Step> path_;
  JsonProblem problem_;
};

}  // namespace

std::optional<JsonProblem> ReadJson(std::string_view text, Message& message) {
  Reader reader(text);
  if (reader.Read(message)) return std::nullopt;
  return reader.problem();
}

std::optional<JsonProblem> ReadField(std::string_view path, std::string_view text,
                                     Message& message) {
  const auto wrong = [&](std::string what) {
    return JsonProblem{.field = std::string(path), .what = std::move(what)};
  };
  Message* owner = &message;
  for (std::string_view rest = path;;) {
    const size_t dot = rest.find('.');
    const std::string name(rest.substr(0, dot));
    const FieldDescriptor* field = FindField(*owner->GetDescriptor(), name);
    if (field == nullptr) return wrong(UnknownField(*owner->GetDescriptor(), name));
    const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (dot == std::string_view::npos) {
      std::string problem;
      const Form form = is_message ? FormOf(*field->message_type()) : Form::kFields;
      if (form == Form::kTimestamp || form == Form::kDuration) {
        problem = SetTime(Slot(*owner, *field).Mutable(), form, text);
      } else {
        const bool is_text = field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
        problem = SetScalar(*owner, *field, std::string(text), is_text);
      }
      if (problem.empty()) return std::nullopt;
      return wrong(std::move(problem));
    }
    if (!is_message || field->is_repeated()) return wrong("has no fields");
    owner = owner->GetReflection()->MutableMessage(owner, field);
    rest.remove_prefix(dot + 1);
  }
}

}  // namespace stockd::http
