// The contract over HTTP: the same answers, refusals and limits as over gRPC.
#include <absl/strings/escaping.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "daemon/http/gzip.h"
#include "tests/http/http_client.h"
#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr char kCreate[] =
    R"({"reservationId":"web-1","lines":[{"position":{"sku":"MUG","location":"S01"},"quantity":"2"}],)"
    R"("ttl":"600s"})";

class Gateway : public DaemonFixture {
 protected:
  void SetUp() override {
    config.http.listen = "127.0.0.1:0";
    DaemonFixture::SetUp();
  }

  std::string http() { return daemon().http_address(); }
  HttpResponse Post(const std::string& method, const std::string& body,
                    const std::string& headers = {}) {
    return PostJson(http(), method, body, headers);
  }
  // "status code reason"
  std::string Refused(const HttpResponse& response) {
    EXPECT_EQ(response.header("content-type"), "application/json") << response.body;
    const json error = json::parse(response.body);
    const json details = error.value("details", json::array());
    const std::string reason =
        details.empty() ? "none" : details[0]["debug"]["reason"].get<std::string>();
    return std::to_string(response.status) + " " + error["code"].get<std::string>() + " " + reason;
  }
};

TEST_F(Gateway, AnswersWhatGrpcAnswers) {
  Stock("MUG", "S01", 5);
  const HttpResponse created = Post("ReservationService/CreateReservation", kCreate);
  ASSERT_EQ(created.status, 200) << created.body;
  EXPECT_EQ(created.header("content-type"), "application/json");
  const json reservation = json::parse(created.body)["reservation"];
  EXPECT_EQ(reservation["reservationId"], "web-1");
  EXPECT_EQ(reservation["state"], "RESERVATION_STATE_HELD");
  const HttpResponse asked =
      Post("AvailabilityService/GetAvailability", R"({"sku":"MUG","location":"S01"})");
  EXPECT_EQ(json::parse(asked.body)["availability"]["available"], "3");
  EXPECT_EQ(Available("MUG", "S01").available(), 3);
  // Through gRPC's own threads, as everything that reads the disk.
  const HttpResponse found =
      Post("ReservationService/GetReservation", R"({"reservationId":"web-1"})");
  EXPECT_EQ(json::parse(found.body)["reservation"], reservation);
}

TEST_F(Gateway, SpeaksBinaryToo) {
  Stock("MUG", "S01", 5);
  v1::GetAvailabilityRequest request;
  request.set_sku("MUG");
  request.set_location("S01");
  for (const char* method : {"AvailabilityService/GetAvailability"}) {
    HttpConnection connection(http());
    const HttpResponse response =
        connection.Call("POST", std::string("/stockd.v1.") + method,
                        "Content-Type: application/proto\r\n", request.SerializeAsString());
    ASSERT_EQ(response.status, 200);
    EXPECT_EQ(response.header("content-type"), "application/proto");
    v1::GetAvailabilityResponse answer;
    ASSERT_TRUE(answer.ParseFromString(response.body));
    EXPECT_EQ(answer.availability().available(), 5);
  }
}

TEST_F(Gateway, ARefusalHasItsCodeReasonAndFigures) {
  Stock("MUG", "S01", 1);
  const HttpResponse response = Post("ReservationService/CreateReservation", kCreate);
  EXPECT_EQ(Refused(response), "400 failed_precondition INSUFFICIENT_STOCK");
  const json detail = json::parse(response.body)["details"][0];
  EXPECT_EQ(detail["type"], "google.rpc.ErrorInfo");
  EXPECT_EQ(detail["debug"]["metadata"]["available"], "1");
  EXPECT_EQ(detail["debug"]["domain"], "stockd");
  EXPECT_THAT(detail["value"].get<std::string>(), testing::Not(testing::EndsWith("=")));
  EXPECT_EQ(Refused(Post("ReservationService/GetReservation", R"({"reservationId":"nobody"})")),
            "404 not_found RESERVATION_UNKNOWN");
  EXPECT_EQ(Refused(Post("AvailabilityService/GetAvailability", R"({"sku":"X","location":"S01"})")),
            "404 not_found SKU_UNKNOWN");
}

TEST_F(Gateway, BadBodiesAreRefusedWithTheirField) {
  const std::string before = Fingerprint();
  const std::string method = "ReservationService/CreateReservation";
  HttpResponse response = Post(method, R"({"lines":[{"qantity":1}]})");
  EXPECT_EQ(Refused(response), "400 invalid_argument FIELD_INVALID");
  EXPECT_THAT(response.body, HasSubstr("lines[0].qantity"));
  EXPECT_THAT(response.body, HasSubstr("google.rpc.BadRequest"));
  EXPECT_EQ(Refused(Post(method, "{")), "400 invalid_argument MESSAGE_MALFORMED");
  EXPECT_EQ(Refused(Post(method, "{}")), "400 invalid_argument FIELD_INVALID");
  EXPECT_EQ(Refused(Post(method, kCreate, "Content-Encoding: gzip\r\n")),
            "429 resource_exhausted MESSAGE_TOO_LARGE");
  EXPECT_EQ(Refused(Post(method, kCreate, "Content-Encoding: br\r\n")),
            "501 unimplemented ENCODING_UNKNOWN");
  EXPECT_EQ(Refused(Post(method, kCreate, "Connect-Protocol-Version: 2\r\n")),
            "400 invalid_argument PROTOCOL_MALFORMED");
  EXPECT_EQ(Refused(Post(method, kCreate, "Connect-Timeout-Ms: soon\r\n")),
            "400 invalid_argument PROTOCOL_MALFORMED");
  EXPECT_EQ(Fingerprint(), before);
}

TEST_F(Gateway, WrongPathsVerbsAndTypesAreSaid) {
  EXPECT_EQ(Refused(Post("ReservationService/Create", "{}")), "404 unimplemented METHOD_UNKNOWN");
  EXPECT_EQ(Refused(Post("NoService/Get", "{}")), "404 unimplemented METHOD_UNKNOWN");
  EXPECT_EQ(Refused(Post("AdapterService/Connect", "{}")), "501 unimplemented GRPC_ONLY");
  HttpConnection connection(http());
  const std::string get = "/stockd.v1.AvailabilityService/GetAvailability";
  const std::string create = "/stockd.v1.ReservationService/CreateReservation";
  HttpResponse response = connection.Call("GET", create + "?encoding=json&message=%7B%7D");
  EXPECT_EQ(Refused(response), "405 unimplemented VERB_NOT_ALLOWED");
  EXPECT_EQ(response.header("allow"), "POST");
  response = connection.Call("DELETE", get);
  EXPECT_EQ(Refused(response), "405 unimplemented VERB_NOT_ALLOWED");
  EXPECT_EQ(response.header("allow"), "GET, POST");
  // Forms and plain text are what a page of another site may send without asking.
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
                           "application/connect+json", "application/grpc"}) {
    response =
        connection.Call("POST", create, std::string("Content-Type: ") + type + "\r\n", kCreate);
    EXPECT_EQ(Refused(response), "415 invalid_argument CONTENT_TYPE_UNKNOWN") << type;
    EXPECT_EQ(response.header("accept-post"), "application/json, application/proto");
  }
  EXPECT_EQ(Refused(connection.Call("POST", create, "", kCreate)),
            "415 invalid_argument CONTENT_TYPE_UNKNOWN");
  EXPECT_EQ(connection.Call("GET", "/nothing").status, 404);
  EXPECT_EQ(connection.Call("POST", "/healthz").status, 405);
}

TEST_F(Gateway, ReadsMayBeGets) {
  Stock("MUG", "S01", 5);
  HttpConnection connection(http());
  const std::string path = "/stockd.v1.AvailabilityService/GetAvailability";
  HttpResponse response =
      connection.Call("GET", path + "?connect=v1&encoding=json&message=" +
                                 "%7B%22sku%22%3A%22MUG%22%2C%22location%22%3A%22S01%22%7D");
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.header("cache-control"), "no-store");
  EXPECT_EQ(json::parse(response.body)["availability"]["available"], "5");
  v1::GetAvailabilityRequest request;
  request.set_sku("MUG");
  request.set_location("S01");
  response = connection.Call("GET", path + "?encoding=proto&base64=1&message=" +
                                        absl::WebSafeBase64Escape(request.SerializeAsString()));
  v1::GetAvailabilityResponse answer;
  ASSERT_TRUE(answer.ParseFromString(response.body));
  EXPECT_EQ(answer.availability().available(), 5);
}

TEST_F(Gateway, LargeAnswersArePackedForWhoAcceptsThat) {
  v1::PutItemsRequest items;
  for (int i = 0; i < 200; ++i) items.add_items()->set_sku("SKU-" + std::to_string(i));
  v1::PutItemsResponse ignored;
  ASSERT_TRUE(
      client().Call(client().catalogue(), &GrpcClient::Catalogue::PutItems, items, ignored).ok());
  const HttpResponse plain = Post("CatalogueService/ListItems", "{}");
  EXPECT_EQ(plain.header("content-encoding"), "");
  const HttpResponse packed =
      Post("CatalogueService/ListItems", "{}", "Accept-Encoding: br, gzip\r\n");
  ASSERT_EQ(packed.header("content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), plain.body.size() / 4);
  std::string unpacked;
  ASSERT_TRUE(http::Unzip(packed.body, size_t{1} << 20, unpacked));
  EXPECT_EQ(unpacked, plain.body);

  std::string body;
  http::Zip(R"({"pageSize":3})", body);
  const HttpResponse asked = Post("CatalogueService/ListItems", body, "Content-Encoding: gzip\r\n");
  EXPECT_EQ(json::parse(asked.body)["items"].size(), 3u);
}

// The clock of the daemon stands still; deadlines are the caller's time.
TEST_F(Gateway, AnExpiredDeadlineIsSaid) {
  EXPECT_EQ(Refused(Post("CatalogueService/ListItems", "{}", "Connect-Timeout-Ms: 0\r\n")),
            "504 deadline_exceeded DEADLINE_EXCEEDED");
}

TEST_F(Gateway, RequestsOfOneConnectionAreAnsweredInTheirOrder) {
  Stock("MUG", "S01", 5);
  HttpConnection connection(http());
  const auto request = [](const std::string& method, const std::string& body) {
    return "POST /stockd.v1." + method +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  ASSERT_TRUE(connection.Send(
      request("ReservationService/CreateReservation", kCreate) +
      request("AvailabilityService/GetAvailability", R"({"sku":"MUG","location":"S01"})") +
      request("ReservationService/GetReservation", R"({"reservationId":"web-1"})")));
  EXPECT_THAT(connection.Read().body, HasSubstr("RESERVATION_STATE_HELD"));
  EXPECT_THAT(connection.Read().body, HasSubstr("\"available\":\"3\""));
  EXPECT_THAT(connection.Read().body, HasSubstr("web-1"));
}

TEST_F(Gateway, HealthAndThePageAreThere) {
  HttpConnection connection(http());
  EXPECT_EQ(connection.Call("GET", "/healthz").body, "ok\n");
  EXPECT_EQ(connection.Call("GET", "/readyz").status, 200);
  const HttpResponse page = connection.Call("GET", "/");
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
  EXPECT_THAT(page.header("content-security-policy"), HasSubstr("default-src 'none'"));
  EXPECT_EQ(page.header("x-content-type-options"), "nosniff");
  const HttpResponse again =
      connection.Call("GET", "/", "If-None-Match: " + page.header("etag") + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  const HttpResponse head = connection.Call("HEAD", "/");
  EXPECT_EQ(head.header("content-length"), std::to_string(page.body.size()));
  EXPECT_EQ(connection.Call("GET", "/console.css").status, 200);
  const HttpResponse packed = connection.Call("GET", "/", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(packed.header("content-encoding"), "gzip");
  EXPECT_EQ(packed.header("etag"), page.header("etag"));
  std::string unpacked;
  ASSERT_TRUE(http::Unzip(packed.body, size_t{1} << 20, unpacked));
  EXPECT_EQ(unpacked, page.body);
}

// Addresses of views are kept, sent and opened again; the page's script knows what they mean.
TEST_F(Gateway, ABrowserThatGoesToAViewGetsThePage) {
  HttpConnection connection(http());
  const std::string visit =
      "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nSec-Fetch-Site: cross-site\r\n"
      "Sec-Fetch-Mode: navigate\r\n";
  const HttpResponse page = connection.Call("GET", "/");
  for (const char* path : {"/delivery", "/stock/MUG?location=S01", "/a/b/"}) {
    const HttpResponse view = connection.Call("GET", path, visit);
    EXPECT_EQ(view.status, 200) << path;
    EXPECT_EQ(view.body, page.body) << path;
    EXPECT_THAT(view.header("content-security-policy"), HasSubstr("default-src 'none'"));
    EXPECT_EQ(connection.Call("GET", path).status, 404) << path;
  }
  const std::string here = "Accept: text/html\r\n";
  EXPECT_EQ(connection.Call("GET", "/missing.js", here).status, 404);
  EXPECT_EQ(connection.Call("GET", "/healthz", here).body, "ok\n");
  EXPECT_EQ(connection.Call("GET", "/csv/v1/nothing", here).status, 404);
  EXPECT_EQ(connection.Call("GET", "/stockd.v1.NoService/Get", here).status, 404);
  // Figures are no page: a link from elsewhere does not read them.
  EXPECT_EQ(connection.Call("GET", "/csv/v1/availability", visit).status, 403);
}

TEST_F(Gateway, ForeignPagesAndNamesAreTurnedAway) {
  const std::string before = Fingerprint();
  const std::string method = "ReservationService/CreateReservation";
  EXPECT_EQ(Refused(Post(method, kCreate, "Origin: https://evil.example\r\n")),
            "403 permission_denied ORIGIN_NOT_ALLOWED");
  EXPECT_EQ(Refused(Post(method, kCreate, "Host: evil.example\r\n")),
            "421 permission_denied HOST_NOT_ALLOWED");
  HttpConnection connection(http());
  EXPECT_EQ(connection.Call("GET", "/readyz", "Host: evil.example\r\n").status, 421);
  EXPECT_EQ(connection
                .Call("OPTIONS", "/stockd.v1.ReservationService/CreateReservation",
                      "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n")
                .status,
            403);
  EXPECT_EQ(Fingerprint(), before);
}

// Without a list no page of another site is told that it may, in any form.
TEST_F(Gateway, SharingWithOtherOriginsIsOff) {
  for (const char* origin : {"https://evil.example", "null", "http://localhost"}) {
    for (const char* verb : {"OPTIONS", "GET", "POST"}) {
      HttpConnection connection(http());
      const HttpResponse response = connection.Call(
          verb, "/stockd.v1.AvailabilityService/GetAvailability",
          "Content-Type: application/json\r\nAccess-Control-Request-Method: POST\r\n"
          "Access-Control-Request-Private-Network: true\r\nOrigin: " +
              std::string(origin) + "\r\n");
      EXPECT_EQ(response.status, 403) << verb << " " << origin;
      for (const auto& [name, value] : response.headers) {
        EXPECT_FALSE(name.starts_with("access-control-")) << name << ": " << value;
      }
      EXPECT_EQ(response.header("cross-origin-resource-policy"), "same-origin");
    }
  }
}

TEST_F(Gateway, ListedOriginsMayCall) {
  Stop();
  config.http.cors_origins = {"https://shop.example"};
  Start();
  HttpConnection connection(http());
  const HttpResponse preflight =
      connection.Call("OPTIONS", "/stockd.v1.CatalogueService/ListItems",
                      "Origin: https://shop.example\r\nAccess-Control-Request-Method: POST\r\n");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("access-control-allow-origin"), "https://shop.example");
  const HttpResponse response =
      Post("CatalogueService/ListItems", "{}", "Origin: https://shop.example\r\n");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("access-control-allow-origin"), "https://shop.example");
}

}  // namespace
}  // namespace stockd::support
