#pragma once

#include <vector>

#include "daemon/ctl/command.h"
#include "stockd/v1/report_service.pb.h"

namespace stockd::ctl {

// Options that say which period, which places, which items ... a question about figures is about.
std::vector<Argument> QuestionOptions();

// What they say, without figures. Throws UsageError.
v1::QueryReportRequest QuestionOf(const Session& session, const Arguments& arguments);

// The commands about policy experiments.
void AddExperimentCommands(std::vector<Command>& commands);
// The commands that record visits and online contacts.
void AddVisitsCommand(std::vector<Command>& commands);
// The command that lists what is behind a figure.
void AddBehindCommand(std::vector<Command>& commands);

}  // namespace stockd::ctl
