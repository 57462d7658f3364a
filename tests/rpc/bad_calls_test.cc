// Every call that is wrong in itself answers with the documented code and reason, and changes
// nothing.
#include <functional>
#include <limits>

#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using grpc::StatusCode;
using Availability = GrpcClient::Availability;
using Reservation = GrpcClient::Reservation;
using Catalogue = GrpcClient::Catalogue;
using Adapter = GrpcClient::Adapter;
using Operations = GrpcClient::Operations;

constexpr int64_t kQuantityMost = 1'000'000'000'000;
constexpr int64_t kInt64Max = std::numeric_limits<int64_t>::max();
constexpr int64_t kInt64Min = std::numeric_limits<int64_t>::min();
const std::string kTooLong(129, 'x');

struct BadCall {
  std::string name;
  std::function<grpc::Status(GrpcClient&)> call;
  StatusCode code;
  std::string reason;
};

// A call of `method` with a request that `change` has spoilt.
template <typename Stub, typename Request, typename Response, typename Change>
std::function<grpc::Status(GrpcClient&)> Spoilt(Stub& (GrpcClient::*stub)(),
                                                grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                             const Request&,
                                                                             Response*),
                                                Request request, Change change) {
  change(request);
  return [stub, method, request](GrpcClient& client) {
    Response response;
    return client.Call((client.*stub)(), method, request, response);
  };
}

template <typename Change>
auto Create(Change change) {
  return Spoilt(&GrpcClient::reservation, &Reservation::CreateReservation,
                CreateOf("new", "MUG", "S01", 1), change);
}

auto CreateLine(const std::string& sku, const std::string& location, int64_t quantity) {
  return Create(
      [&](auto& request) { *request.mutable_lines(0) = LineOf(sku, location, quantity); });
}

auto CreateTtl(int64_t seconds, int32_t nanos) {
  return Create([&](auto& request) {
    request.mutable_ttl()->set_seconds(seconds);
    request.mutable_ttl()->set_nanos(nanos);
  });
}

// A change of the reservation "held", which holds 2 MUG at S01.
template <typename Request>
Request ChangeOf() {
  Request request;
  request.set_reservation_id("held");
  request.set_request_id("new-request");
  return request;
}

std::vector<BadCall> CreateCases() {
  constexpr StatusCode kBad = StatusCode::INVALID_ARGUMENT;
  return {
      {"create_without_id", Create([](auto& r) { r.clear_reservation_id(); }), kBad,
       "FIELD_INVALID"},
      {"create_long_id", Create([](auto& r) { r.set_reservation_id(kTooLong); }), kBad,
       "FIELD_INVALID"},
      {"create_control_character", Create([](auto& r) { r.set_reservation_id("a\nb"); }), kBad,
       "FIELD_INVALID"},
      {"create_long_owner", Create([](auto& r) { r.set_owner_reference(kTooLong); }), kBad,
       "FIELD_INVALID"},
      {"create_without_lines", Create([](auto& r) { r.clear_lines(); }), kBad, "TOO_MANY_LINES"},
      {"create_10001_lines", Create([](auto& r) {
         for (int i = 0; i < 10'000; ++i) *r.add_lines() = LineOf("MUG", "S01", 1);
       }),
       kBad, "TOO_MANY_LINES"},
      {"create_zero_quantity", CreateLine("MUG", "S01", 0), kBad, "QUANTITY_OUT_OF_RANGE"},
      {"create_negative_quantity", CreateLine("MUG", "S01", -1), kBad, "QUANTITY_OUT_OF_RANGE"},
      {"create_quantity_above_range", CreateLine("MUG", "S01", kQuantityMost + 1), kBad,
       "QUANTITY_OUT_OF_RANGE"},
      {"create_largest_int64", CreateLine("MUG", "S01", kInt64Max), kBad, "QUANTITY_OUT_OF_RANGE"},
      {"create_smallest_int64", CreateLine("MUG", "S01", kInt64Min), kBad, "QUANTITY_OUT_OF_RANGE"},
      {"create_largest_quantity", CreateLine("MUG", "S01", kQuantityMost),
       StatusCode::FAILED_PRECONDITION, "INSUFFICIENT_STOCK"},
      {"create_lines_that_add_up_too_high", Create([](auto& r) {
         for (int i = 0; i < 999; ++i) *r.add_lines() = LineOf("MUG", "S01", kQuantityMost);
       }),
       StatusCode::FAILED_PRECONDITION, "INSUFFICIENT_STOCK"},
      {"create_unknown_sku", CreateLine("NOBODY", "S01", 1), StatusCode::NOT_FOUND, "SKU_UNKNOWN"},
      {"create_unknown_location", CreateLine("MUG", "S99", 1), StatusCode::NOT_FOUND,
       "LOCATION_UNKNOWN"},
      {"create_unknown_channel", Create([](auto& r) { r.set_channel("fax"); }),
       StatusCode::NOT_FOUND, "CHANNEL_UNKNOWN"},
      {"create_outside_the_channel", Create([](auto& r) {
         r.set_channel("web");
         *r.mutable_lines(0) = LineOf("MUG", "W01", 1);
       }),
       StatusCode::FAILED_PRECONDITION, "LOCATION_NOT_IN_CHANNEL"},
      {"create_into_the_buffer", Create([](auto& r) {
         r.set_channel("web");
         *r.mutable_lines(0) = LineOf("MUG", "S01", 8);
       }),
       StatusCode::FAILED_PRECONDITION, "INSUFFICIENT_STOCK"},
      {"create_ttl_zero", CreateTtl(0, 0), kBad, "TTL_OUT_OF_RANGE"},
      {"create_ttl_below_a_millisecond", CreateTtl(0, 999'999), kBad, "TTL_OUT_OF_RANGE"},
      {"create_ttl_negative", CreateTtl(-1, 0), kBad, "TTL_OUT_OF_RANGE"},
      {"create_ttl_century", CreateTtl(int64_t{100} * 366 * 86'400, 0), kBad, "TTL_OUT_OF_RANGE"},
      {"create_ttl_largest", CreateTtl(kInt64Max, 999'999'999), kBad, "TTL_OUT_OF_RANGE"},
      {"create_ttl_of_two_signs", CreateTtl(5, -1), kBad, "TTL_OUT_OF_RANGE"},
      {"create_known_id_other_quantity", Create([](auto& r) {
         r.set_reservation_id("held");
         r.mutable_lines(0)->set_quantity(3);
       }),
       StatusCode::ALREADY_EXISTS, "RESERVATION_DIFFERS"},
  };
}

std::vector<BadCall> ChangeCases() {
  constexpr StatusCode kBad = StatusCode::INVALID_ARGUMENT;
  const auto extend = [](auto change) {
    auto request = ChangeOf<v1::ExtendReservationRequest>();
    request.mutable_ttl()->set_seconds(60);
    return Spoilt(&GrpcClient::reservation, &Reservation::ExtendReservation, request, change);
  };
  const auto change = [](auto spoil) {
    auto request = ChangeOf<v1::ChangeReservationRequest>();
    *request.add_lines() = LineOf("MUG", "S01", 1);
    return Spoilt(&GrpcClient::reservation, &Reservation::ChangeReservation, request, spoil);
  };
  const auto move = [](auto spoil) {
    auto request = ChangeOf<v1::MoveReservationRequest>();
    v1::LineMove& line = *request.add_moves();
    line.set_sku("MUG");
    line.set_from_location("S01");
    line.set_to_location("S02");
    return Spoilt(&GrpcClient::reservation, &Reservation::MoveReservation, request, spoil);
  };
  const auto commit = [](auto spoil) {
    auto request = ChangeOf<v1::CommitReservationRequest>();
    request.set_order_id("o-1");
    return Spoilt(&GrpcClient::reservation, &Reservation::CommitReservation, request, spoil);
  };
  const auto release = [](auto spoil) {
    return Spoilt(&GrpcClient::reservation, &Reservation::ReleaseReservation,
                  ChangeOf<v1::ReleaseReservationRequest>(), spoil);
  };
  const auto unknown = [](auto& r) { r.set_reservation_id("nobody"); };
  const auto no_request_id = [](auto& r) { r.clear_request_id(); };
  return {
      {"extend_unknown", extend(unknown), StatusCode::NOT_FOUND, "RESERVATION_UNKNOWN"},
      {"extend_without_request_id", extend(no_request_id), kBad, "FIELD_INVALID"},
      {"extend_without_ttl", extend([](auto& r) { r.clear_ttl(); }), kBad, "TTL_OUT_OF_RANGE"},
      {"extend_by_a_century", extend([](auto& r) { r.mutable_ttl()->set_seconds(3'155'760'000); }),
       kBad, "TTL_OUT_OF_RANGE"},
      {"extend_used_request_id", extend([](auto& r) { r.set_request_id("used"); }),
       StatusCode::ALREADY_EXISTS, "REQUEST_DIFFERS"},
      {"extend_released", extend([](auto& r) { r.set_reservation_id("released"); }),
       StatusCode::FAILED_PRECONDITION, "RESERVATION_RELEASED"},
      {"change_unknown", change(unknown), StatusCode::NOT_FOUND, "RESERVATION_UNKNOWN"},
      {"change_without_lines", change([](auto& r) { r.clear_lines(); }), kBad, "TOO_MANY_LINES"},
      {"change_position_twice", change([](auto& r) { *r.add_lines() = LineOf("MUG", "S01", 2); }),
       kBad, "POSITION_REPEATED"},
      {"change_negative", change([](auto& r) { r.mutable_lines(0)->set_quantity(-1); }), kBad,
       "QUANTITY_OUT_OF_RANGE"},
      {"change_beyond_stock", change([](auto& r) { r.mutable_lines(0)->set_quantity(11); }),
       StatusCode::FAILED_PRECONDITION, "INSUFFICIENT_STOCK"},
      {"move_unknown", move(unknown), StatusCode::NOT_FOUND, "RESERVATION_UNKNOWN"},
      {"move_without_moves", move([](auto& r) { r.clear_moves(); }), kBad, "TOO_MANY_LINES"},
      {"move_nowhere", move([](auto& r) { r.mutable_moves(0)->set_to_location("S01"); }), kBad,
       "FIELD_INVALID"},
      {"move_to_unknown_location",
       move([](auto& r) { r.mutable_moves(0)->set_to_location("S99"); }), StatusCode::NOT_FOUND,
       "LOCATION_UNKNOWN"},
      {"move_to_empty_location", move([](auto&) {}), StatusCode::FAILED_PRECONDITION,
       "INSUFFICIENT_STOCK"},
      {"move_more_than_held", move([](auto& r) { r.mutable_moves(0)->set_quantity(3); }),
       StatusCode::FAILED_PRECONDITION, "EXCEEDS_RESERVATION"},
      {"commit_unknown", commit(unknown), StatusCode::NOT_FOUND, "RESERVATION_UNKNOWN"},
      {"commit_without_order", commit([](auto& r) { r.clear_order_id(); }), kBad, "FIELD_INVALID"},
      {"commit_unknown_remainder",
       commit([](auto& r) { r.set_remainder(static_cast<v1::Remainder>(9)); }), kBad,
       "FIELD_INVALID"},
      {"commit_more_than_held", commit([](auto& r) { *r.add_lines() = LineOf("MUG", "S01", 3); }),
       StatusCode::FAILED_PRECONDITION, "EXCEEDS_RESERVATION"},
      {"release_unknown", release(unknown), StatusCode::NOT_FOUND, "RESERVATION_UNKNOWN"},
      {"release_more_than_held", release([](auto& r) { *r.add_lines() = LineOf("MUG", "S01", 3); }),
       StatusCode::FAILED_PRECONDITION, "EXCEEDS_RESERVATION"},
      {"release_again", release([](auto& r) { r.set_reservation_id("released"); }),
       StatusCode::FAILED_PRECONDITION, "RESERVATION_RELEASED"},
  };
}

std::vector<BadCall> ReservationListCases() {
  constexpr StatusCode kBad = StatusCode::INVALID_ARGUMENT;
  const auto list = [](auto spoil) {
    return Spoilt(&GrpcClient::reservation, &Reservation::ListReservations,
                  v1::ListReservationsRequest(), spoil);
  };
  const auto batch = [](int requests, int lines) {
    return Spoilt(&GrpcClient::reservation, &Reservation::BatchCreateReservations,
                  v1::BatchCreateReservationsRequest(), [&](auto& r) {
                    for (int i = 0; i < requests; ++i) {
                      auto& one = *r.add_requests();
                      one.set_reservation_id("b-" + std::to_string(i));
                      for (int j = 0; j < lines; ++j) *one.add_lines() = LineOf("MUG", "S01", 1);
                    }
                  });
  };
  return {
      {"get_reservation_unknown",
       Spoilt(&GrpcClient::reservation, &Reservation::GetReservation, v1::GetReservationRequest(),
              [](auto& r) { r.set_reservation_id("nobody"); }),
       StatusCode::NOT_FOUND, "RESERVATION_UNKNOWN"},
      {"get_reservation_without_id",
       Spoilt(&GrpcClient::reservation, &Reservation::GetReservation, v1::GetReservationRequest(),
              [](auto&) {}),
       kBad, "FIELD_INVALID"},
      {"list_reservations_negative_page", list([](auto& r) { r.set_page_size(-1); }), kBad,
       "FIELD_INVALID"},
      {"list_reservations_odd_token", list([](auto& r) { r.set_page_token("!"); }), kBad,
       "PAGE_TOKEN_INVALID"},
      {"list_reservations_odd_state",
       list([](auto& r) { r.set_state(static_cast<v1::ReservationState>(99)); }), kBad,
       "FIELD_INVALID"},
      {"batch_create_nothing", batch(0, 0), kBad, "FIELD_INVALID"},
      {"batch_create_1001", batch(1001, 1), kBad, "FIELD_INVALID"},
      {"batch_create_10020_lines", batch(20, 501), kBad, "FIELD_INVALID"},
  };
}

std::vector<BadCall> AvailabilityCases() {
  constexpr StatusCode kBad = StatusCode::INVALID_ARGUMENT;
  const auto get = [](auto spoil) {
    v1::GetAvailabilityRequest request;
    request.set_sku("MUG");
    request.set_location("S01");
    return Spoilt(&GrpcClient::availability, &Availability::GetAvailability, request, spoil);
  };
  const auto batch = [](int count) {
    return Spoilt(&GrpcClient::availability, &Availability::BatchGetAvailability,
                  v1::BatchGetAvailabilityRequest(), [count](auto& r) {
                    for (int i = 0; i < count; ++i) r.add_positions()->set_sku("MUG");
                  });
  };
  const auto find = [](auto spoil) {
    v1::FindAvailabilityRequest request;
    request.set_sku("MUG");
    return Spoilt(&GrpcClient::availability, &Availability::FindAvailability, request, spoil);
  };
  const auto list = [](auto spoil) {
    return Spoilt(&GrpcClient::availability, &Availability::ListAvailability,
                  v1::ListAvailabilityRequest(), spoil);
  };
  const auto explain = [](auto spoil) {
    v1::ExplainAvailabilityRequest request;
    request.mutable_position()->set_sku("MUG");
    request.mutable_position()->set_location("S01");
    return Spoilt(&GrpcClient::availability, &Availability::ExplainAvailability, request, spoil);
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  return {
      {"get_unknown_sku", get([](auto& r) { r.set_sku("NOBODY"); }), StatusCode::NOT_FOUND,
       "SKU_UNKNOWN"},
      {"get_unknown_location", get([](auto& r) { r.set_location("S99"); }), StatusCode::NOT_FOUND,
       "LOCATION_UNKNOWN"},
      {"get_unknown_channel", get([](auto& r) { r.set_channel("fax"); }), StatusCode::NOT_FOUND,
       "CHANNEL_UNKNOWN"},
      {"get_unknown_group", get([](auto& r) {
         r.clear_location();
         r.set_group("nowhere");
       }),
       StatusCode::NOT_FOUND, "GROUP_UNKNOWN"},
      {"get_nowhere", get([](auto& r) { r.clear_location(); }), kBad, "FIELD_INVALID"},
      {"get_location_and_group", get([](auto& r) { r.set_group("stores"); }), kBad,
       "FIELD_INVALID"},
      {"get_without_sku", get([](auto& r) { r.clear_sku(); }), kBad, "FIELD_INVALID"},
      {"batch_get_nothing", batch(0), kBad, "FIELD_INVALID"},
      {"batch_get_10001", batch(10'001), kBad, "FIELD_INVALID"},
      {"find_far_north", find([](auto& r) { r.mutable_near()->set_latitude(90.1); }), kBad,
       "FIELD_INVALID"},
      {"find_not_a_number", find([nan](auto& r) { r.mutable_near()->set_longitude(nan); }), kBad,
       "FIELD_INVALID"},
      {"find_negative_limit", find([](auto& r) { r.set_limit(-1); }), kBad, "FIELD_INVALID"},
      {"find_odd_purpose",
       find([](auto& r) { r.set_purpose(static_cast<v1::FulfilmentPurpose>(7)); }), kBad,
       "FIELD_INVALID"},
      {"list_negative_page", list([](auto& r) { r.set_page_size(-1); }), kBad, "FIELD_INVALID"},
      // Of the list of reservations.
      {"list_foreign_token", list([](auto& r) { r.set_page_token("cjE"); }), kBad,
       "PAGE_TOKEN_INVALID"},
      {"list_unknown_location", list([](auto& r) { r.set_location("S99"); }), StatusCode::NOT_FOUND,
       "LOCATION_UNKNOWN"},
      {"explain_unknown_sku", explain([](auto& r) { r.mutable_position()->set_sku("NOBODY"); }),
       StatusCode::NOT_FOUND, "SKU_UNKNOWN"},
      {"explain_year_10000", explain([](auto& r) { r.mutable_at()->set_seconds(253'402'300'800); }),
       kBad, "FIELD_INVALID"},
      {"explain_negative_entries", explain([](auto& r) { r.set_entries_max(-1); }), kBad,
       "FIELD_INVALID"},
      {"curve_nowhere",
       Spoilt(&GrpcClient::availability, &Availability::GetAvailabilityCurve,
              v1::GetAvailabilityCurveRequest(),
              [](auto& r) { r.mutable_position()->set_sku("MUG"); }),
       kBad, "FIELD_INVALID"},
      {"shortfalls_unknown_location",
       Spoilt(&GrpcClient::availability, &Availability::ListShortfalls, v1::ListShortfallsRequest(),
              [](auto& r) { r.set_location("S99"); }),
       StatusCode::NOT_FOUND, "LOCATION_UNKNOWN"},
  };
}

std::vector<BadCall> ItemAndLocationCases() {
  constexpr StatusCode kBad = StatusCode::INVALID_ARGUMENT;
  // A good new item first, so that half a batch would be seen.
  const auto item = [](auto spoil) {
    v1::PutItemsRequest request;
    request.add_items()->set_sku("FIRST");
    request.add_items()->set_sku("SECOND");
    return Spoilt(&GrpcClient::catalogue, &Catalogue::PutItems, request,
                  [&spoil](auto& r) { spoil(*r.mutable_items(1)); });
  };
  const auto location = [](auto spoil) {
    v1::PutLocationsRequest request;
    request.add_locations()->set_code("N01");
    request.add_locations()->set_code("N02");
    return Spoilt(&GrpcClient::catalogue, &Catalogue::PutLocations, request,
                  [&spoil](auto& r) { spoil(*r.mutable_locations(1)); });
  };
  const auto many_items = [](int count) {
    return Spoilt(&GrpcClient::catalogue, &Catalogue::PutItems, v1::PutItemsRequest(),
                  [count](auto& r) {
                    for (int i = 0; i < count; ++i) r.add_items()->set_sku("N" + std::to_string(i));
                  });
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  return {
      {"put_no_items", many_items(0), kBad, "FIELD_INVALID"},
      {"put_10001_items", many_items(10'001), kBad, "FIELD_INVALID"},
      {"put_item_without_sku", item([](auto& i) { i.clear_sku(); }), kBad, "FIELD_INVALID"},
      {"put_item_long_sku", item([](auto& i) { i.set_sku(kTooLong); }), kBad, "FIELD_INVALID"},
      {"put_item_twice", item([](auto& i) { i.set_sku("FIRST"); }), kBad, "FIELD_INVALID"},
      {"put_item_long_name", item([](auto& i) { i.set_name(std::string(501, 'n')); }), kBad,
       "FIELD_INVALID"},
      {"put_item_long_unit", item([](auto& i) { i.set_unit(std::string(33, 'u')); }), kBad,
       "FIELD_INVALID"},
      {"put_item_long_category", item([](auto& i) { i.set_category(std::string(501, 'c')); }), kBad,
       "FIELD_INVALID"},
      {"put_item_scale_7", item([](auto& i) { i.set_scale(7); }), kBad, "FIELD_INVALID"},
      {"put_item_scale_negative", item([](auto& i) { i.set_scale(-1); }), kBad, "FIELD_INVALID"},
      {"put_item_gtin_letters", item([](auto& i) { i.add_gtins("12A"); }), kBad, "FIELD_INVALID"},
      {"put_item_gtin_15_digits", item([](auto& i) { i.add_gtins("123456789012345"); }), kBad,
       "FIELD_INVALID"},
      {"put_item_33_gtins", item([](auto& i) {
         for (int n = 0; n < 33; ++n) i.add_gtins("123");
       }),
       kBad, "FIELD_INVALID"},
      {"put_item_negative_cost", item([](auto& i) { i.set_unit_cost_micros(-1); }), kBad,
       "FIELD_INVALID"},
      {"put_item_negative_price", item([](auto& i) { i.set_price_micros(kInt64Min); }), kBad,
       "FIELD_INVALID"},
      {"put_item_currency", item([](auto& i) { i.set_currency("eur"); }), kBad, "FIELD_INVALID"},
      {"put_item_other_scale", item([](auto& i) { i.set_sku("MUG"), i.set_scale(2); }),
       StatusCode::FAILED_PRECONDITION, "ITEM_SCALE_FIXED"},
      {"put_location_without_code", location([](auto& l) { l.clear_code(); }), kBad,
       "FIELD_INVALID"},
      {"put_location_twice", location([](auto& l) { l.set_code("N01"); }), kBad, "FIELD_INVALID"},
      {"put_location_kind", location([](auto& l) { l.set_kind(static_cast<v1::LocationKind>(9)); }),
       kBad, "FIELD_INVALID"},
      {"put_location_time_zone", location([](auto& l) { l.set_time_zone("here & there"); }), kBad,
       "FIELD_INVALID"},
      {"put_location_latitude",
       location([](auto& l) { l.mutable_coordinate()->set_latitude(-90.5); }), kBad,
       "FIELD_INVALID"},
      {"put_location_longitude",
       location([nan](auto& l) { l.mutable_coordinate()->set_longitude(nan); }), kBad,
       "FIELD_INVALID"},
  };
}

std::vector<BadCall> RuleCases() {
  constexpr StatusCode kBad = StatusCode::INVALID_ARGUMENT;
  const auto group = [](auto spoil) {
    v1::PutGroupsRequest request;
    request.add_groups()->set_group_id("n1");
    request.add_groups()->set_group_id("n2");
    return Spoilt(&GrpcClient::catalogue, &Catalogue::PutGroups, request,
                  [&spoil](auto& r) { spoil(*r.mutable_groups(1)); });
  };
  const auto channel = [](auto spoil) {
    v1::PutChannelsRequest request;
    request.add_channels()->set_channel_id("n1");
    request.add_channels()->set_channel_id("n2");
    return Spoilt(&GrpcClient::catalogue, &Catalogue::PutChannels, request,
                  [&spoil](auto& r) { spoil(*r.mutable_channels(1)); });
  };
  const auto safety = [](auto spoil) {
    v1::PutSafetyStocksRequest request;
    for (const char* location : {"S01", "S02"}) {
      v1::SafetyStock& rule = *request.add_safety_stocks();
      rule.set_sku("MUG");
      rule.set_location(location);
      rule.set_quantity(5);
    }
    return Spoilt(&GrpcClient::catalogue, &Catalogue::PutSafetyStocks, request,
                  [&spoil](auto& r) { spoil(*r.mutable_safety_stocks(1)); });
  };
  const auto supply = [](auto spoil) {
    v1::PutSuppliesRequest request;
    for (const char* id : {"po-1", "po-2"}) {
      v1::Supply& row = *request.add_supplies();
      row.set_supply_id(id);
      row.set_sku("MUG");
      row.set_location("S01");
      row.set_quantity(5);
      row.mutable_expected_at()->set_seconds(4'000'000'000);
    }
    return Spoilt(&GrpcClient::catalogue, &Catalogue::PutSupplies, request,
                  [&spoil](auto& r) { spoil(*r.mutable_supplies(1)); });
  };
  return {
      {"put_group_without_id", group([](auto& g) { g.clear_group_id(); }), kBad, "FIELD_INVALID"},
      {"put_group_twice", group([](auto& g) { g.set_group_id("n1"); }), kBad, "FIELD_INVALID"},
      {"put_group_member_twice", group([](auto& g) {
         g.add_locations("S01");
         g.add_locations("S01");
       }),
       kBad, "FIELD_INVALID"},
      {"put_group_10001_members", group([](auto& g) {
         for (int i = 0; i < 10'001; ++i) g.add_locations("L" + std::to_string(i));
       }),
       kBad, "FIELD_INVALID"},
      {"put_group_unknown_member", group([](auto& g) { g.add_locations("S99"); }),
       StatusCode::NOT_FOUND, "LOCATION_UNKNOWN"},
      {"put_channel_negative_buffer", channel([](auto& c) { c.set_buffer(-1); }), kBad,
       "FIELD_INVALID"},
      {"put_channel_large_buffer", channel([](auto& c) { c.set_buffer(kQuantityMost + 1); }), kBad,
       "FIELD_INVALID"},
      {"put_channel_twice", channel([](auto& c) { c.set_channel_id("n1"); }), kBad,
       "FIELD_INVALID"},
      {"put_channel_unknown_group", channel([](auto& c) { c.set_group_id("nowhere"); }),
       StatusCode::NOT_FOUND, "GROUP_UNKNOWN"},
      {"put_safety_for_nothing", safety([](auto& s) { s.clear_sku(), s.clear_location(); }), kBad,
       "FIELD_INVALID"},
      {"put_safety_negative", safety([](auto& s) { s.set_quantity(-1); }), kBad, "FIELD_INVALID"},
      {"put_safety_largest", safety([](auto& s) { s.set_quantity(kInt64Max); }), kBad,
       "FIELD_INVALID"},
      {"put_safety_twice", safety([](auto& s) { s.set_location("S01"); }), kBad, "FIELD_INVALID"},
      {"put_safety_unknown_sku", safety([](auto& s) { s.set_sku("NOBODY"); }),
       StatusCode::NOT_FOUND, "SKU_UNKNOWN"},
      {"put_safety_unknown_location", safety([](auto& s) { s.set_location("S99"); }),
       StatusCode::NOT_FOUND, "LOCATION_UNKNOWN"},
      {"put_supply_without_id", supply([](auto& s) { s.clear_supply_id(); }), kBad,
       "FIELD_INVALID"},
      {"put_supply_twice", supply([](auto& s) { s.set_supply_id("po-1"); }), kBad, "FIELD_INVALID"},
      {"put_supply_negative", supply([](auto& s) { s.set_quantity(-1); }), kBad, "FIELD_INVALID"},
      {"put_supply_without_date", supply([](auto& s) { s.clear_expected_at(); }), kBad,
       "FIELD_INVALID"},
      {"put_supply_year_0",
       supply([](auto& s) { s.mutable_expected_at()->set_seconds(-62'135'596'801); }), kBad,
       "FIELD_INVALID"},
      {"put_supply_unknown_sku", supply([](auto& s) { s.set_sku("NOBODY"); }),
       StatusCode::NOT_FOUND, "SKU_UNKNOWN"},
      {"put_supply_unknown_location", supply([](auto& s) { s.set_location("S99"); }),
       StatusCode::NOT_FOUND, "LOCATION_UNKNOWN"},
      {"list_items_foreign_token",
       Spoilt(&GrpcClient::catalogue, &Catalogue::ListItems, v1::ListItemsRequest(),
              [](auto& r) { r.set_page_token("bFMwMQ"); }),
       kBad, "PAGE_TOKEN_INVALID"},
      {"batch_get_items_nothing",
       Spoilt(&GrpcClient::catalogue, &Catalogue::BatchGetItems, v1::BatchGetItemsRequest(),
              [](auto&) {}),
       kBad, "FIELD_INVALID"},
      {"batch_get_items_too_many",
       Spoilt(&GrpcClient::catalogue, &Catalogue::BatchGetItems, v1::BatchGetItemsRequest(),
              [](auto& r) {
                for (int i = 0; i < 1001; ++i) r.add_skus("MUG");
              }),
       kBad, "FIELD_INVALID"},
      {"list_locations_negative_page",
       Spoilt(&GrpcClient::catalogue, &Catalogue::ListLocations, v1::ListLocationsRequest(),
              [](auto& r) { r.set_page_size(-5); }),
       kBad, "FIELD_INVALID"},
  };
}

std::vector<BadCall> OperationsCases() {
  constexpr StatusCode kBad = StatusCode::INVALID_ARGUMENT;
  const auto backup = [](const std::string& name) {
    return Spoilt(&GrpcClient::operations, &Operations::Backup, v1::BackupRequest(),
                  [&name](auto& r) { r.set_file_name(name); });
  };
  const auto replay = [](auto spoil) {
    return Spoilt(&GrpcClient::adapter, &Adapter::ReplayQuarantine, v1::ReplayQuarantineRequest(),
                  spoil);
  };
  const auto list = [](auto spoil) {
    return Spoilt(&GrpcClient::adapter, &Adapter::ListQuarantine, v1::ListQuarantineRequest(),
                  spoil);
  };
  return {
      {"backup_without_name", backup(""), kBad, "FIELD_INVALID"},
      {"backup_outside", backup("../copy.sqlite"), kBad, "FIELD_INVALID"},
      {"backup_absolute", backup("/tmp/copy.sqlite"), kBad, "FIELD_INVALID"},
      {"backup_hidden", backup(".copy"), kBad, "FIELD_INVALID"},
      {"verify_negative",
       Spoilt(&GrpcClient::operations, &Operations::Verify, v1::VerifyRequest(),
              [](auto& r) { r.set_differences_max(-1); }),
       kBad, "FIELD_INVALID"},
      {"quarantine_unknown",
       Spoilt(&GrpcClient::adapter, &Adapter::GetQuarantined, v1::GetQuarantinedRequest(),
              [](auto& r) { r.set_quarantine_id(12'345); }),
       StatusCode::NOT_FOUND, "QUARANTINE_UNKNOWN"},
      {"list_quarantine_odd_reason", list([](auto& r) { r.set_reason("BAD_LUCK"); }), kBad,
       "FIELD_INVALID"},
      {"list_quarantine_odd_token", list([](auto& r) { r.set_page_token("%%"); }), kBad,
       "PAGE_TOKEN_INVALID"},
      {"replay_1001_ids", replay([](auto& r) {
         for (int i = 1; i <= 1001; ++i) r.add_quarantine_ids(i);
       }),
       kBad, "FIELD_INVALID"},
      {"replay_ids_and_reason", replay([](auto& r) {
         r.add_quarantine_ids(1);
         r.set_reason("SKU_UNKNOWN");
       }),
       kBad, "FIELD_INVALID"},
  };
}

std::vector<BadCall> AllCases() {
  std::vector<BadCall> all;
  for (auto cases : {CreateCases(), ChangeCases(), ReservationListCases(), AvailabilityCases(),
                     ItemAndLocationCases(), RuleCases(), OperationsCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

class BadCalls : public DaemonFixture {
 protected:
  void SetUp() override {
    DaemonFixture::SetUp();
    Stock("MUG", "S01", 10);
    Reserve("held", "MUG", "S01", 2);
    Reserve("released", "MUG", "S01", 1);
    auto request = ChangeOf<v1::ReleaseReservationRequest>();
    request.set_reservation_id("released");
    request.set_request_id("used");
    v1::ReleaseReservationResponse response;
    ASSERT_TRUE(
        client()
            .Call(client().reservation(), &Reservation::ReleaseReservation, request, response)
            .ok());
  }
};

TEST_F(BadCalls, AreRefusedWithTheirReasonAndChangeNothing) {
  const std::string before = Fingerprint();
  for (const BadCall& bad : AllCases()) {
    SCOPED_TRACE(bad.name);
    const grpc::Status status = bad.call(client());
    EXPECT_EQ(status.error_code(), bad.code) << Describe(status);
    EXPECT_EQ(support::ReasonOf(status), bad.reason) << Describe(status);
    EXPECT_FALSE(status.error_message().empty());
  }
  EXPECT_EQ(Fingerprint(), before);
}

// A refusal inside a batch is not a failed call.
TEST_F(BadCalls, ABatchOfReservationsRefusesEachOnItsOwn) {
  v1::BatchCreateReservationsRequest request;
  *request.add_requests() = support::CreateOf("fits", "MUG", "S01", 7);
  *request.add_requests() = support::CreateOf("too much", "MUG", "S01", 2);
  v1::BatchCreateReservationsResponse response;
  const grpc::Status status = client().Call(
      client().reservation(), &Reservation::BatchCreateReservations, request, response);
  ASSERT_TRUE(status.ok()) << Describe(status);
  ASSERT_EQ(response.results_size(), 2);
  EXPECT_EQ(response.results(0).reservation().lines(0).held(), 7);
  EXPECT_EQ(response.results(1).refusal().reason(), "INSUFFICIENT_STOCK");
  EXPECT_EQ(response.results(1).refusal().code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(response.results(1).refusal().metadata().at("available"), "1");
}

}  // namespace
}  // namespace stockd::support
