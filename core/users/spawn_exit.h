// How qmail-getpw, and the child of qmail-lspawn that is to become qmail-local, tell qmail-lspawn why there
// was no delivery: exit codes that it turns into a report. 0, 100 and 111 are qmail-local's own.
// qmail-lspawn(8).
#pragma once

namespace qmail::users {

enum class SpawnExit : int {
  usage = 112,
  root = 113,
  nfs = 115,
  no_alias = 116,
  bad_cdb = 117,
  system = 118,
  no_memory = 119,
  exec_soft = 120,
  exec_getpw = 121,
  exec_hard = 126,
};

}  // namespace qmail::users
