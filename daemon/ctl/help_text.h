// The help of stockctl, from the table of commands.
#pragma once

#include <string>

#include "daemon/ctl/command.h"

namespace stockd::ctl {

// `stockctl --help`: all commands, the options that each takes, the exit codes.
std::string OverviewText();

// `stockctl quarantine --help`: the commands that begin with this word.
std::string FamilyText(std::string_view first_word);

// `stockctl reserve --help`.
std::string HelpText(const Command& command);

// "stockctl reserve ID SKU@LOCATION:QUANTITY... [options]".
std::string UsageLine(const Command& command);

}  // namespace stockd::ctl
