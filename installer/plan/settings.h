// The files that hold settings, as the installer first writes them. qmail-control(5), dot-qmail(5),
// tcprules(1).
#pragma once
#include <string>
#include <vector>

#include "installer/dialogue/answers.h"

namespace qmail::plan {

struct Setting {
  std::string path;
  std::string content;
};

/// Everything below control/ and the .qmail files of ~alias.
std::vector<Setting> first_settings(const dialogue::Answers& answers);

/// The rules of control/tcp.smtp: this machine may relay, everybody may connect.
inline constexpr const char* rules_path = "/var/qmail/control/tcp.smtp";
std::string first_rules();
/// What tcprules(1) makes of first_rules().
std::string compiled_first_rules();

/// "mx.example.org" without its first label, if three or more are there: what config-fast puts into
/// defaultdomain.
std::string default_domain(const std::string& host_name);
/// Its last two labels: plusdomain.
std::string plus_domain(const std::string& host_name);

}  // namespace qmail::plan
