#include "daemon/rpc/distance.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "daemon/rpc/status.h"

namespace stockd::rpc {

grpc::Status CheckCoordinate(std::string_view field, const v1::Coordinate& coordinate) {
  // Written so that NaN is refused too.
  if (!(std::abs(coordinate.latitude()) <= 90)) {
    return InvalidField(std::string(field) + ".latitude", "is not within -90 to 90");
  }
  if (!(std::abs(coordinate.longitude()) <= 180)) {
    return InvalidField(std::string(field) + ".longitude", "is not within -180 to 180");
  }
  return grpc::Status::OK;
}

// The haversine formula on a sphere of the mean Earth radius.
double Distance(const v1::Coordinate& from, const storage::Location& to) {
  constexpr double kEarthRadiusM = 6'371'008.8;
  constexpr double kRadians = std::numbers::pi / 180;
  const double half_latitude = std::sin((to.latitude - from.latitude()) * kRadians / 2);
  const double half_longitude = std::sin((to.longitude - from.longitude()) * kRadians / 2);
  const double chord = half_latitude * half_latitude + std::cos(from.latitude() * kRadians) *
                                                           std::cos(to.latitude * kRadians) *
                                                           half_longitude * half_longitude;
  return 2 * kEarthRadiusM * std::asin(std::min(1.0, std::sqrt(chord)));
}

}  // namespace stockd::rpc
