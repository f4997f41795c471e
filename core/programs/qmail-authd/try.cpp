#include "core/programs/qmail-authd/try.h"

#include <sys/socket.h>

namespace qmail::authd {

bool Try::start(const std::vector<std::string>& program, accounts::Premises premises) {
  using Purpose = accounts::CheckRun::Purpose;
  if (address) premises.environment.set("TCPREMOTEIP", address->text());
  checker = accounts::CheckRun::start(program, claim, premises, wants_salt ? Purpose::salt : Purpose::check);
  return checker.has_value();
}

accounts::Finding Try::finish(int status) {
  accounts::Finding finding = checker->finish(status, is_too_slow);
  checker.reset();
  return finding;
}

void Try::answer(const accounts::AuthAnswer& answer) {
  const std::string packet = accounts::encode_answer(answer);
  static_cast<void>(::send(asker.get(), packet.data(), packet.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
  stage = Stage::is_over;
}

}  // namespace qmail::authd
