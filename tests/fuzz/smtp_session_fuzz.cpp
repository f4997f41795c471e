// fuzzes: qmail_smtp
#include <csignal>
#include <cstdint>
#include <cstdlib>

#include "core/base/signals.h"
#include "core/smtp/server_session.h"

namespace {

class FixedClock final : public qmail::Clock {
 public:
  qmail::Moment moment() const override { return {0, 0}; }
};

}  // namespace

/// Any conversation ends, with 0 or 1. Without a queue program no message is accepted.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size > 60000) return 0;  // what a pipe takes at once
  qmail::signals::ignore(SIGPIPE);
  qmail::Pipe in = qmail::Pipe::make();
  const qmail::Fd out(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (!qmail::Writer(in.write.get()).put(text).flush()) std::abort();
  in.write.close();
  const qmail::Directory home = qmail::Directory::open("/");
  const FixedClock clock;
  qmail::smtpd::Settings settings;
  settings.literal_host = "host";
  qmail::smtpd::Facts facts{.environment = {{"QMAILQUEUE", "/nonexistent"}},
                            .terms = {.longest_message = 0, .relay_suffix = ""}};
  qmail::smtpd::Session session({in.read.get(), out.get(), home, clock, settings, facts, {}});
  const int code = session.run();
  if (code != 0 && code != 1) std::abort();
  return 0;
}
