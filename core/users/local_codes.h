// Exit codes on the way to a local delivery, beyond 0, 100 and 111: those of qmail-getpw, of the child
// qmail-lspawn starts, and of qmail-local where NFS is in its way. qmail-lspawn makes them into reports.
#pragma once

namespace qmail::users {

enum class LocalCode : int {
  usage = 112,
  root = 113,
  nfs = 115,
  no_alias = 116,
  cdb = 117,
  system = 118,
  out_of_memory = 119,
  cannot_run_now = 120,
  cannot_run_getpw = 121,
  cannot_run = 126,
};

}  // namespace qmail::users
