// fuzzes: qmail-user.code
#include <cstdint>
#include <cstdlib>

#include "core/accounts/vida.h"
#include "core/base/program.h"
#include "core/programs/qmail-user/formats.h"

const qmail::ProgramText qmail::program_text{"qmail-user", "", "", ""};

/// Whatever a list is, everybody in it has a login that fits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace qmail;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  static_cast<void>(user::detect_format(text));
  for (const auto format :
       {user::Format::passwd, user::Format::poppasswd, user::Format::cmd5, user::Format::vida}) {
    const auto parsed = user::parse_list(format, text);
    const auto* list = std::get_if<std::vector<user::Foreign>>(&parsed);
    if (list == nullptr) continue;
    for (const user::Foreign& foreign : *list)
      if (!accounts::problem_of_login(foreign.user.login).empty()) std::abort();
  }
  const auto record = accounts::vida::parse_record(text);
  if (record && accounts::vida::parse_record(accounts::vida::bytes_of(*record)) != record) std::abort();
  return 0;
}
