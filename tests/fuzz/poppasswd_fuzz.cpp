// fuzzes: qmail_accounts
#include <cstdint>
#include <cstdlib>

#include "core/accounts/poppasswd.h"

/// Every login of a file is found in it, is changed without harm to others, and can be taken out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  namespace pop = qmail::accounts::poppasswd;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto parsed = pop::parse(text);
  const auto* users = std::get_if<std::vector<qmail::accounts::MailUser>>(&parsed);
  if (users == nullptr) return 0;
  for (const auto& user : *users) {
    if (!std::holds_alternative<qmail::accounts::MailUser>(pop::find(text, user.login))) std::abort();
    auto changed = user;
    changed.hash = "!";
    const auto again = pop::parse(pop::with(text, changed));
    if (std::get<std::vector<qmail::accounts::MailUser>>(again).size() != users->size()) std::abort();
    const auto rest = pop::without(text, user.login);
    if (!rest || std::holds_alternative<qmail::accounts::MailUser>(pop::find(*rest, user.login)))
      std::abort();
  }
  return 0;
}
