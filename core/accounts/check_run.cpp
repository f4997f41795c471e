#include "core/accounts/check_run.h"

#include <cerrno>

#include "core/base/publish.h"
#include "core/base/spawn.h"

namespace qmail::accounts {
namespace {

constexpr const char* report_word = "report";

}  // namespace

std::optional<CheckRun> CheckRun::start(std::vector<std::string> checker, Claim& claim,
                                        const Premises& premises, Purpose purpose) {
  auto question = Pipe::try_make();
  auto report = Pipe::try_make();
  // Nobody reads yet, but a pipe holds more than this.
  if (!question || !report || !try_write_all(question->write.get(), claim.bytes())) return std::nullopt;
  claim.forget();
  question->write.close();
  CheckRun run(checker.front(), premises.environment, purpose);
  if (purpose == Purpose::salt) {
    checker.emplace_back(salt_option);
  } else {
    checker.insert(checker.end(), {premises.reporter, report_word});
  }
  const auto pid = spawn({.argv = std::move(checker),
                          .fds = {{premises.null, 0},
                                  {report->write.get(), 1},
                                  {premises.err, 2},
                                  {question->read.get(), claim_fd}},
                          .environment = premises.environment,
                          .directory = "/"});
  if (!pid) return std::nullopt;
  run.pid_ = *pid;
  run.report_ = std::move(report->read);
  // What a checker has left behind may hold the other end for ever.
  if (::fcntl(run.report_.get(), F_SETFL, O_NONBLOCK) < 0) return std::nullopt;
  return run;
}

Finding CheckRun::finish(int status, bool is_too_slow) {
  std::string room(longest_user + 1, '\0');
  const ssize_t got = ::read(report_.get(), room.data(), room.size());
  room.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  report_.close();
  Finding finding = purpose_ == Purpose::salt ? judge_salt(status, room) : judge(status, room, given_);
  if (is_too_slow) finding.trouble = "has taken too long";
  if (!finding.trouble.empty()) finding.trouble = program_ + " " + finding.trouble;
  return finding;
}

}  // namespace qmail::accounts
