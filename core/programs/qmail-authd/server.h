// Takes questions from run/auth/check, has each answered by a checker of its own, and sends the answers,
// those that are a no with a delay. qmail-authd(8).
#pragma once
#include <cstdint>
#include <list>
#include <string>

#include "core/base/clock.h"
#include "core/base/fd.h"
#include "core/base/program.h"
#include "core/control/control.h"
#include "core/programs/qmail-authd/limits.h"
#include "core/programs/qmail-authd/try.h"

namespace qmail::authd {

class Server {
 public:
  /// `clock` never goes back, and must outlive this object, as `home` must.
  Server(const Directory& home, Fd listener, const accounts::Premises& premises, const Limits& limits,
         std::string salt_secret, const Clock& clock);
  /// Until TERM or INT. Throws Failure.
  void run();

 private:
  void wait();
  void take_in();
  void read_questions();
  void read_question(Try& next);
  void admit(Try& next, const accounts::AuthQuestion& question);
  void turn_away(Try& next, const std::string& why);
  void start_checks();
  void start(Try& next);
  void reap();
  void conclude(Try& checked, int status);
  void refuse(Try& failed);
  void tell_salt(Try& asked, const accounts::AuthAnswer& found);
  /// What has taken its time.
  void end_what_is_due();
  void remove_what_is_over();

  std::int64_t now() const;
  std::size_t running() const;
  void say(const std::string& text);
  void warn(const Try& about, const std::string& why);

  const Directory& home_;
  Fd listener_;
  const accounts::Premises premises_;
  const Limits limits_;
  const std::string salt_secret_;
  const Clock& clock_;
  Crowd<Ip> addresses_;
  Crowd<std::string> accounts_;
  Failures failures_;
  std::list<Try> tries_;  ///< in the order they came
};

/// All of the program. Throws Failure.
int serve(Process& self);

}  // namespace qmail::authd
