// The JSON form of messages: what is written, what is taken, and what is said about the rest.
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "daemon/http/json_reader.h"
#include "daemon/http/json_writer.h"
#include "stockd/v1/availability_service.pb.h"
#include "stockd/v1/catalogue_service.pb.h"
#include "stockd/v1/reconciliation_service.pb.h"
#include "stockd/v1/reservation_service.pb.h"
#include "tests/support/random.h"
#include "tests/support/seeds.h"

namespace stockd::http {
namespace {

using google::protobuf::util::MessageDifferencer;
using testing::HasSubstr;

std::string Written(const google::protobuf::Message& message) {
  std::string text;
  WriteJson(message, text);
  return text;
}

template <typename Message>
Message Read(const std::string& text) {
  Message message;
  const auto problem = ReadJson(text, message);
  EXPECT_FALSE(problem) << text << ": " << problem->field << " " << problem->what;
  return message;
}

// "field: what", or "ok".
template <typename Message = v1::CreateReservationRequest>
std::string Problem(std::string_view text) {
  Message message;
  const auto problem = ReadJson(text, message);
  return problem ? problem->field + ": " + problem->what : "ok";
}

TEST(Json, AMessageIsWrittenByItsCamelNamesWithAllFigures) {
  v1::CreateReservationRequest request;
  request.set_reservation_id("r\"1\n\xC3\xBC");
  auto& line = *request.add_lines();
  line.mutable_position()->set_sku("MUG");
  line.set_quantity(3);
  request.mutable_ttl()->set_seconds(90);
  const std::string text = Written(request);
  EXPECT_THAT(text, HasSubstr(R"("reservationId":"r\"1\nü")"));
  EXPECT_THAT(text, HasSubstr(R"("position":{"sku":"MUG","location":""})"));
  EXPECT_THAT(text, HasSubstr(R"("quantity":"3")"));
  EXPECT_THAT(text, HasSubstr(R"("ttl":"90s")"));
  EXPECT_THAT(Written(v1::CreateReservationRequest()), HasSubstr(R"("lines":[])"));
}

TEST(Json, BothSpellingsOfANameAndBothFormsOfANumberAreTaken) {
  const auto request = Read<v1::CreateReservationRequest>(
      R"( {"reservation_id":"a","lines":[{"quantity":"7"},{"quantity":8},{"quantity":9.0},)"
      R"({"quantity":1e1}], "ttl":"1.500s", "channel":null} )");
  EXPECT_EQ(request.reservation_id(), "a");
  EXPECT_EQ(request.lines(0).quantity(), 7);
  EXPECT_EQ(request.lines(1).quantity(), 8);
  EXPECT_EQ(request.lines(2).quantity(), 9);
  EXPECT_EQ(request.lines(3).quantity(), 10);
  EXPECT_EQ(request.ttl().nanos(), 500'000'000);
  EXPECT_EQ(Read<v1::CreateReservationRequest>(R"({"reservationId":"\uD83D\uDE00\u00e9"})")
                .reservation_id(),
            "\xF0\x9F\x98\x80\xC3\xA9");
}

TEST(Json, AnUnknownFieldIsNamedWithTheOneThatWasMeant) {
  EXPECT_EQ(Problem(R"({"lines":[{},{"position":{"skuu":"x"}}]})"),
            "lines[1].position.skuu: is not a field of stockd.v1.Position; did you mean \"sku\"?");
}

// Looking for what was meant by a name of megabytes would take seconds, and the refusal would
// repeat it.
TEST(Json, AGiantNameIsToldInPart) {
  const std::string giant(4'000'000, 'x');
  EXPECT_EQ(Problem("{\"" + giant + "\":1}"),
            std::string(64, 'x') + ": ... is not a field of stockd.v1.CreateReservationRequest");
  std::string cut = std::string(63, 'x') + "\xC3\xBC";
  EXPECT_THAT(Problem("{\"" + cut + "\":1}"), testing::StartsWith(std::string(63, 'x') + ": "));
  EXPECT_EQ(Problem<v1::Reconciliation>("{\"driftValueMicros\":{\"" + giant + "\":true}}"),
            "driftValueMicros." + std::string(64, 'x') + ": is not a whole number that fits");
}

TEST(Json, WhatIsWrongWithAValueIsSaidAtItsField) {
  const struct {
    std::string text;
    std::string problem;
  } kCases[] = {
      {R"({"reservationId":1})", "reservationId: takes a string"},
      {R"({"reservationId":{}})", "reservationId: takes a single value"},
      {R"({"lines":{}})", "lines: takes a list"},
      {R"({"lines":[null]})", "lines[0]: takes no null"},
      {R"({"lines":[[]]})", "lines[0]: takes an object"},
      {R"({"lines":[{"quantity":1.5}]})", "lines[0].quantity: is not a whole number that fits"},
      {R"({"lines":[{"quantity":9223372036854775808}]})",
       "lines[0].quantity: is not a whole number that fits"},
      {R"({"lines":[{"quantity":1e30}]})", "lines[0].quantity: is not a whole number that fits"},
      {R"({"lines":[{"quantity":""}]})", "lines[0].quantity: is not a whole number that fits"},
      {R"({"lines":[{"quantity":true}]})", "lines[0].quantity: is not a whole number that fits"},
      {R"({"ttl":"5m"})", "ttl: is not a duration in seconds like \"90s\""},
      {R"({"ttl":5})", "ttl: takes a string"},
      {R"({"reservationId":"a","reservation_id":"b"})", "reservationId: stands there twice"},
  };
  for (const auto& one : kCases) EXPECT_EQ(Problem(one.text), one.problem) << one.text;
  EXPECT_EQ(Problem<v1::ListReservationsRequest>(R"({"state":"OPEN"})"),
            "state: is not a value of stockd.v1.ReservationState");
}

TEST(Json, WhatIsNotJsonIsRefusedWithItsPlace) {
  for (const char* text : {"",
                           " ",
                           "[]",
                           "null",
                           "1",
                           "\"x\"",
                           "{",
                           "}",
                           "{]",
                           "{\"ttl\"}",
                           "{\"ttl\":}",
                           "{'ttl':\"1s\"}",
                           "{ttl:\"1s\"}",
                           "{\"ttl\":\"1s\",}",
                           "{\"ttl\":\"1s\"}x",
                           "{} {}",
                           "{\"lines\":[{},]}",
                           "{\"lines\":[",
                           "{\"lines\":[{\"quantity\":01}]}",
                           "{\"lines\":[{\"quantity\":+1}]}",
                           "{\"lines\":[{\"quantity\":1.}]}",
                           "{\"lines\":[{\"quantity\":1e}]}",
                           "{\"lines\":[{\"quantity\":-}]}",
                           "{\"lines\":[{\"quantity\":NaN}]}",
                           "{\"reservationId\":\"\\x\"}",
                           "{\"reservationId\":\"\\u12\"}",
                           "{\"reservationId\":\"\\uD800\"}",
                           "{\"reservationId\":\"\\uD800\\u0041\"}",
                           "{\"reservationId\":\"\\uDC00\"}",
                           "{\"reservationId\":\"\x01\"}",
                           "{\"reservationId\":\"\xC3\"}",
                           "{\"reservationId\":\"\xC0\x80\"}",
                           "{\"reservationId\":\"\xED\xA0\x80\"}",
                           "{\"reservationId\":\"\xF4\x90\x80\x80\"}",
                           "{\"reservationId\":\"abc",
                           "// x\n{}",
                           "\xEF\xBB\xBF{}"}) {
    EXPECT_THAT(Problem(text), testing::StartsWith(": ")) << text;
    EXPECT_THAT(Problem(text), HasSubstr("at byte")) << text;
  }
  EXPECT_EQ(Problem("{\"lines\": [}"), ": expected a value, at byte 11");
}

TEST(Json, DepthIsLimited) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{\"lines\":[";
  EXPECT_NE(Problem(deep), "ok");
  std::string lists = "{\"lines\":";
  lists.append(100'000, '[');
  EXPECT_NE(Problem(lists), "ok");
}

TEST(Json, MapsAndOptionalFieldsAndInstants) {
  const auto drift = Read<v1::Reconciliation>(R"({"driftValueMicros":{"PLN":"5","EUR":-7}})");
  EXPECT_EQ(drift.drift_value_micros().at("EUR"), -7);
  EXPECT_THAT(Written(drift), HasSubstr(R"("driftValueMicros":{"EUR":"-7","PLN":"5"})"));

  v1::ReservationLine ignored;
  google::protobuf::Timestamp time;
  for (const char* text :
       {"2026-01-31T09:30:00Z", "2026-01-31T09:30:00.123Z", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.500Z"}) {
    ASSERT_FALSE(ReadJson(std::string("\"") + text + "\"", time)) << text;
    EXPECT_EQ(Written(time), std::string("\"") + text + "\"");
  }
  for (const char* text : {"2026-01-31", "2026-02-30T00:00:00Z", "2026-01-31 09:30:00Z",
                           "0000-01-01T00:00:00Z", "infinite-past", " 2026-01-31T09:30:00Z", ""}) {
    EXPECT_TRUE(ReadJson(std::string("\"") + text + "\"", time)) << text;
  }
}

TEST(Json, FieldsOfAQueryAreSetByPath) {
  v1::GetAvailabilityRequest request;
  EXPECT_FALSE(ReadField("sku", "MUG", request));
  EXPECT_EQ(request.sku(), "MUG");
  EXPECT_EQ(ReadField("skuu", "MUG", request)->what,
            "is not a field of stockd.v1.GetAvailabilityRequest; did you mean \"sku\"?");
  v1::BatchGetAvailabilityRequest batch;
  v1::ListReservationsRequest list;
  EXPECT_FALSE(ReadField("page_size", "5", list));
  EXPECT_FALSE(ReadField("state", "RESERVATION_STATE_HELD", list));
  EXPECT_EQ(list.page_size(), 5);
  EXPECT_EQ(list.state(), v1::RESERVATION_STATE_HELD);
  EXPECT_TRUE(ReadField("pageSize", "x", list));
  EXPECT_EQ(ReadField("pageSize.x", "1", list)->what, "has no fields");
}

// Fills every field of a message with what chance gives.
void Fill(google::protobuf::Message& message, support::Random& random, int depth) {
  using google::protobuf::FieldDescriptor;
  const auto& type = *message.GetDescriptor();
  const auto& reflection = *message.GetReflection();
  if (type.full_name() == "google.protobuf.Timestamp" ||
      type.full_name() == "google.protobuf.Duration") {
    constexpr int32_t kNanos[] = {0, 5'000'000, 123'456'000, 999'999'999};
    reflection.SetInt64(&message, type.field(0), random.Between(0, 200'000'000'000));
    reflection.SetInt32(&message, type.field(1), kNanos[random.Between(0, 3)]);
    return;
  }
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.is_map() || random.Between(0, 3) == 0) continue;
    if (field.real_containing_oneof() != nullptr &&
        reflection.HasOneof(message, field.real_containing_oneof())) {
      continue;
    }
    const int64_t count = field.is_repeated() ? random.Between(0, 3) : 1;
    for (int64_t k = 0; k < count; ++k) {
      const auto whole = random.Between(INT64_MIN / 3, INT64_MAX / 3);
      const bool many = field.is_repeated();
      switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_INT32:
          many ? reflection.AddInt32(&message, &field, static_cast<int32_t>(whole))
               : reflection.SetInt32(&message, &field, static_cast<int32_t>(whole));
          break;
        case FieldDescriptor::CPPTYPE_INT64:
          many ? reflection.AddInt64(&message, &field, whole)
               : reflection.SetInt64(&message, &field, whole);
          break;
        case FieldDescriptor::CPPTYPE_UINT64:
          many ? reflection.AddUInt64(&message, &field, static_cast<uint64_t>(whole))
               : reflection.SetUInt64(&message, &field, static_cast<uint64_t>(whole));
          break;
        case FieldDescriptor::CPPTYPE_DOUBLE:
          many ? reflection.AddDouble(&message, &field, static_cast<double>(whole) / 1e7)
               : reflection.SetDouble(&message, &field, static_cast<double>(whole) / 1e7);
          break;
        case FieldDescriptor::CPPTYPE_BOOL:
          many ? reflection.AddBool(&message, &field, whole % 2 == 0)
               : reflection.SetBool(&message, &field, whole % 2 == 0);
          break;
        case FieldDescriptor::CPPTYPE_ENUM: {
          const int value =
              field.enum_type()
                  ->value(static_cast<int>(random.Between(0, field.enum_type()->value_count() - 1)))
                  ->number();
          many ? reflection.AddEnumValue(&message, &field, value)
               : reflection.SetEnumValue(&message, &field, value);
          break;
        }
        case FieldDescriptor::CPPTYPE_STRING: {
          constexpr const char* kTexts[] = {"", "MUG", "\"q\\\n\t\x01", "żółć ığ",
                                            "\xF0\x9F\x98\x80"};
          const std::string text = kTexts[random.Between(0, 4)];
          many ? reflection.AddString(&message, &field, text)
               : reflection.SetString(&message, &field, text);
          break;
        }
        case FieldDescriptor::CPPTYPE_MESSAGE:
          if (depth > 0) {
            Fill(many ? *reflection.AddMessage(&message, &field)
                      : *reflection.MutableMessage(&message, &field),
                 random, depth - 1);
          }
          break;
        default: break;
      }
    }
  }
}

// Two writers and two readers, ours and the library's: what one writes, the other understands.
TEST(Json, AgreesWithTheLibraryOnAnyMessage) {
  support::ForEachSeed(300, [](uint64_t seed) {
    support::Random random(seed);
    v1::GetAvailabilityResponse availability;
    v1::CreateReservationResponse reservation;
    v1::ListReconciliationsResponse reconciliations;
    v1::PutItemsRequest items;
    for (google::protobuf::Message* message :
         {static_cast<google::protobuf::Message*>(&availability),
          static_cast<google::protobuf::Message*>(&reservation),
          static_cast<google::protobuf::Message*>(&reconciliations),
          static_cast<google::protobuf::Message*>(&items)}) {
      Fill(*message, random, 4);
      const std::string ours = Written(*message);
      const std::unique_ptr<google::protobuf::Message> back(message->New());
      const auto status = google::protobuf::util::JsonStringToMessage(ours, back.get());
      ASSERT_TRUE(status.ok()) << status.message().as_string() << ours;
      ASSERT_TRUE(MessageDifferencer::Equals(*message, *back)) << ours;

      std::string theirs;
      ASSERT_TRUE(google::protobuf::util::MessageToJsonString(*message, &theirs).ok());
      const std::unique_ptr<google::protobuf::Message> again(message->New());
      const auto problem = ReadJson(theirs, *again);
      ASSERT_FALSE(problem) << problem->field << " " << problem->what << theirs;
      ASSERT_TRUE(MessageDifferencer::Equals(*message, *again)) << theirs;
    }
  });
}

}  // namespace
}  // namespace stockd::http
