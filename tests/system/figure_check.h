#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "stockd/v1/report_service.grpc.pb.h"
#include "tests/support/grpc_client.h"

namespace stockd::system_test {

// A question to ReportService; days as "2011-01-01", in UTC.
struct Question {
  std::vector<std::string> figures;
  std::string begin;
  std::string end;
  v1::ReportBucket bucket = v1::REPORT_BUCKET_UNSPECIFIED;
  std::vector<std::string> by = {};
  std::vector<std::string> sources = {};
  std::vector<std::string> categories = {};
};

// Rows by figure, begin of the bucket ("2011-01", empty for the whole period) and group.
class Answer {
 public:
  void Add(const v1::ReportRow& row, bool is_cut);

  // Values; 0 when there is no such row.
  double Numerator(const std::string& figure, const std::string& group = "",
                   const std::string& month = "") const;
  double Denominator(const std::string& figure, const std::string& group = "",
                     const std::string& month = "") const;
  double Value(const std::string& figure, const std::string& group = "",
               const std::string& month = "") const;
  double Percentile(const std::string& figure, int percent, const std::string& group = "") const;
  double Excluded(const std::string& figure, const std::string& reason,
                  const std::string& group = "") const;
  // Groups of a figure by numerator, largest first; equal ones by name.
  std::vector<std::pair<std::string, double>> Largest(const std::string& figure) const;
  bool IsExact(const std::string& figure) const;

 private:
  const v1::ReportRow& Find(const std::string& figure, const std::string& group,
                            const std::string& month) const;

  std::map<std::string, v1::ReportRow> rows_;
};

// Compares figures of the daemon with those of reference.json, and prints them side by side.
class FigureCheck {
 public:
  FigureCheck(support::GrpcClient& client, std::string data_set)
      : client_(client), data_set_(std::move(data_set)) {}
  ~FigureCheck();
  FigureCheck(const FigureCheck&) = delete;
  FigureCheck& operator=(const FigureCheck&) = delete;

  // Waits until everything that was told is in.
  Answer Ask(const Question& question);

  // They are equal when rounded as the reference is: to the decimals of its text, or to six.
  // `what` is "family" or "family/member...": a family takes one line of the table.
  void Equal(const std::string& what, double ours, const nlohmann::json& reference);
  // The reference has something that the daemon has no such figure for.
  void Leave(const std::string& what, const std::string& why);

 private:
  struct Family {
    int equal = 0;
    int different = 0;
    double ours = 0;
    std::string reference;
  };

  support::GrpcClient& client_;
  const std::string data_set_;
  std::vector<std::string> order_;
  std::map<std::string, Family> families_;
  std::vector<std::pair<std::string, std::string>> left_;
};

}  // namespace stockd::system_test
