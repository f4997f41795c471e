#include "installer/plan/preflight.h"

namespace qmail::plan {
namespace {

using dialogue::Text;

constexpr std::uint64_t megabyte = 1U << 20;
constexpr std::uint64_t least_megabytes = 64;
constexpr std::uint64_t least_inodes = 1000;

void check_storage(const facts::Facts& facts, Planned& planned) {
  if (facts.free_bytes < least_megabytes * megabyte || facts.free_inodes < least_inodes)
    planned.error("P03", {Text::low_space,
                          {std::to_string(facts.free_bytes / megabyte), std::to_string(facts.free_inodes),
                           std::to_string(least_megabytes), std::to_string(least_inodes)}});
  if (facts.queue_storage == facts::Storage::network) planned.error("P04", {Text::network_queue});
  if (facts.queue_storage == facts::Storage::volatile_or_layered && facts.whole_machine)
    planned.warning("P04", {Text::volatile_queue});
}

/// "/usr/sbin/smtpd, package opensmtpd, opensmtpd.service", as far as it is known.
std::string origin_of(const facts::Listener& listener) {
  std::string text = listener.program;
  if (!listener.package.empty()) text += ", package " + listener.package;
  if (!listener.unit.empty()) text += ", " + listener.unit;
  return text;
}

bool is_local_name(std::string_view name) {
  return name.starts_with("localhost") || name.ends_with(".local") || name.ends_with(".localdomain") ||
         name.ends_with(".internal");
}

/// A listener that would take connections meant for ours.
void check_port(const facts::Facts& facts, Planned& planned) {
  for (const facts::Listener& listener : facts.smtp_listeners)
    if (!listener.program.starts_with(std::string(hier::home) + "/"))
      planned.error(
          "P20", {Text::port_taken, {listener.address, std::to_string(listener.pid), origin_of(listener)}});
}

}  // namespace

void preflight(const facts::Facts& facts, const dialogue::Answers& answers, Planned& planned) {
  if (!facts.is_root) planned.error("P01", {Text::not_root});
  check_storage(facts, planned);
  check_port(facts, planned);
  if (facts.whole_machine && !facts.is_clock_kept) planned.warning("P05", {Text::clock_not_kept});
  const bool is_named = facts.objects.contains("/var/qmail/control/me");
  if (!is_named && answers.host_name != facts.host_name &&
      answers.host_name == dialogue::usable_name(facts.host_name))
    planned.warning("P10", {Text::short_host_name, {facts.host_name, answers.host_name}});
  if (!is_named && is_local_name(answers.host_name))
    planned.warning("P10", {Text::local_host_name, {answers.host_name}});
}

}  // namespace qmail::plan
