#include "daemon/http/json_writer.h"

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "daemon/http/json_times.h"

namespace stockd::http {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void WriteFields(const Message& message, std::string& out);

template <typename Number>
void AppendNumber(Number value, std::string& out) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  out.append(text, end);
}

template <typename Real>
void WriteReal(Real value, std::string& out) {
  if (std::isnan(value)) {
    out += "\"NaN\"";
  } else if (std::isinf(value)) {
    out += value < 0 ? "\"-Infinity\"" : "\"Infinity\"";
  } else {
    AppendNumber(value, out);  // The shortest text that reads back as the same number.
  }
}

template <typename Whole>
void WriteWide(Whole value, std::string& out) {
  out += '"';
  AppendNumber(value, out);
  out += '"';
}

void WriteEnum(const FieldDescriptor& field, int number, std::string& out) {
  const auto* value = field.enum_type()->FindValueByNumber(number);
  if (value == nullptr) return AppendNumber(number, out);
  out += '"';
  out += value->name();
  out += '"';
}

void WriteText(const FieldDescriptor& field, const std::string& value, std::string& out) {
  if (field.type() != FieldDescriptor::TYPE_BYTES) return WriteJsonString(value, out);
  absl::StrAppend(&out, "\"", absl::Base64Escape(value), "\"");
}

// One value of a field: the one there is (index -1), or one of a repeated field.
void WriteValue(const Message& owner, const FieldDescriptor& field, int index, std::string& out) {
  const Reflection& reflection = *owner.GetReflection();
  const bool one = index < 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return AppendNumber(one ? reflection.GetInt32(owner, &field)
                              : reflection.GetRepeatedInt32(owner, &field, index),
                          out);
    case FieldDescriptor::CPPTYPE_UINT32:
      return AppendNumber(one ? reflection.GetUInt32(owner, &field)
                              : reflection.GetRepeatedUInt32(owner, &field, index),
                          out);
    case FieldDescriptor::CPPTYPE_INT64:
      return WriteWide(one ? reflection.GetInt64(owner, &field)
                           : reflection.GetRepeatedInt64(owner, &field, index),
                       out);
    case FieldDescriptor::CPPTYPE_UINT64:
      return WriteWide(one ? reflection.GetUInt64(owner, &field)
                           : reflection.GetRepeatedUInt64(owner, &field, index),
                       out);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return WriteReal(one ? reflection.GetDouble(owner, &field)
                           : reflection.GetRepeatedDouble(owner, &field, index),
                       out);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return WriteReal(one ? reflection.GetFloat(owner, &field)
                           : reflection.GetRepeatedFloat(owner, &field, index),
                       out);
    case FieldDescriptor::CPPTYPE_BOOL:
      out += (one ? reflection.GetBool(owner, &field)
                  : reflection.GetRepeatedBool(owner, &field, index))
                 ? "true"
                 : "false";
      return;
    case FieldDescriptor::CPPTYPE_ENUM:
      return WriteEnum(field,
                       one ? reflection.GetEnumValue(owner, &field)
                           : reflection.GetRepeatedEnumValue(owner, &field, index),
                       out);
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      return WriteText(field,
                       one ? reflection.GetStringReference(owner, &field, &scratch)
                           : reflection.GetRepeatedStringReference(owner, &field, index, &scratch),
                       out);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return WriteJson(one ? reflection.GetMessage(owner, &field)
                           : reflection.GetRepeatedMessage(owner, &field, index),
                       out);
  }
}

void WriteMapKey(const Message& entry, const FieldDescriptor& key, std::string& out) {
  const size_t begin = out.size();
  WriteValue(entry, key, -1, out);
  if (out[begin] == '"') return;
  out.insert(begin, 1, '"');
  out += '"';
}

void WriteMap(const Message& message, const FieldDescriptor& field, std::string& out) {
  const FieldDescriptor& key = *field.message_type()->map_key();
  const FieldDescriptor& value = *field.message_type()->map_value();
  // In the order of the keys: the same message is always the same text.
  std::vector<std::string> entries;
  const int count = message.GetReflection()->FieldSize(message, &field);
  for (int i = 0; i < count; ++i) {
    const Message& entry = message.GetReflection()->GetRepeatedMessage(message, &field, i);
    std::string& text = entries.emplace_back();
    WriteMapKey(entry, key, text);
    text += ':';
    WriteValue(entry, value, -1, text);
  }
  std::ranges::sort(entries);
  out += '{';
  for (const std::string& entry : entries) {
    if (out.back() != '{') out += ',';
    out += entry;
  }
  out += '}';
}

void WriteField(const Message& message, const FieldDescriptor& field, std::string& out) {
  if (field.is_map()) return WriteMap(message, field, out);
  if (!field.is_repeated()) return WriteValue(message, field, -1, out);
  out += '[';
  const int count = message.GetReflection()->FieldSize(message, &field);
  for (int i = 0; i < count; ++i) {
    if (i > 0) out += ',';
    WriteValue(message, field, i, out);
  }
  out += ']';
}

void WriteFields(const Message& message, std::string& out) {
  const Descriptor& type = *message.GetDescriptor();
  const Reflection& reflection = *message.GetReflection();
  out += '{';
  bool first = true;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.has_presence() && !reflection.HasField(message, &field)) continue;
    if (!first) out += ',';
    first = false;
    out += '"';
    out += field.json_name();
    out += "\":";
    WriteField(message, field, out);
  }
  out += '}';
}

// Through the library, for messages whose form is neither their fields nor a time.
void WriteOther(const Message& message, std::string& out) {
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(message, &text).ok()) text = "null";
  out += text;
}

}  // namespace

void WriteJson(const Message& message, std::string& out) {
  switch (message.GetDescriptor()->well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_UNSPECIFIED: return WriteFields(message, out);
    case Descriptor::WELLKNOWNTYPE_TIMESTAMP: {
      google::protobuf::Timestamp time;
      time.CopyFrom(message);
      out += '"';
      AppendTimestamp(time, out);
      out += '"';
      return;
    }
    case Descriptor::WELLKNOWNTYPE_DURATION: {
      google::protobuf::Duration duration;
      duration.CopyFrom(message);
      out += '"';
      AppendDuration(duration, out);
      out += '"';
      return;
    }
    default: return WriteOther(message, out);
  }
}

void WriteJsonString(std::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text, begin, i - begin);
    begin = i + 1;
    switch (byte) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
    }
  }
  out.append(text, begin, text.size() - begin);
  out += '"';
}

}  // namespace stockd::http
