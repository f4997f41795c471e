#include "ucspi/rblsmtpd/rblsmtpd.h"

#include <csignal>
#include <unistd.h>

#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/base/spawn.h"
#include "core/dns/caching_asker.h"
#include "core/dns/system_asker.h"
#include "ucspi/lib/block_lists.h"
#include "ucspi/lib/onward.h"
#include "ucspi/rblsmtpd/dialogue.h"

namespace qmail::ucspi {
namespace {

std::string_view remote_ip(const Process& self) { return self.environment.get("TCPREMOTEIP"); }

Verdict decide(const Process& self, const BlockOptions& options, dns::Asker& asker) {
  if (const auto given = verdict_of(self.environment)) return *given;
  return ask_lists(options.lists, remote_ip(self), asker);
}

void refuse(const Process& self, const Verdict& verdict, unsigned timeout_seconds) {
  signals::ignore(SIGPIPE);
  const std::string refusal = refusal_line(verdict);
  // Nobody is left to tell if the log is gone.
  static_cast<void>(Writer(self.err)
                        .put("rblsmtpd: ")
                        .put(remote_ip(self))
                        .put(" pid " + std::to_string(::getpid()) + ": " + refusal + "\n")
                        .flush());
  if (timeout_seconds == 0) {
    // As is nobody if the client is gone.
    static_cast<void>(Writer(self.out).put(refusal).put("\r\n").flush());
    return;
  }
  const signals::TimeLimit limit(timeout_seconds, 0, "");
  refuse_all(self.in, self.out, refusal);
}

/// Has the client.
int serve(const Process& self, dns::Asker& asker) {
  const BlockOptions options = BlockOptions::parse(self.args);
  const Verdict verdict = decide(self, options, asker);
  if (verdict.is_refused) {
    refuse(self, verdict, options.timeout_seconds);
    return 0;
  }
  exec({.argv = options.program});
  throw Failure::system("run " + options.program.front());
}

/// What becomes of a client that somebody else has.
Onward answer(const Process& self, dns::Asker& asker) {
  const BlockOptions options = BlockOptions::parse(self.args);
  const Verdict verdict = decide(self, options, asker);
  if (!verdict.is_refused) return {.first = 1 + self.args.size() - options.program.size()};
  Onward onward{.first = 0};
  if (auto words = words_of(verdict)) onward.variables.emplace_back("RBLSMTPD", std::move(*words));
  return onward;
}

class RblsmtpdWork final : public resident::Work {
 public:
  int run(Process& self, resident::Shift& shift) override {
    // A worker that becomes the program is one that its master sees end as the program ends.
    if (!is_question(self)) return serve(self, cache_);
    shift.say(encode_onward(answer(self, cache_)));
    return 0;
  }

 private:
  SteadyClock clock_;
  dns::SystemAsker system_{clock_, {.total_seconds = lookup_seconds}};
  dns::CachingAsker cache_{system_, clock_};
};

}  // namespace

int run_rblsmtpd(Process& self) {
  const SteadyClock clock;
  dns::SystemAsker asker(clock, {.total_seconds = lookup_seconds});
  return serve(self, asker);
}

std::unique_ptr<resident::Work> make_rblsmtpd_work() { return std::make_unique<RblsmtpdWork>(); }

}  // namespace qmail::ucspi
