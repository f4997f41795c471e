#include "core/programs/qmail-lspawn/local_report.h"

#include <array>

#include "core/base/spawn.h"
#include "core/users/local_codes.h"

namespace qmail {
namespace {

using users::LocalCode;

struct CodeReport {
  LocalCode code;
  std::string_view report;
};

constexpr std::array<CodeReport, 10> code_reports{{
    {LocalCode::cdb, "ZTrouble reading users/cdb in qmail-lspawn.\n"},
    {LocalCode::out_of_memory, "ZOut of memory in qmail-lspawn.\n"},
    {LocalCode::system, "ZTemporary failure in qmail-lspawn.\n"},
    {LocalCode::no_alias, "ZUnable to find alias user!\n"},
    {LocalCode::root, "ZNot allowed to perform deliveries as root.\n"},
    {LocalCode::usage, "ZInternal qmail-lspawn bug.\n"},
    {LocalCode::nfs, "ZNFS failure in qmail-local.\n"},
    {LocalCode::cannot_run, "DUnable to run qmail-local.\n"},
    {LocalCode::cannot_run_now, "ZUnable to run qmail-local.\n"},
    {LocalCode::cannot_run_getpw, "ZUnable to run qmail-getpw.\n"},
}};

constexpr std::size_t longest_report = 3000;
constexpr std::string_view cut_note = "\nError report too long, sorry.\n";
constexpr std::size_t kept_of_long_report = longest_report - cut_note.size() - 3;  // stock's length

char letter_for(int code) {
  switch (code) {
    case 0: return 'K';
    case 71:  // EX_OSERR, EX_IOERR and EX_TEMPFAIL of sysexits.h
    case 74:
    case 75:
    case 111: return 'Z';
    default: return 'D';
  }
}

}  // namespace

std::string local_report(int status, std::string_view output) {
  if (crashed(status)) return "Zqmail-local crashed.\n";
  const int code = exit_code(status);
  for (const auto& [known, report] : code_reports)
    if (static_cast<int>(known) == code) return std::string(report);
  std::string text(1, letter_for(code));
  if (output.size() > longest_report)
    text.append(output.substr(0, kept_of_long_report)).append(cut_note);
  else
    text.append(output);
  return text.substr(0, text.find('\0'));
}

}  // namespace qmail
