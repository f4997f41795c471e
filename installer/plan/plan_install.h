// The plan that leads from a machine as it is to one with qmailkit on it. Pure: facts and answers in, steps
// out.
#pragma once
#include "installer/dialogue/answers.h"
#include "installer/facts/facts.h"
#include "installer/hier/manifest.h"
#include "installer/plan/planned.h"

namespace qmail::plan {

/// Steps for what differs and none for what is already so: planned again afterwards it is empty. Settings
/// that exist are the administrator's and stay.
Planned plan_install(const facts::Facts& facts, const dialogue::Answers& answers,
                     const std::vector<hier::Entry>& manifest);

/// The users of qmail: name, primary group, home.
struct Account {
  const char* name;
  const char* group;
  const char* home;
  bool only_with_tls = false;
};
inline constexpr Account accounts[] = {
    {"alias", "nofiles", "/var/qmail/alias"}, {"qmaild", "nofiles", "/var/qmail"},
    {"qmaill", "nofiles", "/var/qmail"},      {"qmailp", "nofiles", "/var/qmail"},
    {"qmailq", "qmail", "/var/qmail"},        {"qmailr", "qmail", "/var/qmail"},
    {"qmails", "qmail", "/var/qmail"},        {"qmailt", "nofiles", "/var/qmail", true}};
inline constexpr const char* groups[] = {"qmail", "nofiles"};

}  // namespace qmail::plan
