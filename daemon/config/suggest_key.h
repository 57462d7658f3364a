// Guesses which key somebody meant who wrote one that does not exist.
#pragma once

#include <string>
#include <string_view>

namespace stockd::config {

// What an unknown table name at the top of a file stands for, ready to be shown: "[server]",
// "[[source]]", or "listen below [server]" for a key that stands outside of its table. Empty when
// nothing is near.
std::string SuggestTable(std::string_view name);

// What an unknown key of `table` stands for: a name that is right in another table is that one's,
// else the nearest name of this table, else the nearest of all. Empty when nothing is near.
std::string SuggestKey(std::string_view table, std::string_view name);

}  // namespace stockd::config
