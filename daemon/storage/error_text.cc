#include "daemon/storage/error_text.h"

namespace stockd::storage {
namespace {

std::string_view Advice(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL: return " Free space on the disk and start stockd again.";
    case SQLITE_IOERR: return " Check the disk and the system's log, then start stockd again.";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return " Give the user that runs stockd the right to write the file and its folder.";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return " The file is truncated or corrupt: restore it from a backup.";
    case SQLITE_BUSY: return " Another program keeps the database locked: stop it.";
    default: return "";
  }
}

}  // namespace

std::string ErrorText(std::string_view path, std::string_view doing, const Connection& connection) {
  std::string text = "Could not ";
  text += doing;
  text += " in the database \"";
  text += path;
  text += "\": ";
  text += connection.Message();
  text += '.';
  text += Advice(sqlite3_extended_errcode(connection.handle()));
  return text;
}

std::string DamageText(std::string_view path, std::string_view what) {
  std::string text = "The database \"";
  text += path;
  text += "\" is corrupt: ";
  text += what;
  text += " cannot be understood. Restore it from a backup.";
  return text;
}

}  // namespace stockd::storage
