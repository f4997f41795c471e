#include "core/programs/qmail-authd/try.h"

#include <cerrno>
#include <sys/socket.h>

#include "core/base/publish.h"

namespace qmail::authd {
namespace {

constexpr int claim_fd = 3;
constexpr const char* report_word = "report";

}  // namespace

bool Try::start(const std::vector<std::string>& program, const Premises& premises) {
  auto question = Pipe::try_make();
  auto report = Pipe::try_make();
  // Nobody reads yet, but a pipe holds more than this.
  if (!question || !report || !try_write_all(question->write.get(), claim.bytes())) return false;
  claim.forget();
  question->write.close();
  given_ = premises.environment;
  if (address) given_.set("TCPREMOTEIP", address->text());
  program_ = program.front();
  std::vector<std::string> argv = program;
  argv.insert(argv.end(), {premises.reporter, report_word});
  const auto pid = spawn({.argv = std::move(argv),
                          .fds = {{premises.null, 0},
                                  {report->write.get(), 1},
                                  {premises.err, 2},
                                  {question->read.get(), claim_fd}},
                          .environment = given_,
                          .directory = "/"});
  if (!pid) return false;
  checker = *pid;
  report_ = std::move(report->read);
  // What a checker has left behind may hold the other end for ever.
  return ::fcntl(report_.get(), F_SETFL, O_NONBLOCK) == 0;
}

Finding Try::finish(int status) {
  checker = 0;
  std::string room(accounts::longest_user + 1, '\0');
  const ssize_t got = ::read(report_.get(), room.data(), room.size());
  room.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  report_.close();
  Finding finding = judge(status, room, given_);
  if (is_too_slow) finding.trouble = "has taken too long";
  if (!finding.trouble.empty()) finding.trouble = program_ + " " + finding.trouble;
  return finding;
}

void Try::answer(const accounts::AuthAnswer& answer) {
  const std::string packet = accounts::encode_answer(answer);
  static_cast<void>(::send(asker.get(), packet.data(), packet.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
  stage = Stage::is_over;
}

}  // namespace qmail::authd
