#include "daemon/http/connect_request.h"

#include <gtest/gtest.h>

#include "daemon/http/gzip.h"
#include "daemon/http/url_query.h"
#include "stockd/v1/availability_service.pb.h"

namespace stockd::http {
namespace {

constexpr size_t kBytesMax = 1000;

TEST(ConnectRequest, ContentTypes) {
  const auto describe = [](std::string_view text) -> std::string {
    const auto type = ParseContentType(text);
    return type ? std::string(ContentTypeText(*type)) : "none";
  };
  EXPECT_EQ(describe("application/json"), "application/json");
  EXPECT_EQ(describe("Application/JSON ; Charset=UTF-8"), "application/json");
  EXPECT_EQ(describe("application/proto"), "application/proto");
  EXPECT_EQ(describe("application/connect+json"), "application/connect+json");
  EXPECT_EQ(describe("application/connect+proto"), "application/connect+proto");
  for (const char* text : {"", "text/plain", "application/json; charset=latin1", "application/grpc",
                           "application/x-www-form-urlencoded", "multipart/form-data", "json"}) {
    EXPECT_EQ(describe(text), "none") << text;
  }
}

TEST(ConnectRequest, AcceptedEncodings) {
  for (const char* text : {"gzip", "br, gzip", "gzip;q=0.5, identity", "deflate , GZIP"}) {
    EXPECT_TRUE(AcceptsGzip(text)) << text;
  }
  for (const char* text : {"", "br", "identity", "gzip;q=0", "gzip; q=0.0", "xgzip", "*"}) {
    EXPECT_FALSE(AcceptsGzip(text)) << text;
  }
}

TEST(ConnectRequest, TimeoutsAndVersions) {
  const auto parse = [](std::string_view version, std::string_view text) -> int64_t {
    Calls::Timeout timeout;
    const auto status =
        ParseProtocol({.connect_version = version, .connect_timeout = text}, timeout);
    if (!status.ok()) return -1;
    return timeout ? timeout->count() : -2;
  };
  EXPECT_EQ(parse("1", "250"), 250);
  EXPECT_EQ(parse("", ""), -2);
  EXPECT_EQ(parse("", "9999999999"), 9'999'999'999);
  for (const char* text : {"0", "-1", "1.5", "12345678901", "1s", " 1", "x"}) {
    EXPECT_EQ(parse("", text), -1) << text;
  }
  EXPECT_EQ(parse("2", ""), -1);
}

TEST(ConnectRequest, PackedBodiesAreBounded) {
  const auto unpack = [](std::string_view encoding, std::string_view body) {
    std::string unpacked;
    std::string_view view = body;
    const CallStatus status = Unpack(encoding, kBytesMax, view, unpacked);
    return status.ok() ? std::string(view) : std::string(CodeName(status.code));
  };
  const auto zip = [](std::string_view text) {
    std::string packed;
    Zip(text, packed);
    return packed;
  };
  EXPECT_EQ(unpack("", "x"), "x");
  EXPECT_EQ(unpack("identity", "x"), "x");
  EXPECT_EQ(unpack("gzip", zip("hello")), "hello");
  EXPECT_EQ(unpack("gzip", zip(std::string(kBytesMax, 'x'))).size(), kBytesMax);
  EXPECT_EQ(unpack("br", "x"), "unimplemented");
  // A small body must not become a large one.
  EXPECT_EQ(unpack("gzip", zip(std::string(kBytesMax + 1, 'x'))), "resource_exhausted");
  EXPECT_EQ(unpack("gzip", zip(std::string(size_t{16} << 20, 'x'))), "resource_exhausted");
  EXPECT_EQ(unpack("gzip", "no gzip"), "resource_exhausted");
  EXPECT_EQ(unpack("gzip", ""), "resource_exhausted");
  EXPECT_EQ(unpack("gzip", zip("hello").substr(0, 12)), "resource_exhausted");
  EXPECT_EQ(unpack("gzip", zip("hello") + "more"), "resource_exhausted");
}

TEST(ConnectRequest, Envelopes) {
  const auto parse = [](std::string_view body, std::string_view encoding = "") {
    std::string unpacked;
    std::string_view message;
    const CallStatus status = ParseEnvelope(body, encoding, kBytesMax, message, unpacked);
    return status.ok() ? std::string(message) : std::string(CodeName(status.code));
  };
  std::string plain;
  AppendMessage("{}", false, plain);
  EXPECT_EQ(plain, std::string("\0\0\0\0\2{}", 7));
  EXPECT_EQ(parse(plain), "{}");
  std::string packed;
  AppendMessage("{\"a\":1}", true, packed);
  EXPECT_EQ(parse(packed, "gzip"), "{\"a\":1}");
  EXPECT_EQ(parse(packed), "invalid_argument");
  EXPECT_EQ(parse(plain + plain), "invalid_argument") << "two messages";
  EXPECT_EQ(parse(plain.substr(0, 6)), "invalid_argument");
  EXPECT_EQ(parse(""), "invalid_argument");
  EXPECT_EQ(parse(std::string("\2\0\0\0\2{}", 7)), "invalid_argument") << "an unknown flag";
  EXPECT_EQ(parse(std::string("\0\xff\xff\xff\xff{}", 7)), "invalid_argument");
  std::string end;
  AppendEnd({}, end);
  EXPECT_EQ(end, std::string("\2\0\0\0\2{}", 7));
}

TEST(ConnectRequest, Queries) {
  const auto parse = [](std::string_view query) -> std::string {
    Codec codec = Codec::kJson;
    std::string message;
    const CallStatus status = ParseQuery(query, kBytesMax, codec, message);
    if (!status.ok()) return std::string(CodeName(status.code));
    return (codec == Codec::kJson ? "json " : "proto ") + message;
  };
  EXPECT_EQ(parse("encoding=json&message=%7B%7D"), "json {}");
  EXPECT_EQ(parse("connect=v1&base64=1&encoding=proto&message=CgNNVUc"), "proto \n\3MUG");
  EXPECT_EQ(parse("encoding=json&message=a+b"), "json a b");
  EXPECT_EQ(parse("message=%7B%7D"), "invalid_argument");
  EXPECT_EQ(parse("encoding=xml&message=x"), "invalid_argument");
  EXPECT_EQ(parse("encoding=json&message=%7"), "invalid_argument");
  EXPECT_EQ(parse("encoding=json&message=%zz"), "invalid_argument");
  EXPECT_EQ(parse("encoding=json&base64=1&message=!"), "invalid_argument");
  EXPECT_EQ(parse("encoding=json&callback=x"), "invalid_argument");
  EXPECT_EQ(parse("encoding=json&compression=gzip&message=x"), "resource_exhausted");
  EXPECT_EQ(parse("encoding=json&connect=v2"), "invalid_argument");
}

TEST(ConnectRequest, BytesThatAreNoMessageAreRefused) {
  v1::GetAvailabilityRequest request;
  EXPECT_EQ(Decode(Codec::kProto, "\xff\xff\xff", request).code, Code::kInvalidArgument);
  EXPECT_EQ(Decode(Codec::kProto, "\n\2\xc3\x28", request).code, Code::kInvalidArgument)
      << "a text that is not UTF-8";
  EXPECT_TRUE(Decode(Codec::kProto, "", request).ok());
  EXPECT_TRUE(Decode(Codec::kJson, "", request).ok());
}

TEST(UrlQuery, IsDecoded) {
  const auto pairs = ParseUrlQuery("a=1&b=%C4%9F+x&c&&d=");
  ASSERT_TRUE(pairs.has_value());
  ASSERT_EQ(pairs->size(), 4u);
  EXPECT_EQ((*pairs)[1].second, "\xC4\x9F x");
  EXPECT_EQ((*pairs)[2], (std::pair<std::string, std::string>("c", "")));
  EXPECT_FALSE(ParseUrlQuery("a=%4").has_value());
  EXPECT_FALSE(ParseUrlQuery("%").has_value());
}

}  // namespace
}  // namespace stockd::http
