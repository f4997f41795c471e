#include "core/dns/system_asker.h"

#include <algorithm>
#include <fcntl.h>
#include <poll.h>

#include "core/base/fd.h"
#include "core/dns/inquiry.h"

namespace qmail::dns {
namespace {

constexpr std::size_t largest_file = std::size_t{16} << 20;

/// Until one of them may go on.
void wait_for_some(std::vector<Inquiry>& inquiries) {
  std::vector<pollfd> wanted(inquiries.size(), pollfd{-1, 0, 0});
  int milliseconds = -1;
  for (std::size_t at = 0; at < inquiries.size(); ++at) {
    if (inquiries[at].is_over()) continue;
    wanted[at] = {inquiries[at].fd(), inquiries[at].events(), 0};
    const int left = inquiries[at].milliseconds_left();
    milliseconds = milliseconds < 0 ? left : std::min(milliseconds, left);
  }
  const int ready = ::poll(wanted.data(), wanted.size(), milliseconds);
  for (std::size_t at = 0; at < inquiries.size(); ++at) {
    if (ready > 0 && wanted[at].revents != 0) inquiries[at].proceed();
    if (!inquiries[at].is_over()) inquiries[at].look_at_time();
  }
}

}  // namespace

std::string settings_text(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  return file ? try_read_all(file.get(), largest_file).value_or("") : "";
}

void SystemAsker::ask(std::span<const Question> questions, const TakeLookup& take) {
  ResolvConf conf = parse_resolv_conf(settings_text(sources_.resolv_conf));
  if (conf.servers.empty()) conf.servers.push_back({Ip::v4({127, 0, 0, 1})});
  const Deadline total(clock_, sources_.total_seconds);
  std::vector<Inquiry> inquiries;
  inquiries.reserve(questions.size());
  for (const Question& question : questions) inquiries.emplace_back(conf, sources_, clock_, total, question);
  std::vector<bool> told(inquiries.size());
  for (std::size_t left = inquiries.size(); left > 0;) {
    for (std::size_t at = 0; at < inquiries.size(); ++at) {
      if (told[at] || !inquiries[at].is_over()) continue;
      told[at] = true;
      --left;
      if (!take(at, inquiries[at].result())) return;
    }
    if (left > 0) wait_for_some(inquiries);
  }
}

}  // namespace qmail::dns
